//! The thread that waits for the disk, so that the broker does not: group commit, and work in the background.
//!
//! While one `fdatasync` runs, further appends gather; the next one serves them all. Each file is forced once for everybody who waits.
//! Jobs are done in the order in which they were sent, but for removals, which have time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use ottla_core::{LogId, Offset, TopicPartition};

use super::checkpoint::{write_atomically, write_offsets};
use super::layout::{INDEX, LEADER_EPOCHS, PARTITION_METADATA, TIME_INDEX, segment_path};

/// What the disk has done for an append that was answered with `Applied::Later`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// Everything below `through` is as safe as it was asked to be.
    Stored {
        /// The log.
        log: LogId,
        /// The first offset of which this is not known.
        through: Offset,
    },
    /// Nothing from `from` on can be relied on.
    Failed {
        /// The log.
        log: LogId,
        /// The first offset that is lost.
        from: Offset,
    },
}

/// Work for the thread.
pub(super) enum Job {
    Sync(Sync),
    /// A segment gets no more batches: the recovery point moves behind it when its bytes are safe.
    Completed {
        partition: TopicPartition,
        through: Offset,
        file: Arc<File>,
        folder: PathBuf,
        base: Offset,
    },
    /// These files and folders are forced to disk.
    Settle(Vec<PathBuf>),
    /// These files and folders are removed, with all that is in them.
    Remove(Vec<PathBuf>),
    /// A log is gone, and so is its recovery point.
    Forget(TopicPartition),
}

/// A log is forced to disk.
pub(super) struct Sync {
    pub(super) log: LogId,
    /// See `Files::generation`.
    pub(super) generation: u32,
    /// Who waits: from where on the append would be lost, and through where it is safe.
    pub(super) answer: Option<(Offset, Offset)>,
    /// The file; `None` for an append that only waits for those before it.
    pub(super) file: Option<Arc<File>>,
    /// The log's folder, if there are new names in it.
    pub(super) folder: Option<PathBuf>,
    /// Counted down when the answer is given.
    pub(super) waiting: Option<Arc<AtomicU32>>,
}

/// Forces a file's bytes to disk. Another one stands in for it in tests.
pub(super) type ForceFile = Box<dyn FnMut(&File) -> io::Result<()> + Send>;

/// The thread's handle. Dropped, it waits until everything is done.
#[derive(Debug)]
pub(super) struct SyncThread {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<BTreeMap<TopicPartition, Offset>>>,
}

impl SyncThread {
    pub(super) fn start(
        points_file: PathBuf,
        points: BTreeMap<TopicPartition, Offset>,
        force: ForceFile,
        report: Box<dyn FnMut(Vec<Report>) + Send>,
    ) -> io::Result<Self> {
        let (jobs, received) = channel();
        let worker = Worker {
            points_file,
            points,
            unsafe_points: BTreeSet::new(),
            force,
            report,
            failed: BTreeMap::new(),
            said: BTreeSet::new(),
        };
        let thread = std::thread::Builder::new()
            .name("ottla-sync".into())
            .spawn(move || worker.run(&received))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // It only ends when the sender is dropped, or by a panic that `finish` passes on.
            let _ = jobs.send(job);
        }
    }

    /// Waits until everything is done; returns the recovery points.
    pub(super) fn finish(&mut self) -> BTreeMap<TopicPartition, Offset> {
        self.jobs = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(points)) => points,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => BTreeMap::new(),
        }
    }
}

impl Drop for SyncThread {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic has been printed by its own thread; there is nobody to pass it on to while dropping.
            let _ = thread.join();
        }
    }
}

struct Worker {
    points_file: PathBuf,
    /// Everything below is on disk.
    points: BTreeMap<TopicPartition, Offset>,
    /// Logs that the disk has failed: their recovery points stay.
    unsafe_points: BTreeSet<TopicPartition>,
    force: ForceFile,
    report: Box<dyn FnMut(Vec<Report>) + Send>,
    /// The generation of a log in which the disk has failed it: what was appended after is lost too.
    failed: BTreeMap<LogId, u32>,
    said: BTreeSet<String>,
}

/// Those of one log that wait for the same `fdatasync`.
#[derive(Default)]
struct Group {
    files: Vec<Arc<File>>,
    folders: Vec<PathBuf>,
    answer: Option<(Offset, Offset)>,
    waiting: Option<(Arc<AtomicU32>, u32)>,
}

