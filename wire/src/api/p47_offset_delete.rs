//! OffsetDelete, key 47: version 0.
//!
//! Committed offsets are forgotten, of topics that no member is subscribed to (GROUP_SUBSCRIBED_TO_TOPIC). Of groups that are not of
//! consumers nobody knows what they read: NON_EMPTY_GROUP while they have members.

use kafka_protocol::messages::offset_delete_response::{
    OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use kafka_protocol::messages::{ApiKey, OffsetDeleteRequest, OffsetDeleteResponse};
use ottla_core::interface::DeleteOffsetsRequest;
use ottla_core::{ErrorCode, GroupId, Request, Response, TopicName};

use super::action::mismatch;
use super::convert::topic_name;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetDelete as i16,
    name: "OffsetDelete",
    versions: 0..=0,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: OffsetDeleteRequest = frame.body()?;
    let topics = body.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|p| p.partition_index);
        (TopicName::from(topic.name.as_str()), partitions.collect())
    });
    let request = DeleteOffsetsRequest {
        group: GroupId::from(body.group_id.as_str()),
        topics: topics.collect(),
    };
    Ok(Action::engine(Request::DeleteOffsets(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: OffsetDeleteRequest| {
        OffsetDeleteResponse::default().with_error_code(error.number())
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::DeleteOffsets(deleted) = response else {
        mismatch(&response)
    };
    let topics = deleted.topics.iter().map(|(name, partitions)| {
        let partitions = partitions.iter().map(|(index, outcome)| {
            OffsetDeleteResponsePartition::default()
                .with_partition_index(*index)
                .with_error_code(outcome.number())
        });
        OffsetDeleteResponseTopic::default()
            .with_name(topic_name(name))
            .with_partitions(partitions.collect())
    });
    let answer = OffsetDeleteResponse::default()
        .with_error_code(deleted.error.number())
        .with_topics(topics.collect());
    world.answer(&answer)
}
