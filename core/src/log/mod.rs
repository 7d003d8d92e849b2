//! A partition's log: offsets, segments, high watermark, epochs and producers. The records' bytes are the store's.
//!
//! ```text
//!   start offset            high watermark        end offset
//!        │ readable, stored        │ in flight         │
//!   ─────┴─────────────────────────┴───────────────────┘
//!   [ segment ][ segment ][ segment ][ active segment   ]
//! ```
//!
//! An append takes effect at once: it has its offsets, its place in the active segment and its producer's entry. Until the store says
//! [`stored`](Log::stored) it is in flight, unseen by readers, and [`store_failed`](Log::store_failed) can take it back without a trace.

mod append;
mod config;
mod epochs;
mod producers;
mod read;
mod retention;
mod segments;
mod snapshot;
mod tail;
#[cfg(test)]
mod tests;
mod validate;

pub use append::{Append, Origin};
pub use config::{CleanupPolicy, CompressionType, LogConfig};
pub use producers::ProducerState;
pub use read::{Found, Read};
pub use segments::Segment;

use std::collections::VecDeque;

use append::{InFlight, Unflushed};
use epochs::Epochs;
use producers::Producers;
use segments::Segments;
use tail::Tail;

use crate::interface::RecoveredLog;
use crate::{Instant, LogId, Offset, Output, StoreOp, TopicPartition, Uuid};

/// One partition's log. About 400 bytes while it is empty.
#[derive(Debug, Clone)]
pub struct Log {
    id: LogId,
    partition: TopicPartition,
    topic_id: Uuid,
    config: LogConfig,
    start_offset: Offset,
    high_watermark: Offset,
    end_offset: Offset,
    leader_epoch: i32,
    epochs: Epochs,
    segments: Segments,
    tail: Tail,
    in_flight: VecDeque<InFlight>,
    /// Most logs never see an idempotent producer.
    producers: Option<Box<Producers>>,
    /// The store has the producers' state as of here.
    snapshot_offset: Offset,
    unflushed: Unflushed,
}

impl Log {
    /// An empty log, in leader epoch 0.
    pub fn new(id: LogId, partition: TopicPartition, topic_id: Uuid, config: LogConfig) -> Log {
        Log {
            id,
            partition,
            topic_id,
            config,
            start_offset: Offset(0),
            high_watermark: Offset(0),
            end_offset: Offset(0),
            leader_epoch: 0,
            epochs: Epochs::default(),
            segments: Segments::starting_at(Offset(0)),
            tail: Tail::default(),
            in_flight: VecDeque::new(),
            producers: None,
            snapshot_offset: Offset(0),
            unflushed: Unflushed::default(),
        }
    }

    /// Takes over what the store found at start. All of it counts as stored.
    pub fn recover(&mut self, found: RecoveredLog) {
        let end_offset = found.log_end_offset.max(found.log_start_offset);
        self.start_offset = found.log_start_offset;
        self.high_watermark = end_offset;
        self.end_offset = end_offset;
        self.segments = Segments::recovered(&found.segments, end_offset);
        self.epochs = Epochs::recovered(found.epochs);
        self.leader_epoch = self.leader_epoch.max(self.epochs.latest().unwrap_or(0));
        self.tail = Tail::default();
        self.in_flight.clear();
        self.snapshot_offset = found.producers.as_ref().map_or(Offset(0), |(at, _)| *at);
        let producers = Producers::recovered(found.producers, &found.producer_batches);
        self.producers = (!producers.is_empty()).then(|| Box::new(producers));
    }

    /// Everything below `through` is stored. True if that moved the high watermark.
    pub fn stored(&mut self, through: Offset) -> bool {
        let through = through.min(self.end_offset);
        if through <= self.high_watermark {
            return false;
        }
        while self
            .in_flight
            .front()
            .is_some_and(|append| append.base_offset < through)
        {
            self.in_flight.pop_front();
        }
        self.high_watermark = through;
        true
    }

    /// Begins a new leader epoch: appends from here on carry it. An older one than the present is ignored.
    pub fn set_leader_epoch(&mut self, epoch: i32) {
        self.leader_epoch = self.leader_epoch.max(epoch);
    }

    /// Obeys another configuration from the next append on.
    pub fn set_config(&mut self, config: LogConfig) {
        self.config = config;
    }

    /// When `flush.ms` wants the log forced to disk, if anything waits for it.
    pub fn flush_due(&self) -> Option<Instant> {
        let since = self.unflushed.since?;
        (self.config.flush_ms != i64::MAX).then(|| since.plus_ms(self.config.flush_ms))
    }

    /// Forces everything appended so far to disk.
    pub fn flush(&mut self, out: &mut Vec<Output>) {
        self.unflushed = Unflushed::default();
        out.push(Output::Store(StoreOp::Flush { log: self.id }));
    }

    /// The log's id in this process.
    pub fn id(&self) -> LogId {
        self.id
    }

    /// Topic and partition.
    pub fn partition(&self) -> &TopicPartition {
        &self.partition
    }

    /// The topic's id.
    pub fn topic_id(&self) -> Uuid {
        self.topic_id
    }

    /// The configuration that it obeys.
    pub fn config(&self) -> &LogConfig {
        &self.config
    }

    /// The first offset that may be read.
    pub fn start_offset(&self) -> Offset {
        self.start_offset
    }

    /// The offset of the next record.
    pub fn end_offset(&self) -> Offset {
        self.end_offset
    }

    /// Records below this are stored and may be read.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// Records below this are decided. There are no transactions here: the high watermark.
    pub fn last_stable_offset(&self) -> Offset {
        self.high_watermark
    }

    /// The epoch that appends carry.
    pub fn leader_epoch(&self) -> i32 {
        self.leader_epoch
    }

    /// The length of all segments in bytes, in flight or not.
    pub fn size_bytes(&self) -> u64 {
        self.segments().map(|s| u64::from(s.size_bytes)).sum()
    }

    /// The segments, oldest first; the last one is the active one, which alone may be empty.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &Segment> {
        self.segments.iter()
    }

    /// What OffsetForLeaderEpoch answers: the largest epoch up to `epoch` and the offset where it ends; `(-1, -1)` for an unknown one.
    pub fn end_offset_for_epoch(&self, epoch: i32) -> (i32, Offset) {
        self.epochs
            .end_offset(epoch, self.leader_epoch, self.end_offset)
    }

    /// The idempotent producers that the log remembers, by id.
    pub fn producers(&self) -> impl Iterator<Item = ProducerState> + '_ {
        self.producers.iter().flat_map(|producers| producers.iter())
    }

    /// Forgets producers whose last batch is `expiration_ms` old (`producer.id.expiration.ms`).
    pub fn expire_producers(&mut self, now: crate::Now, expiration_ms: i64) {
        if let Some(producers) = &mut self.producers {
            producers.expire(now.wall, expiration_ms);
            if producers.is_empty() {
                self.producers = None;
            }
        }
    }

    /// Hands the producers' state to the store, so that the next start need not read the log for it. For a clean shutdown; does nothing while
    /// appends are in flight, or if the store has it already.
    pub fn snapshot_producers(&mut self, out: &mut Vec<Output>) {
        if self.in_flight.is_empty() {
            self.snapshot_producers_at(self.end_offset, out);
        }
    }

    fn snapshot_producers_at(&mut self, offset: Offset, out: &mut Vec<Output>) {
        if offset <= self.snapshot_offset {
            return;
        }
        self.snapshot_offset = offset;
        out.push(Output::Store(StoreOp::Producers {
            log: self.id,
            offset,
            snapshot: snapshot::encode(self.producers.as_deref()),
        }));
    }
}
