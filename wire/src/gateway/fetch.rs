//! Answers to fetches: the store finds the records, and the frame says where they are.

use ottla_core::interface::FetchResponse;
use ottla_core::{ErrorCode, Offset, TopicRef};

use super::outbox::{Chunk, Frame};
use super::session::SessionUse;
use crate::api::Action;
use crate::frame::Header;
use crate::primitives::Writer;
use crate::store::{Located, Store};

/// What an answer needs to know of its request.
#[derive(Debug, Clone)]
pub(super) struct FetchContext {
    pub(super) session: SessionUse,
    /// The client wants to know of aborted transactions. There are none, but null would say that it was not asked.
    pub(super) committed_only: bool,
}

/// A topic of an answer, its records found.
pub(super) struct FoundTopic<E> {
    pub(super) topic: TopicRef,
    pub(super) partitions: Vec<FoundPartition<E>>,
}

/// A partition of an answer, its records found.
pub(super) struct FoundPartition<E> {
    pub(super) partition: i32,
    pub(super) error: ErrorCode,
    pub(super) high_watermark: Offset,
    pub(super) last_stable_offset: Offset,
    pub(super) log_start_offset: Offset,
    pub(super) diverging_epoch: Option<(i32, Offset)>,
    /// None if there are none to be had.
    pub(super) records: Option<Located<E>>,
}

/// Finds the records of an answer.
pub(super) fn locate<S: Store>(
    response: FetchResponse,
    store: &mut S,
) -> Vec<FoundTopic<S::Extent>> {
    let mut find = |partition: ottla_core::interface::FetchedPartition| {
        let located = partition
            .records
            .as_ref()
            .map(|slice| store.locate(slice))
            .transpose();
        let (records, error) = match located {
            Ok(located) => (
                located.filter(|found| found.size_bytes > 0),
                partition.error,
            ),
            Err(_) => (None, ErrorCode::KafkaStorageError),
        };
        let known = |offset| if error.is_ok() { offset } else { Offset(-1) };
        FoundPartition {
            partition: partition.partition,
            error,
            high_watermark: known(partition.high_watermark),
            last_stable_offset: known(partition.last_stable_offset),
            log_start_offset: known(partition.log_start_offset),
            diverging_epoch: partition.diverging_epoch,
            records,
        }
    };
    let topics = response.topics.into_iter();
    topics
        .map(|topic| FoundTopic {
            topic: topic.topic,
            partitions: topic.partitions.into_iter().map(&mut find).collect(),
        })
        .collect()
}

/// Writes an answer. Its own bytes are one piece of memory, cut where records come between.
pub(super) fn write<E>(
    header: &Header,
    session_id: i32,
    committed_only: bool,
    found: Vec<FoundTopic<E>>,
) -> Frame<E> {
    let version = header.version;
    let partitions_count: usize = found.iter().map(|topic| topic.partitions.len()).sum();
    let capacity = 32 + 64 * found.len() + 64 * partitions_count;
    let mut frame = start(header, ErrorCode::None, session_id, found.len(), capacity);
    let mut extents = Vec::with_capacity(partitions_count);
    let mut records_bytes = 0;
    for topic in found {
        frame.topic(&topic.topic);
        frame.length(topic.partitions.len());
        for partition in topic.partitions {
            write_front(&mut frame, version, committed_only, &partition);
            frame.length(
                partition
                    .records
                    .as_ref()
                    .map_or(0, |records| records.size_bytes as usize),
            );
            if let Some(records) = partition.records {
                records_bytes += records.size_bytes as usize;
                extents.push((frame.len(), records.extent));
            }
            write_tags(&mut frame, version, partition.diverging_epoch);
        }
        frame.tags();
    }
    frame.tags();
    let mut bytes = frame.finish(records_bytes);
    let mut chunks = Vec::with_capacity(2 * extents.len() + 1);
    let mut cut = 0;
    for (position, extent) in extents {
        chunks.push(Chunk::Bytes(bytes.split_to(position - cut)));
        chunks.push(Chunk::Stored(extent));
        cut = position;
    }
    if !bytes.is_empty() {
        chunks.push(Chunk::Bytes(bytes));
    }
    Frame { chunks }
}

/// The answer to a request that does not fit its session.
pub(super) fn refuse(header: &Header, error: ErrorCode) -> Action {
    let mut frame = start(header, error, 0, 0, 32);
    frame.tags();
    Action::Answer(frame.finish(0))
}

fn start(
    header: &Header,
    error: ErrorCode,
    session_id: i32,
    topics_count: usize,
    capacity: usize,
) -> Writer {
    let mut frame = Writer::new(header.correlation_id, header.version >= 12, capacity);
    frame.i32(0); // throttle_time_ms
    if header.version >= 7 {
        frame.i16(error.number());
        frame.i32(session_id);
    }
    frame.length(topics_count);
    frame
}

