//! Reading an image, of which nothing is believed.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::{ImageError, MAGIC, VERSION};
use crate::batch::BatchHeader;
use crate::config::Values;
use crate::memory::{MemoryStore, StoredLog};
use crate::{LogId, Offset, Uuid};

/// Bytes of an image, read from front to back. Knows where they are in the whole.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What stands in front of the parts: how many there are.
    pub(super) fn head(&mut self) -> Result<u32, ImageError> {
        let whole = self.bytes;
        if self.array()? != *MAGIC {
            return Err(error(0, "this is no image of a broker"));
        }
        let at = self.at;
        let version = self.u32()?;
        let parts_count = self.u32()?;
        let covered = &whole[..self.at];
        if self.u32()? != crate::checksum::crc32c(covered) {
            return Err(error(0, "the image's head is damaged"));
        }
        if version != VERSION {
            return Err(error(
                at,
                format!("the image is of version {version}; this program reads version {VERSION}"),
            ));
        }
        Ok(parts_count)
    }

    /// The next part, whole and undamaged.
    pub(super) fn part(&mut self, number: u32, parts_count: u32) -> Result<Reader<'a>, ImageError> {
        let at = self.at;
        let damaged = |what: &str| error(at, format!("part {number} of {parts_count} {what}"));
        let head = (self.u64(), self.u32());
        let (Ok(size_bytes), Ok(crc)) = head else {
            return Err(damaged("is missing"));
        };
        let part_at = self.at;
        let bytes = usize::try_from(size_bytes)
            .ok()
            .and_then(|size_bytes| self.take(size_bytes).ok())
            .ok_or_else(|| damaged("is cut off, or its length is damaged"))?;
        if crate::checksum::crc32c(bytes) != crc {
            return Err(damaged("is damaged: its checksum is another"));
        }
        Ok(Reader { bytes, at: part_at })
    }

    /// Nothing may be left.
    pub(super) fn end(&self, what: &str) -> Result<(), ImageError> {
        match self.bytes {
            [] => Ok(()),
            _ => Err(self.error(what)),
        }
    }

    pub(super) fn error(&self, what: impl Into<String>) -> ImageError {
        error(self.at, what)
    }

    fn take(&mut self, size_bytes: usize) -> Result<&'a [u8], ImageError> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(size_bytes)
            .ok_or_else(|| self.error("the image ends too early"))?;
        self.bytes = rest;
        self.at += size_bytes;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ImageError> {
        Ok(self.take(N)?.try_into().expect("as many as were taken"))
    }

    fn u32(&mut self) -> Result<u32, ImageError> {
        self.array().map(u32::from_be_bytes)
    }

    fn i32(&mut self) -> Result<i32, ImageError> {
        self.array().map(i32::from_be_bytes)
    }

    fn u64(&mut self) -> Result<u64, ImageError> {
        self.array().map(u64::from_be_bytes)
    }

    fn offset(&mut self) -> Result<Offset, ImageError> {
        let at = self.at;
        let offset = i64::from_be_bytes(self.array()?);
        // Leaves room for a batch's records.
        if !(0..=i64::MAX >> 1).contains(&offset) {
            return Err(error(at, format!("{offset} is no offset")));
        }
        Ok(Offset(offset))
    }

    fn sized(&mut self) -> Result<&'a [u8], ImageError> {
        let size_bytes = self.u32()?;
        self.take(usize::try_from(size_bytes).unwrap_or(usize::MAX))
    }

    fn text(&mut self) -> Result<&'a str, ImageError> {
        let at = self.at;
        let bytes = self.sized()?;
        str::from_utf8(bytes).map_err(|_| error(at, "this is no text"))
    }
}

/// Seed and configuration.
pub(super) fn settings(part: &mut Reader<'_>) -> Result<(u64, Values), ImageError> {
    let seed = part.u64()?;
    let mut properties = Values::new();
    for _ in 0..part.u32()? {
        let name = part.text()?;
        properties.insert(name.into(), part.text()?.into());
    }
    part.end("something follows the configuration")?;
    Ok((seed, properties))
}

/// A log, which comes into the store.
pub(super) fn log(part: &mut Reader<'_>, store: &mut MemoryStore) -> Result<(), ImageError> {
    let at = part.at;
    let id = LogId(part.u32()?);
    if store
        .logs
        .last_key_value()
        .is_some_and(|(last, _)| *last >= id)
    {
        return Err(error(at, "the logs are not in their order"));
    }
    let mut log = StoredLog {
        topic: part.text()?.into(),
        topic_id: Uuid(part.array()?),
        partition: part.i32()?,
        start_offset: part.offset()?,
        segments: VecDeque::new(),
        epochs: Vec::new(),
        snapshots: VecDeque::new(),
    };
    for _ in 0..part.u32()? {
        log.epochs.push((part.i32()?, part.offset()?));
    }
    for _ in 0..part.u32()? {
        let offset = part.offset()?;
        let snapshot = Bytes::copy_from_slice(part.sized()?);
        log.snapshots.push_back((offset, snapshot));
    }
    for _ in 0..part.u32()? {
        segment(part, &mut log)?;
    }
    part.end("something follows the log's last segment")?;
    store.logs.insert(id, Arc::new(log));
    Ok(())
}

/// A segment: batches, one behind the other.
fn segment(part: &mut Reader<'_>, log: &mut StoredLog) -> Result<(), ImageError> {
    let at = part.at;
    let base_offset = part.offset()?;
    let of_log = |at, what: &str| error(at, format!("{}-{}: {what}", log.topic, log.partition));
    if log
        .segments
        .back()
        .is_some_and(|last| last.end_offset > base_offset)
    {
        return Err(of_log(at, "the segments are not in their order"));
    }
    let start = part.at + 4;
    let batches = part.sized()?;
    if batches.is_empty() {
        return Err(of_log(at, "a segment is empty"));
    }
    let mut position = 0;
    let mut next_offset = base_offset;
    while position < batches.len() {
        let bytes = &batches[position..];
        let header = BatchHeader::parse(bytes)
            .filter(|header| header.fits(bytes) && header.last_offset_delta >= 0)
            .ok_or_else(|| {
                let what = format!("{}-{}: a batch is damaged", log.topic, log.partition);
                error(start + position, what)
            })?;
        if !(next_offset.0..=i64::MAX >> 1).contains(&header.base_offset.0) {
            let what = format!(
                "{}-{}: batches are not in their order",
                log.topic, log.partition
            );
            return Err(error(start + position, what));
        }
        let size_bytes = header.size_bytes as usize;
        log.append(base_offset, position as u32, &header, &bytes[..size_bytes]);
        position += size_bytes;
        next_offset = header.next_offset();
    }
    Ok(())
}

fn error(at: usize, what: impl Into<String>) -> ImageError {
    ImageError {
        at,
        what: what.into(),
    }
}
