//! Looks through a log's folder: which segments there are, where they end, and whether what they hold is whole.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use ottla_core::interface::RecoveredSegment;
use ottla_core::{Offset, Timestamp};

use super::error::RecoverError;
use super::index::{IndexEntry, IndexFile, Tail, TimeEntry};
use super::layout::{DELETED, INDEX, LOG, SNAPSHOT, TIME_INDEX, parse_segment_name, segment_path};
use super::log::{Segment, open_segment};
use super::scan::{CHUNK_BYTES, Frame, Scanner, find_batch};
use super::tail::{tail_from_disk, tail_of};

/// A segment that has been looked at.
pub(super) struct FoundSegment {
    pub(super) base_offset: Offset,
    pub(super) recovered: RecoveredSegment,
    end_offset: Offset,
    tail: Option<Box<Tail>>,
}

impl FoundSegment {
    pub(super) fn into_segment(self, touched: bool) -> Segment {
        Segment {
            size_bytes: self.recovered.size_bytes,
            tail: self.tail,
            touched,
            ..Segment::new(self.base_offset)
        }
    }
}

/// What a log's folder holds.
pub(super) struct Found<'a> {
    name: &'a str,
    folder: &'a Path,
    bases: Vec<Offset>,
    pub(super) snapshots: Vec<Offset>,
    pub(super) end_offset: Offset,
    pub(super) epochs: Vec<(i32, Offset)>,
}

impl<'a> Found<'a> {
    /// Reads the names, and clears away what deletions have left.
    pub(super) fn list(name: &'a str, folder: &'a Path) -> Result<Self, RecoverError> {
        let entries = fs::read_dir(folder).map_err(RecoverError::io(folder))?;
        let (mut bases, mut snapshots, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            let entry = entry.map_err(RecoverError::io(folder))?;
            let file_name = entry.file_name();
            let file_name = file_name.to_string_lossy();
            match parse_segment_name(&file_name) {
                Some((offset, LOG)) => bases.push(offset),
                Some((offset, SNAPSHOT)) => snapshots.push(offset),
                Some((offset, INDEX | TIME_INDEX)) => indexes.push((offset, entry.path())),
                _ if file_name.ends_with(DELETED) || file_name.ends_with(".tmp") => {
                    fs::remove_file(entry.path()).map_err(RecoverError::io(entry.path()))?;
                }
                _ => {}
            }
        }
        bases.sort_unstable();
        snapshots.sort_unstable();
        for (offset, path) in indexes {
            if bases.binary_search(&offset).is_err() {
                fs::remove_file(&path).map_err(RecoverError::io(&path))?;
            }
        }
        Ok(Self {
            name,
            folder,
            bases,
            snapshots,
            end_offset: Offset(0),
            epochs: Vec::new(),
        })
    }

    /// Looks at the segments in turn; those that end below `trusted` are believed.
    pub(super) fn segments(&mut self, trusted: Offset) -> Result<Vec<FoundSegment>, RecoverError> {
        let bases = self.bases.clone();
        let mut segments: Vec<FoundSegment> = Vec::with_capacity(bases.len());
        self.end_offset = bases.first().copied().unwrap_or_default();
        for (index, base) in bases.iter().enumerate() {
            let path = segment_path(self.folder, *base, LOG);
            if *base < self.end_offset {
                return Err(RecoverError::Overlap {
                    log: self.name.into(),
                    path,
                    offset: self.end_offset,
                });
            }
            let file = open_segment(self.folder, *base, false).map_err(RecoverError::io(&path))?;
            let size = file.metadata().map_err(RecoverError::io(&path))?.len();
            let size = u32::try_from(size).map_err(|_| RecoverError::Io {
                path: path.clone(),
                source: io::Error::other("a segment has at most 4 GiB"),
            })?;
            let next = bases.get(index + 1).copied();
            let believed = next.unwrap_or(Offset(i64::MAX)) <= trusted;
            let known = if believed {
                self.believe(&file, *base, size, next.is_none())
                    .map_err(RecoverError::io(&path))?
            } else {
                None
            };
            let segment = match known {
                Some(segment) => segment,
                None => self.read_through(&file, *base, size, &bases[index + 1..])?,
            };
            segments.push(segment);
        }
        self.drop_emptied(&mut segments)?;
        Ok(segments)
    }

    /// Takes a segment's size and indexes as they are, if they are plausible.
    fn believe(
        &mut self,
        file: &File,
        base: Offset,
        size: u32,
        is_last: bool,
    ) -> io::Result<Option<FoundSegment>> {
        let open = |suffix, entry_size| {
            IndexFile::open(&segment_path(self.folder, base, suffix), entry_size)
        };
        let (Some(index), Some(times)) = (
            open(INDEX, IndexEntry::SIZE_BYTES)?,
            open(TIME_INDEX, TimeEntry::SIZE_BYTES)?,
        ) else {
            return Ok(None);
        };
        if !index.whole || !times.whole {
            return Ok(None);
        }
        let (tail, end) = tail_of(file, &index, &times, base, size)?;
        let Some(end_offset) = end else {
            return Ok(None);
        };
        self.end_offset = end_offset;
        let first = Scanner::new(file, size, 0).frame(0)?;
        Ok(Some(FoundSegment {
            base_offset: base,
            recovered: RecoveredSegment {
                base_offset: base,
                size_bytes: size,
                max_timestamp: tail.max_timestamp(),
                first_timestamp: first.map_or(Timestamp::NONE, |first| first.max_timestamp),
            },
            end_offset,
            tail: is_last.then(|| Box::new(tail)),
        }))
    }

