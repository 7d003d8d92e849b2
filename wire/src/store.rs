use bytes::Bytes;
use ottla_core::{LogId, LogSlice, MemoryStore, Offset, StoreOp, Timestamp};

/// Where the bytes of logs live: applies the engine's effects, finds the bytes that its answers point at.
///
/// Implemented by [`ottla_core::MemoryStore`] and by the native broker's files.
pub trait Store {
    /// Bytes that stay readable for as long as this value lives, also when their segment is deleted: a slice of memory, or an open file and a range.
    type Extent;

    /// Applies an effect.
    fn apply(&mut self, op: StoreOp) -> Applied;

    /// Finds the bytes of a fetch's answer.
    fn locate(&mut self, slice: &LogSlice) -> Result<Located<Self::Extent>, StoreError>;

    /// The first batch of a segment whose largest timestamp is not below `timestamp`, whole. Batches that end below `from` do not count.
    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError>;
}

/// What became of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Done; an append is as safe as it was asked to be.
    Done,
    /// An append will be reported later, by [`Gateway::stored`](crate::Gateway::stored) or [`Gateway::store_failed`](crate::Gateway::store_failed).
    Later,
    /// An append failed, and the store has undone what it began.
    Failed,
}

/// Bytes that were found.
#[derive(Debug, Clone)]
pub struct Located<E> {
    /// The bytes.
    pub extent: E,
    /// How many.
    pub size_bytes: u32,
}

/// The store could not read. The store has told people why; clients get KAFKA_STORAGE_ERROR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store cannot read")]
pub struct StoreError;

impl Store for MemoryStore {
    /// A slice's bytes lie in several pieces of memory.
    type Extent = Vec<Bytes>;

    fn apply(&mut self, op: StoreOp) -> Applied {
        MemoryStore::apply(self, op);
        Applied::Done
    }

    fn locate(&mut self, slice: &LogSlice) -> Result<Located<Vec<Bytes>>, StoreError> {
        let extent = MemoryStore::locate(self, slice).ok_or(StoreError)?;
        let size_bytes = extent.iter().map(Bytes::len).sum::<usize>();
        Ok(Located {
            extent,
            size_bytes: u32::try_from(size_bytes).map_err(|_| StoreError)?,
        })
    }

    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError> {
        Ok(MemoryStore::find_timestamp(
            self, log, segment, from, timestamp,
        ))
    }
}
