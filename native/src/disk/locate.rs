//! Finds records: by offset for a fetch, by time for a look-up.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{LogId, LogSlice, Offset, Timestamp};
use ottla_wire::Located;

use super::DiskStore;
use super::index::{IndexEntry, IndexFile, TimeEntry, last_before};
use super::layout::{INDEX, TIME_INDEX, segment_path};
use super::scan::{Frame, Scanner};

/// A part of a segment's file. It can be read for as long as this value lives, also when the segment is deleted.
#[derive(Debug, Clone)]
pub struct Extent {
    /// The file.
    pub file: Arc<File>,
    /// Where the part begins, in bytes.
    pub position: u64,
    /// How long it is, in bytes.
    pub len: u32,
}

/// How much is read at a time to find one batch: a little more than lies between two entries of an index.
const CHUNK_BYTES: usize = 8 * 1024;

impl DiskStore {
    pub(super) fn find(&mut self, slice: &LogSlice) -> io::Result<Located<Extent>> {
        let index = self.segment_index(slice.log, slice.segment)?;
        let position = match slice.position {
            Some(position) => position,
            None => self
                .find_offset(slice.log, index, slice.offset, slice.end_position)?
                .map_or(slice.end_position, |frame| frame.position),
        };
        let file = self.file(slice.log, index)?;
        let readable = slice.end_position.saturating_sub(position);
        let mut len = readable.min(slice.max_bytes);
        if slice.whole_batch && len < readable {
            let first = Scanner::new(&*file, slice.end_position, 0).frame(u64::from(position))?;
            len = len.max(first.map_or(readable, |frame| frame.size_bytes));
        }
        let extent = Extent {
            file,
            position: u64::from(position),
            len,
        };
        Ok(Located {
            extent,
            size_bytes: len,
        })
    }

    pub(super) fn find_time(
        &mut self,
        id: LogId,
        base: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> io::Result<Option<Bytes>> {
        let index = self.segment_index(id, base)?;
        let known = self.last_time_before(id, index, timestamp)?;
        let end = self.segment_size(id, index);
        // Everything up to the entry is older, and so is what lies before its batch.
        let start = match known {
            Some(entry) => self.find_offset(id, index, base + i64::from(entry.offset), end)?,
            None => None,
        };
        let file = self.file(id, index)?;
        let mut scanner = Scanner::new(&*file, end, CHUNK_BYTES);
        let mut position = start.map_or(0, |frame| u64::from(frame.position));
        while let Some(frame) = scanner.frame(position)? {
            if frame.max_timestamp >= timestamp && frame.last_offset >= from {
                let batch = scanner.bytes(position, frame.size_bytes as usize)?;
                return Ok(batch.map(Bytes::copy_from_slice));
            }
            position = frame.end();
        }
        Ok(None)
    }

    /// The batch that holds an offset, or the first one behind it, in front of `end`.
    pub(super) fn find_offset(
        &mut self,
        id: LogId,
        index: usize,
        offset: Offset,
        end: u32,
    ) -> io::Result<Option<Frame>> {
        let entry = self.last_entry_up_to(id, index, offset)?;
        let file = self.file(id, index)?;
        let mut scanner = Scanner::new(&*file, end, CHUNK_BYTES);
        let mut position = entry.map_or(0, |entry| u64::from(entry.position));
        while let Some(frame) = scanner.frame(position)? {
            if frame.last_offset >= offset {
                return Ok(Some(frame));
            }
            position = frame.end();
        }
        Ok(None)
    }

    /// The last entry of the offset index that is not beyond an offset.
    fn last_entry_up_to(
        &mut self,
        id: LogId,
        index: usize,
        offset: Offset,
    ) -> io::Result<Option<IndexEntry>> {
        let Some(files) = self.files(id) else {
            return Ok(None);
        };
        let segment = &files.segments[index];
        let base = segment.base_offset;
        let Ok(relative) = u32::try_from(offset - base) else {
            return Ok(None);
        };
        let gathered = segment
            .tail
            .as_ref()
            .map(|tail| (tail.on_disk.0, &tail.entries[..]));
        if let Some((_, entries)) = gathered
            && entries
                .first()
                .is_some_and(|first| first.offset <= relative)
        {
            let after = entries.partition_point(|entry| entry.offset <= relative);
            return Ok(Some(entries[after - 1]));
        }
        let on_disk = gathered.map(|(count, _)| count);
        if on_disk == Some(0) {
            return Ok(None);
        }
        let path = segment_path(&files.folder, base, INDEX);
        self.index_blocks
            .last_up_to(id, base, &path, on_disk, relative)
    }

    /// The last entry of the time index that is older than a timestamp.
    fn last_time_before(
        &mut self,
        id: LogId,
        index: usize,
        timestamp: Timestamp,
    ) -> io::Result<Option<TimeEntry>> {
        let Some(files) = self.files(id) else {
            return Ok(None);
        };
        let segment = &files.segments[index];
        let times = segment.tail.as_ref().map_or(&[][..], |tail| &tail.times);
        let older = times.partition_point(|entry| entry.timestamp < timestamp);
        if older > 0 {
            return Ok(Some(times[older - 1]));
        }
        let path = segment_path(&files.folder, segment.base_offset, TIME_INDEX);
        let Some(file) = IndexFile::open(&path, TimeEntry::SIZE_BYTES)? else {
            return Ok(None);
        };
        let slots = segment
            .tail
            .as_ref()
            .map_or(file.entries, |tail| tail.on_disk.1.min(file.entries));
        let found = last_before(
            slots,
            |slot| file.time_entry(slot),
            |entry| entry.timestamp < timestamp,
        )?;
        Ok(found.map(|(_, entry)| entry))
    }

    fn segment_index(&mut self, id: LogId, base: Offset) -> io::Result<usize> {
        let index = self.files(id).and_then(|files| files.find(base));
        index.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn segment_size(&mut self, id: LogId, index: usize) -> u32 {
        self.files(id)
            .map_or(0, |files| files.segments[index].size_bytes)
    }
}
