//! Makes batches: the engine's own, and a client's.

use super::header::ATTRIBUTES;
use super::varint::{put_varint, put_varlong};
use super::{Batch, BatchHeader, Compression, Facts, TimestampType, codec};
use crate::{Offset, Timestamp};

/// Gathers records and makes a batch of them, with base offset 0.
///
/// ```
/// use ottla_core::Timestamp;
/// use ottla_core::batch::{BatchBuilder, Compression};
///
/// let batch = BatchBuilder::new()
///     .compression(Compression::Lz4)
///     .push(Timestamp(1_000), Some(b"alice"), Some(b"logged in"))
///     .push(Timestamp(1_001), Some(b"bob"), None)
///     .build();
/// assert_eq!(batch.header().records_count, 2);
/// ```
#[derive(Debug, Clone)]
pub struct BatchBuilder {
    header: BatchHeader,
    facts: Facts,
    records: Vec<u8>,
    /// The record that is being written, before its length is known.
    body: Vec<u8>,
}

impl Default for BatchBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl BatchBuilder {
    /// No records, no compression, no producer.
    pub fn new() -> Self {
        Self {
            header: BatchHeader {
                base_offset: Offset(0),
                size_bytes: 0,
                leader_epoch: -1,
                crc: 0,
                compression: Compression::None,
                timestamp_type: TimestampType::CreateTime,
                is_transactional: false,
                is_control: false,
                last_offset_delta: -1,
                base_timestamp: Timestamp::NONE,
                max_timestamp: Timestamp::NONE,
                producer_id: -1,
                producer_epoch: -1,
                base_sequence: -1,
                records_count: 0,
            },
            facts: Facts {
                oldest_timestamp: None,
                has_null_keys: false,
            },
            records: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Compress the records.
    pub fn compression(&mut self, compression: Compression) -> &mut Self {
        self.header.compression = compression;
        self
    }

    /// An idempotent producer: its id, its epoch, and the sequence number of the first record.
    pub fn producer(&mut self, id: i64, epoch: i16, base_sequence: i32) -> &mut Self {
        self.header.producer_id = id;
        self.header.producer_epoch = epoch;
        self.header.base_sequence = base_sequence;
        self
    }

    /// Adds a record without headers.
    pub fn push(
        &mut self,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) -> &mut Self {
        self.push_with_headers(timestamp, key, value, &[])
    }

    /// Adds a record with headers: pairs of key and value.
    pub fn push_with_headers(
        &mut self,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[(&str, Option<&[u8]>)],
    ) -> &mut Self {
        let header = &mut self.header;
        if header.records_count == 0 {
            header.base_timestamp = timestamp;
        }
        self.body.clear();
        self.body.push(0);
        let timestamp_delta = timestamp.0.wrapping_sub(header.base_timestamp.0);
        put_varlong(&mut self.body, timestamp_delta);
        put_varint(&mut self.body, header.records_count);
        put_nullable(&mut self.body, key);
        put_nullable(&mut self.body, value);
        put_varint(&mut self.body, headers.len() as i32);
        for (key, value) in headers {
            put_nullable(&mut self.body, Some(key.as_bytes()));
            put_nullable(&mut self.body, *value);
        }
        put_varint(&mut self.records, self.body.len() as i32);
        self.records.extend_from_slice(&self.body);

        header.records_count += 1;
        header.last_offset_delta += 1;
        header.max_timestamp = header.max_timestamp.max(timestamp);
        if timestamp != Timestamp::NONE {
            let oldest = self.facts.oldest_timestamp.get_or_insert(timestamp);
            *oldest = timestamp.min(*oldest);
        }
        self.facts.has_null_keys |= key.is_none();
        self
    }

    /// How many records there are so far.
    pub fn records_count(&self) -> i32 {
        self.header.records_count
    }

    /// How long the batch would be without compression, in bytes.
    pub fn size_bytes(&self) -> usize {
        BatchHeader::SIZE_BYTES + self.records.len()
    }

    /// Makes the batch, and leaves the builder without records.
    ///
    /// # Panics
    /// Without records: there is no such batch.
    pub fn build(&mut self) -> Batch {
        assert!(self.header.records_count > 0, "a batch needs a record");
        let built = std::mem::take(self);
        self.header.compression = built.header.compression;
        match built.header.compression {
            Compression::None => assemble(built.header, built.facts, &built.records),
            compression => {
                let compressed = codec::compress(compression, &built.records);
                assemble(built.header, built.facts, &compressed)
            }
        }
    }
}

/// A batch of `header` (whose size and CRC are set here) and what follows it.
pub(super) fn assemble(mut header: BatchHeader, facts: Facts, records: &[u8]) -> Batch {
    let size = BatchHeader::SIZE_BYTES + records.len();
    header.size_bytes = u32::try_from(size).expect("records are far below 4 GiB");
    let attributes_on = &header.encode()[ATTRIBUTES..];
    header.crc = crc32c::crc32c_append(crc32c::crc32c(attributes_on), records);
    let mut bytes = Vec::with_capacity(size);
    bytes.extend_from_slice(&header.encode());
    bytes.extend_from_slice(records);
    Batch {
        header,
        bytes: bytes.into(),
        facts,
    }
}

fn put_nullable(out: &mut Vec<u8>, field: Option<&[u8]>) {
    let Some(bytes) = field else {
        return put_varint(out, -1);
    };
    put_varint(out, bytes.len() as i32);
    out.extend_from_slice(bytes);
}
