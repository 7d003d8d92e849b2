//! Tells people of a disk that fails: once for each cause, until it works again.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use ottla_core::LogId;

/// What has been said, and which logs cannot be written.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    failing: BTreeSet<LogId>,
    said: BTreeSet<String>,
}

impl Complaints {
    /// An append failed.
    pub(super) fn failed(&mut self, log: LogId, path: &Path, error: &io::Error) {
        self.failing.insert(log);
        if self.said.insert(error.to_string()) {
            tracing::error!(
                "cannot write to {}: {error}; producers get KAFKA_STORAGE_ERROR, what was acknowledged is kept; {}",
                path.display(),
                remedy(error)
            );
        }
    }

    /// An append worked.
    pub(super) fn succeeded(&mut self, log: LogId) {
        if !self.failing.is_empty() && self.failing.remove(&log) && self.failing.is_empty() {
            self.said.clear();
            tracing::info!("the data directory can be written again");
        }
    }

    /// A log is gone, and with it what was wrong with it.
    pub(super) fn forget(&mut self, log: LogId) {
        self.failing.remove(&log);
    }
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk, or lower retention.bytes or retention.ms"
        }
        io::ErrorKind::FileTooLarge => {
            "raise the limit of file sizes (ulimit -f), or lower segment.bytes"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "make the data directory writable again"
        }
        _ => "check the disk",
    }
}
