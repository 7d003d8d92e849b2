//! What is given to a producer, and what comes of it.

use std::ops::Range;

use bytes::Bytes;
use ottla_core::batch::{BatchHeader, RecordHeader};
use ottla_core::{ErrorCode, Offset, Timestamp, TopicName, TopicPartition};

/// A record to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerRecord {
    /// Where to.
    pub topic: TopicName,
    /// To which of its partitions; without one, the partitioner decides.
    pub partition: Option<i32>,
    /// Its key.
    pub key: Option<Bytes>,
    /// Its value; none is a tombstone on a compacted topic.
    pub value: Option<Bytes>,
    /// Its headers.
    pub headers: Vec<RecordHeader>,
    /// Its time; without one, that of `send`.
    pub timestamp: Option<Timestamp>,
}

impl ProducerRecord {
    /// A record with a value only.
    pub fn new(topic: TopicName, value: impl Into<Bytes>) -> Self {
        Self {
            topic,
            partition: None,
            key: None,
            value: Some(value.into()),
            headers: Vec::new(),
            timestamp: None,
        }
    }

    /// The same with a key.
    pub fn with_key(self, key: impl Into<Bytes>) -> Self {
        Self {
            key: Some(key.into()),
            ..self
        }
    }

    /// The size of a batch that holds it alone, at most: Kafka's measure for `max.request.size`.
    pub(super) fn size_bytes_at_most(&self) -> usize {
        // The record's length, attributes, timestamp and offset take 21 bytes at most.
        let mut size = BatchHeader::SIZE_BYTES + 21;
        size += field_size(self.key.as_ref()) + field_size(self.value.as_ref());
        size += varint_size(self.headers.len());
        for header in &self.headers {
            size += field_size(Some(&header.key)) + field_size(header.value.as_ref());
        }
        size
    }
}

/// A record that a producer has taken, counted from 0: its [`Delivery`] names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Tickets in the order of their records in the partition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tickets {
    runs: Vec<Range<u64>>,
    count: usize,
}

impl Tickets {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Ticket> + '_ {
        self.runs.iter().cloned().flatten().map(Ticket)
    }

    /// As runs of consecutive numbers.
    pub fn runs(&self) -> &[Range<u64>] {
        &self.runs
    }

    pub(super) fn push(&mut self, ticket: Ticket) {
        self.count += 1;
        match self.runs.last_mut() {
            Some(run) if run.end == ticket.0 => run.end += 1,
            _ => self.runs.push(ticket.0..ticket.0 + 1),
        }
    }
}

impl FromIterator<Ticket> for Tickets {
    fn from_iter<I: IntoIterator<Item = Ticket>>(tickets: I) -> Self {
        let mut all = Self::default();
        tickets.into_iter().for_each(|ticket| all.push(ticket));
        all
    }
}

/// What became of records that went together. Told once for each record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Where they went; partition -1 if they were given up before one was chosen.
    pub partition: TopicPartition,
    /// Which records, in the order in which they stand in the partition.
    pub tickets: Tickets,
    /// Written, or not (or not known to be).
    pub result: Result<Acknowledged, DeliveryError>,
}

/// Records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged {
    /// The offset of the first one; the others follow. Not known with `acks=0`, and for records that the broker had already before.
    pub base_offset: Option<Offset>,
    /// The broker's time, on a topic that keeps that instead of the producer's.
    pub append_time: Option<Timestamp>,
}

/// Records are not written, or nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DeliveryError {
    /// Kafka's code for it.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
}

impl From<ErrorCode> for DeliveryError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            message: code.message().to_owned(),
        }
    }
}

/// Why a record is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// `buffer.memory` is full: try again after the next [`Delivery`].
    #[error(
        "{size_bytes} bytes do not fit into what is left of {buffer_memory} bytes of buffer.memory"
    )]
    BufferFull {
        /// The record's size.
        size_bytes: usize,
        /// The limit.
        buffer_memory: usize,
    },
    /// The record can never be sent.
    #[error("{}", too_large(*.size_bytes, .key, *.limit_bytes))]
    RecordTooLarge {
        /// The record's size.
        size_bytes: usize,
        /// Which limit.
        key: &'static str,
        /// The limit.
        limit_bytes: usize,
    },
    /// A partition below 0.
    #[error("Invalid partition: {0}. Partition number should always be non-negative or null.")]
    InvalidPartition(i32),
    /// A time before 1970.
    #[error("Invalid timestamp: {0}. Timestamp should always be non-negative or null.")]
    InvalidTimestamp(i64),
    /// [`Producer::close`](super::Producer::close) has been called.
    #[error("Cannot perform operation after producer has been closed")]
    Closed,
    /// The producer cannot go on.
    #[error(transparent)]
    Fatal(DeliveryError),
}

fn too_large(size_bytes: usize, key: &str, limit_bytes: usize) -> String {
    match key {
        "max.request.size" => format!(
            "The message is {size_bytes} bytes when serialized which is larger than {limit_bytes}, which is the value of the {key} configuration."
        ),
        _ => format!(
            "The message is {size_bytes} bytes when serialized which is larger than the total memory buffer you have configured with the {key} configuration."
        ),
    }
}

fn field_size(field: Option<&Bytes>) -> usize {
    field.map_or(1, |bytes| varint_size(bytes.len()) + bytes.len())
}

/// The size of a length as a zigzag varint.
fn varint_size(length: usize) -> usize {
    let bits = usize::BITS - (length << 1 | 1).leading_zeros();
    bits.div_ceil(7) as usize
}
