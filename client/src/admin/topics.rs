//! Topics: which there are, and what they are made of.

use kafka_protocol::messages::describe_topic_partitions_request::{Cursor, TopicRequest};
use kafka_protocol::messages::describe_topic_partitions_response::{
    DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::{
    MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{
    DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, MetadataRequest,
    MetadataResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, ErrorCode, TopicName, Uuid};

use super::clerk::{failure, never};
use super::{AskError, Clerk, Question, Stop};
use crate::network::Target;
use crate::protocol::names::{brokers_in, code, told, topic_in, topic_out, uuid};

/// The names of all topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListTopics {
    /// With internal ones, such as `__consumer_offsets`.
    pub internal: bool,
}

impl Question for ListTopics {
    type Answer = Map<TopicName, ListedTopic>;
    const CALL: &'static str = "listTopics";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let request = MetadataRequest::default()
            .with_topics(None)
            .with_allow_auto_topic_creation(false);
        let response: MetadataResponse = clerk.ask(Target::Any, request, never)?;
        let topics = response.topics.into_iter().filter_map(|topic| {
            let listed = ListedTopic {
                id: uuid(topic.topic_id),
                internal: topic.is_internal,
                partitions_count: i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX),
            };
            Some((topic_in(topic.name.as_ref()?), listed))
        });
        Ok(topics
            .filter(|(_, topic)| self.internal || !topic.internal)
            .collect())
    }
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
    type Answer = Map<TopicName, Result<TopicDescription, ApiError>>;
    const CALL: &'static str = "describeTopics";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        if self.names.is_empty() {
            return Ok(Map::new());
        }
        let mut answer = match self.page_through(clerk) {
            // Before Kafka 3.7, and where the cluster keeps its metadata in ZooKeeper.
            Err(Stop::Failed(AskError::Unsupported { .. })) => self.ask_metadata(clerk)?,
            answer => answer?,
        };
        for name in &self.names {
            let missing = || Err(ErrorCode::UnknownTopicOrPartition.into());
            answer.entry(name.clone()).or_insert_with(missing);
        }
        Ok(answer)
    }
}

type Described = Map<TopicName, Result<TopicDescription, ApiError>>;

impl DescribeTopics {
    /// Page after page, as the broker cuts them.
    fn page_through(&self, clerk: &mut Clerk) -> Result<Described, Stop> {
        let mut names = self.names.clone();
        names.sort();
        names.dedup();
        let mut answer = Described::new();
        let mut cursor: Option<Cursor> = None;
        loop {
            let rest = names.iter().filter(|name| {
                let from = cursor.as_ref().map(|cursor| cursor.topic_name.as_str());
                from.is_none_or(|from| name.as_str() >= from)
            });
            let topics = rest.map(|name| TopicRequest::default().with_name(topic_out(name)));
            let request = DescribeTopicPartitionsRequest::default()
                .with_topics(topics.collect())
                .with_response_partition_limit(PARTITIONS_PER_PAGE)
                .with_cursor(cursor.clone());
            let response: DescribeTopicPartitionsResponse =
                clerk.ask(Target::Any, request, never)?;
            for topic in response.topics {
                add_page(&mut answer, topic);
            }
            let next = response.next_cursor.map(|next| {
                Cursor::default()
                    .with_topic_name(next.topic_name)
                    .with_partition_index(next.partition_index)
            });
            let is_further = |next: &Cursor| {
                cursor.as_ref().is_none_or(|cursor| {
                    (&next.topic_name.0, next.partition_index)
                        > (&cursor.topic_name.0, cursor.partition_index)
                })
            };
            match next {
                Some(next) if is_further(&next) => cursor = Some(next),
                Some(_) => {
                    let why = "the broker's answer about topics has no end".to_owned();
                    return Err(AskError::Garbage(why).into());
                }
                None => return Ok(answer),
            }
        }
    }

    fn ask_metadata(&self, clerk: &mut Clerk) -> Result<Described, Stop> {
        let topics = self.names.iter();
        let topics =
            topics.map(|name| MetadataRequestTopic::default().with_name(Some(topic_out(name))));
        let request = MetadataRequest::default()
            .with_topics(Some(topics.collect()))
            .with_allow_auto_topic_creation(false);
        let response: MetadataResponse = clerk.ask(Target::Any, request, never)?;
        let topics = response.topics.into_iter();
        Ok(topics
            .filter_map(|topic| Some((topic_in(topic.name.as_ref()?), of_metadata(topic))))
            .collect())
    }
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

fn add_page(answer: &mut Described, topic: DescribeTopicPartitionsResponseTopic) {
    let Some(name) = topic.name.as_ref().map(topic_in) else {
        return;
    };
    if let Some(error) = failure(topic.error_code, None) {
        answer.insert(name, Err(error));
        return;
    }
    let first_page = || {
        Ok(TopicDescription {
            id: uuid(topic.topic_id),
            internal: topic.is_internal,
            partitions: Vec::new(),
        })
    };
    if let Ok(described) = answer.entry(name).or_insert_with(first_page) {
        let more = topic.partitions.into_iter().map(of_page);
        described.partitions.extend(more);
        described
            .partitions
            .sort_by_key(|partition| partition.index);
    }
}

fn of_page(partition: DescribeTopicPartitionsResponsePartition) -> PartitionDescription {
    PartitionDescription {
        index: partition.partition_index,
        error: code(partition.error_code),
        leader: told(partition.leader_id.0),
        leader_epoch: told(partition.leader_epoch),
        replicas: brokers_in(&partition.replica_nodes),
        isr: brokers_in(&partition.isr_nodes),
        offline: brokers_in(&partition.offline_replicas),
        eligible_leaders: partition
            .eligible_leader_replicas
            .as_deref()
            .map(brokers_in),
        last_known_eligible_leaders: partition.last_known_elr.as_deref().map(brokers_in),
    }
}

fn of_metadata(topic: MetadataResponseTopic) -> Result<TopicDescription, ApiError> {
    if let Some(error) = failure(topic.error_code, None) {
        return Err(error);
    }
    let partition = |partition: MetadataResponsePartition| PartitionDescription {
        index: partition.partition_index,
        error: code(partition.error_code),
        leader: told(partition.leader_id.0),
        leader_epoch: told(partition.leader_epoch),
        replicas: brokers_in(&partition.replica_nodes),
        isr: brokers_in(&partition.isr_nodes),
        offline: brokers_in(&partition.offline_replicas),
        eligible_leaders: None,
        last_known_eligible_leaders: None,
    };
    let mut partitions: Vec<_> = topic.partitions.into_iter().map(partition).collect();
    partitions.sort_by_key(|partition| partition.index);
    Ok(TopicDescription {
        id: uuid(topic.topic_id),
        internal: topic.is_internal,
        partitions,
    })
}

/// How many partitions a page may hold: Kafka's own default.
const PARTITIONS_PER_PAGE: i32 = 2000;
