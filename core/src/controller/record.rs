use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};

use super::codec::{Reader, length, put_ids, put_text, put_varint};
use crate::interface::ConfigResource;
use crate::{TopicName, Uuid};

/// One decision of the controller, as it stands in `__cluster_metadata`.
///
/// The bytes are Apache Kafka's own: frame version 1, the record's type and version, its fields in the flexible format, so that
/// `kafka-dump-log --cluster-metadata-decoder` reads the log. Types and fields are those of the same names in Kafka's schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataRecord {
    /// `TopicRecord`, type 2: a topic exists.
    Topic {
        /// Its name.
        name: TopicName,
        /// Its id.
        id: Uuid,
    },
    /// `PartitionRecord`, type 3: a partition exists.
    Partition(PartitionRecord),
    /// `ConfigRecord`, type 4: a configuration key has a value, or with `None` its default again.
    Config {
        /// Whose configuration.
        resource: ConfigResource,
        /// The key.
        name: Arc<str>,
        /// The value.
        value: Option<Arc<str>>,
    },
    /// `RemoveTopicRecord`, type 9: a topic is gone with its partitions and its configuration.
    RemoveTopic {
        /// Its id.
        id: Uuid,
    },
    /// `ProducerIdsRecord`, type 15: producer ids below `next_producer_id` are given out.
    ProducerIds {
        /// The broker that gives them out.
        broker_id: i32,
        /// Its epoch.
        broker_epoch: i64,
        /// The first id that no broker has.
        next_producer_id: i64,
    },
}

/// A partition as the controller made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionRecord {
    /// Its index.
    pub partition: i32,
    /// Its topic.
    pub topic_id: Uuid,
    /// The brokers that hold it, the preferred leader first.
    pub replicas: Replicas,
    /// Those of them that are in sync.
    pub isr: Replicas,
    /// The leader's id; -1 for none.
    pub leader: i32,
    /// Counts leaders.
    pub leader_epoch: i32,
    /// Counts changes.
    pub partition_epoch: i32,
    /// The directory of each replica; empty where a broker has only one (version 0 of the record).
    pub directories: Vec<Uuid>,
}

/// The ids of some brokers. A single one, which is what one node makes, takes no memory beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replicas {
    /// One broker.
    One(i32),
    /// None or several.
    Many(Arc<[i32]>),
}

impl Replicas {
    /// The ids, in order.
    pub fn ids(&self) -> &[i32] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(ids) => ids,
        }
    }
}

impl From<Vec<i32>> for Replicas {
    fn from(ids: Vec<i32>) -> Self {
        match ids[..] {
            [id] => Self::One(id),
            _ => Self::Many(Arc::from(ids)),
        }
    }
}

/// Why a record of the metadata log cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bytes end too early or say what cannot be.
    #[error("a record of the metadata log is damaged")]
    Damaged,
    /// The record is of a kind, or a version, that is not known here.
    #[error(
        "the metadata log has a record of type {kind}, version {version}, that this version of Ottla does not know; a newer one wrote it"
    )]
    Unknown {
        /// Its type.
        kind: u32,
        /// Its version.
        version: u32,
    },
}

const FRAME_VERSION: u32 = 1;
const TOPIC: u32 = 2;
const PARTITION: u32 = 3;
const CONFIG: u32 = 4;
const REMOVE_TOPIC: u32 = 9;
const PRODUCER_IDS: u32 = 15;

impl MetadataRecord {
    /// The record's value; it has no key.
    pub fn encode(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(96);
        put_varint(&mut out, FRAME_VERSION);
        match self {
            Self::Topic { name, id } => {
                put_head(&mut out, TOPIC, 0);
                put_text(&mut out, Some(name));
                out.put_slice(&id.0);
            }
            Self::Partition(partition) => put_partition(&mut out, partition),
            Self::Config {
                resource,
                name,
                value,
            } => {
                put_head(&mut out, CONFIG, 0);
                out.put_i8(resource.number());
                put_text(&mut out, Some(resource.name()));
                put_text(&mut out, Some(name));
                put_text(&mut out, value.as_deref());
            }
            Self::RemoveTopic { id } => {
                put_head(&mut out, REMOVE_TOPIC, 0);
                out.put_slice(&id.0);
            }
            Self::ProducerIds {
                broker_id,
                broker_epoch,
                next_producer_id,
            } => {
                put_head(&mut out, PRODUCER_IDS, 0);
                out.put_i32(*broker_id);
                out.put_i64(*broker_epoch);
                out.put_i64(*next_producer_id);
            }
        }
        put_varint(&mut out, 0); // No tagged fields.
        out.freeze()
    }

