//! Records go to the end of the log; and, if the store fails, are taken back.

use super::producers::{Producers, Sequence, Undo};
use super::segments::Segment;
use super::{Log, validate};
use crate::batch::{Batch, BatchError, BatchHeader, TimestampType};
use crate::interface::Appended;
use crate::{ConnectionId, ErrorCode, Event, Instant, Now, Offset, Output, StoreOp};

/// Who appends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A client, on this connection: sequence numbers are checked.
    Client(ConnectionId),
    /// The engine itself: its own records are right.
    Coordinator,
}

/// An append that has its offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Append {
    /// What to answer.
    pub appended: Appended,
    /// When to answer: once the high watermark has come so far.
    pub through: Offset,
    /// Nothing was appended: the log has this batch already.
    pub duplicate: bool,
}

/// An append that the store has not confirmed: all that is needed to take it back.
#[derive(Debug, Clone)]
pub(super) struct InFlight {
    pub(super) base_offset: Offset,
    /// The active segment before the append.
    before: Segment,
    /// The append began a new segment.
    rolled: bool,
    /// The append began a new leader epoch.
    began_epoch: bool,
    producer: Option<Box<Undo>>,
}

impl InFlight {
    /// Its segment, and its position there.
    pub(super) fn position(&self) -> (Offset, u32) {
        if self.rolled {
            (self.base_offset, 0)
        } else {
            (self.before.base_offset, self.before.size_bytes)
        }
    }
}

/// What `flush.messages` and `flush.ms` count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unflushed {
    records: i64,
    pub(super) since: Option<Instant>,
}

impl Log {
    /// Appends a batch: gives it its offsets, hands it to the store and tells the story. It is not acknowledged until [`stored`](Log::stored).
    ///
    /// A repeat of one of its producer's last five batches is not appended; it is answered as the first time.
    ///
    /// # Errors
    /// MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_TIMESTAMP and INVALID_RECORD (with the records to blame) by the topic's
    /// configuration; OUT_OF_ORDER_SEQUENCE_NUMBER and INVALID_PRODUCER_EPOCH by the producer's history.
    pub fn append(
        &mut self,
        now: Now,
        batch: Batch,
        origin: Origin,
        out: &mut Vec<Output>,
    ) -> Result<Append, BatchError> {
        let batch = validate::validate(&self.config, &self.partition, now.wall, batch, origin)?;
        let mut header = *batch.header();
        if matches!(origin, Origin::Client(_)) {
            match self.producers_sequence(&header)? {
                Sequence::Next => {}
                Sequence::Repeat {
                    base_offset,
                    last_offset,
                    timestamp,
                } => {
                    out.push(Output::Event(Event::Duplicate {
                        partition: self.partition.clone(),
                        base_offset,
                        producer_id: header.producer_id,
                    }));
                    return Ok(Append {
                        appended: Appended {
                            base_offset,
                            // Apache Kafka puts the batch's timestamp here, whatever the topic's timestamp type.
                            log_append_time: Some(timestamp),
                            log_start_offset: self.start_offset,
                        },
                        through: last_offset + 1,
                        duplicate: true,
                    });
                }
            }
        }
        header.base_offset = self.end_offset;
        header.leader_epoch = self.leader_epoch;
        Ok(self.write(now, header, batch, origin, out))
    }

    /// The store could not write what was appended at `from` and after it: it is as if it had never been appended.
    pub fn store_failed(&mut self, from: Offset) {
        let from = from.max(self.high_watermark);
        while let Some(append) = self.in_flight.pop_back_if(|last| last.base_offset >= from) {
            let lost = self.end_offset - append.base_offset;
            self.unflushed.records = (self.unflushed.records - lost).max(0);
            self.end_offset = append.base_offset;
            self.segments.undo(append.before, append.rolled);
            if append.began_epoch {
                self.epochs.undo();
            }
            if let (Some(undo), Some(producers)) = (append.producer, &mut self.producers) {
                producers.undo(*undo);
                if producers.is_empty() {
                    self.producers = None;
                }
            }
        }
        self.tail.truncate(self.end_offset);
        if self.snapshot_offset >= self.end_offset {
            // It may have been lost with the append.
            self.snapshot_offset = Offset(0);
        }
        if self.config.flush_messages != i64::MAX {
            // A lost append may have been the one to force the records before it to disk: the next one does.
            self.unflushed.records = self.config.flush_messages;
        }
    }

    fn producers_sequence(&self, header: &BatchHeader) -> Result<Sequence, ErrorCode> {
        match &self.producers {
            Some(producers) if header.has_producer_id() => producers.check(header),
            _ => Ok(Sequence::Next),
        }
    }

    fn write(
        &mut self,
        now: Now,
        header: BatchHeader,
        batch: Batch,
        origin: Origin,
        out: &mut Vec<Output>,
    ) -> Append {
        let base_offset = header.base_offset;
        let next_offset = header.next_offset();
        let before = *self.segments.active();
        let rolled = before.is_full(&self.config, now.wall, &header, header.last_offset());
        if rolled {
            self.roll(out);
        }
        let began_epoch = self.epochs.begin(self.leader_epoch, base_offset);
        if began_epoch {
            out.push(Output::Store(StoreOp::Epoch {
                log: self.id,
                epoch: self.leader_epoch,
                start_offset: base_offset,
            }));
        }
        let segment = self.segments.active_mut();
        let position = segment.size_bytes;
        segment.add(now.wall, &header);
        let segment = segment.base_offset;
        self.tail.push(base_offset, position);
        let producer = header.has_producer_id().then(|| {
            let producers = self.producers.get_or_insert_with(Box::<Producers>::default);
            Box::new(producers.update(&header))
        });
        self.in_flight.push_back(InFlight {
            base_offset,
            before,
            rolled,
            began_epoch,
            producer,
        });
        self.end_offset = next_offset;
        out.push(Output::Store(StoreOp::Append {
            log: self.id,
            segment,
            position,
            base_offset,
            leader_epoch: self.leader_epoch,
            header: *batch.header(),
            bytes: batch.bytes().clone(),
            flush: self.count_unflushed(now.mono, header.records_count),
        }));
        out.push(Output::Event(Event::Appended {
            partition: self.partition.clone(),
            base_offset,
            records_count: header.records_count,
            size_bytes: header.size_bytes as usize,
            producer_id: header.producer_id,
            connection: match origin {
                Origin::Client(connection) => Some(connection),
                Origin::Coordinator => None,
            },
        }));
        Append {
            appended: Appended {
                base_offset,
                log_append_time: (header.timestamp_type == TimestampType::LogAppendTime)
                    .then_some(header.max_timestamp),
                log_start_offset: self.start_offset,
            },
            through: next_offset,
            duplicate: false,
        }
    }

    /// Begins a new segment at the log's end. What the producers have done so far is kept with it, as Apache Kafka does.
    pub(super) fn roll(&mut self, out: &mut Vec<Output>) {
        self.segments.roll(self.end_offset);
        self.snapshot_producers_at(self.end_offset, out);
        out.push(Output::Event(Event::SegmentRolled {
            partition: self.partition.clone(),
            base_offset: self.end_offset,
        }));
    }

    /// Whether this append must be forced to disk.
    fn count_unflushed(&mut self, now: Instant, records_count: i32) -> bool {
        let unflushed = &mut self.unflushed;
        unflushed.records = unflushed.records.saturating_add(i64::from(records_count));
        if unflushed.records >= self.config.flush_messages {
            *unflushed = Unflushed::default();
            return true;
        }
        unflushed.since.get_or_insert(now);
        false
    }
}
