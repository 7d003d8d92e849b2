//! Topics: which there are, and what they are made of.

use std::collections::BTreeMap;

use ottla_core::{ApiError, ErrorCode, TopicName, Uuid};

use super::Question;

/// The names of all topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListTopics {
    /// With internal ones, such as `__consumer_offsets`.
    pub internal: bool,
}

impl Question for ListTopics {
    type Answer = BTreeMap<TopicName, ListedTopic>;
    const CALL: &'static str = "listTopics";
}

/// A topic in the answer to [`ListTopics`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTopic {
    /// Its id; zero where the broker tells none.
    pub id: Uuid,
    /// Whether it is for the brokers' own use.
    pub internal: bool,
    /// How many partitions it has.
    pub partitions_count: i32,
}

/// Topics with their partitions, by name. Each topic that was asked for is in the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeTopics {
    /// Their names.
    pub names: Vec<TopicName>,
}

impl Question for DescribeTopics {
    type Answer = BTreeMap<TopicName, Result<TopicDescription, ApiError>>;
    const CALL: &'static str = "describeTopics";
}

/// A topic, as the cluster describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicDescription {
    /// Its id; zero where the broker tells none.
    pub id: Uuid,
    /// Whether it is for the brokers' own use.
    pub internal: bool,
    /// Its partitions, by index.
    pub partitions: Vec<PartitionDescription>,
}

/// A partition in a [`TopicDescription`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionDescription {
    /// From 0.
    pub index: i32,
    /// What is wrong with it, such as LEADER_NOT_AVAILABLE.
    pub error: ErrorCode,
    /// The broker that leads it.
    pub leader: Option<i32>,
    /// The leader's epoch, where the broker tells it.
    pub leader_epoch: Option<i32>,
    /// The brokers that are to have it, the preferred leader first.
    pub replicas: Vec<i32>,
    /// Those that are in sync.
    pub isr: Vec<i32>,
    /// Those whose broker or disk is gone.
    pub offline: Vec<i32>,
    /// Eligible leader replicas (KIP-966). `None`: the broker does not tell.
    pub eligible_leaders: Option<Vec<i32>>,
    /// The last known eligible leader replicas. `None`: the broker does not tell.
    pub last_known_eligible_leaders: Option<Vec<i32>>,
}

/// Makes topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTopics {
    /// The topics; a name must not come twice.
    pub topics: Vec<NewTopic>,
    /// Only say whether it could be done.
    pub validate_only: bool,
}

impl Question for CreateTopics {
    type Answer = BTreeMap<TopicName, Result<CreatedTopic, ApiError>>;
    const CALL: &'static str = "createTopics";
}

/// A topic that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name.
    pub name: TopicName,
    /// How many partitions; `None` leaves it to the broker.
    pub partitions_count: Option<i32>,
    /// How many replicas of each; `None` leaves it to the broker.
    pub replication_factor: Option<i16>,
    /// The brokers of each partition by its index, in place of the two numbers. Empty: the cluster chooses.
    pub assignments: BTreeMap<i32, Vec<i32>>,
    /// Settings that are to differ from the defaults.
    pub configs: Vec<(String, String)>,
}

/// A topic in the answer to [`CreateTopics`]. Old brokers tell none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedTopic {
    /// Its id; zero where the broker tells none.
    pub id: Uuid,
    /// How many partitions it has got.
    pub partitions_count: Option<i32>,
    /// How many replicas each has got.
    pub replication_factor: Option<i16>,
}

/// Deletes topics with all that is in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteTopics {
    /// Their names.
    pub names: Vec<TopicName>,
}

impl Question for DeleteTopics {
    type Answer = BTreeMap<TopicName, Result<(), ApiError>>;
    const CALL: &'static str = "deleteTopics";
}

/// Adds partitions to topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatePartitions {
    /// What each topic is to have.
    pub topics: BTreeMap<TopicName, NewPartitions>,
    /// Only say whether it could be done.
    pub validate_only: bool,
}

impl Question for CreatePartitions {
    type Answer = BTreeMap<TopicName, Result<(), ApiError>>;
    const CALL: &'static str = "createPartitions";
}

/// The partitions that a topic is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPartitions {
    /// How many in all, with those that it has.
    pub total_count: i32,
    /// The brokers of each new one. `None`: the cluster chooses.
    pub assignments: Option<Vec<Vec<i32>>>,
}

/// Which partitions are being moved to other brokers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPartitionReassignments;

impl Question for ListPartitionReassignments {
    type Answer = BTreeMap<ottla_core::TopicPartition, Reassignment>;
    const CALL: &'static str = "listPartitionReassignments";
}

/// A move in the answer to [`ListPartitionReassignments`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reassignment {
    /// All replicas, old and new.
    pub replicas: Vec<i32>,
    /// Those that are being added.
    pub adding: Vec<i32>,
    /// Those that are being removed.
    pub removing: Vec<i32>,
}
