//! Where the records of a fetch are.

use super::Log;
use crate::{ErrorCode, LogSlice, Offset};

/// What a reader asks of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// The first offset wanted.
    pub offset: Offset,
    /// At most so many bytes.
    pub max_bytes: u32,
    /// Return the first batch whole, even when it is larger than `max_bytes`.
    pub whole_batch: bool,
}

/// What there is for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where the records are; none if there are none yet. Ends with its segment: the next read goes on in the next one.
    pub slice: Option<LogSlice>,
    /// How many bytes may be read from the batch on that holds the offset, up to the high watermark and over all segments. Exact near the
    /// end of the log; elsewhere the batch's position is not known, and the beginning of its segment is counted too.
    pub available_bytes: u64,
}

impl Log {
    /// Finds the records from an offset on, as far as they may be read.
    ///
    /// # Errors
    /// OFFSET_OUT_OF_RANGE below the start offset and above the end offset. Between the high watermark and the end there is nothing, but no error.
    pub fn read(&self, read: &Read) -> Result<Found, ErrorCode> {
        if read.offset < self.start_offset || read.offset > self.end_offset {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        if read.offset >= self.high_watermark {
            return Ok(Found {
                slice: None,
                available_bytes: 0,
            });
        }
        let (last, last_position) = self.high_watermark_position();
        let mut readable = self
            .segments
            .holding(read.offset)
            .take_while(|segment| segment.base_offset <= last)
            .map(|segment| {
                let is_last = segment.base_offset == last;
                let end_position = if is_last {
                    last_position
                } else {
                    segment.size_bytes
                };
                (segment.base_offset, end_position)
            });
        let (segment, end_position) = readable
            .next()
            .expect("an offset between start and high watermark lies in a segment");
        let position = self.tail.position(read.offset);
        let further: u64 = readable
            .map(|(_, end_position)| u64::from(end_position))
            .sum();
        Ok(Found {
            available_bytes: u64::from(end_position - position.unwrap_or(0)) + further,
            slice: Some(LogSlice {
                log: self.id,
                segment,
                offset: read.offset,
                position,
                end_position,
                max_bytes: read.max_bytes,
                whole_batch: read.whole_batch,
            }),
        })
    }

    /// The high watermark as segment and position in bytes: where the first append in flight begins, or the log's end.
    fn high_watermark_position(&self) -> (Offset, u32) {
        match self.in_flight.front() {
            Some(append) => append.position(),
            None => {
                let active = self.segments.active();
                (active.base_offset, active.size_bytes)
            }
        }
    }
}
