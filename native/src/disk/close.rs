//! An orderly end: the next start finds everything on disk, and checks nothing.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use super::DiskStore;
use super::checkpoint::{write_atomically, write_offsets};
use super::layout::{
    INDEX, LEADER_EPOCHS, LOG, PARTITION_METADATA, RECOVERY_POINTS, SNAPSHOT, TIME_INDEX,
    segment_path,
};
use super::log::Files;
use super::sync::force_path;

/// With more files than this, the whole file system is forced to disk at once.
const SINGLE_FILES_MAX: usize = 16;

impl DiskStore {
    /// Waits for the disk, writes indexes, snapshots and checkpoints, and notes that the directory is in order.
    ///
    /// # Errors
    /// Something could not be written. Nothing acknowledged is lost, but the next start checks the logs.
    pub fn close(mut self) -> io::Result<()> {
        self.directory.begin_to_leave();
        self.sync.finish();
        let mut touched = Vec::new();
        let mut points = std::mem::take(&mut self.points);
        for log in self.logs.iter_mut().flatten() {
            let Some(files) = &mut log.files else {
                continue;
            };
            points.insert(log.partition.clone(), files.end_offset);
            if files.segments.iter().any(|segment| segment.touched) {
                files.complete(&mut touched)?;
            }
        }
        if touched.len() > SINGLE_FILES_MAX {
            rustix::fs::syncfs(File::open(&self.directory.path)?)?;
        } else {
            touched.iter().try_for_each(|path| force_path(path))?;
        }
        let path = self.directory.path.join(RECOVERY_POINTS);
        write_atomically(&path, write_offsets(points.iter()).as_bytes(), true)?;
        self.directory.leave_clean()
    }
}

impl Files {
    /// Writes what the log's files lack, and notes which are to be forced to disk.
    fn complete(&mut self, touched: &mut Vec<PathBuf>) -> io::Result<()> {
        for segment in &mut self.segments {
            let path = |suffix| segment_path(&self.folder, segment.base_offset, suffix);
            if segment.litter {
                File::options()
                    .write(true)
                    .open(path(LOG))?
                    .set_len(u64::from(segment.size_bytes))?;
            }
            if let Some(tail) = &mut segment.tail {
                tail.save(&self.folder, segment.base_offset, true)?;
            }
            if segment.touched {
                touched.extend([LOG, INDEX, TIME_INDEX].map(path));
            }
        }
        self.carry_snapshot()?;
        touched.extend(
            self.snapshot
                .map(|offset| segment_path(&self.folder, offset, SNAPSHOT)),
        );
        touched.extend([PARTITION_METADATA, LEADER_EPOCHS].map(|name| self.folder.join(name)));
        touched.push(self.folder.clone());
        Ok(())
    }

    /// If no idempotent producer has written since the last snapshot, it holds for the log's end too: so the next start reads no batches.
    fn carry_snapshot(&mut self) -> io::Result<()> {
        if self.producers_changed || self.snapshot == Some(self.end_offset) {
            return Ok(());
        }
        match self.snapshot {
            Some(before) => {
                let path = |offset| segment_path(&self.folder, offset, SNAPSHOT);
                fs::rename(path(before), path(self.end_offset))?;
                self.snapshot = Some(self.end_offset);
                Ok(())
            }
            None => self.write_snapshot(self.end_offset, &empty_snapshot()),
        }
    }
}

/// Version 1, the CRC-32C of the rest, and no entries.
fn empty_snapshot() -> [u8; 10] {
    let mut bytes = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    let crc = crc32c::crc32c(&bytes[6..]);
    bytes[2..6].copy_from_slice(&crc.to_be_bytes());
    bytes
}
