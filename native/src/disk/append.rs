//! The hot path: a batch goes to the end of its log's last segment, in one system call and without a copy.

use std::fs::File;
use std::io::{self, IoSlice, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use ottla_core::batch::BatchHeader;
use ottla_core::{LogId, Offset};
use ottla_wire::Applied;

use super::DiskStore;
use super::layout::{LOG, SNAPSHOT, segment_path};
use super::log::{Files, Segment, open_segment};
use super::sync::{Job, Sync};
use super::tail::tail_from_disk;

/// An append, as the engine asks for it: see `StoreOp::Append`.
pub(super) struct Append {
    pub(super) log: LogId,
    pub(super) segment: Offset,
    pub(super) position: u32,
    pub(super) base_offset: Offset,
    pub(super) leader_epoch: i32,
    pub(super) header: BatchHeader,
    pub(super) bytes: Bytes,
    pub(super) flush: bool,
}

impl DiskStore {
    pub(super) fn append(&mut self, append: &Append) -> Applied {
        match self.try_append(append) {
            Ok(applied) => {
                self.complaints.succeeded(append.log);
                applied
            }
            Err(error) => {
                let path = self.segment_file(append.log, append.segment);
                self.complaints.failed(append.log, &path, &error);
                Applied::Failed
            }
        }
    }

    fn try_append(&mut self, append: &Append) -> io::Result<Applied> {
        let index = self.prepare(append)?;
        let file = match self
            .files(append.log)
            .and_then(|files| files.segments[index].file.as_ref())
        {
            // The common case spares the reference count.
            Some(file) => write_batch(file, append),
            None => write_batch(&*self.file(append.log, index)?, append),
        };
        let files = self.files(append.log).ok_or(io::ErrorKind::NotFound)?;
        let segment = &mut files.segments[index];
        if let Err(error) = file {
            segment.litter = true;
            undo(segment);
            return Err(error);
        }
        let size_bytes = append.bytes.len() as u32;
        let last_offset = append.base_offset + i64::from(append.header.last_offset_delta);
        segment.size_bytes += size_bytes;
        segment.used = true;
        segment.touched = true;
        let relative = (last_offset - segment.base_offset) as u32;
        let base = segment.base_offset;
        let due = segment.tail.as_mut().is_some_and(|tail| {
            tail.note(
                append.position,
                size_bytes,
                relative,
                append.header.max_timestamp,
            )
        });
        if due && let Some(tail) = &mut segment.tail {
            // What cannot be written now stays gathered, and recovery does without.
            let _ = tail.save(&files.folder, base, false);
        }
        files.end_offset = last_offset + 1;
        files.producers_changed |= append.header.producer_id >= 0;
        Ok(self.promise(append, index))
    }

    /// Brings the log into the state that the engine takes for granted: `segment` is the last one and ends at `position`.
    fn prepare(&mut self, append: &Append) -> io::Result<usize> {
        let data = self.directory.path.clone();
        let log = self.log(append.log).ok_or(io::ErrorKind::NotFound)?;
        if log.files.is_none() {
            match log.make_folder(&data, append.base_offset) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    self.put_stray_aside(append.log)?;
                    let log = self.log(append.log).ok_or(io::ErrorKind::NotFound)?;
                    log.make_folder(&data, append.base_offset)?;
                }
                made => drop(made?),
            }
        }
        let files = self.files(append.log).ok_or(io::ErrorKind::NotFound)?;
        let last = files.segments.back();
        let as_expected = |segment: &Segment| {
            segment.base_offset == append.segment
                && segment.size_bytes == append.position
                && !segment.litter
                && segment.tail.is_some()
        };
        if last.is_some_and(as_expected) && files.end_offset <= append.base_offset {
            return Ok(files.segments.len() - 1);
        }
        if files.end_offset > append.base_offset
            || last.is_some_and(|last| last.base_offset >= append.segment)
        {
            self.take_back(append)?;
        }
        let files = self.files(append.log).ok_or(io::ErrorKind::NotFound)?;
        match files.segments.back() {
            Some(last)
                if last.base_offset == append.segment && last.size_bytes == append.position => {}
            last if append.position == 0
                && last.is_none_or(|last| last.base_offset < append.segment) =>
            {
                self.roll(append.log, append.segment)?;
            }
            _ => {
                return Err(io::Error::other(
                    "the log on disk ends before the engine's: restart to recover it",
                ));
            }
        }
        Ok(self
            .files(append.log)
            .ok_or(io::ErrorKind::NotFound)?
            .segments
            .len()
            - 1)
    }

    /// The engine has taken back the log's end, because it could not be made safe: the files follow.
    fn take_back(&mut self, append: &Append) -> io::Result<()> {
        let files = self.files(append.log).ok_or(io::ErrorKind::NotFound)?;
        if files.end_offset > append.base_offset {
            files.generation += 1;
            files.end_offset = append.base_offset;
        }
        let mut removed = Vec::new();
        if let Some(snapshot) = files
            .snapshot
            .take_if(|snapshot| *snapshot > append.base_offset)
        {
            removed.push(segment_path(&files.folder, snapshot, SNAPSHOT));
            files.producers_changed = true;
        }
        while files
            .segments
            .back()
            .is_some_and(|last| last.base_offset > append.segment)
        {
            let last = files.segments.back().map(|last| last.base_offset);
            removed.extend(files.put_aside(last.expect("it was just looked at"))?);
            files.segments.pop_back();
        }
        let Some(last) = files.segments.back() else {
            return Ok(());
        };
        if last.base_offset == append.segment {
            let index = files.segments.len() - 1;
            let file = self.file(append.log, index)?;
            file.set_len(u64::from(append.position))?;
            let files = self.files(append.log).ok_or(io::ErrorKind::NotFound)?;
            let segment = &mut files.segments[index];
            if segment.size_bytes > append.position || segment.tail.is_none() {
                segment.size_bytes = segment.size_bytes.min(append.position);
                let tail = tail_from_disk(
                    &file,
                    &files.folder,
                    segment.base_offset,
                    segment.size_bytes,
                )?;
                segment.tail = Some(Box::new(tail));
            }
            segment.litter = false;
        }
        self.index_blocks.forget(append.log);
        self.remove_later(removed);
        Ok(())
    }

    /// Ends the last segment and begins another. The one that is complete is forced to disk in the background.
    pub(super) fn roll(&mut self, id: LogId, base: Offset) -> io::Result<()> {
        let last = self
            .files(id)
            .and_then(|files| files.segments.len().checked_sub(1));
        if let Some(last) = last {
            self.complete(id, last);
        }
        let files = self.files(id).ok_or(io::ErrorKind::NotFound)?;
        let file = open_segment(&files.folder, base, true)?;
        let mut segment = Segment::new(base);
        segment.file = Some(Arc::new(file));
        files.segments.push_back(segment);
        files.names_unsynced = true;
        self.opened(id, base);
        Ok(())
    }

    /// Writes what the indexes of complete segments lack; the recovery point follows when their bytes are on disk.
    fn complete(&mut self, id: LogId, last: usize) {
        let mut jobs = Vec::new();
        for index in 0..=last {
            let Some(files) = self.files(id) else { return };
            let segment = &mut files.segments[index];
            let (base, folder) = (segment.base_offset, &files.folder);
            let Some(tail) = &mut segment.tail else {
                continue;
            };
            // The recovery point stays in front of a segment whose index could not be written; the next roll tries again.
            if tail.save(folder, base, true).is_err() {
                break;
            }
            segment.tail = None;
            let through = match files.segments.get(index + 1) {
                Some(next) => next.base_offset,
                None => files.end_offset,
            };
            let folder = files.folder.clone();
            let Ok(file) = self.file(id, index) else {
                break;
            };
            let Some(log) = self.log(id) else { return };
            let partition = log.partition.clone();
            jobs.push(Job::Completed {
                partition,
                through,
                file,
                folder,
                base,
            });
        }
        for job in jobs {
            self.sync.send(job);
        }
    }

    /// What may be said of an append that is in the file.
    fn promise(&mut self, append: &Append, index: usize) -> Applied {
        let Some(files) = self.files(append.log) else {
            return Applied::Failed;
        };
        let waits = files
            .waiting
            .as_ref()
            .is_some_and(|count| count.load(Ordering::Acquire) > 0);
        if !append.flush && !waits {
            return Applied::Done;
        }
        let waiting = files.waiting.get_or_insert_default().clone();
        waiting.fetch_add(1, Ordering::AcqRel);
        let folder = (append.flush && std::mem::take(&mut files.names_unsynced))
            .then(|| files.folder.clone());
        let (generation, through) = (files.generation, files.end_offset);
        let file = match append.flush {
            true => self.file(append.log, index).ok(),
            false => None,
        };
        self.sync.send(Job::Sync(Sync {
            log: append.log,
            generation,
            answer: Some((append.base_offset, through)),
            file,
            folder,
            waiting: Some(waiting),
        }));
        Applied::Later
    }

    fn segment_file(&self, log: LogId, base: Offset) -> PathBuf {
        let log = self.logs.get(log.0 as usize).and_then(Option::as_ref);
        let folder = log.map_or_else(
            || self.directory.path.clone(),
            |log| log.folder(&self.directory.path),
        );
        segment_path(&folder, base, LOG)
    }
}

/// Cuts off what a failed append may have left.
fn undo(segment: &mut Segment) {
    if let Some(file) = &segment.file {
        segment.litter = file.set_len(u64::from(segment.size_bytes)).is_err();
    }
}

/// Writes a batch at the file's end: 16 bytes with its offset and epoch, then the rest as it came.
fn write_batch(mut file: &File, append: &Append) -> io::Result<()> {
    let mut stamped = [0; 16];
    stamped.copy_from_slice(append.bytes.get(..16).ok_or(io::ErrorKind::InvalidInput)?);
    stamped[..8].copy_from_slice(&append.base_offset.0.to_be_bytes());
    stamped[12..].copy_from_slice(&append.leader_epoch.to_be_bytes());
    let mut parts = [IoSlice::new(&stamped), IoSlice::new(&append.bytes[16..])];
    let mut rest = &mut parts[..];
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => IoSlice::advance_slices(&mut rest, count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Files {
    /// The last segment, which is appended to.
    pub(super) fn active(&self) -> Option<usize> {
        self.segments.len().checked_sub(1)
    }
}
