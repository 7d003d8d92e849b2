//! Old records go, a segment at a time.

use super::Log;
use super::segments::Segment;
use crate::{ErrorCode, Event, Now, Offset, Output, StoreOp, Timestamp};

impl Log {
    /// Moves the log's start to `before`, or to the high watermark for -1. Returns the start offset after it: never lower than it was.
    /// Segments that are wholly below are deleted.
    ///
    /// # Errors
    /// OFFSET_OUT_OF_RANGE beyond the high watermark; POLICY_VIOLATION if `cleanup.policy` has no `delete`.
    pub fn delete_records(
        &mut self,
        before: Offset,
        out: &mut Vec<Output>,
    ) -> Result<Offset, ErrorCode> {
        if !self.config.cleanup_policy.delete {
            return Err(ErrorCode::PolicyViolation);
        }
        let before = if before == TO_HIGH_WATERMARK {
            self.high_watermark
        } else {
            before
        };
        if before < Offset(0) || before > self.high_watermark {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        if before > self.start_offset {
            self.move_start(before, out);
            self.delete_below_start(out);
        }
        Ok(self.start_offset)
    }

    /// Deletes segments, oldest first, as long as they are below the log's start, beyond `retention.bytes`, or as a whole older than `retention.ms`.
    ///
    /// As in Apache Kafka, the active segment goes too if its time has come; nothing at or above the high watermark does.
    pub fn apply_retention(&mut self, now: Now, out: &mut Vec<Output>) {
        self.delete_below_start(out);
        let config = &self.config;
        if !config.cleanup_policy.delete {
            return;
        }
        if config.retention_bytes >= 0 {
            let limit = config.retention_bytes as u64;
            let mut excess = self.size_bytes().saturating_sub(limit);
            let count = self.deletable(|segment, _| {
                let goes = u64::from(segment.size_bytes) <= excess;
                excess = excess.saturating_sub(u64::from(segment.size_bytes));
                goes
            });
            self.delete_oldest(count, out);
        }
        if self.config.retention_ms >= 0 {
            let retention_ms = self.config.retention_ms;
            self.age_untouched(now.wall);
            let count = self.deletable(|segment, _| {
                let newest = if segment.max_timestamp.0 >= 0 {
                    segment.max_timestamp
                } else {
                    segment.touched
                };
                now.wall.0.saturating_sub(newest.0) > retention_ms
            });
            self.delete_oldest(count, out);
        }
    }

    fn delete_below_start(&mut self, out: &mut Vec<Output>) {
        let start_offset = self.start_offset;
        let count =
            self.deletable(|_, next| next.is_some_and(|next| next.base_offset <= start_offset));
        self.delete_oldest(count, out);
    }

    /// How many of the oldest segments `goes` lets go; it is asked until it says no. An empty active segment stays.
    fn deletable(&self, mut goes: impl FnMut(&Segment, Option<&Segment>) -> bool) -> usize {
        let mut next = self.segments.iter().skip(1);
        self.segments
            .iter()
            .take_while(|segment| {
                let next = next.next();
                let end_offset = next.map_or(self.end_offset, |next| next.base_offset);
                end_offset <= self.high_watermark
                    && (next.is_some() || segment.size_bytes > 0)
                    && goes(segment, next)
            })
            .count()
    }

    fn delete_oldest(&mut self, count: usize, out: &mut Vec<Output>) {
        if count == 0 {
            return;
        }
        if count == self.segments.len() {
            self.roll(out);
        }
        self.segments.remove_oldest(count);
        let first = self.segments.oldest().base_offset;
        if first > self.start_offset {
            self.move_start(first, out);
        }
        out.push(Output::Store(StoreOp::DeleteSegments {
            log: self.id,
            before: first,
        }));
    }

    fn move_start(&mut self, offset: Offset, out: &mut Vec<Output>) {
        self.start_offset = offset;
        self.epochs.truncate_start(offset);
        out.push(Output::Store(StoreOp::LogStart {
            log: self.id,
            offset,
        }));
        out.push(Output::Event(Event::RecordsDeleted {
            partition: self.partition.clone(),
            log_start_offset: offset,
        }));
    }

    /// A recovered segment whose records have no timestamps counts from now on.
    fn age_untouched(&mut self, now: Timestamp) {
        for segment in self.segments.iter_mut() {
            if segment.touched == Timestamp::NONE {
                segment.touched = now;
            }
        }
    }
}

/// DeleteRecords' "everything there is".
const TO_HIGH_WATERMARK: Offset = Offset(-1);
