//! Goes through the records of a batch without keeping any.

use super::error::Malformed;
use super::varint::{Input, Slice, Stream};
use super::{BatchHeader, Compression, TimestampType, codec};
use crate::Timestamp;

/// What a walk sees of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// Its place in the batch, from 0.
    pub(crate) index: i32,
    pub(crate) timestamp: Timestamp,
    /// The length of its key in bytes; negative if it has none.
    pub(crate) key_size: i32,
    /// The length of its value in bytes; negative if it has none.
    pub(crate) value_size: i32,
}

impl Seen {
    pub(crate) fn has_key(&self) -> bool {
        self.key_size >= 0
    }
}

/// Visits each record of `batch` (header and all, `header` parsed from it), decompressing as it goes.
///
/// Fails if there are not exactly as many records as the header says, numbered from 0 without a gap, each filling its length.
#[inline]
pub(super) fn walk(
    header: &BatchHeader,
    batch: &[u8],
    visit: impl FnMut(Seen),
) -> Result<(), Malformed> {
    let records = batch.get(BatchHeader::SIZE_BYTES..).unwrap_or_default();
    match header.compression {
        Compression::None => walk_input(header, &mut Slice::new(records), visit),
        compression => {
            let reader = codec::reader(compression, records)?;
            walk_input(header, &mut Stream::new(reader), visit)
        }
    }
}

#[inline]
fn walk_input(
    header: &BatchHeader,
    input: &mut impl Input,
    mut visit: impl FnMut(Seen),
) -> Result<(), Malformed> {
    let base_timestamp = header.base_timestamp.0;
    let append_time =
        (header.timestamp_type == TimestampType::LogAppendTime).then_some(header.max_timestamp);
    for index in 0..header.records_count {
        let size = non_negative(input.varint()?)?;
        let end = input.position() + size;
        input.byte()?; // attributes: none are defined
        let timestamp_delta = input.varlong()?;
        if input.varint()? != index {
            return Err(Malformed::Record(
                "its records are not numbered from 0 without a gap",
            ));
        }
        let key_size = input.varint()?;
        skip(input, key_size, end)?;
        let value_size = input.varint()?;
        skip(input, value_size, end)?;
        let headers_count = non_negative(input.varint()?)?;
        for _ in 0..headers_count {
            let key_size = non_negative(input.varint()?)?;
            skip(input, key_size as i32, end)?;
            let value_size = input.varint()?;
            skip(input, value_size, end)?;
        }
        if input.position() != end {
            return Err(Malformed::Record("a record's length is wrong"));
        }
        let timestamp = Timestamp(base_timestamp.wrapping_add(timestamp_delta));
        visit(Seen {
            index,
            timestamp: append_time.unwrap_or(timestamp),
            key_size,
            value_size,
        });
    }
    if !input.at_end()? {
        return Err(Malformed::Record(
            "it has more records than its header says",
        ));
    }
    Ok(())
}

/// Skips a field; a negative length stands for null.
#[inline(always)]
fn skip(input: &mut impl Input, size: i32, end: u64) -> Result<(), Malformed> {
    if size <= 0 {
        return Ok(());
    }
    if input.position() + size as u64 > end {
        return Err(Malformed::Record("a field is longer than its record"));
    }
    input.skip(size as u64)
}

#[inline(always)]
fn non_negative(size: i32) -> Result<u64, Malformed> {
    u64::try_from(size).map_err(|_| Malformed::Record("a length in it is negative"))
}