    /// The record that these bytes are.
    pub fn decode(value: &[u8]) -> Result<Self, RecordError> {
        let mut bytes = Reader(value);
        if bytes.varint()? != FRAME_VERSION {
            return Err(RecordError::Damaged);
        }
        let (kind, version) = (bytes.varint()?, bytes.varint()?);
        let record = match (kind, version) {
            (TOPIC, 0) => Self::Topic {
                name: TopicName::from(bytes.required_text()?),
                id: bytes.uuid()?,
            },
            (PARTITION, 0..=2) => Self::Partition(partition(&mut bytes, version)?),
            (CONFIG, 0) => {
                let number = bytes.array::<1>()?[0].cast_signed();
                Self::Config {
                    resource: ConfigResource::from_number(number, bytes.required_text()?),
                    name: Arc::from(bytes.required_text()?),
                    value: bytes.text()?.map(Arc::from),
                }
            }
            (REMOVE_TOPIC, 0) => Self::RemoveTopic { id: bytes.uuid()? },
            (PRODUCER_IDS, 0) => Self::ProducerIds {
                broker_id: bytes.int()?,
                broker_epoch: i64::from_be_bytes(bytes.array()?),
                next_producer_id: i64::from_be_bytes(bytes.array()?),
            },
            (kind, version) => return Err(RecordError::Unknown { kind, version }),
        };
        Ok(record)
    }
}

/// Version 2, or version 0 where there are no directories to tell of.
fn put_partition(out: &mut BytesMut, partition: &PartitionRecord) {
    let has_directories = !partition.directories.is_empty();
    put_head(out, PARTITION, if has_directories { 2 } else { 0 });
    out.put_i32(partition.partition);
    out.put_slice(&partition.topic_id.0);
    put_ids(out, partition.replicas.ids());
    put_ids(out, partition.isr.ids());
    put_ids(out, &[]); // Nothing is being removed,
    put_ids(out, &[]); // and nothing added.
    out.put_i32(partition.leader);
    out.put_i32(partition.leader_epoch);
    out.put_i32(partition.partition_epoch);
    if has_directories {
        put_varint(out, length(partition.directories.len()) + 1);
        for directory in &partition.directories {
            out.put_slice(&directory.0);
        }
    }
}

fn partition(bytes: &mut Reader<'_>, version: u32) -> Result<PartitionRecord, RecordError> {
    let partition = bytes.int()?;
    let topic_id = bytes.uuid()?;
    let replicas = bytes.ids()?.into();
    let isr = bytes.ids()?.into();
    bytes.ids()?;
    bytes.ids()?;
    Ok(PartitionRecord {
        partition,
        topic_id,
        replicas,
        isr,
        leader: bytes.int()?,
        leader_epoch: bytes.int()?,
        partition_epoch: bytes.int()?,
        directories: match version {
            0 => Vec::new(),
            _ => (0..bytes.count()?)
                .map(|_| bytes.uuid())
                .collect::<Result<_, _>>()?,
        },
    })
}

fn put_head(out: &mut BytesMut, kind: u32, version: u32) {
    put_varint(out, kind);
    put_varint(out, version);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Apache Kafka's controller wrote, as `NAME hex` lines.
    const GOLDEN: &str = include_str!("../../../tests/conformance/golden/cluster_metadata.txt");

    fn golden() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
        GOLDEN
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let (name, hex) = line.split_once(' ').unwrap();
                let byte = |i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
                (name, (0..hex.len()).step_by(2).map(byte).collect())
            })
    }

    #[test]
    fn kafkas_records_are_read_and_written_back_to_the_same_bytes() {
        let mut known = 0;
        for (name, bytes) in golden() {
            match MetadataRecord::decode(&bytes) {
                Ok(record) => {
                    assert_eq!(record.encode(), bytes, "{name}");
                    known += 1;
                }
                Err(RecordError::Unknown { .. }) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
        assert_eq!(known, 21);
    }

    #[test]
    fn a_record_means_what_kafka_says_it_means() {
        let decode = |wanted: &str| {
            let (_, bytes) = golden().find(|(name, _)| *name == wanted).unwrap();
            MetadataRecord::decode(&bytes).unwrap()
        };
        let MetadataRecord::Topic { name, id } = decode("TOPIC_RECORD") else {
            panic!("no topic")
        };
        assert_eq!(
            (name.as_str(), id.to_string().as_str()),
            ("golden", "C_eqh7-OQLu9lGsrMWIJoQ")
        );
        let MetadataRecord::Partition(partition) = decode("PARTITION_RECORD") else {
            panic!("no partition")
        };
        assert_eq!((partition.topic_id, partition.partition), (id, 0));
        assert_eq!((partition.replicas.ids(), partition.leader), (&[1][..], 1));
        let MetadataRecord::ProducerIds {
            next_producer_id, ..
        } = decode("PRODUCER_IDS_RECORD")
        else {
            panic!("no producer ids")
        };
        assert_eq!(next_producer_id, 1000);
    }

    #[test]
    fn a_partition_without_directories_takes_the_shorter_version() {
        let record = MetadataRecord::Partition(PartitionRecord {
            partition: 2,
            topic_id: Uuid([7; 16]),
            replicas: vec![1, 2].into(),
            isr: Replicas::One(1),
            leader: 1,
            leader_epoch: 3,
            partition_epoch: 4,
            directories: Vec::new(),
        });
        assert_eq!(record.encode()[..3], [1, 3, 0]);
        assert_eq!(MetadataRecord::decode(&record.encode()), Ok(record));
    }

    #[test]
    fn damaged_bytes_are_an_error_wherever_they_end() {
        for (name, bytes) in golden() {
            for end in 0..bytes.len() - 1 {
                let cut = MetadataRecord::decode(&bytes[..end]);
                assert!(cut.is_err(), "{name} cut at {end}");
            }
        }
    }
}
