//! What goes into a [`Broker`](crate::Broker) and what comes out of it: plain values that can be logged, compared and replayed.

mod admin;
mod data;
mod event;
mod groups;
mod store;

pub use admin::*;
pub use data::*;
pub use event::{Event, LeaveCause};
pub use groups::*;
pub use store::{LogSlice, RecoveredLog, RecoveredSegment, StoreOp};

use crate::{ApiError, ConnectionId, ErrorCode, LogId, Offset, RequestId};

/// Something that happened outside.
#[derive(Debug, Clone)]
pub enum Input {
    /// A client asks.
    Request {
        /// Comes back with the answer.
        id: RequestId,
        /// What it asks.
        request: Request,
    },
    /// A connection is gone: its parked requests are forgotten. This is no leave: a group's member may come back on another one.
    Disconnected(ConnectionId),
    /// The store has kept its promise for everything that was appended to `log` below `through`.
    Stored {
        /// The log.
        log: LogId,
        /// The first offset that is *not* known to be stored.
        through: Offset,
    },
    /// The store could not append to `log` at `from`: nothing from there on is stored, and the store has undone what it began.
    StoreFailed {
        /// The log.
        log: LogId,
        /// The first offset that is lost.
        from: Offset,
    },
    /// Time has passed. Early, late and spurious ticks are harmless.
    Tick,
}

/// Something that is to be done outside, in this order.
#[derive(Debug, Clone)]
pub enum Output {
    /// The answer to a request. Each request gets exactly one, unless its connection is gone.
    Reply {
        /// The request's id.
        id: RequestId,
        /// The answer: the variant that belongs to the request's.
        response: Response,
    },
    /// Work for the store.
    Store(StoreOp),
    /// What happened, for people.
    Event(Event),
}

/// A request that means something: no API version, no bytes of the protocol.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is explained at its type")]
pub enum Request {
    Produce(ProduceRequest),
    Fetch(FetchRequest),
    DeleteRecords(DeleteRecordsRequest),
    InitProducerId(InitProducerIdRequest),
    CreateTopics(CreateTopicsRequest),
    DeleteTopics(DeleteTopicsRequest),
    CreatePartitions(CreatePartitionsRequest),
    AlterConfigs(AlterConfigsRequest),
    JoinGroup(JoinGroupRequest),
    SyncGroup(SyncGroupRequest),
    Heartbeat(HeartbeatRequest),
    LeaveGroup(LeaveGroupRequest),
    CommitOffsets(CommitOffsetsRequest),
    DeleteOffsets(DeleteOffsetsRequest),
    DeleteGroups(DeleteGroupsRequest),
}

/// The answer to the [`Request`] of the same name.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is explained at its type")]
pub enum Response {
    Produce(ProduceResponse),
    Fetch(FetchResponse),
    DeleteRecords(DeleteRecordsResponse),
    InitProducerId(Result<ProducerIdentity, ErrorCode>),
    CreateTopics(Vec<CreatedTopic>),
    DeleteTopics(Vec<DeletedTopic>),
    CreatePartitions(Vec<(crate::TopicName, Result<(), ApiError>)>),
    AlterConfigs(Vec<(ConfigResource, Result<(), ApiError>)>),
    JoinGroup(JoinGroupResponse),
    SyncGroup(SyncGroupResponse),
    Heartbeat(ErrorCode),
    LeaveGroup(LeaveGroupResponse),
    CommitOffsets(CommitOffsetsResponse),
    DeleteOffsets(DeleteOffsetsResponse),
    DeleteGroups(Vec<(crate::GroupId, ErrorCode)>),
}
