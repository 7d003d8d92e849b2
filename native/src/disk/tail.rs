//! Goes on with a segment's indexes where their files end.

use std::fs::File;
use std::io;
use std::path::Path;

use ottla_core::Offset;

use super::index::{IndexEntry, IndexFile, Tail, TimeEntry};
use super::layout::{INDEX, TIME_INDEX, segment_path};
use super::scan::Scanner;

/// How much is read at a time: a little more than lies between two entries of an index.
const CHUNK_BYTES: usize = 16 * 1024;

/// The end of a segment's indexes, to go on from.
pub(super) fn tail_from_disk(
    file: &File,
    folder: &Path,
    base: Offset,
    size: u32,
) -> io::Result<Tail> {
    let index = IndexFile::open(&segment_path(folder, base, INDEX), IndexEntry::SIZE_BYTES)?;
    let times = IndexFile::open(
        &segment_path(folder, base, TIME_INDEX),
        TimeEntry::SIZE_BYTES,
    )?;
    if let (Some(index), Some(times)) = (index, times)
        && let (tail, Some(_)) = tail_of(file, &index, &times, base, size)?
    {
        return Ok(tail);
    }
    let mut tail = Tail::default();
    let mut scanner = Scanner::new(file, size, CHUNK_BYTES);
    let mut position = 0;
    while let Some(frame) = scanner.frame(position)? {
        tail.note(
            frame.position,
            frame.size_bytes,
            (frame.last_offset - base) as u32,
            frame.max_timestamp,
        );
        position = frame.end();
    }
    Ok(tail)
}

/// The end of a segment's indexes as their files tell, and the segment's end offset, found by the batches behind the last entry.
/// No end offset if the indexes do not fit the segment.
pub(super) fn tail_of(
    file: &File,
    index: &IndexFile,
    times: &IndexFile,
    base: Offset,
    size: u32,
) -> io::Result<(Tail, Option<Offset>)> {
    let last_entry = index
        .entries
        .checked_sub(1)
        .map(|last| index.index_entry(last))
        .transpose()?;
    let last_time = times
        .entries
        .checked_sub(1)
        .map(|last| times.time_entry(last))
        .transpose()?;
    let mut tail = Tail {
        on_disk: (index.entries, times.entries),
        largest: last_time,
        last_time: last_time.map(|entry| entry.timestamp),
        ..Tail::default()
    };
    let mut position = last_entry.map_or(0, |entry| u64::from(entry.position));
    let mut end = base;
    let mut scanner = Scanner::new(file, size, CHUNK_BYTES);
    while let Some(frame) = scanner.frame(position)? {
        if last_entry.is_some_and(|entry| {
            entry.position == frame.position && base + i64::from(entry.offset) != frame.last_offset
        }) {
            return Ok((tail, None));
        }
        if frame.max_timestamp > tail.max_timestamp() {
            tail.largest = Some(TimeEntry {
                timestamp: frame.max_timestamp,
                offset: (frame.last_offset - base) as u32,
            });
        }
        tail.bytes_since_entry = tail.bytes_since_entry.saturating_add(frame.size_bytes);
        (position, end) = (frame.end(), frame.last_offset + 1);
    }
    let fits = position == u64::from(size)
        && last_time.is_none_or(|entry| base + i64::from(entry.offset) < end);
    Ok((tail, fits.then_some(end)))
}