    /// Checks every batch of a segment and makes its indexes again; cuts off what is left of a batch at the log's end.
    fn read_through(
        &mut self,
        file: &File,
        base: Offset,
        size: u32,
        later: &[Offset],
    ) -> Result<FoundSegment, RecoverError> {
        let path = segment_path(self.folder, base, LOG);
        let io_error = |source| RecoverError::Io {
            path: path.clone(),
            source,
        };
        let mut tail = Box::new(Tail::default());
        let mut scanner = Scanner::new(file, size, CHUNK_BYTES);
        let mut next = base.max(self.end_offset);
        let (mut position, mut first_timestamp) = (0, Timestamp::NONE);
        while let Some(frame) = self
            .good_frame(&mut scanner, position, next, base)
            .map_err(io_error)?
        {
            let relative = (frame.last_offset - base) as u32;
            tail.note(
                frame.position,
                frame.size_bytes,
                relative,
                frame.max_timestamp,
            );
            if position == 0 {
                first_timestamp = frame.max_timestamp;
            }
            if self
                .epochs
                .last()
                .is_none_or(|(last, _)| *last < frame.leader_epoch)
            {
                self.epochs.push((frame.leader_epoch, frame.base_offset));
            }
            next = frame.last_offset + 1;
            position = frame.end();
        }
        let good = position as u32;
        if good < size {
            let hidden = find_batch(&mut scanner, position + 1, next + 1)
                .map_err(io_error)?
                .is_some();
            if hidden || self.any_batch_in(later)? {
                return Err(RecoverError::Damaged {
                    log: self.name.into(),
                    path,
                    position: good,
                    offset: next,
                });
            }
            let cut = size - good;
            tracing::warn!(
                "{}: cut {cut} bytes of an unfinished write off {} at byte {good} (offset {next}); nothing acknowledged was in them",
                self.name,
                path.display()
            );
            file.set_len(position).map_err(io_error)?;
        }
        self.end_offset = next;
        // On a full disk the index stays in memory, and is written when there is room.
        let saved = tail.save(self.folder, base, !later.is_empty()).is_ok();
        Ok(FoundSegment {
            base_offset: base,
            recovered: RecoveredSegment {
                base_offset: base,
                size_bytes: good,
                max_timestamp: tail.max_timestamp(),
                first_timestamp,
            },
            end_offset: next,
            tail: (later.is_empty() || !saved).then_some(tail),
        })
    }

    /// The next batch, if it is one, whole, and in its place.
    fn good_frame(
        &self,
        scanner: &mut Scanner<&File>,
        position: u64,
        next: Offset,
        base: Offset,
    ) -> io::Result<Option<Frame>> {
        let Some(frame) = scanner.frame(position)? else {
            return Ok(None);
        };
        let in_place = frame.base_offset >= next && frame.last_offset - base <= i64::from(i32::MAX);
        Ok((in_place && scanner.checked(&frame)?.is_some()).then_some(frame))
    }

    fn any_batch_in(&self, later: &[Offset]) -> Result<bool, RecoverError> {
        for base in later {
            let path = segment_path(self.folder, *base, LOG);
            let look = || -> io::Result<bool> {
                let file = File::open(&path)?;
                let size = u32::try_from(file.metadata()?.len()).unwrap_or(u32::MAX);
                Ok(find_batch(&mut Scanner::new(&file, size, CHUNK_BYTES), 0, *base)?.is_some())
            };
            if look().map_err(RecoverError::io(&path))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Removes segments at the log's end that have nothing in them and do not go on where the one before ends.
    fn drop_emptied(&mut self, segments: &mut Vec<FoundSegment>) -> Result<(), RecoverError> {
        while let [.., before, last] = &segments[..]
            && last.recovered.size_bytes == 0
            && last.base_offset > before.end_offset
        {
            for suffix in [LOG, INDEX, TIME_INDEX] {
                let path = segment_path(self.folder, last.base_offset, suffix);
                remove_if_there(&path).map_err(RecoverError::io(&path))?;
            }
            self.end_offset = before.end_offset;
            segments.pop();
        }
        if let Some(last) = segments.last_mut()
            && last.tail.is_none()
        {
            let path = segment_path(self.folder, last.base_offset, LOG);
            let file = File::open(&path).map_err(RecoverError::io(&path))?;
            let tail = tail_from_disk(
                &file,
                self.folder,
                last.base_offset,
                last.recovered.size_bytes,
            );
            last.tail = Some(Box::new(tail.map_err(RecoverError::io(&path))?));
        }
        Ok(())
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
