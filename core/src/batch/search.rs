//! Finds records by their timestamps, for ListOffsets: exact, also inside a compressed batch.

use super::{BatchError, BatchHeader, walk};
use crate::{Offset, Timestamp};

/// The first record of a stored batch whose timestamp is `timestamp` or later.
///
/// # Errors
/// INVALID_RECORD if `batch` is not a whole and sound batch.
pub fn first_at_or_after(
    batch: &[u8],
    timestamp: Timestamp,
) -> Result<Option<(Offset, Timestamp)>, BatchError> {
    let header = header(batch)?;
    let mut found = None;
    walk(&header, batch, |seen| {
        if found.is_none() && seen.timestamp >= timestamp {
            found = Some((header.base_offset + i64::from(seen.index), seen.timestamp));
        }
    })?;
    Ok(found)
}

/// The first of the records of a stored batch that have its largest timestamp; none if no record has a timestamp.
///
/// # Errors
/// INVALID_RECORD if `batch` is not a whole and sound batch.
pub fn with_max_timestamp(batch: &[u8]) -> Result<Option<(Offset, Timestamp)>, BatchError> {
    let header = header(batch)?;
    let mut found: Option<(Offset, Timestamp)> = None;
    walk(&header, batch, |seen| {
        let largest = found.map_or(Timestamp::NONE, |(_, timestamp)| timestamp);
        if seen.timestamp > largest {
            found = Some((header.base_offset + i64::from(seen.index), seen.timestamp));
        }
    })?;
    Ok(found)
}

fn header(batch: &[u8]) -> Result<BatchHeader, BatchError> {
    BatchHeader::parse(batch)
        .filter(|header| header.size_bytes as usize == batch.len())
        .ok_or_else(|| BatchError::invalid("it is not one whole batch"))
}
