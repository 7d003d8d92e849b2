//! The store on disk: logs as files, in Apache Kafka's own format.
//!
//! ```text
//! DATA/
//!   meta.properties, ottla.properties        whose directory it is, and its format's version
//!   .lock, .kafka_cleanshutdown              one process at a time; how the last one ended
//!   recovery-point-offset-checkpoint         below these offsets everything is on disk for good
//!   log-start-offset-checkpoint              first offsets that are not a segment's
//!   __cluster_metadata-0/ , orders-0/ ...    one folder for each log, made at its first append
//!     00000000000000000000.log               a segment: batches as they came, but for offset and epoch
//!     00000000000000000000.index, .timeindex where to look for an offset or a time
//!     00000000000000004711.snapshot          idempotent producers as of that offset
//!     leader-epoch-checkpoint, partition.metadata
//! ```
//!
//! An append is in the operating system's hands when it is answered, and so survives the end of the process; with `flush` it is forced
//! to disk by a thread of its own before it is answered. What the log's files say is the truth: indexes and checkpoints can be made again.
//!
//! Start: [`DiskStore::open`]; [`DiskStore::recover`] and [`DiskStore::read`] the metadata log; then each log that `StoreOp::Create` names;
//! [`DiskStore::finish_recovery`]. End: [`DiskStore::close`]; a store that is only dropped is recovered like after a crash.

mod append;
mod blocks;
mod checkpoint;
mod close;
mod complaints;
mod delete;
mod directory;
mod error;
mod handles;
mod index;
mod inspect;
mod layout;
mod locate;
mod lock;
mod log;
mod read;
mod recover;
mod scan;
mod sync;
mod tail;

#[cfg(test)]
mod tests;

pub use error::{OpenError, RecoverError};
pub use locate::Extent;
pub use read::Batches;
pub use sync::Report;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use bytes::Bytes;
use ottla_core::{LogId, LogSlice, Offset, StoreOp, Timestamp, TopicPartition, Uuid};
use ottla_wire::{Applied, Located, Store, StoreError};

use append::Append;
use blocks::IndexBlocks;
use checkpoint::{parse_offsets, read_if_there};
use complaints::Complaints;
use directory::Directory;
use handles::{Handles, raise_open_files_limit};
use layout::{
    LOG_STARTS, META_PROPERTIES, METADATA_TOPIC, METADATA_TOPIC_ID, OTTLA_PROPERTIES,
    RECOVERY_POINTS,
};
use log::{DiskLog, Files};
use sync::{ForceFile, Job, Sync, SyncThread};

/// A data directory with its logs.
#[derive(Debug)]
pub struct DiskStore {
    directory: Directory,
    /// By their ids, which are dense.
    logs: Vec<Option<DiskLog>>,
    handles: Handles,
    index_blocks: IndexBlocks,
    complaints: Complaints,
    /// First readable offsets that are no segment's, as they are on disk.
    starts: BTreeMap<TopicPartition, Offset>,
    /// Recovery points as they were found.
    points: BTreeMap<TopicPartition, Offset>,
    sync: SyncThread,
}

/// What a data directory says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The cluster's id, made up when the directory was made.
    pub cluster_id: String,
    /// The directory's id.
    pub directory_id: String,
    /// The last process ended in order, so that nothing has to be checked.
    pub clean: bool,
}

/// So many segments' files are kept open at most; fewer if the system allows fewer files.
const OPEN_SEGMENTS_MAX: usize = 4096;

impl DiskStore {
    /// Opens a data directory, or makes it. `report` is called, by another thread, with what became of appends that were answered with
    /// [`Applied::Later`]: to be passed on to the gateway in that order.
    ///
    /// # Errors
    /// The directory is somebody else's, in use, of a newer format, or cannot be read and written.
    pub fn open(
        path: &Path,
        node_id: i32,
        report: impl FnMut(Vec<Report>) + Send + 'static,
    ) -> Result<(Self, Opened), OpenError> {
        let open_segments = (raise_open_files_limit() / 2).min(OPEN_SEGMENTS_MAX);
        Self::open_with(
            path,
            node_id,
            open_segments,
            Box::new(File::sync_data),
            Box::new(report),
        )
    }

