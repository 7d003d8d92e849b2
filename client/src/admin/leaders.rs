//! Which broker to ask about which partition.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{MetadataRequest, MetadataResponse};
use ottla_core::sorted::{Map, Set};
use ottla_core::{ApiError, ErrorCode, TopicName, TopicPartition};

use super::clerk::{failure, never};
use super::{AskError, Clerk, Stop};
use crate::network::{BrokerId, Target};
use crate::protocol::names::{partition, topic_out};

/// Partitions by their leaders.
pub(super) struct Leaders<T> {
    /// Those that have one.
    pub(super) partitions: Map<Target, Vec<TopicPartition>>,
    /// What is wrong with the others.
    pub(super) failures: Map<TopicPartition, Result<T, ApiError>>,
}

/// Asks for the leaders of these partitions.
pub(super) fn leaders<'a, T>(
    clerk: &mut Clerk,
    wanted: impl Iterator<Item = &'a TopicPartition>,
) -> Result<Leaders<T>, Stop> {
    let wanted: Set<&TopicPartition> = wanted.collect();
    let names: Set<&TopicName> = wanted.iter().map(|wanted| &wanted.topic).collect();
    let topics = names
        .into_iter()
        .map(|name| MetadataRequestTopic::default().with_name(Some(topic_out(name))));
    let request = MetadataRequest::default()
        .with_topics(Some(topics.collect()))
        .with_allow_auto_topic_creation(false);
    let response: MetadataResponse = clerk.ask(Target::Any, request, never)?;
    let found = found(&response);
    let mut leaders = Leaders {
        partitions: Map::new(),
        failures: Map::new(),
    };
    for wanted in wanted {
        match found.get(wanted) {
            Some(Ok(leader)) => {
                let led = leaders.partitions.entry(leader.clone()).or_default();
                led.push(wanted.clone());
            }
            Some(Err(error)) => {
                leaders.failures.insert(wanted.clone(), Err(error.clone()));
            }
            None => {
                let topics = response.topics.iter();
                let mut named = topics.filter(|topic| {
                    let name = topic.name.as_ref().map(|name| name.as_str());
                    name == Some(wanted.topic.as_str())
                });
                let error = named.find_map(|topic| failure(topic.error_code, None));
                let error = error.unwrap_or_else(|| ErrorCode::UnknownTopicOrPartition.into());
                leaders.failures.insert(wanted.clone(), Err(error));
            }
        }
    }
    Ok(leaders)
}

impl<T> Leaders<T> {
    /// The responses of the leaders, in the order of `partitions`. One that is missing is a failure of each of its partitions; if all are
    /// missing, it is one of the question.
    pub(super) fn responses<R>(
        &mut self,
        responses: Vec<Result<R, AskError>>,
    ) -> Result<Vec<R>, AskError> {
        let mut found = Vec::new();
        let mut first_error = None;
        for (partitions, response) in self.partitions.values().zip(responses) {
            match response {
                Ok(response) => found.push(response),
                Err(error) => {
                    let each = of_each(&error);
                    let failed = partitions.iter().cloned();
                    self.failures
                        .extend(failed.map(|one| (one, Err(each.clone()))));
                    first_error.get_or_insert(error);
                }
            }
        }
        match first_error {
            Some(error) if found.is_empty() => Err(error),
            _ => Ok(found),
        }
    }
}

/// What a missing response means for a partition.
fn of_each(error: &AskError) -> ApiError {
    let code = match error {
        AskError::Refused(error) => return error.clone(),
        AskError::TimedOut { .. } => ErrorCode::RequestTimedOut,
        AskError::Unsupported { .. } => ErrorCode::UnsupportedVersion,
        AskError::Unreachable { .. } | AskError::Garbage(_) => ErrorCode::NetworkException,
    };
    ApiError::new(code, error.to_string())
}

fn found(response: &MetadataResponse) -> Map<TopicPartition, Result<Target, ApiError>> {
    let topics = response.topics.iter();
    let topics = topics.filter_map(|topic| Some((topic.name.as_ref()?, &topic.partitions)));
    let partitions = topics.flat_map(|(name, partitions)| {
        partitions.iter().map(move |told| {
            let leader = match failure(told.error_code, None) {
                // A replica that is away is no reason not to ask the leader.
                _ if told.leader_id.0 >= 0 => Ok(Target::Broker(BrokerId(told.leader_id.0))),
                Some(error) => Err(error),
                None => Err(ErrorCode::LeaderNotAvailable.into()),
            };
            (partition(name, told.partition_index), leader)
        })
    });
    partitions.collect()
}
