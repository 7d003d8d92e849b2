//! Requests about topics and configuration.

use std::fmt;

use crate::{ApiError, TopicName, TopicRef, Uuid};

/// Create topics, each by itself.
#[derive(Debug, Clone)]
pub struct CreateTopicsRequest {
    /// The topics.
    pub topics: Vec<NewTopic>,
    /// Check and answer, but create nothing.
    pub validate_only: bool,
    /// A client's use of an unknown topic, not an administrator's wish: obeys `auto.create.topics.enable`, and an existing topic is no error.
    pub automatic: bool,
}

/// A topic to be created.
#[derive(Debug, Clone)]
pub struct NewTopic {
    /// Its name.
    pub name: TopicName,
    /// How many partitions; `None` takes `num.partitions`. Must be `None` with an assignment.
    pub partitions_count: Option<i32>,
    /// How many replicas; `None` takes `default.replication.factor`. Must be `None` with an assignment.
    pub replication_factor: Option<i16>,
    /// Partition index and the ids of its brokers, or empty.
    pub assignment: Vec<(i32, Vec<i32>)>,
    /// Configuration: name and value.
    pub configs: Vec<(String, Option<String>)>,
}

/// The outcome for one topic, in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedTopic {
    /// Its name.
    pub name: TopicName,
    /// What was (or with `validate_only`: would be) made.
    pub outcome: Result<TopicSummary, ApiError>,
}

/// What a creation tells of the new topic. Its configuration can be asked from the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSummary {
    /// Its id; with `validate_only` one that nobody will have, as in Kafka.
    pub id: Uuid,
    /// How many partitions.
    pub partitions_count: i32,
    /// How many replicas each has.
    pub replication_factor: i16,
    /// The topic's own configuration, as asked for.
    pub configs: Vec<(String, String)>,
}

/// Delete topics, with their records, configuration and committed offsets.
#[derive(Debug, Clone)]
pub struct DeleteTopicsRequest {
    /// Which.
    pub topics: Vec<TopicRef>,
}

/// The outcome for one topic, in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedTopic {
    /// Its name, unless it was named by an id that nobody knows.
    pub name: Option<TopicName>,
    /// Its id, unless it was named by a name that nobody knows: then zero.
    pub id: Uuid,
    /// Whether it is deleted.
    pub outcome: Result<(), ApiError>,
}

/// Give topics more partitions.
#[derive(Debug, Clone)]
pub struct CreatePartitionsRequest {
    /// The topics.
    pub topics: Vec<MorePartitions>,
    /// Check and answer, but create nothing.
    pub validate_only: bool,
}

/// A topic that is to have more partitions.
#[derive(Debug, Clone)]
pub struct MorePartitions {
    /// Its name.
    pub name: TopicName,
    /// How many partitions it is to have in all.
    pub partitions_count: i32,
    /// The brokers of each *new* partition, if the client chooses them.
    pub assignment: Option<Vec<Vec<i32>>>,
}

/// What a configuration belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigResource {
    /// A topic.
    Topic(TopicName),
    /// A broker by its id; the empty text stands for all brokers.
    Broker(String),
    /// The log levels of a broker.
    BrokerLogger(String),
    /// A consumer group.
    Group(String),
    /// Client metrics subscriptions, or a number that nobody knows.
    Other(i8, String),
}

impl ConfigResource {
    /// The resource with the protocol's number for its type.
    pub fn from_number(number: i8, name: &str) -> Self {
        match number {
            2 => Self::Topic(TopicName::from(name)),
            4 => Self::Broker(name.to_owned()),
            8 => Self::BrokerLogger(name.to_owned()),
            32 => Self::Group(name.to_owned()),
            other => Self::Other(other, name.to_owned()),
        }
    }

    /// The protocol's number for the resource's type.
    pub fn number(&self) -> i8 {
        match self {
            Self::Topic(_) => 2,
            Self::Broker(_) => 4,
            Self::BrokerLogger(_) => 8,
            Self::Group(_) => 32,
            Self::Other(number, _) => *number,
        }
    }

    /// The resource's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Topic(name) => name,
            Self::Broker(name)
            | Self::BrokerLogger(name)
            | Self::Group(name)
            | Self::Other(_, name) => name,
        }
    }
}

impl fmt::Display for ConfigResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Topic(name) => write!(f, "topic {name}"),
            Self::Broker(id) => write!(f, "broker {id}"),
            Self::BrokerLogger(id) => write!(f, "broker logger {id}"),
            Self::Group(id) => write!(f, "group {id}"),
            Self::Other(kind, name) => write!(f, "resource type {kind} {name}"),
        }
    }
}

/// Change configuration, each resource by itself and as a whole.
#[derive(Debug, Clone)]
pub struct AlterConfigsRequest {
    /// The resources and what to do with their keys.
    pub resources: Vec<(ConfigResource, Vec<ConfigChange>)>,
    /// The changes are the *whole* new configuration: what is not named goes back to its default (the old AlterConfigs).
    pub replace: bool,
    /// Check and answer, but change nothing.
    pub validate_only: bool,
}

/// One key of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigChange {
    /// The key.
    pub name: String,
    /// What to do with it.
    pub operation: ConfigOperation,
}

/// What to do with a configuration key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigOperation {
    /// Give it this value. `None` is an error that the engine reports (INVALID_REQUEST).
    Set(Option<String>),
    /// Back to the default.
    Delete,
    /// Add to a list.
    Append(Option<String>),
    /// Take from a list.
    Subtract(Option<String>),
    /// An operation's number that nobody knows.
    Unknown(i8),
}
