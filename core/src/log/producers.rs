//! Idempotent producers: who has written what last, so that a repeat is known for one and a gap is refused (KIP-98).

use std::collections::VecDeque;

use super::snapshot;
use crate::batch::BatchHeader;
use crate::sorted::Map;
use crate::{ErrorCode, Offset, Timestamp};

/// What the log remembers of one producer, for DescribeProducers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProducerState {
    /// The id.
    pub producer_id: i64,
    /// The latest epoch.
    pub producer_epoch: i16,
    /// The last sequence number, or -1.
    pub last_sequence: i32,
    /// The largest timestamp of the last batch.
    pub last_timestamp: Timestamp,
    /// The transaction coordinator's epoch, or -1.
    pub coordinator_epoch: i32,
    /// Where the producer's open transaction begins.
    pub current_txn_start_offset: Option<Offset>,
}

/// Whether a batch continues its producer's sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    /// It does.
    Next,
    /// It is there already.
    Repeat {
        base_offset: Offset,
        last_offset: Offset,
        timestamp: Timestamp,
    },
}

/// A producer as it was before an append.
#[derive(Debug, Clone)]
pub(super) struct Undo {
    producer_id: i64,
    before: Option<Producer>,
}

/// A producer's latest epoch, and its last batches in that epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Producer {
    pub(super) epoch: i16,
    pub(super) coordinator_epoch: i32,
    pub(super) last_timestamp: Timestamp,
    pub(super) batches: VecDeque<Written>,
}

/// A batch that a producer has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) last_sequence: i32,
    pub(super) last_offset: Offset,
    pub(super) offset_delta: i32,
    pub(super) timestamp: Timestamp,
}

impl Written {
    fn first_sequence(&self) -> i32 {
        // Sequence numbers go from the largest i32 to 0.
        self.last_sequence.wrapping_sub(self.offset_delta) & i32::MAX
    }
}

impl Producer {
    fn last_sequence(&self) -> i32 {
        self.batches.back().map_or(-1, |batch| batch.last_sequence)
    }

    fn add(&mut self, header: &BatchHeader) {
        if self.epoch != header.producer_epoch {
            self.epoch = header.producer_epoch;
            self.batches.clear();
        }
        if self.batches.len() == BATCHES_KEPT {
            self.batches.pop_front();
        }
        self.batches.push_back(Written {
            last_sequence: header.last_sequence(),
            last_offset: header.last_offset(),
            offset_delta: header.last_offset_delta,
            timestamp: header.max_timestamp,
        });
        self.last_timestamp = header.max_timestamp;
    }
}

/// The producers of one log, by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Producers {
    pub(super) by_id: Map<i64, Producer>,
}

impl Producers {
    /// Out of a snapshot and the batches after it. A damaged snapshot is ignored, as Apache Kafka does: its producers count as unknown.
    pub(super) fn recovered(
        snapshot: Option<(Offset, bytes::Bytes)>,
        batches: &[BatchHeader],
    ) -> Self {
        let mut producers = snapshot
            .and_then(|(_, bytes)| snapshot::decode(&bytes))
            .unwrap_or_default();
        for header in batches {
            if header.has_producer_id() && !header.is_control {
                producers.update(header);
            }
        }
        producers
    }

    /// Holds a client's batch against its producer's history (Apache Kafka's `ProducerAppendInfo`).
    ///
    /// # Errors
    /// INVALID_PRODUCER_EPOCH for an older epoch; OUT_OF_ORDER_SEQUENCE_NUMBER for a gap, an overlap, or a new epoch that does not start at 0.
    pub(super) fn check(&self, header: &BatchHeader) -> Result<Sequence, ErrorCode> {
        let Some(producer) = self.by_id.get(&header.producer_id) else {
            // Unknown, perhaps because its records have been deleted: any sequence will do.
            return Ok(Sequence::Next);
        };
        let (first, last) = (header.base_sequence, header.last_sequence());
        if header.producer_epoch == producer.epoch {
            let repeated = producer
                .batches
                .iter()
                .find(|batch| batch.first_sequence() == first && batch.last_sequence == last);
            if let Some(batch) = repeated {
                return Ok(Sequence::Repeat {
                    base_offset: batch.last_offset + -i64::from(batch.offset_delta),
                    last_offset: batch.last_offset,
                    timestamp: batch.timestamp,
                });
            }
        }
        if header.producer_epoch < producer.epoch {
            return Err(ErrorCode::InvalidProducerEpoch);
        }
        let expected = if header.producer_epoch > producer.epoch {
            0
        } else {
            producer.last_sequence().wrapping_add(1) & i32::MAX
        };
        if first != expected {
            return Err(ErrorCode::OutOfOrderSequenceNumber);
        }
        Ok(Sequence::Next)
    }

    /// Remembers a batch that has its offsets.
    pub(super) fn update(&mut self, header: &BatchHeader) -> Undo {
        let producer_id = header.producer_id;
        let before = self.by_id.get(&producer_id).cloned();
        self.by_id
            .entry(producer_id)
            .or_insert_with(|| Producer {
                epoch: header.producer_epoch,
                coordinator_epoch: -1,
                last_timestamp: header.max_timestamp,
                batches: VecDeque::new(),
            })
            .add(header);
        Undo {
            producer_id,
            before,
        }
    }

    pub(super) fn undo(&mut self, undo: Undo) {
        match undo.before {
            Some(before) => self.by_id.insert(undo.producer_id, before),
            None => self.by_id.remove(&undo.producer_id),
        };
    }

    pub(super) fn expire(&mut self, now: Timestamp, expiration_ms: i64) {
        self.by_id
            .retain(|_, producer| now.0.saturating_sub(producer.last_timestamp.0) < expiration_ms);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = ProducerState> + '_ {
        self.by_id
            .iter()
            .map(|(&producer_id, producer)| ProducerState {
                producer_id,
                producer_epoch: producer.epoch,
                last_sequence: producer.last_sequence(),
                last_timestamp: producer.last_timestamp,
                coordinator_epoch: producer.coordinator_epoch,
                current_txn_start_offset: None,
            })
    }
}

/// As many requests as a client may have under way.
const BATCHES_KEPT: usize = 5;
