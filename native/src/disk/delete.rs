//! What goes away: segments, logs, and folders that nobody names. A name goes first, so that a crash leaves nothing half deleted;
//! the bytes go in the background.

use std::fs;
use std::io;
use std::path::PathBuf;

use ottla_core::{LogId, Offset};

use super::DiskStore;
use super::checkpoint::{write_atomically, write_offsets};
use super::directory::random_uuid;
use super::layout::{DELETE_FOLDER, LOG_STARTS, STRAY_FOLDER, aside_name, folder_name};
use super::sync::Job;

impl DiskStore {
    /// Everything is recovered: folders that no log has asked for are put aside, for their owner to look at.
    ///
    /// # Errors
    /// A folder cannot be renamed.
    pub fn finish_recovery(&mut self) -> io::Result<()> {
        for name in std::mem::take(&mut self.directory.folders) {
            let stray = self.rename_aside(&name, STRAY_FOLDER)?;
            tracing::warn!(
                "no topic owns the folder {name}: it is kept as {}; delete it if you do not miss anything",
                stray.display()
            );
        }
        Ok(())
    }

    /// Deletes segments from the log's front. The last one's place is taken by an empty one, whose name keeps the log's end.
    pub(super) fn delete_segments(&mut self, id: LogId, before: Offset) -> io::Result<()> {
        let Some(files) = self.files(id) else {
            return Ok(());
        };
        if files
            .segments
            .back()
            .is_some_and(|last| last.base_offset < before)
        {
            self.roll(id, before)?;
        }
        let Some(files) = self.files(id) else {
            return Ok(());
        };
        let mut aside = Vec::new();
        while files
            .segments
            .front()
            .is_some_and(|first| first.base_offset < before)
        {
            let base = files
                .segments
                .front()
                .expect("it was just looked at")
                .base_offset;
            aside.extend(files.put_aside(base)?);
            files.segments.pop_front();
        }
        if let Some(first) = files.segments.front() {
            files.start_offset = files.start_offset.max(first.base_offset);
            files.end_offset = files.end_offset.max(first.base_offset);
        }
        self.index_blocks.forget(id);
        self.remove_later(aside);
        self.note_start(id)
    }

    pub(super) fn set_start(&mut self, id: LogId, offset: Offset) -> io::Result<()> {
        let Some(files) = self.files(id) else {
            return Ok(());
        };
        files.start_offset = offset;
        self.note_start(id)
    }

    /// The log is gone: its folder gets another name at once, and is removed in the background.
    pub(super) fn delete(&mut self, id: LogId) -> io::Result<()> {
        let Some(log) = self.logs.get_mut(id.0 as usize).and_then(Option::take) else {
            return Ok(());
        };
        self.index_blocks.forget(id);
        self.complaints.forget(id);
        let name = folder_name(&log.partition);
        // At start, a topic's end is replayed before its folder has been looked at; the folder may be a later topic's.
        let is_there = log.files.is_some()
            || self.directory.folders.contains(&name)
                && !self
                    .folder_is_of_another_topic(&log.folder(&self.directory.path), log.topic_id);
        if !is_there {
            return Ok(());
        }
        self.directory.folders.remove(&name);
        self.points.remove(&log.partition);
        self.sync.send(Job::Forget(log.partition.clone()));
        let aside = self.rename_aside(&name, DELETE_FOLDER)?;
        self.remove_later(vec![aside]);
        match self.starts.remove(&log.partition) {
            Some(_) => self.write_starts(),
            None => Ok(()),
        }
    }

    /// A folder is where a new log's should be, and it is not this log's.
    pub(super) fn put_stray_aside(&mut self, id: LogId) -> io::Result<()> {
        let Some(log) = self.log(id) else {
            return Ok(());
        };
        let name = folder_name(&log.partition);
        self.directory.folders.remove(&name);
        let stray = self.rename_aside(&name, STRAY_FOLDER)?;
        tracing::warn!(
            "the folder {name} was not expected: it is kept as {}; delete it if you do not miss anything",
            stray.display()
        );
        Ok(())
    }

    pub(super) fn remove_later(&self, paths: Vec<PathBuf>) {
        if !paths.is_empty() {
            self.sync.send(Job::Remove(paths));
        }
    }

    fn rename_aside(&self, name: &str, ending: &str) -> io::Result<PathBuf> {
        let target = self
            .directory
            .path
            .join(aside_name(name, random_uuid()?, ending));
        fs::rename(self.directory.path.join(name), &target)?;
        Ok(target)
    }

    fn note_start(&mut self, id: LogId) -> io::Result<()> {
        let Some(log) = self.log(id) else {
            return Ok(());
        };
        let partition = log.partition.clone();
        let start = log.files.as_ref().and_then(|files| files.start_to_note());
        let before = match start {
            Some(start) => self.starts.insert(partition, start),
            None => self.starts.remove(&partition),
        };
        if before == start {
            Ok(())
        } else {
            self.write_starts()
        }
    }

    fn write_starts(&self) -> io::Result<()> {
        let path = self.directory.path.join(LOG_STARTS);
        write_atomically(&path, write_offsets(self.starts.iter()).as_bytes(), false)?;
        self.sync.send(Job::Settle(vec![path]));
        Ok(())
    }
}
