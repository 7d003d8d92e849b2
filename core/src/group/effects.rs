//! What the coordinator is asked, what it may look at, and what it wants done.

use bytes::Bytes;

use crate::interface::{
    CommitOffsetsRequest, DeleteGroupsRequest, DeleteOffsetsRequest, Event, HeartbeatRequest,
    JoinGroupRequest, LeaveGroupRequest, Response, SyncGroupRequest,
};
use crate::{ErrorCode, GroupId, Instant, RequestId, Timer, TopicName, TopicRef, Uuid};

/// A request for the coordinator.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is explained at its type")]
pub enum GroupRequest {
    Join(JoinGroupRequest),
    Sync(SyncGroupRequest),
    Heartbeat(HeartbeatRequest),
    Leave(LeaveGroupRequest),
    CommitOffsets(CommitOffsetsRequest),
    DeleteOffsets(DeleteOffsetsRequest),
    DeleteGroups(DeleteGroupsRequest),
}

/// What the coordinator sees of the rest of the node.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The topics that exist.
    pub topics: &'a dyn Topics,
    /// The limits and delays in force.
    pub config: &'a GroupConfig,
}

/// The topics that exist.
pub trait Topics {
    /// The topic's name, id and number of partitions; or UNKNOWN_TOPIC_OR_PARTITION, or UNKNOWN_TOPIC_ID.
    fn resolve(&self, topic: &TopicRef) -> Result<(TopicName, Uuid, i32), ErrorCode>;
}

/// The configuration of groups and offsets, in Kafka's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupConfig {
    /// `group.min.session.timeout.ms`
    pub min_session_timeout_ms: i32,
    /// `group.max.session.timeout.ms`
    pub max_session_timeout_ms: i32,
    /// `group.initial.rebalance.delay.ms`: how long the first member of an empty group waits for company.
    pub initial_rebalance_delay_ms: i32,
    /// `group.max.size`, in members.
    pub max_size: usize,
    /// `offsets.retention.minutes`, in milliseconds.
    pub offsets_retention_ms: i64,
    /// `offsets.retention.check.interval.ms`
    pub offsets_retention_check_interval_ms: i64,
    /// `offset.metadata.max.bytes`: how long the client's note at an offset may be.
    pub offset_metadata_max_bytes: usize,
}

impl Default for GroupConfig {
    /// Kafka's defaults, but no initial delay.
    fn default() -> Self {
        Self {
            min_session_timeout_ms: 6_000,
            max_session_timeout_ms: 1_800_000,
            initial_rebalance_delay_ms: 0,
            max_size: i32::MAX as usize,
            offsets_retention_ms: 7 * 24 * 60 * 60 * 1000,
            offsets_retention_check_interval_ms: 600_000,
            offset_metadata_max_bytes: 4096,
        }
    }
}

/// What the coordinator wants done, filled by its methods and carried out by the broker, in this order: writes, timers, events, replies.
#[derive(Debug, Default)]
pub struct Effects {
    /// Records for `__consumer_offsets`. Each is reported by [`Coordinator::written`](super::Coordinator::written) or
    /// [`Coordinator::write_failed`](super::Coordinator::write_failed), those of one group in this order.
    pub writes: Vec<Write>,
    /// Answers, to be sent at once.
    pub replies: Vec<(RequestId, Response)>,
    /// Timers to set, or with `None` to cancel.
    pub timers: Vec<(Timer, Option<Instant>)>,
    /// What happened.
    pub events: Vec<Event>,
}

/// Names a write of the coordinator; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId(pub u64);

/// Records that stand or fall together: one batch.
#[derive(Debug, Clone)]
pub struct Write {
    /// Comes back with the outcome.
    pub id: WriteId,
    /// Whose records these are. Decides the partition of `__consumer_offsets`.
    pub group: GroupId,
    /// Key and value; without a value a tombstone.
    pub records: Vec<(Bytes, Option<Bytes>)>,
}
