//! Does the same to the log and to its model, and compares.

use std::collections::VecDeque;

use ottla_core::batch::{
    Batch, BatchBuilder, BatchHeader, Compression, first_at_or_after, records,
};
use ottla_core::log::{Log, LogConfig, Origin, Read};
use ottla_core::{
    ConnectionId, ErrorCode, Instant, LogId, MemoryStore, Now, Offset, Output, StoreOp, Timestamp,
    TopicPartition, Uuid,
};
use ottla_tests::crash::Random;

use crate::model::{Model, Sequence};

const LOG: LogId = LogId(3);

pub(crate) struct Harness {
    log: Log,
    store: MemoryStore,
    model: Model,
    /// What the log wants done, and the store has not.
    pending: VecDeque<StoreOp>,
    /// The offset of the newest snapshot that the store has.
    snapshot: Option<i64>,
    clock: i64,
    counter: u32,
}

impl Harness {
    pub(crate) fn new(random: &mut Random) -> Self {
        let segment_bytes = 300 + random.below(2_000) as u64;
        let segment_ms = 200 + random.below(2_000) as i64;
        let config = LogConfig {
            segment_bytes: segment_bytes as u32,
            segment_ms,
            retention_bytes: random.below(6_000) as i64 - 1_000,
            retention_ms: random.below(4_000) as i64 - 500,
            ..LogConfig::default()
        };
        let partition = TopicPartition {
            topic: "model".into(),
            partition: 0,
        };
        let mut store = MemoryStore::new();
        store.apply(StoreOp::Create {
            log: LOG,
            topic: partition.topic.clone(),
            topic_id: Uuid::ZERO,
            partition: 0,
        });
        Self {
            log: Log::new(LOG, partition, Uuid::ZERO, config),
            store,
            model: Model::new(segment_bytes, segment_ms),
            pending: VecDeque::new(),
            snapshot: None,
            clock: 1_000_000,
            counter: 0,
        }
    }

    pub(crate) fn append(&mut self, random: &mut Random) {
        self.append_batch(random, None);
    }

    /// Mostly the next batch of a producer; sometimes a repeat, a gap, another epoch.
    pub(crate) fn append_idempotent(&mut self, random: &mut Random) {
        let id = random.below(3) as i64;
        let written = self.model.written_by(id);
        let last = written
            .last()
            .and_then(|entry| Some((entry.producer?, entry.values.len())));
        let Some((last, count)) = last else {
            let first = random.below(5) as i32;
            return self.append_batch(
                random,
                Some((
                    Sequence {
                        id,
                        epoch: 0,
                        first,
                    },
                    None,
                )),
            );
        };
        let next = Sequence {
            first: last.first + count as i32,
            ..last
        };
        let back = written.len().saturating_sub(1 + random.below(8));
        let earlier = written[back];
        let repeat = (
            earlier.producer.expect("a producer's batch"),
            Some(earlier.values.len()),
        );
        let wanted = match random.below(20) {
            0..11 => (next, None),
            11..16 => repeat,
            16 => (
                Sequence {
                    first: next.first + 1,
                    ..next
                },
                None,
            ),
            17 => (
                Sequence {
                    epoch: next.epoch + 1,
                    first: 0,
                    ..next
                },
                None,
            ),
            18 => (
                Sequence {
                    epoch: next.epoch + 1,
                    ..next
                },
                None,
            ),
            _ => (
                Sequence {
                    epoch: next.epoch - 1,
                    ..next
                },
                None,
            ),
        };
        self.append_batch(random, Some(wanted));
    }

