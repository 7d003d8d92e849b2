//! Open files are few: those that have not been used for long are closed.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::sync::Arc;

use ottla_core::{LogId, Offset};

use super::DiskStore;
use super::log::open_segment;

/// Which segments' files are open, in the order in which they will be looked at when room is needed.
#[derive(Debug)]
pub(super) struct Handles {
    queue: VecDeque<(LogId, Offset)>,
    max: usize,
}

impl Handles {
    pub(super) fn new(max: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            max: max.max(1),
        }
    }
}

impl DiskStore {
    /// The file of a segment, opened if it is not. `index` is the segment's place in its log.
    pub(super) fn file(&mut self, log: LogId, index: usize) -> io::Result<Arc<File>> {
        let files = self.files(log).ok_or(io::ErrorKind::NotFound)?;
        let segment = &mut files.segments[index];
        segment.used = true;
        if let Some(file) = &segment.file {
            return Ok(file.clone());
        }
        let base = segment.base_offset;
        let file = Arc::new(open_segment(&files.folder, base, false)?);
        files.segments[index].file = Some(file.clone());
        self.opened(log, base);
        Ok(file)
    }

    /// A file has been opened: others may have to be closed. One that was used since it was last looked at gets another turn.
    pub(super) fn opened(&mut self, log: LogId, base: Offset) {
        while self.handles.queue.len() >= self.handles.max {
            let Some((oldest, segment)) = self.handles.queue.pop_front() else {
                break;
            };
            let Some(files) = self.files(oldest) else {
                continue;
            };
            let Some(index) = files.find(segment) else {
                continue;
            };
            let segment = &mut files.segments[index];
            if segment.file.is_some() && std::mem::take(&mut segment.used) {
                let again = (oldest, segment.base_offset);
                self.handles.queue.push_back(again);
            } else {
                segment.file = None;
            }
        }
        self.handles.queue.push_back((log, base));
    }
}

/// Raises the limit of open files as far as the system lets this process, and returns it.
pub(super) fn raise_open_files_limit() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    current
        .and_then(|files| usize::try_from(files).ok())
        .unwrap_or(usize::MAX)
}