    fn open_with(
        path: &Path,
        node_id: i32,
        open_segments: usize,
        force: ForceFile,
        report: Box<dyn FnMut(Vec<Report>) + Send>,
    ) -> Result<(Self, Opened), OpenError> {
        let mut directory = Directory::open(path, node_id)?;
        let checkpoint = |name: &str| -> Result<_, OpenError> {
            let file = path.join(name);
            let text = read_if_there(&file).map_err(|error| OpenError::io(file, error))?;
            Ok(text
                .and_then(|text| parse_offsets(&text))
                .unwrap_or_default())
        };
        let points: BTreeMap<TopicPartition, Offset> = checkpoint(RECOVERY_POINTS)?;
        let starts = checkpoint(LOG_STARTS)?;
        let sync = SyncThread::start(path.join(RECOVERY_POINTS), points.clone(), force, report)
            .map_err(|error| OpenError::io(path, error))?;
        // Before anything is promised to survive a power failure, the directory itself has to, and that it is in use.
        let own = [OTTLA_PROPERTIES, META_PROPERTIES].map(|name| path.join(name));
        sync.send(Job::Settle(
            own.into_iter().chain([path.to_owned()]).collect(),
        ));
        sync.send(Job::Remove(std::mem::take(&mut directory.remains)));
        let opened = Opened {
            cluster_id: directory.cluster_id.clone(),
            directory_id: directory.directory_id.clone(),
            clean: directory.clean,
        };
        let mut store = Self {
            directory,
            logs: Vec::new(),
            handles: Handles::new(open_segments),
            index_blocks: IndexBlocks::default(),
            complaints: Complaints::default(),
            starts,
            points,
            sync,
        };
        let partition = TopicPartition {
            topic: METADATA_TOPIC.into(),
            partition: 0,
        };
        store.create(LogId::METADATA, partition, METADATA_TOPIC_ID);
        Ok((store, opened))
    }

    fn create(&mut self, id: LogId, partition: TopicPartition, topic_id: Uuid) {
        let index = id.0 as usize;
        if self.logs.len() <= index {
            self.logs.resize_with(index + 1, || None);
        }
        self.logs[index].get_or_insert_with(|| DiskLog::new(partition, topic_id));
    }

    fn flush(&mut self, id: LogId) -> io::Result<()> {
        let Some(files) = self.files(id) else {
            return Ok(());
        };
        let Some(last) = files.active() else {
            return Ok(());
        };
        let generation = files.generation;
        let folder = std::mem::take(&mut files.names_unsynced).then(|| files.folder.clone());
        let file = Some(self.file(id, last)?);
        self.sync.send(Job::Sync(Sync {
            log: id,
            generation,
            answer: None,
            file,
            folder,
            waiting: None,
        }));
        Ok(())
    }

    fn log(&mut self, id: LogId) -> Option<&mut DiskLog> {
        self.logs.get_mut(id.0 as usize)?.as_mut()
    }

    fn files(&mut self, id: LogId) -> Option<&mut Files> {
        self.log(id)?.files.as_deref_mut()
    }
}

impl Store for DiskStore {
    type Extent = Extent;

    fn apply(&mut self, op: StoreOp) -> Applied {
        let done = match op {
            StoreOp::Append {
                log,
                segment,
                position,
                base_offset,
                leader_epoch,
                header,
                bytes,
                flush,
            } => {
                return self.append(&Append {
                    log,
                    segment,
                    position,
                    base_offset,
                    leader_epoch,
                    header,
                    bytes,
                    flush,
                });
            }
            StoreOp::Create {
                log,
                topic,
                topic_id,
                partition,
            } => {
                self.create(log, TopicPartition { topic, partition }, topic_id);
                Ok(())
            }
            StoreOp::Flush { log } => self.flush(log),
            StoreOp::DeleteSegments { log, before } => self.delete_segments(log, before),
            StoreOp::LogStart { log, offset } => self.set_start(log, offset),
            StoreOp::Epoch {
                log,
                epoch,
                start_offset,
            } => self
                .log(log)
                .map_or(Ok(()), |log| log.note_epoch(epoch, start_offset)),
            StoreOp::Producers {
                log,
                offset,
                snapshot,
            } => self
                .files(log)
                .map_or(Ok(()), |files| files.write_snapshot(offset, &snapshot)),
            StoreOp::Delete { log } => self.delete(log),
        };
        match done {
            Ok(()) => Applied::Done,
            Err(error) => {
                tracing::error!(
                    "cannot change {}: {error}; check the disk",
                    self.directory.path.display()
                );
                Applied::Failed
            }
        }
    }

    fn locate(&mut self, slice: &LogSlice) -> Result<Located<Extent>, StoreError> {
        self.find(slice)
            .map_err(|error| self.unreadable(slice.log, &error))
    }

    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError> {
        self.find_time(log, segment, from, timestamp)
            .map_err(|error| self.unreadable(log, &error))
    }
}

impl DiskStore {
    fn unreadable(&mut self, id: LogId, error: &io::Error) -> StoreError {
        let folder = self.files(id).map(|files| files.folder.clone());
        let folder = folder.unwrap_or_else(|| self.directory.path.clone());
        tracing::error!(
            "cannot read {}: {error}; consumers get KAFKA_STORAGE_ERROR; check the disk, and that nobody else changes the directory",
            folder.display()
        );
        StoreError
    }
}
