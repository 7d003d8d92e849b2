//! The offset index and the time index of a segment, in Apache Kafka's format.
//!
//! An entry for about every 4 KB of batches. `.index`: the last offset of a batch, relative to the segment's (i32), and where
//! the batch begins (i32). `.timeindex`: the largest timestamp so far (i64), and the last offset of the first batch that has it,
//! relative again (i32). Entries are gathered in a [`Tail`] and written many at a time: after a crash they are made again out of the log.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use ottla_core::{Offset, Timestamp};

use super::layout::{INDEX, TIME_INDEX, segment_path};

/// How many bytes of batches lie between two entries, at least: Kafka's `index.interval.bytes`.
const INTERVAL_BYTES: u32 = 4096;
/// So many entries are gathered before they are written: those of about 2 MB.
const GATHERED_MAX: usize = 512;

/// An entry of the offset index: relative last offset of a batch, and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IndexEntry {
    pub(super) offset: u32,
    pub(super) position: u32,
}

impl IndexEntry {
    pub(super) const SIZE_BYTES: usize = 8;

    pub(super) fn parse(bytes: &[u8]) -> Self {
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
        Self {
            offset: number(0),
            position: number(4),
        }
    }
}

/// An entry of the time index: the largest timestamp so far, and the relative last offset of the first batch that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeEntry {
    pub(super) timestamp: Timestamp,
    pub(super) offset: u32,
}

impl TimeEntry {
    pub(super) const SIZE_BYTES: usize = 12;

    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self {
            timestamp: Timestamp(i64::from_be_bytes(bytes[..8].try_into().expect("8 bytes"))),
            offset: u32::from_be_bytes(bytes[8..12].try_into().expect("4 bytes")),
        }
    }
}

/// The end of a segment's indexes: what is not in the files yet, and what the next entry needs to know.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Entries of the offset index behind those in its file.
    pub(super) entries: Vec<IndexEntry>,
    /// Entries of the time index behind those in its file.
    pub(super) times: Vec<TimeEntry>,
    /// How many entries `.index` has, and how many `.timeindex`.
    pub(super) on_disk: (u32, u32),
    /// The largest timestamp of the segment; `None` while there is none.
    pub(super) largest: Option<TimeEntry>,
    /// The timestamp of the time index's last entry.
    pub(super) last_time: Option<Timestamp>,
    /// How many bytes of batches have come since the last entry.
    pub(super) bytes_since_entry: u32,
}

impl Tail {
    /// Notes a batch at the segment's end. Says whether enough has gathered to be written.
    pub(super) fn note(
        &mut self,
        position: u32,
        size_bytes: u32,
        last_offset: u32,
        max_timestamp: Timestamp,
    ) -> bool {
        if max_timestamp > self.max_timestamp() {
            self.largest = Some(TimeEntry {
                timestamp: max_timestamp,
                offset: last_offset,
            });
        }
        let due = self.bytes_since_entry > INTERVAL_BYTES;
        if due {
            self.entries.push(IndexEntry {
                offset: last_offset,
                position,
            });
            self.note_time();
            self.bytes_since_entry = 0;
        }
        self.bytes_since_entry = self.bytes_since_entry.saturating_add(size_bytes);
        due && self.entries.len() >= GATHERED_MAX
    }

    /// The largest timestamp of the segment; [`Timestamp::NONE`] while there is none.
    pub(super) fn max_timestamp(&self) -> Timestamp {
        self.largest
            .map_or(Timestamp::NONE, |largest| largest.timestamp)
    }