impl Worker {
    fn run(mut self, jobs: &Receiver<Job>) -> BTreeMap<TopicPartition, Offset> {
        while let Ok(first) = jobs.recv() {
            let mut groups: BTreeMap<(LogId, u32), Group> = BTreeMap::new();
            let mut settled = BTreeSet::new();
            let mut removals = Vec::new();
            let mut points_moved = false;
            for job in std::iter::once(first).chain(jobs.try_iter()) {
                match job {
                    Job::Sync(sync) => groups
                        .entry((sync.log, sync.generation))
                        .or_default()
                        .join(sync),
                    Job::Completed {
                        partition,
                        through,
                        file,
                        folder,
                        base,
                    } => {
                        points_moved |= self.complete(partition, through, &file, &folder, base);
                    }
                    Job::Settle(paths) => settled.extend(paths),
                    Job::Remove(paths) => removals.extend(paths),
                    Job::Forget(partition) => {
                        points_moved |= self.points.remove(&partition).is_some();
                        self.unsafe_points.remove(&partition);
                    }
                }
            }
            self.settle(settled);
            self.commit(groups);
            if points_moved {
                let text = write_offsets(self.points.iter());
                let written = write_atomically(&self.points_file, text.as_bytes(), true);
                self.complain(written, &self.points_file.clone());
            }
            for path in removals {
                let removed = if path.is_dir() {
                    fs::remove_dir_all(&path)
                } else {
                    fs::remove_file(&path)
                };
                self.complain(removed, &path);
            }
        }
        self.points
    }

    fn commit(&mut self, groups: BTreeMap<(LogId, u32), Group>) {
        let mut reports = Vec::with_capacity(groups.len());
        let mut counts = Vec::new();
        for ((log, generation), group) in groups {
            counts.extend(group.waiting.clone());
            if self.failed.get(&log) == Some(&generation) {
                continue;
            }
            let forced = self.force_group(&group);
            // Only who is told of the failure begins again; what nobody waits for is tried again by the next turn.
            if forced.is_err() && group.answer.is_some() {
                self.failed.insert(log, generation);
            }
            if let Some((from, through)) = group.answer {
                reports.push(match forced {
                    Ok(()) => Report::Stored { log, through },
                    Err(_) => Report::Failed { log, from },
                });
            }
            self.complain(forced, Path::new("the data directory"));
        }
        if !reports.is_empty() {
            (self.report)(reports);
        }
        for (waiting, count) in counts {
            waiting.fetch_sub(count, Ordering::AcqRel);
        }
    }

    fn force_group(&mut self, group: &Group) -> io::Result<()> {
        for file in &group.files {
            (self.force)(file)?;
        }
        for folder in &group.folders {
            let files = [PARTITION_METADATA, LEADER_EPOCHS].map(|name| folder.join(name));
            let above = folder.parent().map(Path::to_owned);
            for path in files.into_iter().chain([folder.clone()]).chain(above) {
                match force_path(&path) {
                    // The log has been deleted meanwhile.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    forced => forced?,
                }
            }
        }
        Ok(())
    }

    /// Forces a complete segment to disk with its indexes. Says whether the recovery point has moved.
    fn complete(
        &mut self,
        partition: TopicPartition,
        through: Offset,
        file: &File,
        folder: &Path,
        base: Offset,
    ) -> bool {
        let forced = (self.force)(file)
            .and_then(|()| force_path(&segment_path(folder, base, INDEX)))
            .and_then(|()| force_path(&segment_path(folder, base, TIME_INDEX)))
            .and_then(|()| force_path(folder));
        match &forced {
            Ok(()) => {}
            // Deleted meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return false,
            Err(_) => drop(self.unsafe_points.insert(partition.clone())),
        }
        self.complain(forced, folder);
        if self.unsafe_points.contains(&partition) {
            return false;
        }
        let point = self.points.entry(partition).or_default();
        let moved = through > *point;
        *point = through.max(*point);
        moved
    }

    fn settle(&mut self, paths: BTreeSet<PathBuf>) {
        for path in paths {
            let forced = force_path(&path);
            self.complain(forced, &path);
        }
    }

    /// Says what went wrong, once.
    fn complain(&mut self, outcome: io::Result<()>, path: &Path) {
        if let Err(error) = outcome
            && self.said.insert(error.to_string())
        {
            tracing::error!(
                "cannot make {} safe: {error}; records that were to survive a power failure are refused with KAFKA_STORAGE_ERROR; check the disk",
                path.display()
            );
        }
    }
}

impl Group {
    fn join(&mut self, sync: Sync) {
        if let Some(file) = sync.file
            && !self.files.iter().any(|known| Arc::ptr_eq(known, &file))
        {
            self.files.push(file);
        }
        self.folders.extend(sync.folder);
        self.answer = match (self.answer, sync.answer) {
            (Some((from, through)), Some((other_from, other_through))) => {
                Some((from.min(other_from), through.max(other_through)))
            }
            (one, other) => one.or(other),
        };
        if let Some(waiting) = sync.waiting {
            self.waiting.get_or_insert((waiting, 0)).1 += 1;
        }
    }
}

/// Forces a file or a folder to disk by its name.
pub(super) fn force_path(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
