//! The broker's disk.

use std::collections::VecDeque;

use bytes::Bytes;
use ottla_core::{Instant, LogId, LogSlice, MemoryStore, Offset, StoreOp, Timestamp};
use ottla_wire::{Applied, Located, Store, StoreError};

/// A store in memory that says only after a while that a write is stored. It is one disk: writes are stored one after the other, and fail when
/// it is full.
///
/// What is written and not yet stored survives the end of the process, as it does in a system's page cache; but nobody has been told of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    memory: MemoryStore,
    /// `None`: there is always room.
    capacity_bytes: Option<u64>,
    /// What is used of it, or more: what has been deleted since the last count is still in it.
    used_bytes_max: u64,
    pub(crate) delay_us: u64,
    /// What the clock shows. The engine's effects do not say it.
    now: Instant,
    /// In order: when it is stored, and how far the log is then.
    pending: VecDeque<(Instant, LogId, Offset)>,
}

impl Disk {
    /// An empty disk with so much room; `None`: as much as is wanted.
    pub(crate) fn new(capacity_bytes: Option<u64>) -> Self {
        Self {
            capacity_bytes,
            ..Self::default()
        }
    }

    pub(crate) fn memory(&self) -> &MemoryStore {
        &self.memory
    }

    pub(crate) fn memory_mut(&mut self) -> &mut MemoryStore {
        &mut self.memory
    }

    pub(crate) fn set_now(&mut self, now: Instant) {
        self.now = now;
    }

    /// Nobody waits for what was being written.
    pub(crate) fn forget_pending(&mut self) {
        self.pending.clear();
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.pending.front().map(|(at, _, _)| *at)
    }

    /// What is stored by now.
    pub(crate) fn take_stored(&mut self) -> Option<(LogId, Offset)> {
        let (at, log, through) = self.pending.pop_front()?;
        if at > self.now {
            self.pending.push_front((at, log, through));
            return None;
        }
        Some((log, through))
    }

    /// Whether so many bytes fit; then they count.
    fn takes(&mut self, size_bytes: u32) -> bool {
        let Some(capacity_bytes) = self.capacity_bytes else {
            return true;
        };
        let size_bytes = u64::from(size_bytes);
        if self.used_bytes_max + size_bytes > capacity_bytes {
            self.used_bytes_max = self.memory.size_bytes();
        }
        let fits = self.used_bytes_max + size_bytes <= capacity_bytes;
        if fits {
            self.used_bytes_max += size_bytes;
        }
        fits
    }
}

impl Store for Disk {
    type Extent = Vec<Bytes>;

    fn apply(&mut self, op: StoreOp) -> Applied {
        let appended = match &op {
            StoreOp::Append { header, .. } if !self.takes(header.size_bytes) => {
                return Applied::Failed;
            }
            StoreOp::Append {
                log,
                base_offset,
                header,
                ..
            } => {
                let through = *base_offset + i64::from(header.last_offset_delta) + 1;
                Some((*log, through))
            }
            StoreOp::Delete { log } => {
                self.pending.retain(|(_, pending, _)| pending != log);
                None
            }
            _ => None,
        };
        self.memory.apply(op);
        match appended {
            Some((log, through)) if self.delay_us > 0 || !self.pending.is_empty() => {
                let before = self.pending.back().map_or(self.now, |(at, _, _)| *at);
                let at = before.max(self.now + self.delay_us);
                self.pending.push_back((at, log, through));
                Applied::Later
            }
            _ => Applied::Done,
        }
    }

    fn locate(&mut self, slice: &LogSlice) -> Result<Located<Vec<Bytes>>, StoreError> {
        Store::locate(&mut self.memory, slice)
    }

    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError> {
        Store::find_timestamp(&mut self.memory, log, segment, from, timestamp)
    }
}
