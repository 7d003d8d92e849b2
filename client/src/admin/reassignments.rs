//! Partitions that are being moved to other brokers.

use kafka_protocol::messages::{
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};
use ottla_core::TopicPartition;
use ottla_core::sorted::Map;

use super::clerk::{failure, if_any};
use super::{AskError, Clerk, Question, Stop};
use crate::network::Target;
use crate::protocol::names::{brokers_in, partition};

/// Which partitions are being moved to other brokers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPartitionReassignments;

impl Question for ListPartitionReassignments {
    type Answer = Map<TopicPartition, Reassignment>;
    const CALL: &'static str = "listPartitionReassignments";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let request = ListPartitionReassignmentsRequest::default()
            .with_timeout_ms(30_000)
            .with_topics(None);
        let response = clerk.ask(Target::Controller, request, |response| {
            let response: &ListPartitionReassignmentsResponse = response;
            if_any([response.error_code])
        })?;
        if let Some(error) = failure(response.error_code, response.error_message.as_deref()) {
            return Err(AskError::from(error).into());
        }
        let moves = response.topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|moved| {
                let reassignment = Reassignment {
                    replicas: brokers_in(&moved.replicas),
                    adding: brokers_in(&moved.adding_replicas),
                    removing: brokers_in(&moved.removing_replicas),
                };
                (partition(&topic.name, moved.partition_index), reassignment)
            })
        });
        Ok(moves.collect())
    }
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
