//! What a log's folder says after a start.
//!
//! After an orderly end, sizes and indexes are trusted. Otherwise every segment that may not have been complete on disk is read through,
//! and a batch that was being written when the process ended is cut off: never more. Damage with good records behind it is reported, not cut.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use ottla_core::batch::BatchHeader;
use ottla_core::interface::RecoveredLog;
use ottla_core::{LogId, Offset, Uuid};

use super::DiskStore;
use super::checkpoint::{parse_epochs, parse_partition_metadata, read_if_there};
use super::error::RecoverError;
use super::inspect::Found;
use super::layout::{LEADER_EPOCHS, LOG, PARTITION_METADATA, SNAPSHOT, folder_name, segment_path};
use super::log::Files;
use super::scan::{CHUNK_BYTES, Scanner};

impl DiskStore {
    /// Looks what is on disk of a log that `StoreOp::Create` has named (the metadata log needs no naming). `None`: nothing.
    ///
    /// # Errors
    /// [`RecoverError::Damaged`] when acknowledged records would be lost by going on.
    pub fn recover(&mut self, id: LogId) -> Result<Option<RecoveredLog>, RecoverError> {
        let Some(log) = self.log(id) else {
            return Ok(None);
        };
        let (partition, topic_id) = (log.partition.clone(), log.topic_id);
        let name = folder_name(&partition);
        if !self.directory.folders.contains(&name) {
            return Ok(None);
        }
        let folder = self.directory.path.join(&name);
        if self.folder_is_of_another_topic(&folder, topic_id) {
            return Ok(None);
        }
        self.directory.folders.remove(&name);

        let point = self.points.get(&partition).copied().unwrap_or_default();
        let start = self.starts.get(&partition).copied().unwrap_or_default();
        let trusted = if self.directory.clean {
            Offset(i64::MAX)
        } else {
            point
        };
        let mut found = Found::list(&name, &folder)?;
        let segments = found.segments(trusted)?;

        let epochs =
            read_if_there(&folder.join(LEADER_EPOCHS)).map_err(RecoverError::io(&folder))?;
        let mut epochs = epochs
            .and_then(|text| parse_epochs(&text))
            .unwrap_or_default();
        for (epoch, offset) in found.epochs {
            if epochs.last().is_none_or(|(last, _)| *last < epoch) {
                epochs.push((epoch, offset));
            }
        }
        epochs.retain(|(_, offset)| *offset <= found.end_offset);

        let mut files = Files::new(folder.clone(), found.end_offset);
        let first = segments
            .first()
            .map_or(found.end_offset, |segment| segment.base_offset);
        files.start_offset = start.max(first).min(found.end_offset);
        files.names_unsynced = !self.directory.clean;
        let recovered_segments = segments.iter().map(|segment| segment.recovered).collect();
        files.segments = segments
            .into_iter()
            .map(|segment| segment.into_segment(!self.directory.clean))
            .collect();
        let producers = newest_snapshot(&folder, &found.snapshots, found.end_offset)
            .map_err(RecoverError::io(&folder))?;
        files.snapshot = producers.as_ref().map(|(offset, _)| *offset);
        let from = files.snapshot.unwrap_or(files.start_offset);
        let producer_batches = producer_batches(&files, from).map_err(RecoverError::io(&folder))?;
        files.producers_changed = !producer_batches.is_empty();
        let recovered = RecoveredLog {
            segments: recovered_segments,
            log_start_offset: files.start_offset,
            log_end_offset: files.end_offset,
            epochs: epochs.clone(),
            producers,
            producer_batches,
        };
        if let Some(log) = self.log(id) {
            log.epochs = epochs;
            log.files = Some(Box::new(files));
        }
        // A folder without a segment is what a crash leaves of a log that was just begun.
        Ok(Some(recovered).filter(|recovered| !recovered.segments.is_empty()))
    }

    /// A folder may be left of a topic that was deleted and made again before the process ended.
    pub(super) fn folder_is_of_another_topic(&self, folder: &Path, topic_id: Uuid) -> bool {
        let text = fs::read_to_string(folder.join(PARTITION_METADATA)).unwrap_or_default();
        parse_partition_metadata(&text).is_some_and(|found| found != topic_id)
    }
}

/// The newest snapshot that is whole and not beyond the log's end; the others are removed.
fn newest_snapshot(
    folder: &Path,
    snapshots: &[Offset],
    end: Offset,
) -> io::Result<Option<(Offset, bytes::Bytes)>> {
    let mut newest = None;
    for offset in snapshots.iter().rev() {
        let path = segment_path(folder, *offset, SNAPSHOT);
        if newest.is_none() && *offset <= end {
            let bytes = fs::read(&path)?;
            if is_whole_snapshot(&bytes) {
                newest = Some((*offset, bytes.into()));
                continue;
            }
        }
        fs::remove_file(&path)?;
    }
    Ok(newest)
}

/// Version (2 bytes), the CRC-32C of what follows (4 bytes), entries.
fn is_whole_snapshot(bytes: &[u8]) -> bool {
    let crc = bytes
        .get(2..6)
        .and_then(|crc| crc.try_into().ok())
        .map(u32::from_be_bytes);
    crc.is_some_and(|crc| crc == crc32c::crc32c(&bytes[6..]))
}

/// The headers of the batches of idempotent producers from an offset on.
fn producer_batches(files: &Files, from: Offset) -> io::Result<Vec<BatchHeader>> {
    let mut headers = Vec::new();
    for (index, segment) in files.segments.iter().enumerate() {
        let end = files
            .segments
            .get(index + 1)
            .map_or(files.end_offset, |next| next.base_offset);
        if end <= from {
            continue;
        }
        let file = File::open(segment_path(&files.folder, segment.base_offset, LOG))?;
        let mut scanner = Scanner::new(&file, segment.size_bytes, CHUNK_BYTES);
        let mut position = 0;
        while let Some(frame) = scanner.frame(position)? {
            if frame.producer_id >= 0 && frame.last_offset >= from {
                let bytes = scanner.bytes(position, BatchHeader::SIZE_BYTES)?;
                headers.extend(bytes.and_then(BatchHeader::parse));
            }
            position = frame.end();
        }
    }
    Ok(headers)
}
