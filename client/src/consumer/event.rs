//! What happens inside a consumer, told for logs and pictures.

use std::fmt;

use ottla_core::sorted::{Map, Set};
use ottla_core::{MemberId, Offset, TopicPartition};

use super::commit::CommitId;
use super::error::{CommitError, ConsumerError};
use super::partitions::CommittedOffset;
use crate::event::Event;
use crate::interface::Output;

/// What a consumer tells of itself. `Display` gives a line for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named as what they are")]
pub enum ConsumerEvent {
    /// It asks to be a member of the next generation.
    Joining { reason: String },
    /// It is a member of a new generation, and waits for its partitions.
    Joined {
        generation: i32,
        member: MemberId,
        assignor: &'static str,
        is_leader: bool,
        members_count: usize,
    },
    /// As the leader it has given each member its partitions.
    Shared {
        generation: i32,
        assignment: Map<MemberId, Vec<TopicPartition>>,
    },
    /// It reads these partitions; `added` are new.
    Assigned {
        generation: i32,
        added: Set<TopicPartition>,
        all: Set<TopicPartition>,
    },
    /// It has given these partitions up, in an orderly way.
    Revoked { partitions: Set<TopicPartition> },
    /// It has lost these partitions: others may read them already.
    Lost { partitions: Set<TopicPartition> },
    /// It will join again.
    RejoinNeeded { reason: String },
    /// The coordinator has heard that it lives.
    Heartbeat { generation: i32 },
    /// It has left the group.
    Left { reason: String },
    /// A commit is done, well or not.
    Committed {
        id: CommitId,
        offsets: Map<TopicPartition, CommittedOffset>,
        result: Result<(), CommitError>,
    },
    /// Reading begins here, because it was committed, or because the log was asked (`reset`).
    Positioned {
        partition: TopicPartition,
        offset: Offset,
        is_reset: bool,
    },
    /// Records have come; `end` is where the log ends for this consumer ([`Consumer::end_offset`](super::Consumer::end_offset)).
    Fetched {
        partition: TopicPartition,
        from: Offset,
        next: Offset,
        size_bytes: usize,
        end: Offset,
    },
    /// A partition cannot be read on until a seek.
    PartitionFailed {
        partition: TopicPartition,
        error: ConsumerError,
    },
    /// Nothing goes on.
    Failed { error: ConsumerError },
    /// It is closed.
    Closed,
}

impl From<ConsumerEvent> for Event {
    fn from(event: ConsumerEvent) -> Self {
        Self::Consumer(event)
    }
}

impl From<ConsumerEvent> for Output {
    fn from(event: ConsumerEvent) -> Self {
        Self::Event(event.into())
    }
}

impl fmt::Display for ConsumerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Joining { reason } if reason.is_empty() => write!(f, "joining the group"),
            Self::Joining { reason } => write!(f, "joining the group: {reason}"),
            Self::Joined {
                generation,
                member,
                assignor,
                is_leader,
                members_count,
            } => {
                write!(
                    f,
                    "generation {generation}: joined as {member}, assignor {assignor}"
                )?;
                match is_leader {
                    true => write!(f, ", leader of {members_count}"),
                    false => Ok(()),
                }
            }
            Self::Shared {
                generation,
                assignment,
            } => {
                write!(f, "generation {generation}: shared out")?;
                assignment.iter().try_for_each(|(member, partitions)| {
                    write!(f, ", {member}: {}", list(partitions))
                })
            }
            Self::Assigned {
                generation,
                added,
                all,
            } => {
                write!(
                    f,
                    "generation {generation}: reads {}, new are {}",
                    list(all),
                    list(added)
                )
            }
            Self::Revoked { partitions } => write!(f, "gave up {}", list(partitions)),
            Self::Lost { partitions } => write!(f, "lost {}", list(partitions)),
            Self::RejoinNeeded { reason } => write!(f, "must join again: {reason}"),
            Self::Heartbeat { generation } => write!(f, "generation {generation}: heartbeat"),
            Self::Left { reason } => write!(f, "left the group: {reason}"),
            Self::Committed {
                offsets, result, ..
            } => {
                let places: Vec<String> = offsets
                    .iter()
                    .map(|(partition, committed)| format!("{partition}={}", committed.offset))
                    .collect();
                match result {
                    Ok(()) => write!(f, "committed {}", places.join(" ")),
                    Err(error) => write!(f, "did not commit {}: {error}", places.join(" ")),
                }
            }
            Self::Positioned {
                partition,
                offset,
                is_reset,
            } => {
                let why = if *is_reset {
                    "the log"
                } else {
                    "the committed offset"
                };
                write!(f, "{partition}: begins at {offset}, says {why}")
            }
            Self::Fetched {
                partition,
                from,
                next,
                size_bytes,
                ..
            } => {
                write!(
                    f,
                    "{partition}: fetched {from} to {next}, {size_bytes} bytes"
                )
            }
            Self::PartitionFailed { error, .. } | Self::Failed { error } => error.fmt(f),
            Self::Closed => write!(f, "closed"),
        }
    }
}

fn list<'a>(partitions: impl IntoIterator<Item = &'a TopicPartition>) -> String {
    let names: Vec<String> = partitions
        .into_iter()
        .map(TopicPartition::to_string)
        .collect();
    format!("[{}]", names.join(" "))
}
