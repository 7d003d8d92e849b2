use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{LogId, Offset};

use super::DiskStore;
use super::error::RecoverError;
use super::scan::{CHUNK_BYTES, Scanner};

/// The batches of a log, in order.
pub struct Batches {
    segments: VecDeque<(Arc<File>, u32)>,
    current: Option<(Scanner<Arc<File>>, u64)>,
    from: Offset,
}

impl DiskStore {
    /// The whole batches of a recovered log from the one that holds `from` on: to replay what an internal log says.
    ///
    /// # Errors
    /// A segment cannot be opened; later, that it cannot be read.
    pub fn read(&mut self, id: LogId, from: Offset) -> Result<Batches, RecoverError> {
        let segments = self.files(id).map_or(0, |files| files.segments.len());
        let mut opened = VecDeque::new();
        for index in 0..segments {
            let file = self.file(id, index);
            let Some(files) = self.files(id) else { break };
            let ends_before = files
                .segments
                .get(index + 1)
                .is_some_and(|next| next.base_offset <= from);
            if !ends_before {
                let file = file.map_err(RecoverError::io(&files.folder))?;
                opened.push_back((file, files.segments[index].size_bytes));
            }
        }
        Ok(Batches {
            segments: opened,
            current: None,
            from,
        })
    }
}

impl Iterator for Batches {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((scanner, position)) = &mut self.current else {
                let (file, size) = self.segments.pop_front()?;
                self.current = Some((Scanner::new(file, size, CHUNK_BYTES), 0));
                continue;
            };
            match scanner.frame(*position) {
                Err(error) => return Some(Err(error)),
                Ok(None) => self.current = None,
                Ok(Some(frame)) => {
                    let at = std::mem::replace(position, frame.end());
                    if frame.last_offset >= self.from {
                        let batch = scanner.bytes(at, frame.size_bytes as usize).transpose();
                        return batch.map(|batch| batch.map(Bytes::copy_from_slice));
                    }
                }
            }
        }
    }
}