/// A partition's fields before its records.
fn write_front<E>(
    frame: &mut Writer,
    version: i16,
    committed_only: bool,
    partition: &FoundPartition<E>,
) {
    frame.i32(partition.partition);
    frame.i16(partition.error.number());
    frame.i64(partition.high_watermark.0);
    frame.i64(partition.last_stable_offset.0);
    if version >= 5 {
        frame.i64(partition.log_start_offset.0);
    }
    if committed_only || is_unknown(partition.error) {
        frame.length(0);
    } else {
        frame.null();
    }
    if version >= 11 {
        frame.i32(-1); // preferred_read_replica
    }
}

/// Apache Kafka writes an empty list, and not null, for what it does not have at all.
fn is_unknown(error: ErrorCode) -> bool {
    matches!(
        error,
        ErrorCode::UnknownTopicOrPartition
            | ErrorCode::UnknownTopicId
            | ErrorCode::InvalidTopicException
    )
}

/// A partition's fields after its records: where logs diverge is tagged field 0.
fn write_tags(frame: &mut Writer, version: i16, diverging_epoch: Option<(i32, Offset)>) {
    match diverging_epoch {
        Some((epoch, end_offset)) if version >= 12 => {
            frame.u8(1);
            frame.u8(0);
            frame.u8(13); // The field's size: epoch, offset and no tagged fields.
            frame.i32(epoch);
            frame.i64(end_offset.0);
            frame.u8(0);
        }
        _ => frame.tags(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::{Buf, Bytes, BytesMut};
    use kafka_protocol::messages::{FetchResponse as Theirs, ResponseHeader};
    use kafka_protocol::protocol::{Decodable, HeaderVersion};
    use ottla_core::{TopicName, Uuid};

    #[test]
    fn every_version_is_written_as_the_library_reads_it() {
        for version in 4..=18 {
            let theirs = read(version, write(&header(version), 77, true, found(version)));
            let [first, second, third] = &theirs.responses[0].partitions[..] else {
                panic!("three partitions")
            };
            assert_eq!(
                (
                    first.partition_index,
                    first.high_watermark,
                    first.last_stable_offset
                ),
                (0, 10, 9)
            );
            assert_eq!(first.records.as_deref(), Some(&b"first records"[..]));
            assert_eq!(first.aborted_transactions.as_deref(), Some(&[][..]));
            assert_eq!(
                (second.error_code, second.records.as_deref()),
                (1, Some(&[][..]))
            );
            assert_eq!(third.records.as_deref(), Some(&b"third records"[..]));
            if version >= 5 {
                assert_eq!(first.log_start_offset, 1);
            }
            if version >= 7 {
                assert_eq!((theirs.error_code, theirs.session_id), (0, 77));
            }
            if version >= 12 {
                let diverging = &third.diverging_epoch;
                assert_eq!((diverging.epoch, diverging.end_offset), (4, 40));
            }
        }
    }

    #[test]
    fn a_refusal_names_no_session_and_no_topics() {
        for version in 7..=18 {
            let Action::Answer(frame) = refuse(&header(version), ErrorCode::FetchSessionIdNotFound)
            else {
                panic!("it is an answer")
            };
            let theirs = read(version, Frame::<Bytes>::from(frame));
            assert_eq!(
                (theirs.error_code, theirs.session_id, theirs.responses.len()),
                (70, 0, 0)
            );
        }
    }

    fn header(version: i16) -> Header {
        Header {
            key: 1,
            version,
            correlation_id: 3,
            client_id: String::new(),
        }
    }

    fn found(version: i16) -> Vec<FoundTopic<Bytes>> {
        let partition = |partition, error, records: &'static [u8]| FoundPartition {
            partition,
            error,
            high_watermark: Offset(10),
            last_stable_offset: Offset(9),
            log_start_offset: Offset(1),
            diverging_epoch: (partition == 2).then_some((4, Offset(40))),
            records: (!records.is_empty()).then(|| Located {
                extent: Bytes::from_static(records),
                size_bytes: records.len() as u32,
            }),
        };
        let topic = if version >= 13 {
            TopicRef::Id(Uuid([7; 16]))
        } else {
            TopicRef::Name(TopicName::from("t"))
        };
        let partitions = vec![
            partition(0, ErrorCode::None, b"first records"),
            partition(1, ErrorCode::OffsetOutOfRange, b""),
            partition(2, ErrorCode::None, b"third records"),
        ];
        vec![FoundTopic { topic, partitions }]
    }

    fn read(version: i16, frame: Frame<Bytes>) -> Theirs {
        let mut bytes = BytesMut::new();
        for chunk in frame.chunks {
            match chunk {
                Chunk::Bytes(chunk) | Chunk::Stored(chunk) => bytes.extend_from_slice(&chunk),
            }
        }
        assert_eq!(bytes.get_i32() as usize, bytes.len());
        let header =
            ResponseHeader::decode(&mut bytes, Theirs::header_version(version)).expect("a header");
        assert_eq!(header.correlation_id, 3);
        let theirs = Theirs::decode(&mut bytes, version).expect("an answer");
        assert!(bytes.is_empty());
        theirs
    }
}
