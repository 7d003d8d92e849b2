//! The store that the command line has chosen: files, or memory.

use bytes::Bytes;
use ottla_core::{LogId, LogSlice, MemoryStore, Offset, StoreOp, Timestamp};
use ottla_wire::{Applied, Located, Store, StoreError};

use crate::disk::DiskStore;
pub(crate) use crate::disk::Extent as FileRange;

/// Where this broker keeps its logs.
#[derive(Debug)]
pub(crate) enum AnyStore {
    /// `--memory`.
    Memory(MemoryStore),
    /// `--data DIR`.
    Disk(Box<DiskStore>),
}

/// Bytes that the store has found.
#[derive(Debug, Clone)]
pub(crate) enum Extent {
    /// In memory: pieces that follow each other.
    Memory(Vec<Bytes>),
    /// A part of a file.
    File(FileRange),
}

impl Store for AnyStore {
    type Extent = Extent;

    fn apply(&mut self, op: StoreOp) -> Applied {
        match self {
            AnyStore::Memory(store) => Store::apply(store, op),
            AnyStore::Disk(store) => store.apply(op),
        }
    }

    fn locate(&mut self, slice: &LogSlice) -> Result<Located<Extent>, StoreError> {
        Ok(match self {
            AnyStore::Memory(store) => located(Store::locate(store, slice)?, Extent::Memory),
            AnyStore::Disk(store) => located(store.locate(slice)?, Extent::File),
        })
    }

    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError> {
        match self {
            AnyStore::Memory(store) => Store::find_timestamp(store, log, segment, from, timestamp),
            AnyStore::Disk(store) => store.find_timestamp(log, segment, from, timestamp),
        }
    }
}

fn located<E>(found: Located<E>, into: impl FnOnce(E) -> Extent) -> Located<Extent> {
    Located {
        extent: into(found.extent),
        size_bytes: found.size_bytes,
    }
}
