//! Topics: made, deleted, given more partitions.

use kafka_protocol::messages::create_partitions_request::{
    CreatePartitionsAssignment, CreatePartitionsTopic,
};
use kafka_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use kafka_protocol::messages::delete_topics_request::DeleteTopicState;
use kafka_protocol::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteTopicsRequest, DeleteTopicsResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, TopicName, Uuid};

use super::clerk::{if_all, outcome};
use super::{Clerk, Question, Stop};
use crate::network::Target;
use crate::protocol::names::{brokers_out, text, told, topic_in, topic_out, uuid};

/// Makes topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTopics {
    /// The topics; a name must not come twice.
    pub topics: Vec<NewTopic>,
    /// Only say whether it could be done.
    pub validate_only: bool,
}

impl Question for CreateTopics {
    type Answer = Map<TopicName, Result<CreatedTopic, ApiError>>;
    const CALL: &'static str = "createTopics";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let topics = self.topics.iter().map(NewTopic::to_message);
        let request = CreateTopicsRequest::default()
            .with_topics(topics.collect())
            .with_timeout_ms(TIMEOUT_MS)
            .with_validate_only(self.validate_only);
        let response = clerk.ask(Target::Controller, request, |response| {
            let response: &CreateTopicsResponse = response;
            if_all(response.topics.iter().map(|topic| topic.error_code))
        })?;
        let results = response.topics.into_iter().map(|topic| {
            let created = CreatedTopic {
                id: uuid(topic.topic_id),
                partitions_count: told(topic.num_partitions),
                replication_factor: (topic.replication_factor > 0)
                    .then_some(topic.replication_factor),
            };
            let outcome = outcome(topic.error_code, topic.error_message.as_deref());
            (topic_in(&topic.name), outcome.map(|()| created))
        });
        Ok(results.collect())
    }
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
    pub assignments: Map<i32, Vec<i32>>,
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
    type Answer = Map<TopicName, Result<(), ApiError>>;
    const CALL: &'static str = "deleteTopics";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let topics = self.names.iter();
        let topics =
            topics.map(|name| DeleteTopicState::default().with_name(Some(topic_out(name))));
        let request = DeleteTopicsRequest::default()
            .with_topics(topics.collect())
            .with_timeout_ms(TIMEOUT_MS);
        let response = clerk.ask(Target::Controller, request, |response| {
            let response: &DeleteTopicsResponse = response;
            if_all(response.responses.iter().map(|topic| topic.error_code))
        })?;
        let results = response.responses.into_iter().filter_map(|topic| {
            let outcome = outcome(topic.error_code, topic.error_message.as_deref());
            Some((topic_in(topic.name.as_ref()?), outcome))
        });
        Ok(results.collect())
    }
}

/// Adds partitions to topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatePartitions {
    /// What each topic is to have.
    pub topics: Map<TopicName, NewPartitions>,
    /// Only say whether it could be done.
    pub validate_only: bool,
}

impl Question for CreatePartitions {
    type Answer = Map<TopicName, Result<(), ApiError>>;
    const CALL: &'static str = "createPartitions";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let topics = self.topics.iter().map(|(name, partitions)| {
            let assignments = partitions.assignments.as_ref().map(|assignments| {
                let one = |brokers: &Vec<i32>| {
                    CreatePartitionsAssignment::default().with_broker_ids(brokers_out(brokers))
                };
                assignments.iter().map(one).collect()
            });
            CreatePartitionsTopic::default()
                .with_name(topic_out(name))
                .with_count(partitions.total_count)
                .with_assignments(assignments)
        });
        let request = CreatePartitionsRequest::default()
            .with_topics(topics.collect())
            .with_timeout_ms(TIMEOUT_MS)
            .with_validate_only(self.validate_only);
        let response = clerk.ask(Target::Controller, request, |response| {
            let response: &CreatePartitionsResponse = response;
            if_all(response.results.iter().map(|topic| topic.error_code))
        })?;
        let results = response.results.into_iter().map(|topic| {
            let outcome = outcome(topic.error_code, topic.error_message.as_deref());
            (topic_in(&topic.name), outcome)
        });
        Ok(results.collect())
    }
}

/// The partitions that a topic is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPartitions {
    /// How many in all, with those that it has.
    pub total_count: i32,
    /// The brokers of each new one. `None`: the cluster chooses.
    pub assignments: Option<Vec<Vec<i32>>>,
}

impl NewTopic {
    fn to_message(&self) -> CreatableTopic {
        let assignments = self.assignments.iter().map(|(index, brokers)| {
            CreatableReplicaAssignment::default()
                .with_partition_index(*index)
                .with_broker_ids(brokers_out(brokers))
        });
        let configs = self.configs.iter().map(|(name, value)| {
            CreatableTopicConfig::default()
                .with_name(text(name))
                .with_value(Some(text(value)))
        });
        CreatableTopic::default()
            .with_name(topic_out(&self.name))
            .with_num_partitions(self.partitions_count.unwrap_or(-1))
            .with_replication_factor(self.replication_factor.unwrap_or(-1))
            .with_assignments(assignments.collect())
            .with_configs(configs.collect())
    }
}

/// How long the controller may take, in milliseconds: what Kafka's admin client gives it (`request.timeout.ms`).
const TIMEOUT_MS: i32 = 30_000;