    fn append_batch(&mut self, random: &mut Random, sequence: Option<(Sequence, Option<usize>)>) {
        self.clock += random.below(100) as i64;
        let count = sequence
            .and_then(|(_, count)| count)
            .unwrap_or(1 + random.below(4));
        let values: Vec<String> = (0..count)
            .map(|_| {
                self.counter += 1;
                format!("value {}", self.counter)
            })
            .collect();
        let timestamps: Vec<i64> = (0..count)
            .map(|_| self.clock - random.below(50) as i64)
            .collect();
        let mut builder = BatchBuilder::new();
        builder.compression(match random.below(8) {
            0 => Compression::Gzip,
            1 => Compression::Snappy,
            2 => Compression::Lz4,
            3 => Compression::Zstd,
            _ => Compression::None,
        });
        for (timestamp, value) in timestamps.iter().zip(&values) {
            builder.push(Timestamp(*timestamp), None, Some(value.as_bytes()));
        }
        let sequence = sequence.map(|(sequence, _)| sequence);
        if let Some(Sequence { id, epoch, first }) = sequence {
            builder.producer(id, epoch, first);
        }
        let batch = Batch::parse(builder.build().bytes().clone()).map_err(|error| error.code);
        let expected = match sequence {
            Some(sequence) if sequence.first < 0 => Err(ErrorCode::InvalidRecord),
            Some(sequence) => self.model.sequence(sequence, count),
            None => Ok(None),
        };
        let size = batch
            .as_ref()
            .map_or(0, |batch| u64::from(batch.header().size_bytes));
        let mut out = Vec::new();
        let appended = batch.and_then(|batch| {
            let now = self.now();
            self.log
                .append(now, batch, Origin::Client(ConnectionId(0)), &mut out)
                .map_err(|error| error.code)
        });
        match (appended, expected) {
            (Ok(appended), Ok(repeated)) => {
                let base = repeated.unwrap_or(self.model.end);
                assert_eq!(appended.appended.base_offset, Offset(base));
                assert_eq!(appended.duplicate, repeated.is_some());
                assert_eq!(appended.through, Offset(base + count as i64));
                if repeated.is_none() {
                    self.model.append(values, timestamps, size, sequence);
                }
            }
            (appended, expected) => {
                assert_eq!(
                    appended.map(|appended| appended.duplicate),
                    expected.map(|_| false)
                );
            }
        }
        self.take(out);
    }

    /// The store gets on with its work.
    pub(crate) fn store(&mut self, random: &mut Random) {
        let count = random.below(self.pending.len() + 1);
        for _ in 0..count {
            self.store_one();
        }
    }

    fn store_one(&mut self) {
        let Some(op) = self.pending.pop_front() else {
            return;
        };
        let mut through = None;
        match &op {
            StoreOp::Append {
                base_offset,
                header,
                ..
            } => {
                through = Some(*base_offset + i64::from(header.records_count));
            }
            StoreOp::Producers { offset, .. } => self.snapshot = Some(offset.0),
            _ => {}
        }
        self.store.apply(op);
        if let Some(through) = through {
            assert!(self.log.stored(through));
            self.model.high_watermark = through.0;
        }
    }

    fn store_all(&mut self) {
        while !self.pending.is_empty() {
            self.store_one();
        }
    }

    /// The store fails, and has stored nothing of what is pending.
    pub(crate) fn fail(&mut self) {
        self.pending.clear();
        let from = self.model.high_watermark;
        self.log.store_failed(Offset(from));
        self.model.forget_from(from);
    }

    /// The process ends, with what is pending, and another one begins.
    pub(crate) fn restart(&mut self) {
        self.pending.clear();
        self.model.forget_from(self.model.high_watermark);
        self.model.forget_older_batches(self.snapshot);
        let found = self.store.recover(LOG).expect("the log was created");
        let (partition, config) = (self.log.partition().clone(), self.log.config().clone());
        self.log = Log::new(LOG, partition, Uuid::ZERO, config);
        self.log.recover(found);
    }

    pub(crate) fn snapshot(&mut self) {
        let mut out = Vec::new();
        self.log.snapshot_producers(&mut out);
        self.take(out);
    }

    pub(crate) fn delete_records(&mut self, random: &mut Random) {
        self.store_all();
        let before = random.below(self.model.end as usize + 3) as i64 - 1;
        let mut out = Vec::new();
        let deleted = self.log.delete_records(Offset(before), &mut out);
        assert_eq!(
            deleted.map(|offset| offset.0),
            self.model.delete_records(before)
        );
        self.take(out);
        self.store_all();
    }

    pub(crate) fn apply_retention(&mut self, random: &mut Random) {
        self.store_all();
        self.clock += random.below(1_000) as i64;
        let mut out = Vec::new();
        self.log.apply_retention(self.now(), &mut out);
        let config = self.log.config();
        let (bytes, ms) = (config.retention_bytes, config.retention_ms);
        self.model.apply_retention(self.clock, bytes, ms);
        self.take(out);
        self.store_all();
    }

