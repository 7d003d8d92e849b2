//! Batches: one that is being filled, and one whose bytes are made.

use bytes::Bytes;
use ottla_core::batch::{Batch, BatchBuilder, BatchHeader, Compression, RecordHeader};
use ottla_core::{Instant, Timestamp};

use super::record::{ProducerRecord, Ticket, Tickets};
use super::sequences::{self, Sequence};
use crate::network::CallId;

/// Takes records until it is full or sent.
#[derive(Debug, Clone)]
pub(super) struct OpenBatch {
    builder: BatchBuilder,
    tickets: Tickets,
    pub(super) created: Instant,
    /// A record did not fit: none is taken any more, so that records keep their order.
    is_closed: bool,
}

/// How much fits into a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// `batch.size`.
    pub(super) limit_bytes: usize,
    pub(super) compression: Compression,
    /// What compression has lately made of a byte.
    pub(super) ratio: f32,
}

impl Room {
    /// What a batch of this size without compression is likely to become. Kafka's estimate: 5 % more than the ratio promises.
    pub(super) fn estimate(&self, size_bytes: usize) -> usize {
        if self.compression == Compression::None {
            return size_bytes;
        }
        let records = size_bytes - BatchHeader::SIZE_BYTES;
        BatchHeader::SIZE_BYTES + (records as f32 * self.ratio * 1.05) as usize
    }
}

impl OpenBatch {
    pub(super) fn new(created: Instant, room: Room, capacity: usize) -> Self {
        let mut builder = BatchBuilder::with_capacity(capacity);
        builder.compression(room.compression);
        Self {
            builder,
            tickets: Tickets::default(),
            created,
            is_closed: false,
        }
    }

    /// Adds the record, or closes the batch if it does not fit; the first one always fits.
    pub(super) fn try_push(
        &mut self,
        room: Room,
        ticket: Ticket,
        timestamp: Timestamp,
        record: &ProducerRecord,
    ) -> bool {
        if self.is_full(room) {
            return false;
        }
        let (key, value) = (record.key.as_deref(), record.value.as_deref());
        let headers = || record.headers.iter().map(parts);
        if !self.tickets.is_empty() {
            let size = self
                .builder
                .record_size_bytes(timestamp, key, value, headers());
            if room.estimate(self.size_bytes()) + size > room.limit_bytes {
                self.is_closed = true;
                return false;
            }
        }
        self.builder.push_record(timestamp, key, value, headers());
        self.tickets.push(ticket);
        true
    }

    pub(super) fn is_full(&self, room: Room) -> bool {
        self.is_closed
            || (!self.tickets.is_empty() && room.estimate(self.size_bytes()) >= room.limit_bytes)
    }

    /// Without compression.
    pub(super) fn size_bytes(&self) -> usize {
        self.builder.size_bytes()
    }

    pub(super) fn records_count(&self) -> usize {
        self.tickets.len()
    }

    pub(super) fn tickets(self) -> Tickets {
        self.tickets
    }

    pub(super) fn seal(mut self, serial: u64, sequence: Option<Sequence>) -> SealedBatch {
        if let Some(Sequence { identity, base }) = sequence {
            self.builder.producer(identity.id, identity.epoch, base);
        }
        SealedBatch {
            serial,
            batch: self.builder.build(),
            tickets: self.tickets,
            created: self.created,
            sealed_before: 0,
            sequence,
            retries: 0,
            flight: Flight::Waiting {
                not_before: self.created,
                leader_epoch: -1,
            },
        }
    }
}

/// Has been sent, or was split off one that has.
#[derive(Debug, Clone)]
pub(super) struct SealedBatch {
    /// Its name within the producer.
    pub(super) serial: u64,
    batch: Batch,
    tickets: Tickets,
    pub(super) created: Instant,
    /// How many batches its partition had before it.
    pub(super) sealed_before: u64,
    /// What it is to be sent with; its bytes may still say something else.
    sequence: Option<Sequence>,
    /// How often it has been sent again.
    pub(super) retries: u32,
    pub(super) flight: Flight,
}

/// Where a sealed batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flight {
    /// In a request that is not answered yet.
    OnWire(CallId),
    /// To be sent again, at once if the partition gets a leader of a newer epoch.
    Waiting {
        not_before: Instant,
        leader_epoch: i32,
    },
}

impl SealedBatch {
    pub(super) fn records_count(&self) -> usize {
        self.tickets.len()
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.batch.bytes().len()
    }

    pub(super) fn tickets(self) -> Tickets {
        self.tickets
    }

    pub(super) fn is_on_wire(&self) -> bool {
        matches!(self.flight, Flight::OnWire(_))
    }

    pub(super) fn sequence(&self) -> Option<Sequence> {
        self.sequence
    }

    /// The sequence number of its last record.
    pub(super) fn last_sequence(&self) -> Option<i32> {
        let count = self.records_count() as i32;
        let last = |sequence: Sequence| sequences::after(sequence.base, count - 1);
        self.sequence.map(last)
    }

    pub(super) fn reset_sequence(&mut self, sequence: Sequence) {
        self.sequence = Some(sequence);
    }

    /// The bytes to be sent, with the current sequence number in them.
    pub(super) fn bytes(&mut self) -> Bytes {
        if let Some(Sequence { identity, base }) = self.sequence {
            let batch = self.batch.clone();
            self.batch = batch.with_producer(identity.id, identity.epoch, base);
        }
        self.batch.bytes().clone()
    }

    /// Several batches with the same records and sequence numbers, none larger than half of this one (without compression) or than the limit,
    /// but for single records. `None` if there is only one record.
    ///
    /// Kafka takes `batch.size` for the limit and so sends the same batch for ever when the broker allows less.
    pub(super) fn split(&self, limit_bytes: usize) -> Option<Vec<SealedBatch>> {
        if self.records_count() < 2 {
            return None;
        }
        let header = self.batch.header();
        let records = self.batch.records().expect("its own bytes are sound");
        let records: Vec<_> = records
            .map(|record| record.expect("its own bytes are sound"))
            .collect();
        let size = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, Bytes::len);
        let of_records = records
            .iter()
            .map(|it| size(&it.key) + size(&it.value) + 10);
        let half = BatchHeader::SIZE_BYTES + of_records.sum::<usize>() / 2;
        let room = Room {
            limit_bytes: limit_bytes.min(half),
            compression: header.compression,
            ratio: 1.0,
        };

        let mut open = vec![OpenBatch::new(self.created, room, room.limit_bytes)];
        for (record, ticket) in records.into_iter().zip(self.tickets.iter()) {
            let timestamp = record.timestamp;
            let record = ProducerRecord {
                topic: "".into(),
                partition: None,
                key: record.key,
                value: record.value,
                headers: record.headers,
                timestamp: Some(timestamp),
            };
            let last = open.last_mut().expect("there is one");
            if !last.try_push(room, ticket, timestamp, &record) {
                let mut next = OpenBatch::new(self.created, room, room.limit_bytes);
                next.try_push(room, ticket, timestamp, &record);
                open.push(next);
            }
        }
        let mut sequence = self.sequence;
        let batches = open.into_iter().map(|open| {
            let count = open.records_count() as i32;
            let sealed = open.seal(self.serial, sequence);
            if let Some(sequence) = &mut sequence {
                sequence.base = sequences::after(sequence.base, count);
            }
            sealed
        });
        Some(batches.collect())
    }
}

fn parts(header: &RecordHeader) -> (&[u8], Option<&[u8]>) {
    (&header.key, header.value.as_deref())
}
