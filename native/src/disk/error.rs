use std::io;
use std::path::PathBuf;

use ottla_core::Offset;

/// Why a data directory cannot be used. Each message ends in what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The path is there, but is no directory.
    #[error("the data directory {} is not a directory; choose another with --data DIR, or keep nothing with --memory", .0.display())]
    NotADirectory(PathBuf),
    /// The operating system forbids it.
    #[error("no permission to read and write {}; change its owner or mode, or choose another data directory with --data DIR", .0.display())]
    Denied(PathBuf),
    /// Another process has it.
    #[error("the data directory {} is in use by another ottla{}; stop it, or choose another directory with --data DIR", path.display(), process.map(|id| format!(" (process {id})")).unwrap_or_default())]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// The other process, if it has said so.
        process: Option<u32>,
    },
    /// A later Ottla wrote it.
    #[error("the data directory {} has format {found}, and this ottla knows formats up to {known}; use the newer ottla that wrote it, or choose another directory with --data DIR", path.display())]
    Newer {
        /// The data directory.
        path: PathBuf,
        /// Its format's version.
        found: u32,
        /// The latest version that this program knows.
        known: u32,
    },
    /// Apache Kafka's own.
    #[error("the data directory {} is Apache Kafka's, not Ottla's; choose another directory with --data DIR, and copy the topics with a client", .0.display())]
    ApacheKafka(PathBuf),
    /// It holds something else.
    #[error("the directory {} is not Ottla's and not empty (it holds {entry:?}); choose an empty or a new one with --data DIR", path.display())]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// One of the things in it.
        entry: String,
    },
    /// Partitions are there, but not the log that says which topics exist.
    #[error("the data directory {} has partitions but no __cluster_metadata-0, which knows the topics; restore it from a copy, or move the directory away", .0.display())]
    NoMetadataLog(PathBuf),
    /// A file of the store's own cannot be understood.
    #[error("{} is damaged: {why}; restore the file from a copy, or move the data directory away", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Anything else that the operating system says.
    #[error("cannot use {}: {source}; check the disk, or choose another data directory with --data DIR", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl OpenError {
    pub(super) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied(path),
            io::ErrorKind::NotADirectory => Self::NotADirectory(path),
            _ => Self::Io { path, source },
        }
    }
}

/// Why a log that is on disk cannot be used. Nothing has been changed.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// Bytes in the middle are not what was written, and good records follow: to cut here would drop acknowledged records.
    #[error(
        "{log} is damaged: {} is unreadable at byte {position} (offset {offset}), but later records are whole; restore the file from a copy, or give up the rest of this file: truncate -s {position} '{}'",
        path.display(), path.display()
    )]
    Damaged {
        /// Topic and partition.
        log: String,
        /// The segment's file.
        path: PathBuf,
        /// Where the good part ends, in bytes.
        position: u32,
        /// The first offset that cannot be read.
        offset: Offset,
    },
    /// A segment begins before the one in front of it ends.
    #[error("{log} is damaged: {} begins before the segment in front of it ends (offset {offset}); restore the folder from a copy, or move this file away", path.display())]
    Overlap {
        /// Topic and partition.
        log: String,
        /// The segment's file.
        path: PathBuf,
        /// Where the segment in front ends.
        offset: Offset,
    },
    /// The operating system cannot read it.
    #[error("cannot read {}: {source}; check the disk and the file's permissions", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl RecoverError {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
