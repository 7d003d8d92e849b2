//! A log on disk: its folder, its segments, and the small files beside them.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use ottla_core::{Offset, TopicPartition, Uuid};

use super::checkpoint::{write_atomically, write_epochs, write_partition_metadata};
use super::index::Tail;
use super::layout::{
    DELETED, INDEX, LEADER_EPOCHS, LOG, PARTITION_METADATA, SNAPSHOT, TIME_INDEX, folder_name,
    segment_path,
};

/// A log that the engine has named. It costs next to nothing until something is in it.
#[derive(Debug)]
pub(super) struct DiskLog {
    pub(super) partition: TopicPartition,
    pub(super) topic_id: Uuid,
    pub(super) epochs: Vec<(i32, Offset)>,
    /// What is on disk; `None` before the first append.
    pub(super) files: Option<Box<Files>>,
}

/// What a log has on disk.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) folder: PathBuf,
    /// Oldest first; the last one is appended to.
    pub(super) segments: VecDeque<Segment>,
    /// The offset of the next record.
    pub(super) end_offset: Offset,
    /// The first offset that may be read.
    pub(super) start_offset: Offset,
    /// The offset of the newest snapshot of producers.
    pub(super) snapshot: Option<Offset>,
    /// An idempotent producer has written since that snapshot.
    pub(super) producers_changed: bool,
    /// Names in the folder that have not been asked to survive a power failure.
    pub(super) names_unsynced: bool,
    /// Counts how often the log's end has been taken back: what was asked before is void.
    pub(super) generation: u32,
    /// How many appends wait for the disk; `None` if none ever did.
    pub(super) waiting: Option<Arc<AtomicU32>>,
}

/// One segment.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) base_offset: Offset,
    pub(super) size_bytes: u32,
    /// Open, unless it has made room for others.
    pub(super) file: Option<Arc<File>>,
    /// Used since the store last looked for a file to close.
    pub(super) used: bool,
    /// Written to by this process.
    pub(super) touched: bool,
    /// Bytes may be in the file behind `size_bytes`: a failed append could not be undone.
    pub(super) litter: bool,
    /// What its index files lack; `None` once they are complete.
    pub(super) tail: Option<Box<Tail>>,
}

impl DiskLog {
    pub(super) fn new(partition: TopicPartition, topic_id: Uuid) -> Self {
        Self {
            partition,
            topic_id,
            epochs: Vec::new(),
            files: None,
        }
    }

    pub(super) fn folder(&self, data: &Path) -> PathBuf {
        data.join(folder_name(&self.partition))
    }

    /// Makes the folder with what belongs into it.
    pub(super) fn make_folder(&mut self, data: &Path, first: Offset) -> io::Result<&mut Files> {
        let folder = self.folder(data);
        fs::create_dir(&folder)?;
        let metadata = write_partition_metadata(self.topic_id);
        let made = fs::write(folder.join(PARTITION_METADATA), metadata)
            .and_then(|()| fs::write(folder.join(LEADER_EPOCHS), write_epochs(&self.epochs)));
        if let Err(error) = made {
            // Half a folder would look like another log's at the next attempt.
            let _ = fs::remove_dir_all(&folder);
            return Err(error);
        }
        Ok(self.files.insert(Box::new(Files::new(folder, first))))
    }

    /// Notes a leader epoch; epochs from its start offset on are void.
    pub(super) fn note_epoch(&mut self, epoch: i32, start_offset: Offset) -> io::Result<()> {
        self.epochs
            .retain(|(earlier, start)| *earlier < epoch && *start < start_offset);
        self.epochs.push((epoch, start_offset));
        match &self.files {
            Some(files) => self.write_epochs(&files.folder),
            None => Ok(()),
        }
    }

    pub(super) fn write_epochs(&self, folder: &Path) -> io::Result<()> {
        write_atomically(
            &folder.join(LEADER_EPOCHS),
            write_epochs(&self.epochs).as_bytes(),
            false,
        )
    }
}

impl Files {
    pub(super) fn new(folder: PathBuf, first: Offset) -> Self {
        Self {
            folder,
            segments: VecDeque::new(),
            end_offset: first,
            start_offset: first,
            snapshot: None,
            producers_changed: false,
            names_unsynced: true,
            generation: 0,
            waiting: None,
        }
    }

    /// The index of the segment of that name.
    pub(super) fn find(&self, base: Offset) -> Option<usize> {
        // Most reads and all appends are at the end.
        let last = self.segments.len().checked_sub(1)?;
        if self.segments[last].base_offset == base {
            return Some(last);
        }
        self.segments
            .binary_search_by_key(&base, |segment| segment.base_offset)
            .ok()
    }

    /// Where the log's first readable offset is kept is only needed if it lies inside a segment.
    pub(super) fn start_to_note(&self) -> Option<Offset> {
        let first = self
            .segments
            .front()
            .map_or(self.start_offset, |segment| segment.base_offset);
        (self.start_offset > first).then_some(self.start_offset)
    }

    /// Puts a segment's files aside under names that recovery clears away, and says which these are.
    pub(super) fn put_aside(&mut self, base: Offset) -> io::Result<Vec<PathBuf>> {
        let mut aside = Vec::new();
        // The log's bytes go first: an index without them is nothing.
        for suffix in [LOG, INDEX, TIME_INDEX] {
            let path = segment_path(&self.folder, base, suffix);
            let target = segment_path(&self.folder, base, &format!("{suffix}.{DELETED}"));
            match fs::rename(&path, &target) {
                Ok(()) => aside.push(target),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(aside)
    }

    /// Keeps a snapshot of the log's producers in place of the one before.
    pub(super) fn write_snapshot(&mut self, offset: Offset, snapshot: &[u8]) -> io::Result<()> {
        write_atomically(
            &segment_path(&self.folder, offset, SNAPSHOT),
            snapshot,
            false,
        )?;
        let before = self
            .snapshot
            .replace(offset)
            .filter(|before| *before != offset);
        self.producers_changed = self.end_offset > offset && self.producers_changed;
        match before {
            Some(before) => fs::remove_file(segment_path(&self.folder, before, SNAPSHOT)),
            None => Ok(()),
        }
    }
}

impl Segment {
    pub(super) fn new(base_offset: Offset) -> Self {
        Self {
            base_offset,
            size_bytes: 0,
            file: None,
            used: false,
            touched: false,
            litter: false,
            tail: Some(Box::default()),
        }
    }
}

/// Opens a segment's file to read and to append. `create`: it must not have anything in it.
pub(super) fn open_segment(folder: &Path, base: Offset, create: bool) -> io::Result<File> {
    let path = segment_path(folder, base, LOG);
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(create)
        .open(path)?;
    if create {
        file.set_len(0)?;
    }
    Ok(file)
}
