//! What a producer tells for logs and pictures.

use std::fmt;

use ottla_core::{ErrorCode, Offset, TopicName, TopicPartition};

use super::record::DeliveryError;
use crate::network::BrokerId;

/// Something that happened in a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProducerEvent {
    /// Records wait for a topic's metadata.
    TopicAwaited {
        /// The topic.
        topic: TopicName,
    },
    /// `buffer.memory` is full: everything is sent without lingering.
    BufferFull {
        /// How much there is.
        buffered_bytes: usize,
    },
    /// The cluster has given the producer its id (idempotence).
    IdentityAcquired {
        /// The id.
        producer_id: i64,
        /// Its epoch.
        epoch: i16,
    },
    /// Sequence numbers begin again in a new epoch.
    EpochBumped {
        /// The id.
        producer_id: i64,
        /// The new epoch.
        epoch: i16,
    },
    /// A batch has been put into a request.
    BatchSent {
        /// Where to.
        partition: TopicPartition,
        /// The partition's leader.
        broker: BrokerId,
        /// How many records.
        records_count: usize,
        /// The batch's size.
        size_bytes: usize,
        /// The first record's sequence number; -1 without idempotence.
        base_sequence: i32,
        /// 1 for the first time.
        attempt: u32,
    },
    /// A batch is written.
    BatchAcknowledged {
        /// Where.
        partition: TopicPartition,
        /// How many records.
        records_count: usize,
        /// The first one's offset, if it is known.
        base_offset: Option<Offset>,
    },
    /// A batch will be sent again.
    BatchRetried {
        /// Where to.
        partition: TopicPartition,
        /// Why.
        error: ErrorCode,
        /// For people.
        reason: String,
        /// How long it will wait, unless a new leader shows up.
        backoff_ms: i64,
    },
    /// A batch was too large for the broker.
    BatchSplit {
        /// Where to.
        partition: TopicPartition,
        /// How many there are now.
        batches_count: usize,
    },
    /// A batch is given up.
    BatchFailed {
        /// Where to.
        partition: TopicPartition,
        /// How many records.
        records_count: usize,
        /// Why.
        error: ErrorCode,
        /// For people.
        reason: String,
    },
}

impl ProducerEvent {
    pub(super) fn failed(
        partition: &TopicPartition,
        records_count: usize,
        error: &DeliveryError,
    ) -> Self {
        Self::BatchFailed {
            partition: partition.clone(),
            records_count,
            error: error.code,
            reason: error.message.clone(),
        }
    }
}

impl fmt::Display for ProducerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TopicAwaited { topic } => write!(f, "waiting for metadata of topic {topic}"),
            Self::BufferFull { buffered_bytes } => {
                write!(f, "the buffer is full: {buffered_bytes} bytes")
            }
            Self::IdentityAcquired { producer_id, epoch } => {
                write!(f, "producer id {producer_id}, epoch {epoch}")
            }
            Self::EpochBumped { producer_id, epoch } => {
                write!(f, "producer id {producer_id} goes on in epoch {epoch}")
            }
            Self::BatchSent {
                partition,
                broker,
                records_count,
                size_bytes,
                base_sequence,
                attempt,
            } => write!(
                f,
                "{records_count} records to {partition} on broker {broker}: {size_bytes} bytes, sequence {base_sequence}, attempt {attempt}"
            ),
            Self::BatchAcknowledged {
                partition,
                records_count,
                base_offset: Some(offset),
            } => write!(
                f,
                "{records_count} records in {partition} at offset {offset}"
            ),
            Self::BatchAcknowledged {
                partition,
                records_count,
                base_offset: None,
            } => write!(f, "{records_count} records in {partition}"),
            Self::BatchRetried {
                partition,
                error,
                reason,
                backoff_ms,
            } => write!(
                f,
                "{partition} will be tried again in {backoff_ms} ms: {error} ({reason})"
            ),
            Self::BatchSplit {
                partition,
                batches_count,
            } => write!(
                f,
                "a batch for {partition} was too large: split into {batches_count}"
            ),
            Self::BatchFailed {
                partition,
                records_count,
                error,
                reason,
            } => write!(
                f,
                "{records_count} records for {partition} are given up: {error} ({reason})"
            ),
        }
    }
}
