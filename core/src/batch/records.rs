//! The records of a batch, one after the other.

use bytes::Bytes;

use super::error::Malformed;
use super::varint::{Input, Slice};
use super::{BatchError, BatchHeader, Compression, TimestampType, codec};
use crate::{Offset, Timestamp};

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its offset: the batch's base offset and its own place.
    pub offset: Offset,
    /// The producer's time, or the broker's in a batch of that timestamp type; `Timestamp::NONE` if the producer gave none.
    pub timestamp: Timestamp,
    /// Its key.
    pub key: Option<Bytes>,
    /// Its value; none is a tombstone on a compacted topic.
    pub value: Option<Bytes>,
    /// Its headers.
    pub headers: Vec<RecordHeader>,
}

/// A header of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHeader {
    /// The key: UTF-8, by convention only.
    pub key: Bytes,
    /// The value.
    pub value: Option<Bytes>,
}

/// The records of a stored batch. Decompresses all at once, 256 MiB at most; keys and values are slices of that.
///
/// # Errors
/// INVALID_RECORD if `batch` does not begin with a whole batch, UNKNOWN_SERVER_ERROR if it cannot be decompressed; an item is an error, and the last one, where a record is malformed.
pub fn records(batch: &[u8]) -> Result<Records, BatchError> {
    Records::new(Bytes::copy_from_slice(batch))
}

/// The records of a stored batch, as [`records`] gives them, but keys and values share the bytes of `batch` where it is not compressed.
///
/// # Errors
/// As [`records`].
pub fn shared_records(batch: Bytes) -> Result<Records, BatchError> {
    Records::new(batch)
}

/// An iterator over the records of a batch. Made by [`records`], [`shared_records`] and [`Batch::records`](super::Batch::records).
#[derive(Debug, Clone)]
pub struct Records {
    header: BatchHeader,
    /// All records, decompressed.
    bytes: Bytes,
    /// Where the next record begins.
    position: usize,
    left: i32,
}

impl Records {
    pub(super) fn new(batch: Bytes) -> Result<Self, BatchError> {
        let header = BatchHeader::parse(&batch)
            .filter(|header| header.size_bytes as usize <= batch.len())
            .ok_or_else(|| BatchError::invalid("it has no whole header"))?;
        let records = batch.slice(BatchHeader::SIZE_BYTES..header.size_bytes as usize);
        let bytes = match header.compression {
            Compression::None => records,
            compression => codec::decompress(compression, &records)?.into(),
        };
        Ok(Self {
            header,
            bytes,
            position: 0,
            left: header.records_count,
        })
    }

    fn read(&mut self) -> Result<Record, Malformed> {
        let bytes = &self.bytes;
        let mut input = Slice::from(bytes, self.position);
        let size = length(input.varint()?)?;
        let start = input.position() as usize;
        input.skip(size as u64)?;
        self.position = start + size;

        let mut input = Slice::from(&bytes[..self.position], start);
        input.byte()?; // attributes: none are defined
        let timestamp_delta = input.varlong()?;
        let offset_delta = input.varint()?;
        let key = nullable(&mut input, bytes)?;
        let value = nullable(&mut input, bytes)?;
        let headers_count = length(input.varint()?)?;
        let mut headers = Vec::with_capacity(headers_count.min(size / 2));
        for _ in 0..headers_count {
            headers.push(RecordHeader {
                key: nullable(&mut input, bytes)?
                    .ok_or(Malformed::Record("a header has no key"))?,
                value: nullable(&mut input, bytes)?,
            });
        }
        if !input.at_end()? {
            return Err(Malformed::Record("a record's length is wrong"));
        }
        let create_time = self.header.base_timestamp.0.wrapping_add(timestamp_delta);
        Ok(Record {
            offset: Offset(
                self.header
                    .base_offset
                    .0
                    .wrapping_add(i64::from(offset_delta)),
            ),
            timestamp: match self.header.timestamp_type {
                TimestampType::CreateTime => Timestamp(create_time),
                TimestampType::LogAppendTime => self.header.max_timestamp,
            },
            key,
            value,
            headers,
        })
    }
}

impl Iterator for Records {
    type Item = Result<Record, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left <= 0 {
            return None;
        }
        self.left -= 1;
        let record = self.read();
        if record.is_err() {
            self.left = 0;
        }
        Some(record.map_err(BatchError::from))
    }
}

fn nullable(input: &mut Slice<'_>, bytes: &Bytes) -> Result<Option<Bytes>, Malformed> {
    let size = input.varint()?;
    let Ok(size) = usize::try_from(size) else {
        return Ok(None);
    };
    let start = input.position() as usize;
    input.skip(size as u64)?;
    Ok(Some(bytes.slice(start..start + size)))
}

fn length(size: i32) -> Result<usize, Malformed> {
    usize::try_from(size).map_err(|_| Malformed::Record("a length in it is negative"))
}
