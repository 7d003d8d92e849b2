//! What the coordinator is asked, what it may look at, and what it wants done.

use bytes::Bytes;

use crate::config::Config;
use crate::interface::{
    CommitOffsetsRequest, DeleteGroupsRequest, DeleteOffsetsRequest, Event, HeartbeatRequest,
    JoinGroupRequest, LeaveGroupRequest, Request, Response, SyncGroupRequest,
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

/// The request is for another part of the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this request is not for the group coordinator")]
pub struct NotForGroups;

impl TryFrom<Request> for GroupRequest {
    type Error = NotForGroups;

    fn try_from(request: Request) -> Result<Self, NotForGroups> {
        Ok(match request {
            Request::JoinGroup(request) => Self::Join(request),
            Request::SyncGroup(request) => Self::Sync(request),
            Request::Heartbeat(request) => Self::Heartbeat(request),
            Request::LeaveGroup(request) => Self::Leave(request),
            Request::CommitOffsets(request) => Self::CommitOffsets(request),
            Request::DeleteOffsets(request) => Self::DeleteOffsets(request),
            Request::DeleteGroups(request) => Self::DeleteGroups(request),
            _ => return Err(NotForGroups),
        })
    }
}

/// What the coordinator sees of the rest of the node.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The topics that exist.
    pub metadata: &'a dyn Topics,
    /// The limits and delays in force.
    pub config: &'a Config,
}

/// The topics that exist.
pub trait Topics {
    /// The topic's name, id and number of partitions; or UNKNOWN_TOPIC_OR_PARTITION, or UNKNOWN_TOPIC_ID.
    fn resolve(&self, topic: &TopicRef) -> Result<(TopicName, Uuid, i32), ErrorCode>;
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
