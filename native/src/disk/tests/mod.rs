//! The store as the engine uses it: stories of appends, reads, crashes and full disks.

mod durability;
mod full_disk;
mod reading;
mod recovery;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use bytes::Bytes;
use ottla_core::batch::{Batch, BatchBuilder, BatchHeader};
use ottla_core::interface::RecoveredLog;
use ottla_core::{LogId, LogSlice, Offset, StoreOp, Timestamp, Uuid};
use ottla_wire::{Applied, Store as _};

use super::sync::ForceFile;
use super::{DiskStore, RecoverError, Report};

/// The log that the tests write to: partition 0 of `orders`.
const ORDERS: LogId = LogId(1);
const TOPIC_ID: Uuid = Uuid([7; 16]);

/// A store with one log, and the part of the engine that knows where the log ends.
struct World {
    folder: PathBuf,
    store: DiskStore,
    reports: Receiver<Report>,
    segment: Offset,
    position: u32,
    next: Offset,
}

impl World {
    fn new(folder: &Path) -> Self {
        Self::with(folder, 100, Box::new(|_: &File| Ok(())))
    }

    fn with(folder: &Path, open_segments: usize, force: ForceFile) -> Self {
        let (sender, reports) = channel();
        let report = Box::new(move |all: Vec<Report>| {
            for one in all {
                let _ = sender.send(one);
            }
        });
        let (store, _) = DiskStore::open_with(folder, 1, open_segments, force, report).unwrap();
        let mut world = Self {
            folder: folder.to_owned(),
            store,
            reports,
            segment: Offset(0),
            position: 0,
            next: Offset(0),
        };
        world.write_metadata_log();
        world.create(ORDERS, "orders", TOPIC_ID);
        world
    }

    /// Every real directory has this log, and a store refuses partitions without it.
    fn write_metadata_log(&mut self) {
        if self.store.recover(LogId::METADATA).unwrap().is_none() {
            let applied = self.store.apply(append_op(
                LogId::METADATA,
                Offset(0),
                0,
                Offset(0),
                batch(1, 10, 1),
                false,
            ));
            assert_eq!(applied, Applied::Done);
        }
    }

    fn create(&mut self, log: LogId, topic: &str, topic_id: Uuid) {
        self.store.apply(StoreOp::Create {
            log,
            topic: topic.into(),
            topic_id,
            partition: 0,
        });
    }

    fn append(&mut self, batch: Batch) -> Applied {
        self.append_with(batch, false)
    }

    fn append_with(&mut self, batch: Batch, flush: bool) -> Applied {
        let (size, count) = (batch.bytes().len() as u32, batch.header().records_count);
        let applied = self.store.apply(append_op(
            ORDERS,
            self.segment,
            self.position,
            self.next,
            batch,
            flush,
        ));
        if applied != Applied::Failed {
            self.position += size;
            self.next = self.next + i64::from(count);
        }
        applied
    }

    /// The next append begins a segment.
    fn roll(&mut self) {
        (self.segment, self.position) = (self.next, 0);
    }

    fn recover(&mut self) -> Result<Option<RecoveredLog>, RecoverError> {
        let found = self.store.recover(ORDERS)?;
        if let Some(found) = &found {
            self.next = found.log_end_offset;
            let last = found
                .segments
                .last()
                .expect("a recovered log has a segment");
            (self.segment, self.position) = (last.base_offset, last.size_bytes);
        }
        Ok(found)
    }

    /// The process is killed and starts again.
    fn crash(self) -> Self {
        let folder = self.folder.clone();
        drop(self);
        Self::new(&folder)
    }

    fn restart(self) -> Self {
        let folder = self.folder.clone();
        self.store.close().unwrap();
        Self::new(&folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join("orders-0").join(name)
    }

    /// The offset of the first record that a fetch of one batch gets.
    fn first_offset_at(&mut self, segment: Offset, end_position: u32, offset: i64) -> i64 {
        let slice = LogSlice {
            max_bytes: 1,
            ..slice(segment, end_position, offset)
        };
        let located = self.store.locate(&slice).unwrap();
        let bytes = read(&located.extent);
        header(&bytes).base_offset.0
    }

    fn all_batches(&mut self) -> Vec<(i64, i32)> {
        let batches = self.store.read(ORDERS, Offset(0)).unwrap();
        batches
            .map(|bytes| header(&bytes.unwrap()))
            .map(|header| (header.base_offset.0, header.records_count))
            .collect()
    }
}

fn append_op(
    log: LogId,
    segment: Offset,
    position: u32,
    base_offset: Offset,
    batch: Batch,
    flush: bool,
) -> StoreOp {
    let (header, bytes) = (*batch.header(), batch.bytes().clone());
    StoreOp::Append {
        log,
        segment,
        position,
        base_offset,
        leader_epoch: 0,
        header,
        bytes,
        flush,
    }
}

fn slice(segment: Offset, end_position: u32, offset: i64) -> LogSlice {
    LogSlice {
        log: ORDERS,
        segment,
        offset: Offset(offset),
        position: None,
        end_position,
        max_bytes: 1 << 20,
        whole_batch: true,
    }
}

fn batch(records: usize, value_bytes: usize, timestamp: i64) -> Batch {
    let value = vec![b'x'; value_bytes];
    let mut builder = BatchBuilder::new();
    for _ in 0..records {
        builder.push(Timestamp(timestamp), Some(b"k"), Some(&value));
    }
    builder.build()
}

/// The header of bytes that are one whole batch.
fn header(bytes: &[u8]) -> BatchHeader {
    let header = BatchHeader::parse(bytes).expect("a header");
    assert_eq!(header.size_bytes as usize, bytes.len());
    assert_eq!(header.crc, crc32c::crc32c(&bytes[21..]));
    header
}

fn read(extent: &super::Extent) -> Bytes {
    let mut bytes = vec![0; extent.len as usize];
    extent
        .file
        .read_exact_at(&mut bytes, extent.position)
        .unwrap();
    bytes.into()
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}
