//! Checks what a producer sent.

use bytes::Bytes;

use super::header::{ATTRIBUTES, LENGTH_END, MAGIC, MAGIC_V2};
use super::{Batch, BatchError, BatchHeader, Compression, Facts, TimestampType, walk};
use crate::{ErrorCode, Offset, Timestamp};

impl Batch {
    /// Checks the record set of one partition of a Produce request: one whole batch, by itself.
    ///
    /// The records are walked through, decompressed if need be, but not kept; memory is bounded by the length of `bytes` and the codec's window.
    /// A maximum timestamp that is not the records' own is put right (as Apache Kafka does), at the price of a copy.
    ///
    /// # Errors
    /// In the order of Apache Kafka's checks (`ProduceRequest`, `UnifiedLog`, `LogValidator`), seen on 4.3.1:
    /// CORRUPT_MESSAGE for an impossible length, an unknown magic or a wrong CRC; TRANSACTIONAL_ID_AUTHORIZATION_FAILED for a part of a
    /// transaction, which nobody may begin here; UNKNOWN_SERVER_ERROR if it cannot be decompressed; INVALID_RECORD for everything else.
    pub fn parse(bytes: Bytes) -> Result<Batch, BatchError> {
        let bytes = check_frame(bytes)?;
        let header = BatchHeader::parse(&bytes)
            .ok_or_else(|| BatchError::undecipherable("its compression type is unknown"))?;
        check_header(&header)?;
        let mut facts = Facts {
            oldest_timestamp: None,
            has_null_keys: false,
        };
        let mut oldest = i64::MAX;
        let mut newest = Timestamp::NONE;
        walk(&header, &bytes, |seen| {
            newest = newest.max(seen.timestamp);
            if seen.timestamp != Timestamp::NONE {
                oldest = oldest.min(seen.timestamp.0);
                facts.oldest_timestamp = Some(Timestamp(oldest));
            }
            facts.has_null_keys |= !seen.has_key();
        })?;
        let batch = Batch {
            header,
            bytes,
            facts,
        };
        if header.timestamp_type == TimestampType::CreateTime && newest != header.max_timestamp {
            return Ok(batch.stamped(TimestampType::CreateTime, newest));
        }
        Ok(batch)
    }
}

/// The one whole batch at the front of `bytes`, of format v2, with the right CRC.
fn check_frame(bytes: Bytes) -> Result<Bytes, BatchError> {
    let Some(size_bytes) = size_of_next(&bytes)? else {
        return Err(BatchError::invalid("there is none, or it is cut short"));
    };
    let magic = bytes[MAGIC];
    if magic != MAGIC_V2 {
        return Err(BatchError::invalid(format_args!(
            "its magic is {magic}; only 2 (Kafka 0.11 and newer) is accepted"
        )));
    }
    // What follows and is no whole batch is ignored, as Apache Kafka does.
    if size_of_next(&bytes[size_bytes..])?.is_some() {
        return Err(BatchError::invalid(
            "another one follows; a partition takes one batch a request",
        ));
    }
    if bytes.first_chunk() != Some(&0i64.to_be_bytes()) {
        return Err(BatchError::invalid("its base offset is not 0"));
    }
    if size_bytes < BatchHeader::SIZE_BYTES {
        return Err(BatchError::corrupt(format!(
            "Record batch is corrupt (the size {size_bytes} is smaller than the minimum allowed overhead {})",
            BatchHeader::SIZE_BYTES
        )));
    }
    let stored = u32::from_be_bytes([bytes[17], bytes[18], bytes[19], bytes[20]]);
    let computed = crate::checksum::crc32c(&bytes[ATTRIBUTES..size_bytes]);
    if stored != computed {
        return Err(BatchError::corrupt(format!(
            "Record is corrupt (stored crc = {stored}, computed crc = {computed})"
        )));
    }
    if bytes.len() == size_bytes {
        return Ok(bytes);
    }
    Ok(bytes.slice(..size_bytes))
}

/// The size of the batch at the front of `bytes`; none if it is not whole.
fn size_of_next(bytes: &[u8]) -> Result<Option<usize>, BatchError> {
    let Some(length) = bytes.get(LENGTH_END - 4..LENGTH_END) else {
        return Ok(None);
    };
    let length = i32::from_be_bytes([length[0], length[1], length[2], length[3]]);
    if length < SMALLEST_LENGTH {
        return Err(BatchError::corrupt(format!(
            "Record size {length} is less than the minimum record overhead ({SMALLEST_LENGTH})"
        )));
    }
    let Some(&magic) = bytes.get(MAGIC) else {
        return Ok(None);
    };
    if magic > MAGIC_V2 {
        return Err(BatchError::corrupt(format!(
            "Invalid magic found in record: {}",
            magic as i8
        )));
    }
    let size_bytes = length as usize + LENGTH_END;
    Ok((size_bytes <= bytes.len()).then_some(size_bytes))
}

fn check_header(header: &BatchHeader) -> Result<(), BatchError> {
    let &BatchHeader {
        records_count,
        last_offset_delta,
        ..
    } = header;
    if header.is_transactional {
        return Err(ErrorCode::TransactionalIdAuthorizationFailed.into());
    }
    if records_count <= 0 || last_offset_delta < 0 || last_offset_delta != records_count - 1 {
        return Err(BatchError::invalid(format_args!(
            "its header announces {records_count} records but {last_offset_delta} as the last one's offset delta"
        )));
    }
    if header.is_control {
        return Err(BatchError::invalid("clients may not write control records"));
    }
    if header.has_producer_id() && header.base_sequence < 0 {
        return Err(BatchError::invalid(format_args!(
            "it has producer id {} but sequence number {}",
            header.producer_id, header.base_sequence
        )));
    }
    // Every record takes 7 bytes or more: a count that cannot be is refused before the walk.
    let room = u64::from(header.size_bytes) - BatchHeader::SIZE_BYTES as u64;
    if header.compression == Compression::None
        && records_count as u64 * SMALLEST_RECORD_BYTES > room
    {
        return Err(BatchError::invalid(
            "it has fewer records than its header says",
        ));
    }
    debug_assert_eq!(header.base_offset, Offset(0), "checked with the frame");
    Ok(())
}

/// A message of format v0, which Apache Kafka takes for the smallest thing in a log.
const SMALLEST_LENGTH: i32 = 14;
/// Length, attributes, timestamp delta, offset delta, null key, null value, no headers.
const SMALLEST_RECORD_BYTES: u64 = 7;
