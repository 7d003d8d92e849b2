//! Offsets that groups have committed.

use std::collections::BTreeMap;

use ottla_core::{ApiError, GroupId, TopicPartition};

use super::Question;

/// What a group has committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOffsets {
    /// Which group.
    pub group: GroupId,
    /// Of which partitions; `None` is all that it has committed.
    pub partitions: Option<Vec<TopicPartition>>,
}

impl Question for FetchOffsets {
    /// Partitions without a committed offset are not in it.
    type Answer = BTreeMap<TopicPartition, Result<CommittedOffset, ApiError>>;
    const CALL: &'static str = "listConsumerGroupOffsets";
}

/// A committed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The offset of the next record to read.
    pub offset: i64,
    /// The leader's epoch of the record before, where it was committed.
    pub leader_epoch: Option<i32>,
    /// What the member wrote beside it.
    pub metadata: String,
}

/// Sets a group's offsets from outside. The group must have no members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitOffsets {
    /// Which group; it comes into being if need be.
    pub group: GroupId,
    /// The offsets of the next records to read.
    pub offsets: BTreeMap<TopicPartition, i64>,
}

impl Question for CommitOffsets {
    type Answer = BTreeMap<TopicPartition, Result<(), ApiError>>;
    const CALL: &'static str = "alterConsumerGroupOffsets";
}

/// Forgets a group's offsets of partitions that none of its members subscribes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteOffsets {
    /// Which group.
    pub group: GroupId,
    /// Of which partitions.
    pub partitions: Vec<TopicPartition>,
}

impl Question for DeleteOffsets {
    type Answer = BTreeMap<TopicPartition, Result<(), ApiError>>;
    const CALL: &'static str = "deleteConsumerGroupOffsets";
}
