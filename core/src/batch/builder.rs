//! Makes batches: the engine's own, and a client's.

use super::header::{ATTRIBUTES, CRC};
use super::varint::{put_varint, put_varlong, varlong_size};
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
    /// Room for the header, and the records. Empty without records.
    bytes: Vec<u8>,
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
            bytes: Vec::new(),
        }
    }

    /// As [`new`](Self::new), with room for a batch of `size_bytes` without compression.
    pub fn with_capacity(size_bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(size_bytes),
            ..Self::new()
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
        let headers = headers.iter().map(|(key, value)| (key.as_bytes(), *value));
        self.push_record(timestamp, key, value, headers)
    }

    /// Adds a record with headers: pairs of key and value.
    pub fn push_record<'h>(
        &mut self,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: impl ExactSizeIterator<Item = (&'h [u8], Option<&'h [u8]>)> + Clone,
    ) -> &mut Self {
        let body_size = self.body_size(timestamp, key, value, headers.clone());
        let header = &mut self.header;
        if header.records_count == 0 {
            header.base_timestamp = timestamp;
            self.bytes.resize(BatchHeader::SIZE_BYTES, 0);
        }
        let out = &mut self.bytes;
        out.reserve(body_size + 5);
        put_varint(out, body_size as i32);
        out.push(0);
        put_varlong(out, timestamp.0.wrapping_sub(header.base_timestamp.0));
        put_varint(out, header.records_count);
        put_nullable(out, key);
        put_nullable(out, value);
        put_varint(out, headers.len() as i32);
        for (key, value) in headers {
            put_nullable(out, Some(key));
            put_nullable(out, value);
        }

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

    /// How many bytes a record would add if it were the next one.
    pub fn record_size_bytes<'h>(
        &self,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: impl ExactSizeIterator<Item = (&'h [u8], Option<&'h [u8]>)>,
    ) -> usize {
        let body_size = self.body_size(timestamp, key, value, headers);
        varlong_size(body_size as i64) + body_size
    }

    /// The size of the next record behind its length.
    fn body_size<'h>(
        &self,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: impl ExactSizeIterator<Item = (&'h [u8], Option<&'h [u8]>)>,
    ) -> usize {
        let timestamp_delta = match self.header.records_count {
            0 => 0,
            _ => timestamp.0.wrapping_sub(self.header.base_timestamp.0),
        };
        let attributes_size = 1;
        attributes_size
            + varlong_size(timestamp_delta)
            + varlong_size(i64::from(self.header.records_count))
            + nullable_size(key)
            + nullable_size(value)
            + varlong_size(headers.len() as i64)
            + headers
                .map(|(key, value)| nullable_size(Some(key)) + nullable_size(value))
                .sum::<usize>()
    }

    /// How many records there are so far.
    pub fn records_count(&self) -> i32 {
        self.header.records_count
    }

    /// How long the batch would be without compression, in bytes.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len().max(BatchHeader::SIZE_BYTES)
    }

    /// Makes the batch, and leaves the builder without records.
    ///
    /// # Panics
    /// Without records: there is no such batch.
    pub fn build(&mut self) -> Batch {
        assert!(self.header.records_count > 0, "a batch needs a record");
        let built = std::mem::take(self);
        self.header.compression = built.header.compression;
        let records = &built.bytes[BatchHeader::SIZE_BYTES..];
        match built.header.compression {
            Compression::None => finish(built.header, built.facts, built.bytes),
            compression => {
                let compressed = codec::compress(compression, records);
                assemble(built.header, built.facts, &compressed)
            }
        }
    }
}

/// A batch of `header` (whose size and CRC are set here) and what follows it.
pub(super) fn assemble(header: BatchHeader, facts: Facts, records: &[u8]) -> Batch {
    let mut bytes = Vec::with_capacity(BatchHeader::SIZE_BYTES + records.len());
    bytes.resize(BatchHeader::SIZE_BYTES, 0);
    bytes.extend_from_slice(records);
    finish(header, facts, bytes)
}

/// A batch of `header` (whose size and CRC are set here) in `bytes`, which have room for it in front of the records.
fn finish(mut header: BatchHeader, facts: Facts, mut bytes: Vec<u8>) -> Batch {
    header.size_bytes = u32::try_from(bytes.len()).expect("records are far below 4 GiB");
    bytes[..BatchHeader::SIZE_BYTES].copy_from_slice(&header.encode());
    header.crc = crate::checksum::crc32c(&bytes[ATTRIBUTES..]);
    bytes[CRC..CRC + 4].copy_from_slice(&header.crc.to_be_bytes());
    Batch {
        header,
        bytes: bytes.into(),
        facts,
    }
}

fn nullable_size(field: Option<&[u8]>) -> usize {
    field.map_or(1, |bytes| varlong_size(bytes.len() as i64) + bytes.len())
}

fn put_nullable(out: &mut Vec<u8>, field: Option<&[u8]>) {
    let Some(bytes) = field else {
        return put_varint(out, -1);
    };
    put_varint(out, bytes.len() as i32);
    out.extend_from_slice(bytes);
}
