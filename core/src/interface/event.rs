//! The story of what happens, for pictures and logs.

use crate::{ApiError, ConnectionId, GroupId, MemberId, Offset, TopicName, TopicPartition};

/// Something that happened in the engine. The text of an event ([`std::fmt::Display`]) is a line for people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the variants' docs and the fields' names say it"
)]
pub enum Event {
    /// A topic exists from now on.
    TopicCreated {
        topic: TopicName,
        partitions_count: i32,
    },
    /// A topic has more partitions.
    PartitionsAdded {
        topic: TopicName,
        partitions_count: i32,
    },
    /// A topic is gone.
    TopicDeleted { topic: TopicName },
    /// A configuration key has a new value, or its default again.
    ConfigChanged {
        resource: String,
        name: String,
        value: Option<String>,
    },
    /// A wish was granted with a difference, for example a smaller replication factor.
    Note { text: String },
    /// Records went to the end of a log.
    Appended {
        partition: TopicPartition,
        base_offset: Offset,
        records_count: i32,
        size_bytes: usize,
        producer_id: i64,
    },
    /// A repeat of an idempotent batch was answered with its first offset.
    Duplicate {
        partition: TopicPartition,
        base_offset: Offset,
        producer_id: i64,
    },
    /// A batch was refused.
    Refused {
        partition: TopicPartition,
        error: ApiError,
    },
    /// Readers may see records up to here.
    HighWatermark {
        partition: TopicPartition,
        offset: Offset,
    },
    /// A client was given records (bytes as located; the exact end is the store's to find).
    Fetched {
        connection: ConnectionId,
        partition: TopicPartition,
        offset: Offset,
    },
    /// A fetch waits for records.
    FetchParked { connection: ConnectionId },
    /// A log has begun a new segment.
    SegmentRolled {
        partition: TopicPartition,
        base_offset: Offset,
    },
    /// Records below this offset are gone.
    RecordsDeleted {
        partition: TopicPartition,
        log_start_offset: Offset,
    },
    /// The store could not write.
    StoreFailed { partition: TopicPartition },
    /// The coordinator gave out an id, and waits for the client to join with it.
    MemberIdAssigned { group: GroupId, member: MemberId },
    /// A client has become a member.
    MemberJoined {
        group: GroupId,
        member: MemberId,
        client_id: String,
    },
    /// A static member came back under a new id.
    MemberReplaced {
        group: GroupId,
        old: MemberId,
        new: MemberId,
    },
    /// A member is gone.
    MemberLeft {
        group: GroupId,
        member: MemberId,
        cause: LeaveCause,
    },
    /// A group went from one state to another.
    GroupState {
        group: GroupId,
        from: &'static str,
        to: &'static str,
        why: String,
    },
    /// All members have joined: a new generation.
    Generation {
        group: GroupId,
        generation_id: i32,
        leader: MemberId,
        protocol: String,
        members_count: usize,
    },
    /// A member knows its assignment (the assignor's bytes).
    Assigned {
        group: GroupId,
        member: MemberId,
        assignment: bytes::Bytes,
    },
    /// A group has come so far.
    OffsetCommitted {
        group: GroupId,
        partition: TopicPartition,
        offset: Offset,
    },
    /// A committed offset was forgotten.
    OffsetExpired {
        group: GroupId,
        partition: TopicPartition,
    },
    /// A group is forgotten.
    GroupDeleted { group: GroupId },
}

/// Why a member is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveCause {
    /// It said so, or an administrator did.
    Left,
    /// It was silent for its session timeout.
    SessionExpired,
    /// It did not join again before the rebalance timeout.
    RebalanceExpired,
    /// It did not ask for its assignment in time.
    SyncExpired,
}
