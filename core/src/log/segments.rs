//! The pieces that a log is stored, rolled and deleted in.

use std::collections::VecDeque;

use crate::batch::BatchHeader;
use crate::interface::RecoveredSegment;
use crate::log::LogConfig;
use crate::{Offset, Timestamp};

/// A run of batches, named by the offset of its first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Its first offset, and its name.
    pub base_offset: Offset,
    /// Its length in bytes.
    pub size_bytes: u32,
    /// The largest timestamp in it; `Timestamp::NONE` if it has none.
    pub max_timestamp: Timestamp,
    /// The largest timestamp of its first batch, which `segment.ms` counts from; `Timestamp::NONE` if it has none.
    pub first_timestamp: Timestamp,
    /// The wall clock at its first append in this process: stands in for a first timestamp.
    pub(super) begun: Timestamp,
    /// The wall clock at its last append in this process: stands in for a largest timestamp.
    pub(super) touched: Timestamp,
}

impl Segment {
    fn starting_at(base_offset: Offset) -> Self {
        Self {
            base_offset,
            size_bytes: 0,
            max_timestamp: Timestamp::NONE,
            first_timestamp: Timestamp::NONE,
            begun: Timestamp::NONE,
            touched: Timestamp::NONE,
        }
    }

    /// Whether `batch` must go to a new segment (Apache Kafka's `LogSegment.shouldRoll`): this one would grow beyond `segment.bytes`, it spans
    /// more than `segment.ms` (by the records' clock, by ours only if they have none), or the batch is too far from its first offset for an index.
    pub(super) fn is_full(
        &self,
        config: &LogConfig,
        now: Timestamp,
        batch: &BatchHeader,
        last_offset: Offset,
    ) -> bool {
        if self.size_bytes == 0 {
            return false;
        }
        let age_ms = if self.first_timestamp.0 >= 0 {
            batch.max_timestamp.0.saturating_sub(self.first_timestamp.0)
        } else if self.begun == Timestamp::NONE {
            0
        } else {
            now.0.saturating_sub(self.begun.0)
        };
        self.size_bytes.saturating_add(batch.size_bytes) > config.segment_bytes
            || age_ms > config.segment_ms
            || last_offset - self.base_offset > i64::from(i32::MAX)
    }

    pub(super) fn add(&mut self, now: Timestamp, batch: &BatchHeader) {
        if self.size_bytes == 0 {
            self.first_timestamp = batch.max_timestamp;
            self.begun = now;
        }
        self.size_bytes += batch.size_bytes;
        self.max_timestamp = self.max_timestamp.max(batch.max_timestamp);
        self.touched = now;
    }
}

/// A log's segments: there is always an active one.
#[derive(Debug, Clone)]
pub(super) struct Segments {
    older: VecDeque<Segment>,
    active: Segment,
}

impl Segments {
    pub(super) fn starting_at(base_offset: Offset) -> Self {
        Self {
            older: VecDeque::new(),
            active: Segment::starting_at(base_offset),
        }
    }

    pub(super) fn recovered(found: &[RecoveredSegment], end_offset: Offset) -> Self {
        let mut older: VecDeque<Segment> = found
            .iter()
            .map(|segment| Segment {
                size_bytes: segment.size_bytes,
                max_timestamp: segment.max_timestamp,
                first_timestamp: segment.first_timestamp,
                ..Segment::starting_at(segment.base_offset)
            })
            .collect();
        let active = older
            .pop_back()
            .unwrap_or_else(|| Segment::starting_at(end_offset));
        Self { older, active }
    }

    pub(super) fn active(&self) -> &Segment {
        &self.active
    }

    pub(super) fn active_mut(&mut self) -> &mut Segment {
        &mut self.active
    }

    pub(super) fn roll(&mut self, base_offset: Offset) {
        self.older.push_back(self.active);
        self.active = Segment::starting_at(base_offset);
    }

    /// Takes an append back: `before` was the active segment before it, `rolled` says that the append began the present one.
    pub(super) fn undo(&mut self, before: Segment, rolled: bool) {
        if !rolled {
            self.active = before;
        } else if self.older.back().map(|older| older.base_offset) == Some(before.base_offset) {
            self.older.pop_back();
            self.active = before;
        } else {
            // Retention has deleted the older segment in the meantime: the new one stays, empty.
            self.active = Segment::starting_at(self.active.base_offset);
        }
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Segment> {
        self.older.iter().chain(std::iter::once(&self.active))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Segment> {
        self.older
            .iter_mut()
            .chain(std::iter::once(&mut self.active))
    }

    pub(super) fn len(&self) -> usize {
        self.older.len() + 1
    }

    /// The segment that `offset` belongs to, and those after it.
    pub(super) fn holding(&self, offset: Offset) -> impl Iterator<Item = &Segment> {
        let holder = if self.active.base_offset <= offset {
            self.older.len()
        } else {
            self.older
                .partition_point(|segment| segment.base_offset <= offset)
                .saturating_sub(1)
        };
        self.older
            .range(holder..)
            .chain(std::iter::once(&self.active))
    }

    /// Removes the oldest `count`, but never the active one.
    pub(super) fn remove_oldest(&mut self, count: usize) {
        self.older.drain(..count.min(self.older.len()));
    }

    pub(super) fn oldest(&self) -> &Segment {
        self.older.front().unwrap_or(&self.active)
    }
}
