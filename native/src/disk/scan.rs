//! Reads batches out of a segment's file, in pieces.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::os::unix::fs::FileExt as _;

use ottla_core::batch::BatchHeader;
use ottla_core::{Offset, Timestamp};

/// The part of a batch's header that a store needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Where it begins in the segment, in bytes.
    pub(super) position: u32,
    pub(super) size_bytes: u32,
    pub(super) base_offset: Offset,
    pub(super) last_offset: Offset,
    pub(super) leader_epoch: i32,
    pub(super) max_timestamp: Timestamp,
    pub(super) producer_id: i64,
}

impl Frame {
    /// The bytes of a header in front of a batch's length.
    const LENGTH_AT: usize = 12;

    /// Reads a header. `None` if it cannot be one of a v2 batch.
    fn parse(position: u32, header: &[u8; BatchHeader::SIZE_BYTES]) -> Option<Self> {
        let length = i32::from_be_bytes(array(header, 8));
        let size_bytes = u32::try_from(length)
            .ok()?
            .checked_add(Self::LENGTH_AT as u32)?;
        let base_offset = Offset(i64::from_be_bytes(array(header, 0)));
        let last_offset_delta = i32::from_be_bytes(array(header, 23));
        let possible = size_bytes as usize >= BatchHeader::SIZE_BYTES
            && header[16] == 2
            && base_offset.0 >= 0
            && last_offset_delta >= 0;
        possible.then(|| Self {
            position,
            size_bytes,
            base_offset,
            last_offset: Offset(base_offset.0.saturating_add(i64::from(last_offset_delta))),
            leader_epoch: i32::from_be_bytes(array(header, 12)),
            max_timestamp: Timestamp(i64::from_be_bytes(array(header, 35))),
            producer_id: i64::from_be_bytes(array(header, 43)),
        })
    }

    /// Where the next batch begins.
    pub(super) fn end(&self) -> u64 {
        u64::from(self.position) + u64::from(self.size_bytes)
    }
}

/// How much is read at a time when all of a segment is read.
pub(super) const CHUNK_BYTES: usize = 256 * 1024;

/// Reads a file from front to back through a buffer.
pub(super) struct Scanner<F> {
    file: F,
    /// Nothing is read from here on.
    end: u64,
    /// How much is read at a time, in bytes.
    chunk: usize,
    buffer: Vec<u8>,
    buffer_at: u64,
}

impl<F: Deref<Target = File>> Scanner<F> {
    /// `chunk`: how many bytes to read at a time: few to find one batch, many to read them all.
    pub(super) fn new(file: F, end: u32, chunk: usize) -> Self {
        Self {
            file,
            end: u64::from(end),
            chunk,
            buffer: Vec::new(),
            buffer_at: 0,
        }
    }

    /// The header of the batch at a position. `None` if there is no whole header, or none of a batch that ends before the file does.
    pub(super) fn frame(&mut self, position: u64) -> io::Result<Option<Frame>> {
        let end = self.end;
        let Ok(at) = u32::try_from(position) else {
            return Ok(None);
        };
        let Some(header) = self.bytes(position, BatchHeader::SIZE_BYTES)? else {
            return Ok(None);
        };
        let header = header.try_into().expect("as long as asked");
        Ok(Frame::parse(at, header).filter(|frame| frame.end() <= end))
    }

    /// The whole batch of a frame, if its CRC is right.
    pub(super) fn checked(&mut self, frame: &Frame) -> io::Result<Option<&[u8]>> {
        let batch = self.bytes(u64::from(frame.position), frame.size_bytes as usize)?;
        Ok(batch
            .filter(|batch| crc32c::crc32c(&batch[21..]) == u32::from_be_bytes(array(batch, 17))))
    }

    /// So many bytes at a position. `None` if the file ends before.
    pub(super) fn bytes(&mut self, position: u64, size_bytes: usize) -> io::Result<Option<&[u8]>> {
        let wanted_end = position + size_bytes as u64;
        if wanted_end > self.end {
            return Ok(None);
        }
        let buffer_end = self.buffer_at + self.buffer.len() as u64;
        if position < self.buffer_at || wanted_end > buffer_end {
            let rest = usize::try_from(self.end - position).unwrap_or(usize::MAX);
            self.buffer.resize(self.chunk.max(size_bytes).min(rest), 0);
            self.buffer_at = position;
            let read = read_up_to(&self.file, &mut self.buffer, position)?;
            self.buffer.truncate(read);
            if read < size_bytes {
                return Ok(None);
            }
        }
        let from = (position - self.buffer_at) as usize;
        Ok(Some(&self.buffer[from..from + size_bytes]))
    }
}

/// Fills a buffer from a position on, and says how far it came: less only where the file ends.
fn read_up_to(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], position + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Where the first whole batch of offset `least` or above begins, from `position` on, at any byte.
pub(super) fn find_batch(
    scanner: &mut Scanner<&File>,
    position: u64,
    least: Offset,
) -> io::Result<Option<u64>> {
    const WINDOW: usize = 1 << 16;
    let header = BatchHeader::SIZE_BYTES;
    let mut at = position;
    while at + header as u64 <= scanner.end {
        let window = usize::try_from(scanner.end - at)
            .unwrap_or(usize::MAX)
            .min(WINDOW + header);
        let Some(bytes) = scanner.bytes(at, window)? else {
            return Ok(None);
        };
        let starts = window - header + 1;
        // An offset of a segment differs from `least` in its low half only, give or take one.
        let likely = |start: usize| {
            let offset = i64::from_be_bytes(array(bytes, start));
            bytes[start + 16] == 2 && (least.0..=least.0.saturating_add(1 << 32)).contains(&offset)
        };
        let candidates: Vec<usize> = (0..starts).filter(|start| likely(*start)).collect();
        for start in candidates {
            let candidate = at + start as u64;
            if let Some(frame) = scanner.frame(candidate)?
                && scanner.checked(&frame)?.is_some()
            {
                return Ok(Some(candidate));
            }
        }
        at += starts as u64;
    }
    Ok(None)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("as long as the slice")
}
