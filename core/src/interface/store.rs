//! What the engine asks of a store, and where it says that records are.

use bytes::Bytes;

use crate::batch::BatchHeader;
use crate::{LogId, Offset, Timestamp, TopicName, Uuid};

/// An effect on the bytes of a log. The store applies them in order.
///
/// A log's bytes are cut into segments, each named by the offset of its first record, as in Apache Kafka.
#[derive(Debug, Clone)]
pub enum StoreOp {
    /// A log exists from now on. It is empty unless the store has found it at start. Nothing needs to be written before the first append.
    Create {
        /// Its id for this process.
        log: LogId,
        /// Its topic.
        topic: TopicName,
        /// Its topic's id.
        topic_id: Uuid,
        /// Its partition's index.
        partition: i32,
    },
    /// Write a batch at the end of `segment`, which is the log's last one (a new one if the store has none of this name: then the one before is complete).
    /// Answered by `Input::Stored` or `Input::StoreFailed`.
    Append {
        /// The log.
        log: LogId,
        /// The segment's first offset.
        segment: Offset,
        /// How many bytes the segment has before this batch.
        position: u32,
        /// The offset of the batch's first record: to be written into its bytes 0 to 8.
        base_offset: Offset,
        /// The epoch: to be written into its bytes 12 to 16. Both lie outside the CRC.
        leader_epoch: i32,
        /// What the batch says of itself; its base offset and epoch are the producer's, not the log's.
        header: BatchHeader,
        /// The batch as the producer sent it: the first 16 bytes are stale, the rest is right.
        bytes: Bytes,
        /// `Stored` must mean that the bytes (and all before them) survive a power failure.
        flush: bool,
    },
    /// Make everything appended so far survive a power failure. Not answered.
    Flush {
        /// The log.
        log: LogId,
    },
    /// Segments that begin below `before` are deleted.
    DeleteSegments {
        /// The log.
        log: LogId,
        /// The first segment to keep.
        before: Offset,
    },
    /// The log's first offset has moved (DeleteRecords, retention). Must survive a restart.
    LogStart {
        /// The log.
        log: LogId,
        /// Its new first offset.
        offset: Offset,
    },
    /// A new leader epoch begins at `start_offset`.
    Epoch {
        /// The log.
        log: LogId,
        /// The epoch.
        epoch: i32,
        /// The offset of its first record.
        start_offset: Offset,
    },
    /// What the log knows of its idempotent producers at `offset`, in the format of Kafka's `.snapshot` files. Saves reading older segments at start.
    /// A store that fails an append must also forget what was written here for an offset beyond it.
    Producers {
        /// The log.
        log: LogId,
        /// All batches below are included.
        offset: Offset,
        /// The file's contents.
        snapshot: Bytes,
    },
    /// The log is gone for good.
    Delete {
        /// The log.
        log: LogId,
    },
}

/// Where the records of a fetch are: in one segment of one log, from the batch that holds `offset` on.
///
/// The store finds the exact bytes: from the start of that batch, at most `max_bytes` and never beyond `end_position`, but at least
/// one whole batch if `whole_batch` says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSlice {
    /// The log.
    pub log: LogId,
    /// The segment's first offset.
    pub segment: Offset,
    /// The offset that is asked for.
    pub offset: Offset,
    /// Where its batch begins in the segment, in bytes, when the engine knows (it does near the log's end).
    pub position: Option<u32>,
    /// Where the readable part of the segment ends, in bytes: a batch's end.
    pub end_position: u32,
    /// The limit, in bytes.
    pub max_bytes: u32,
    /// Return the first batch whole, even when it is larger than `max_bytes`.
    pub whole_batch: bool,
}

/// What a store knows of a log that it has found at start.
#[derive(Debug, Clone, Default)]
pub struct RecoveredLog {
    /// Its segments, oldest first.
    pub segments: Vec<RecoveredSegment>,
    /// The first offset, at least the first segment's.
    pub log_start_offset: Offset,
    /// The offset of the next record.
    pub log_end_offset: Offset,
    /// Leader epochs and their start offsets, oldest first.
    pub epochs: Vec<(i32, Offset)>,
    /// The newest snapshot of the log's producers that is not beyond the log's end, with its offset.
    pub producers: Option<(Offset, Bytes)>,
    /// The headers of all batches of idempotent producers from the snapshot's offset on (from the log's start without one).
    pub producer_batches: Vec<BatchHeader>,
}

/// A segment that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveredSegment {
    /// Its first offset, and its name.
    pub base_offset: Offset,
    /// Its length in bytes.
    pub size_bytes: u32,
    /// The largest timestamp in it; `Timestamp::NONE` if it is empty.
    pub max_timestamp: Timestamp,
    /// The largest timestamp of its first batch, which `segment.ms` counts from; `Timestamp::NONE` if it is empty.
    pub first_timestamp: Timestamp,
}
