//! Where partitions begin and end, and cutting off their beginning.

use std::collections::BTreeMap;

use ottla_core::{ApiError, TopicPartition};

use super::Question;

/// Offsets of partitions, each asked of its leader. Each partition that was asked for is in the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOffsets {
    /// Which offset of which partition.
    pub partitions: BTreeMap<TopicPartition, OffsetSpec>,
    /// The end is where readers of committed records stop.
    pub read_committed: bool,
}

impl Question for ListOffsets {
    type Answer = BTreeMap<TopicPartition, Result<ListedOffset, ApiError>>;
    const CALL: &'static str = "listOffsets";
}

/// Which offset is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The first that there is.
    Earliest,
    /// The one that the next record gets.
    Latest,
    /// That of the record with the highest timestamp.
    MaxTimestamp,
    /// The first on the broker's own disk.
    EarliestLocal,
    /// The last in tiered storage.
    LatestTiered,
    /// The first that is not yet in tiered storage.
    EarliestPendingUpload,
    /// That of the first record from this moment on, in milliseconds since 1970.
    At(i64),
}

impl OffsetSpec {
    /// Its number in the protocol.
    pub fn timestamp(self) -> i64 {
        match self {
            OffsetSpec::Latest => -1,
            OffsetSpec::Earliest => -2,
            OffsetSpec::MaxTimestamp => -3,
            OffsetSpec::EarliestLocal => -4,
            OffsetSpec::LatestTiered => -5,
            OffsetSpec::EarliestPendingUpload => -6,
            OffsetSpec::At(moment) => moment,
        }
    }
}

/// An offset in the answer to [`ListOffsets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedOffset {
    /// The offset; -1 where there is no such record.
    pub offset: i64,
    /// The record's timestamp; -1 where none was asked for.
    pub timestamp: i64,
    /// The leader's epoch of that record, where the broker tells it.
    pub leader_epoch: Option<i32>,
}

/// Deletes the records of partitions before an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRecords {
    /// The first offset that is kept; -1 is the high watermark: all go.
    pub before: BTreeMap<TopicPartition, i64>,
}

impl Question for DeleteRecords {
    /// Where each partition begins now (its low watermark).
    type Answer = BTreeMap<TopicPartition, Result<i64, ApiError>>;
    const CALL: &'static str = "deleteRecords";
}