    pub(crate) fn read(&mut self, random: &mut Random) {
        let offset = random.below(self.model.end as usize + 3) as i64 - 1;
        let max_bytes = random.below(1_500) as u32;
        let whole_batch = random.below(2) == 0;
        let read = Read {
            offset: Offset(offset),
            max_bytes,
            whole_batch,
        };
        if offset < self.model.start || offset > self.model.end {
            assert_eq!(self.log.read(&read), Err(ErrorCode::OffsetOutOfRange));
            return;
        }
        let found = self.log.read(&read).expect("the offset is in range");
        let mut expected: Vec<(i64, String)> = Vec::new();
        let mut size = 0;
        for (index, entry) in self.model.readable(offset).into_iter().enumerate() {
            size += entry.size;
            if size > u64::from(max_bytes) && !(index == 0 && whole_batch) {
                break;
            }
            expected.extend((entry.base..).zip(entry.values.iter().cloned()));
        }
        let pieces = found
            .slice
            .map(|slice| self.store.locate(&slice).expect("the segment is there"));
        let mut actual = Vec::new();
        let bytes = pieces.unwrap_or_default().concat();
        let mut rest = &bytes[..];
        while let Some(header) = BatchHeader::parse(rest) {
            let (batch, after) = rest.split_at(header.size_bytes as usize);
            for record in records(batch).expect("a whole batch") {
                let record = record.expect("a sound record");
                let value = record.value.unwrap_or_default().to_vec();
                actual.push((record.offset.0, String::from_utf8(value).expect("text")));
            }
            rest = after;
        }
        assert_eq!(actual, expected);
        assert!(rest.is_empty());
        self.check_available(offset, found.available_bytes);
        self.check_timestamp(random);
    }

    fn check_available(&self, offset: i64, available: u64) {
        let readable = self
            .model
            .entries
            .iter()
            .filter(|entry| entry.end() > offset && entry.end() <= self.model.high_watermark);
        let exact: u64 = readable.map(|entry| entry.size).sum();
        assert!(available >= exact, "{available} bytes of {exact}");
        assert!(
            available <= exact + self.model.segment_bytes,
            "{available} bytes of {exact}"
        );
        assert_eq!(available == 0, exact == 0);
    }

    fn check_timestamp(&mut self, random: &mut Random) {
        self.store_all();
        let timestamp = Timestamp(1_000_000 + random.below((self.clock - 999_900) as usize) as i64);
        let found = self
            .log
            .segments()
            .find(|segment| segment.max_timestamp >= timestamp)
            .map(|segment| {
                let batch =
                    self.store
                        .find_timestamp(LOG, segment.base_offset, Offset(0), timestamp);
                let batch = batch.expect("the segment has such a batch");
                let found = first_at_or_after(&batch, timestamp).expect("a sound batch");
                found.expect("the batch has such a record").0.0
            });
        let expected = self.model.entries.iter().find_map(|entry| {
            let index = entry.timestamps.iter().position(|t| *t >= timestamp.0)?;
            Some(entry.base + index as i64)
        });
        assert_eq!(found, expected);
    }

    pub(crate) fn check(&self) {
        let (log, model) = (&self.log, &self.model);
        assert_eq!(log.start_offset(), Offset(model.start));
        assert_eq!(log.high_watermark(), Offset(model.high_watermark));
        assert_eq!(log.end_offset(), Offset(model.end));
        let segments: Vec<i64> = log.segments().map(|s| s.base_offset.0).collect();
        assert_eq!(segments, model.bases);
        assert_eq!(log.size_bytes(), model.size_from(0));
        let producers: Vec<(i64, i16, i32)> = log
            .producers()
            .map(|p| (p.producer_id, p.producer_epoch, p.last_sequence))
            .collect();
        assert_eq!(producers, model.producers());
    }

    fn now(&self) -> Now {
        Now {
            mono: Instant(0),
            wall: Timestamp(self.clock),
        }
    }

    fn take(&mut self, out: Vec<Output>) {
        for output in out {
            if let Output::Store(op) = output {
                self.pending.push_back(op);
            }
        }
    }
}
