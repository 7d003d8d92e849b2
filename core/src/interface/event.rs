//! The story of what happens, for pictures and logs.

use std::fmt;

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
    /// Records went to the end of a log; by a request on this connection, or as the engine's own.
    Appended {
        partition: TopicPartition,
        base_offset: Offset,
        records_count: i32,
        size_bytes: usize,
        producer_id: i64,
        connection: Option<ConnectionId>,
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
    /// It joined again after the group had become full.
    GroupFull,
}

impl fmt::Display for LeaveCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Left => "it left",
            Self::SessionExpired => "it sent no heartbeat for its session timeout",
            Self::RebalanceExpired => "it did not join again in time",
            Self::SyncExpired => "it did not ask for its assignment in time",
            Self::GroupFull => "the group is full",
        })
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TopicCreated {
                topic,
                partitions_count,
            } => {
                write!(
                    f,
                    "topic {topic}: created with {partitions_count} partition(s)"
                )
            }
            Self::PartitionsAdded {
                topic,
                partitions_count,
            } => {
                write!(f, "topic {topic}: has {partitions_count} partitions now")
            }
            Self::TopicDeleted { topic } => write!(f, "topic {topic}: deleted"),
            Self::ConfigChanged {
                resource,
                name,
                value: Some(value),
            } => write!(f, "{resource}: {name}={value}"),
            Self::ConfigChanged {
                resource,
                name,
                value: None,
            } => write!(f, "{resource}: {name} is at its default"),
            Self::Note { text } => f.write_str(text),
            Self::Appended {
                partition,
                base_offset,
                records_count,
                size_bytes,
                ..
            } => {
                write!(
                    f,
                    "{partition}: {records_count} record(s) from offset {base_offset} on, {size_bytes} bytes"
                )
            }
            Self::Duplicate {
                partition,
                base_offset,
                producer_id,
            } => {
                write!(
                    f,
                    "{partition}: producer {producer_id} repeated what is at offset {base_offset} already"
                )
            }
            Self::Refused { partition, error } => {
                write!(f, "{partition}: refused a batch: {error}")
            }
            Self::HighWatermark { partition, offset } => {
                write!(f, "{partition}: high watermark {offset}")
            }
            Self::Fetched {
                connection,
                partition,
                offset,
            } => {
                write!(
                    f,
                    "{partition}: connection {} reads from offset {offset}",
                    connection.0
                )
            }
            Self::FetchParked { connection } => {
                write!(f, "connection {} waits for records", connection.0)
            }
            Self::SegmentRolled {
                partition,
                base_offset,
            } => {
                write!(
                    f,
                    "{partition}: a new segment begins at offset {base_offset}"
                )
            }
            Self::RecordsDeleted {
                partition,
                log_start_offset,
            } => {
                write!(f, "{partition}: begins at offset {log_start_offset} now")
            }
            Self::StoreFailed { partition } => write!(f, "{partition}: could not be written"),
            Self::MemberIdAssigned { group, member } => {
                write!(f, "group {group}: {member} is to join with this id")
            }
            Self::MemberJoined {
                group,
                member,
                client_id,
            } => {
                write!(f, "group {group}: {member} joins (client {client_id})")
            }
            Self::MemberReplaced { group, old, new } => {
                write!(f, "group {group}: {new} takes the place of {old}")
            }
            Self::MemberLeft {
                group,
                member,
                cause,
            } => write!(f, "group {group}: {member} is gone: {cause}"),
            Self::GroupState {
                group,
                from,
                to,
                why,
            } => write!(f, "group {group}: {from} -> {to} ({why})"),
            Self::Generation {
                group,
                generation_id,
                leader,
                protocol,
                members_count,
            } => write!(
                f,
                "group {group}: generation {generation_id}, {members_count} member(s), leader {leader}, {protocol}"
            ),
            Self::Assigned { group, member, .. } => {
                write!(f, "group {group}: {member} knows its partitions")
            }
            Self::OffsetCommitted {
                group,
                partition,
                offset,
            } => {
                write!(f, "group {group}: next is offset {offset} of {partition}")
            }
            Self::OffsetExpired { group, partition } => {
                write!(f, "group {group}: its offset of {partition} is forgotten")
            }
            Self::GroupDeleted { group } => write!(f, "group {group}: forgotten"),
        }
    }
}
