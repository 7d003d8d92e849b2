//! ListPartitionReassignments, key 46: version 0.
//!
//! Partitions that are on their way to other brokers. On one node none ever is; Java's tools ask before they describe a topic.

use kafka_protocol::messages::list_partition_reassignments_response::{
    OngoingPartitionReassignment, OngoingTopicReassignment,
};
use kafka_protocol::messages::{
    ApiKey, ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};
use ottla_core::ErrorCode;

use super::{Action, Api};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::ListPartitionReassignments as i16,
    name: "ListPartitionReassignments",
    versions: 0..=0,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let _: ListPartitionReassignmentsRequest = frame.body()?;
    Ok(Action::view(|world| {
        world.answer(&ListPartitionReassignmentsResponse::default().with_error_message(None))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: ListPartitionReassignmentsRequest| {
        let topics = body.topics.into_iter().flatten().map(|topic| {
            let partitions = topic
                .partition_indexes
                .into_iter()
                .map(|index| OngoingPartitionReassignment::default().with_partition_index(index));
            OngoingTopicReassignment::default()
                .with_name(topic.name)
                .with_partitions(partitions.collect())
        });
        ListPartitionReassignmentsResponse::default()
            .with_error_code(error.number())
            .with_error_message(None)
            .with_topics(topics.collect())
    })
}