    /// Writes what has gathered behind what the files have. `complete`: the segment gets no more batches for now, and its
    /// time index ends with its largest timestamp.
    pub(super) fn save(&mut self, folder: &Path, base: Offset, complete: bool) -> io::Result<()> {
        if complete {
            self.note_time();
        }
        let encoded: Vec<u8> = self.entries.iter().flat_map(encode_entry).collect();
        append(
            &segment_path(folder, base, INDEX),
            self.on_disk.0 as usize * IndexEntry::SIZE_BYTES,
            &encoded,
        )?;
        self.on_disk.0 += self.entries.len() as u32;
        self.entries.clear();
        let encoded: Vec<u8> = self.times.iter().flat_map(encode_time).collect();
        append(
            &segment_path(folder, base, TIME_INDEX),
            self.on_disk.1 as usize * TimeEntry::SIZE_BYTES,
            &encoded,
        )?;
        self.on_disk.1 += self.times.len() as u32;
        self.times.clear();
        Ok(())
    }

    fn note_time(&mut self) {
        if let Some(largest) = self.largest
            && self.last_time.is_none_or(|last| largest.timestamp > last)
        {
            self.times.push(largest);
            self.last_time = Some(largest.timestamp);
        }
    }
}

/// The last entry of `slots` of which `goes_before` is true, found by halving; entries are in order.
pub(super) fn last_before<E>(
    slots: u32,
    mut entry: impl FnMut(u32) -> io::Result<E>,
    goes_before: impl Fn(&E) -> bool,
) -> io::Result<Option<(u32, E)>> {
    let (mut low, mut high, mut found) = (0, slots, None);
    while low < high {
        let middle = low + (high - low) / 2;
        let candidate = entry(middle)?;
        if goes_before(&candidate) {
            found = Some((middle, candidate));
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(found)
}

/// An index file that is read entry by entry.
pub(super) struct IndexFile {
    file: File,
    /// How many whole entries it has.
    pub(super) entries: u32,
    /// Nothing is left over behind the last entry.
    pub(super) whole: bool,
    entry_size: usize,
}

impl IndexFile {
    /// `None` if there is no such file.
    pub(super) fn open(path: &Path, entry_size: usize) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let size = file.metadata()?.len();
        let entries = u32::try_from(size / entry_size as u64).unwrap_or(u32::MAX);
        Ok(Some(Self {
            file,
            entries,
            whole: size % entry_size as u64 == 0,
            entry_size,
        }))
    }

    /// Reads `buffer.len()` bytes from an entry on.
    pub(super) fn read(&self, entry: u32, buffer: &mut [u8]) -> io::Result<()> {
        self.file
            .read_exact_at(buffer, u64::from(entry) * self.entry_size as u64)
    }

    pub(super) fn index_entry(&self, entry: u32) -> io::Result<IndexEntry> {
        let mut bytes = [0; IndexEntry::SIZE_BYTES];
        self.read(entry, &mut bytes)?;
        Ok(IndexEntry::parse(&bytes))
    }

    pub(super) fn time_entry(&self, entry: u32) -> io::Result<TimeEntry> {
        let mut bytes = [0; TimeEntry::SIZE_BYTES];
        self.read(entry, &mut bytes)?;
        Ok(TimeEntry::parse(&bytes))
    }
}

/// Makes a file end with `bytes` from `position` on.
fn append(path: &Path, position: usize, bytes: &[u8]) -> io::Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    file.set_len(position as u64)?;
    file.write_all_at(bytes, position as u64)
}

fn encode_entry(entry: &IndexEntry) -> [u8; IndexEntry::SIZE_BYTES] {
    let mut bytes = [0; IndexEntry::SIZE_BYTES];
    bytes[..4].copy_from_slice(&entry.offset.to_be_bytes());
    bytes[4..].copy_from_slice(&entry.position.to_be_bytes());
    bytes
}

fn encode_time(entry: &TimeEntry) -> [u8; TimeEntry::SIZE_BYTES] {
    let mut bytes = [0; TimeEntry::SIZE_BYTES];
    bytes[..8].copy_from_slice(&entry.timestamp.0.to_be_bytes());
    bytes[8..].copy_from_slice(&entry.offset.to_be_bytes());
    bytes
}
