//! Why a consumer cannot go on, and why offsets were not committed.

use ottla_core::{ErrorCode, Offset, TopicName, TopicPartition};

/// Why a consumer cannot go on, or not with a partition. Kafka's words where it has some.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsumerError {
    /// Membership or a commit was asked for without a group.
    #[error(
        "To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration."
    )]
    NoGroup,
    /// Another member with the same `group.instance.id` has taken this one's place.
    #[error(
        "another consumer has joined with the same group.instance.id {instance_id}: this one is fenced off"
    )]
    Fenced {
        /// The `group.instance.id`.
        instance_id: String,
    },
    /// A broker has refused a request for good.
    #[error("{api} was refused with {code}: {}", code.message())]
    Refused {
        /// The request.
        api: &'static str,
        /// The broker's answer.
        code: ErrorCode,
    },
    /// A request could not be made or understood.
    #[error("{api} failed: {reason}")]
    Failed {
        /// The request.
        api: &'static str,
        /// Why, for people.
        reason: String,
    },
    /// There is no committed offset, and `auto.offset.reset` is none.
    #[error("Undefined offset with no reset policy for partitions: [{0}]")]
    NoOffset(TopicPartition),
    /// The position is not in the log any more, or not yet, and `auto.offset.reset` is none.
    #[error("Fetch position {offset} is out of range for partition {partition}")]
    OutOfRange {
        /// The partition.
        partition: TopicPartition,
        /// The position.
        offset: Offset,
    },
    /// There cannot be such a topic, or it is not for this client.
    #[error("{topic} cannot be read: {code}: {}", code.message())]
    TopicRefused {
        /// The topic.
        topic: TopicName,
        /// The broker's answer.
        code: ErrorCode,
    },
    /// The broker has refused to serve a partition for good.
    #[error("{partition} cannot be read: {code}: {}", code.message())]
    PartitionRefused {
        /// The partition.
        partition: TopicPartition,
        /// The broker's answer.
        code: ErrorCode,
    },
    /// What came is no records. A seek behind it goes on.
    #[error(
        "{partition} cannot be read at offset {offset}: {reason}. If needed, please seek past the record to continue consumption."
    )]
    Unreadable {
        /// The partition.
        partition: TopicPartition,
        /// Where.
        offset: Offset,
        /// What is wrong.
        reason: String,
    },
}

/// Why offsets were not committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The consumer is no member any more: its partitions may be others' by now, who will read from the last committed offsets.
    #[error(
        "Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; \
         it is likely that the consumer was kicked out of the group."
    )]
    NotMember,
    /// The group rebalances; the commit may be tried again when the member has its new assignment.
    #[error(
        "Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition assignment. \
         You can try completing the rebalance by calling poll() and then retry the operation."
    )]
    RebalanceInProgress,
    /// The coordinator has refused it.
    #[error("Offset commit failed with {code}: {}", code.message())]
    Refused {
        /// Its answer.
        code: ErrorCode,
    },
    /// It was tried for `default.api.timeout.ms`.
    #[error("Offset commit could not be completed in time: {reason}")]
    TimedOut {
        /// The last failure.
        reason: String,
    },
    /// The request could not be made or understood.
    #[error("Offset commit failed: {0}")]
    Failed(String),
}
