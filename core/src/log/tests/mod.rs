//! A log and a store in memory side by side: what the one decides, the other keeps.

mod appending;
mod producers;
mod reading;
mod retention;

use super::{Append, Log, LogConfig, Origin, Read};
use crate::batch::{Batch, BatchBuilder, BatchError, BatchHeader};
use crate::{
    ConnectionId, ErrorCode, Event, Instant, LogId, MemoryStore, Now, Offset, Output, StoreOp,
    Timestamp, TopicPartition, Uuid,
};

/// A log whose store does at once what it is told.
#[derive(Clone)]
pub(super) struct World {
    pub(super) log: Log,
    pub(super) store: MemoryStore,
    pub(super) now: Now,
    pub(super) events: Vec<Event>,
}

const LOG: LogId = LogId(7);

impl World {
    pub(super) fn new(config: LogConfig) -> Self {
        let partition = TopicPartition {
            topic: "orders".into(),
            partition: 3,
        };
        let mut store = MemoryStore::new();
        store.apply(StoreOp::Create {
            log: LOG,
            topic: partition.topic.clone(),
            topic_id: Uuid([1; 16]),
            partition: partition.partition,
        });
        Self {
            log: Log::new(LOG, partition, Uuid([1; 16]), config),
            store,
            now: Now {
                mono: Instant(0),
                wall: Timestamp(1_000_000),
            },
            events: Vec::new(),
        }
    }

    /// Appends and stores.
    pub(super) fn append(&mut self, batch: Batch) -> Result<Append, BatchError> {
        let ops = &mut Vec::new();
        let appended = self.append_only(batch, ops)?;
        self.apply(std::mem::take(ops));
        self.log.stored(self.log.end_offset());
        Ok(appended)
    }

    /// Appends, and leaves the effects to the test.
    pub(super) fn append_only(
        &mut self,
        batch: Batch,
        out: &mut Vec<Output>,
    ) -> Result<Append, BatchError> {
        self.log
            .append(self.now, batch, Origin::Client(ConnectionId(0)), out)
    }

    pub(super) fn apply(&mut self, out: Vec<Output>) {
        for output in out {
            match output {
                Output::Store(op) => self.store.apply(op),
                Output::Event(event) => self.events.push(event),
                Output::Reply { .. } => unreachable!("a log answers nobody"),
            }
        }
    }

    pub(super) fn apply_retention(&mut self) {
        let mut out = Vec::new();
        self.log.apply_retention(self.now, &mut out);
        self.apply(out);
    }

    pub(super) fn delete_records(&mut self, before: i64) -> Result<Offset, ErrorCode> {
        let mut out = Vec::new();
        let result = self.log.delete_records(Offset(before), &mut out);
        self.apply(out);
        result
    }

    /// A new process on the same store.
    pub(super) fn restart(&mut self) {
        let found = self.store.recover(LOG).unwrap();
        let config = self.log.config().clone();
        self.log = Log::new(
            LOG,
            self.log.partition().clone(),
            self.log.topic_id(),
            config,
        );
        self.log.recover(found);
    }

    /// Everything that can be read from `offset` on: offset and value of each record, as text.
    pub(super) fn read(&self, offset: i64) -> Vec<(i64, String)> {
        let mut records = Vec::new();
        let mut next = Offset(offset);
        while let Some(slice) = self.find(next, 1 << 20).unwrap().slice {
            for piece in self.store.locate(&slice).unwrap() {
                let mut rest = &piece[..];
                while let Some(header) = BatchHeader::parse(rest) {
                    let (batch, after) = rest.split_at(header.size_bytes as usize);
                    for record in crate::batch::records(batch).unwrap() {
                        let record = record.unwrap();
                        let value = record.value.unwrap_or_default();
                        records.push((record.offset.0, String::from_utf8(value.into()).unwrap()));
                    }
                    next = header.next_offset();
                    rest = after;
                }
                assert!(rest.is_empty(), "pieces are whole batches");
            }
        }
        records.retain(|(at, _)| *at >= offset);
        records
    }

    pub(super) fn find(&self, offset: Offset, max_bytes: u32) -> Result<super::Found, ErrorCode> {
        self.log.read(&Read {
            offset,
            max_bytes,
            whole_batch: true,
        })
    }

    pub(super) fn segments(&self) -> Vec<i64> {
        self.log.segments().map(|s| s.base_offset.0).collect()
    }
}

/// A batch of these values, one millisecond apart.
pub(super) fn batch(timestamp: i64, values: &[&str]) -> Batch {
    builder(timestamp, values).build()
}

pub(super) fn builder(timestamp: i64, values: &[&str]) -> BatchBuilder {
    let mut builder = BatchBuilder::new();
    for (index, value) in values.iter().enumerate() {
        let timestamp = Timestamp(timestamp + index as i64);
        builder.push(timestamp, Some(b"key"), Some(value.as_bytes()));
    }
    builder
}

pub(super) fn error(result: Result<Append, BatchError>) -> ErrorCode {
    result.unwrap_err().code
}
