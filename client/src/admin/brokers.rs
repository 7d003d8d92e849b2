//! What each broker can do, and what it keeps.

use kafka_protocol::messages::describe_log_dirs_request::DescribableLogDirTopic;
use kafka_protocol::messages::describe_log_dirs_response::DescribeLogDirsResult;
use kafka_protocol::messages::{
    ApiVersionsRequest, ApiVersionsResponse, DescribeLogDirsRequest, DescribeLogDirsResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, TopicPartition};

use super::clerk::{failure, never};
use super::cluster::{from_metadata, to_each};
use super::{AskError, Clerk, Node, Question, Stop};
use crate::network::{BrokerId, Target};
use crate::protocol::names::{by_topic, code, partition, text, topic_out};

/// Which requests each broker understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeApis;

impl Question for DescribeApis {
    type Answer = Map<Node, Result<BrokerApis, AskError>>;
    const CALL: &'static str = "apiVersions";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let brokers = from_metadata(clerk)?.brokers;
        let request = ApiVersionsRequest::default()
            .with_client_software_name(text("ottla"))
            .with_client_software_version(text(env!("CARGO_PKG_VERSION")));
        let responses = clerk.ask_placed(to_each(&brokers, request), never)?;
        let answers = responses.into_iter().map(|response| {
            let response: ApiVersionsResponse = response?;
            match failure(response.error_code, None) {
                Some(error) => Err(AskError::Refused(error)),
                None => Ok(apis(&response)),
            }
        });
        Ok(brokers.into_iter().zip(answers).collect())
    }
}

/// A broker in the answer to [`DescribeApis`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerApis {
    /// The lowest and the highest version of each request, by its key.
    pub versions: Map<i16, (i16, i16)>,
    /// The features that are switched on for the cluster, with their levels.
    pub features: Map<String, i16>,
}

fn apis(response: &ApiVersionsResponse) -> BrokerApis {
    let versions = response.api_keys.iter();
    let features = response.finalized_features.iter();
    BrokerApis {
        versions: versions
            .map(|api| (api.api_key, (api.min_version, api.max_version)))
            .collect(),
        features: features
            .map(|feature| (feature.name.to_string(), feature.max_version_level))
            .collect(),
    }
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
    type Answer = Map<i32, Result<Vec<LogDir>, AskError>>;
    const CALL: &'static str = "describeLogDirs";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let brokers = match &self.brokers {
            Some(brokers) => brokers.clone(),
            None => {
                let brokers = from_metadata(clerk)?.brokers;
                brokers.iter().map(|broker| broker.id).collect()
            }
        };
        let topics = self.partitions.as_ref().map(|partitions| {
            let topics = by_topic(partitions.iter().map(|one| (one, ()))).into_iter();
            let topic = |(topic, partitions): (_, Vec<(i32, ())>)| {
                DescribableLogDirTopic::default()
                    .with_topic(topic_out(&topic))
                    .with_partitions(partitions.into_iter().map(|(index, ())| index).collect())
            };
            topics.map(topic).collect()
        });
        let request = DescribeLogDirsRequest::default().with_topics(topics);
        let requests = brokers
            .iter()
            .map(|broker| (Target::Broker(BrokerId(*broker)), request.clone().into()));
        let responses = clerk.ask_placed(requests, never)?;
        let answers = responses.into_iter().map(|response| {
            let response: DescribeLogDirsResponse = response?;
            match failure(response.error_code, None) {
                Some(error) => Err(AskError::Refused(error)),
                None => Ok(response.results.iter().map(log_dir).collect()),
            }
        });
        Ok(brokers.iter().copied().zip(answers).collect())
    }
}

fn log_dir(result: &DescribeLogDirsResult) -> LogDir {
    let replicas = result.topics.iter().flat_map(|topic| {
        topic.partitions.iter().map(|found| {
            let replica = LogDirReplica {
                size_bytes: found.partition_size,
                lag: found.offset_lag,
                is_future: found.is_future_key,
            };
            (partition(&topic.name, found.partition_index), replica)
        })
    });
    let told = |bytes: i64| (bytes >= 0).then_some(bytes);
    LogDir {
        path: result.log_dir.to_string(),
        error: code(result.error_code),
        total_bytes: told(result.total_bytes),
        usable_bytes: told(result.usable_bytes),
        replicas: replicas.collect(),
    }
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
    pub replicas: Map<TopicPartition, LogDirReplica>,
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
