//! Requests of consumer groups, classic protocol.

use bytes::Bytes;

use crate::{ErrorCode, GroupId, MemberId, Offset, TopicName, TopicRef};

/// Become a member, or say for a new generation that one still is.
#[derive(Debug, Clone)]
pub struct JoinGroupRequest {
    /// The group.
    pub group: GroupId,
    /// Empty at first.
    pub member_id: MemberId,
    /// A static member's name (`group.instance.id`).
    pub instance_id: Option<String>,
    /// The client's name for itself.
    pub client_id: String,
    /// Where it connects from, as Kafka shows it: `/127.0.0.1`.
    pub client_host: String,
    /// How long the member may be silent.
    pub session_timeout_ms: i32,
    /// How long a rebalance waits for the member.
    pub rebalance_timeout_ms: i32,
    /// `consumer`, `connect` ...
    pub protocol_type: String,
    /// The assignors that the member knows, best first, each with the member's metadata (its subscription).
    pub protocols: Vec<(String, Bytes)>,
    /// Why it joins, for people (KIP-800).
    pub reason: Option<String>,
    /// A member without an id must be told one first and join again with it (KIP-394; JoinGroup 4 and above).
    pub require_known_member_id: bool,
    /// The client understands that a rejoining static leader need not assign again (KIP-814; JoinGroup 9).
    pub supports_skipping_assignment: bool,
}

/// The answer to a join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinGroupResponse {
    /// What went wrong, or `None`.
    pub error: ErrorCode,
    /// The generation; -1 with an error.
    pub generation_id: i32,
    /// `consumer` ...
    pub protocol_type: Option<String>,
    /// The assignor that the group has chosen.
    pub protocol_name: Option<String>,
    /// The leader's member id; empty with an error.
    pub leader: MemberId,
    /// The leader need not assign again.
    pub skip_assignment: bool,
    /// The member's id.
    pub member_id: MemberId,
    /// For the leader: all members with their metadata; for others empty.
    pub members: Vec<JoinedMember>,
}

/// A member as its leader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedMember {
    /// Its id.
    pub member_id: MemberId,
    /// Its static name.
    pub instance_id: Option<String>,
    /// Its metadata for the chosen assignor.
    pub metadata: Bytes,
}

/// Ask for (and, as the leader, bring) the assignment.
#[derive(Debug, Clone)]
pub struct SyncGroupRequest {
    /// The group.
    pub group: GroupId,
    /// The generation that the member believes in.
    pub generation_id: i32,
    /// Who asks.
    pub member_id: MemberId,
    /// A static member's name.
    pub instance_id: Option<String>,
    /// What the member takes for the group's protocol type; `None` before SyncGroup 5.
    pub protocol_type: Option<String>,
    /// What the member takes for the group's assignor; `None` before SyncGroup 5.
    pub protocol_name: Option<String>,
    /// From the leader: each member's assignment.
    pub assignments: Vec<(MemberId, Bytes)>,
}

/// The answer to a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncGroupResponse {
    /// What went wrong, or `None`.
    pub error: ErrorCode,
    /// `consumer` ...
    pub protocol_type: Option<String>,
    /// The group's assignor.
    pub protocol_name: Option<String>,
    /// The member's assignment; empty with an error.
    pub assignment: Bytes,
}

/// "I live."
#[derive(Debug, Clone)]
pub struct HeartbeatRequest {
    /// The group.
    pub group: GroupId,
    /// The generation that the member believes in.
    pub generation_id: i32,
    /// Who lives.
    pub member_id: MemberId,
    /// A static member's name.
    pub instance_id: Option<String>,
}

/// Members leave.
#[derive(Debug, Clone)]
pub struct LeaveGroupRequest {
    /// The group.
    pub group: GroupId,
    /// Who leaves: one before LeaveGroup 3.
    pub members: Vec<LeavingMember>,
}

/// A member that leaves, or is made to by an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavingMember {
    /// Its id; empty if it is named by its static name.
    pub member_id: MemberId,
    /// Its static name.
    pub instance_id: Option<String>,
    /// Why, for people (KIP-800).
    pub reason: Option<String>,
}

/// The answer to a leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveGroupResponse {
    /// What is wrong with the request as a whole, or `None`.
    pub error: ErrorCode,
    /// Each member with its own outcome, in the order of the request.
    pub members: Vec<(LeavingMember, ErrorCode)>,
}

/// Remember how far a group has come.
#[derive(Debug, Clone)]
pub struct CommitOffsetsRequest {
    /// The group; may be empty.
    pub group: GroupId,
    /// The member's generation; -1 for one who is no member.
    pub generation_id: i32,
    /// Who commits; empty for one who is no member.
    pub member_id: MemberId,
    /// A static member's name.
    pub instance_id: Option<String>,
    /// How long the offsets are to be kept; `None` takes `offsets.retention.minutes` (OffsetCommit 2 to 4 may name one).
    pub retention_ms: Option<i64>,
    /// The offsets, by topic.
    pub topics: Vec<(TopicRef, Vec<OffsetToCommit>)>,
}

/// A partition's offset.
#[derive(Debug, Clone)]
pub struct OffsetToCommit {
    /// The partition's index.
    pub partition: i32,
    /// The next offset to read. Negative ones are kept as they are (KafkaJS stores -2 and -1).
    pub offset: Offset,
    /// The epoch of the last record read.
    pub leader_epoch: Option<i32>,
    /// The client's own note.
    pub metadata: Option<String>,
}

/// The answer to a commit: by topic, each partition with its outcome, in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitOffsetsResponse {
    /// By topic.
    pub topics: Vec<(TopicRef, Vec<(i32, ErrorCode)>)>,
}

/// Forget committed offsets of topics that no member is subscribed to.
#[derive(Debug, Clone)]
pub struct DeleteOffsetsRequest {
    /// The group.
    pub group: GroupId,
    /// Partitions by topic.
    pub topics: Vec<(TopicName, Vec<i32>)>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteOffsetsResponse {
    /// What is wrong with the request as a whole, or `None`.
    pub error: ErrorCode,
    /// By topic, each partition with its outcome.
    pub topics: Vec<(TopicName, Vec<(i32, ErrorCode)>)>,
}

/// Forget groups that have no members.
#[derive(Debug, Clone)]
pub struct DeleteGroupsRequest {
    /// Which.
    pub groups: Vec<GroupId>,
}
