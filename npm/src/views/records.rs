use bytes::Bytes;
use ottla_core::batch::shared_records;
use ottla_core::{Broker, MemoryStore, Offset};
use serde::{Serialize, Serializer};

use crate::Failure;
use crate::options::Value;

/// A record, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RecordView {
    topic: String,
    partition: i32,
    offset: i64,
    /// In milliseconds; -1 if the producer gave none.
    timestamp: i64,
    #[serde(serialize_with = "optional_bytes")]
    key: Option<Bytes>,
    #[serde(serialize_with = "optional_bytes")]
    value: Option<Bytes>,
    headers: Vec<(String, HeaderValue)>,
}

/// The value of a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct HeaderValue(#[serde(serialize_with = "optional_bytes")] Option<Bytes>);

/// Which records of a topic: `{ partition, from, limit }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// All of them, if none is named.
    partition: Option<i32>,
    /// The first offset of each partition.
    from: Offset,
    /// At most so many in all.
    limit: usize,
}

impl Wanted {
    /// Reads it out of a JavaScript value.
    ///
    /// # Errors
    /// `ERR_OPTION`, with the name of what is wrong.
    pub(crate) fn read(options: &Value) -> Result<Self, Failure> {
        let fields = options.object("records()", &["partition", "from", "limit"])?;
        let number = |name: &str| match fields.get(name) {
            None => Ok(None),
            Some(value) => match value
                .integer()
                .and_then(|number| i64::try_from(number).ok())
            {
                Some(number) if number >= 0 => Ok(Some(number)),
                _ => Err(value.refused(name, "a whole number from 0 on")),
            },
        };
        let partition = number("partition")?.map(|index| i32::try_from(index).unwrap_or(i32::MAX));
        let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok());
        Ok(Self {
            partition,
            from: Offset(number("from")?.unwrap_or(0)),
            limit: limit.unwrap_or(usize::MAX),
        })
    }
}

/// The records of a topic that readers may see, by partition and offset. None of a topic that is not there.
///
/// # Errors
/// `ERR_RECORDS`: a batch cannot be read. That happens only to a store that no broker has filled.
pub(crate) fn records(
    broker: &Broker,
    store: &MemoryStore,
    topic: &str,
    wanted: Wanted,
) -> Result<Vec<RecordView>, Failure> {
    let mut found = Vec::new();
    let partitions = broker.metadata().topic(topic).into_iter();
    let logs = partitions
        .flat_map(|topic| &topic.partitions)
        .filter_map(|partition| broker.log(partition.log));
    for log in logs {
        let name = log.partition();
        if wanted
            .partition
            .is_some_and(|index| index != name.partition)
        {
            continue;
        }
        let first = wanted.from.max(log.start_offset());
        for batch in store.read(log.id(), first) {
            let unreadable =
                |error| Failure::records(format!("a batch of {name} cannot be read: {error}"));
            for record in shared_records(batch).map_err(unreadable)? {
                let record = record.map_err(unreadable)?;
                if found.len() >= wanted.limit {
                    return Ok(found);
                }
                if record.offset < first || record.offset >= log.high_watermark() {
                    continue;
                }
                let headers = record.headers.into_iter().map(|header| {
                    let name = String::from_utf8_lossy(&header.key).into_owned();
                    (name, HeaderValue(header.value))
                });
                found.push(RecordView {
                    topic: topic.to_owned(),
                    partition: name.partition,
                    offset: record.offset.0,
                    timestamp: record.timestamp.0,
                    key: record.key,
                    value: record.value,
                    headers: headers.collect(),
                });
            }
        }
    }
    Ok(found)
}

fn optional_bytes<S: Serializer>(bytes: &Option<Bytes>, to: S) -> Result<S::Ok, S::Error> {
    match bytes {
        Some(bytes) => to.serialize_bytes(bytes),
        None => to.serialize_none(),
    }
}
