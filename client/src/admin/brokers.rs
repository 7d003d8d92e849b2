//! What each broker can do, and what it keeps.

use std::collections::BTreeMap;

use ottla_core::{ApiError, ErrorCode, TopicPartition};

use super::{AskError, Node, Question};

/// Which requests each broker understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeApis;

impl Question for DescribeApis {
    type Answer = BTreeMap<Node, Result<BrokerApis, AskError>>;
    const CALL: &'static str = "apiVersions";
}

/// A broker in the answer to [`DescribeApis`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerApis {
    /// The lowest and the highest version of each request, by its key.
    pub versions: BTreeMap<i16, (i16, i16)>,
    /// The features that are switched on for the cluster, with their levels.
    pub features: BTreeMap<String, i16>,
}

/// What the brokers' folders hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeLogDirs {
    /// Which brokers; `None` is all.
    pub brokers: Option<Vec<i32>>,
    /// Which partitions; `None` is all.
    pub partitions: Option<Vec<TopicPartition>>,
}

impl Question for DescribeLogDirs {
    type Answer = BTreeMap<i32, Result<Vec<LogDir>, AskError>>;
    const CALL: &'static str = "describeLogDirs";
}

/// A folder in the answer to [`DescribeLogDirs`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDir {
    /// Where it is.
    pub path: String,
    /// What is wrong with it.
    pub error: ErrorCode,
    /// The size of its disk in bytes, where the broker tells it.
    pub total_bytes: Option<i64>,
    /// The free part of its disk in bytes, where the broker tells it.
    pub usable_bytes: Option<i64>,
    /// The replicas in it.
    pub replicas: BTreeMap<TopicPartition, LogDirReplica>,
}

/// A replica in a [`LogDir`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogDirReplica {
    /// How many bytes its log has.
    pub size_bytes: i64,
    /// How many records it is behind.
    pub lag: i64,
    /// Whether it is being moved here and will take the place of another one.
    pub is_future: bool,
}

/// Who produces to partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeProducers {
    /// Which partitions.
    pub partitions: Vec<TopicPartition>,
}

impl Question for DescribeProducers {
    type Answer = BTreeMap<TopicPartition, Result<Vec<ActiveProducer>, ApiError>>;
    const CALL: &'static str = "describeProducers";
}

/// A producer in the answer to [`DescribeProducers`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveProducer {
    /// Its id.
    pub id: i64,
    /// Its epoch.
    pub epoch: i32,
    /// The sequence of its last record.
    pub last_sequence: i32,
    /// The timestamp of its last record.
    pub last_timestamp: i64,
    /// Where its open transaction begins; `None` if it has none.
    pub transaction_start_offset: Option<i64>,
}
