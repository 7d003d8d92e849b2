//! OffsetForLeaderEpoch, key 23: versions 2 to 4.
//!
//! Where the log of a leader epoch ends: a consumer asks after a change of leaders whether it has read what is no longer there (KIP-320).
//! - 2: the client's leader epoch, and the epoch found in the answer; librdkafka sends exactly this version. 3: the replica's id. 4: flexible.

use kafka_protocol::messages::offset_for_leader_epoch_request::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use kafka_protocol::messages::offset_for_leader_epoch_response::{
    EpochEndOffset, OffsetForLeaderTopicResult,
};
use kafka_protocol::messages::{ApiKey, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};
use ottla_core::{ErrorCode, Offset};

use super::convert::check_leader_epoch;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetForLeaderEpoch as i16,
    name: "OffsetForLeaderEpoch",
    versions: 2..=4,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: OffsetForLeaderEpochRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let topics = body
            .topics
            .iter()
            .map(|topic| answer_topic(world, topic))
            .collect();
        world.answer(&OffsetForLeaderEpochResponse::default().with_topics(topics))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: OffsetForLeaderEpochRequest| {
        let topics = body.topics.into_iter().map(|topic| {
            let partitions = topic.partitions.iter().map(|asked| {
                EpochEndOffset::default()
                    .with_partition(asked.partition)
                    .with_error_code(error.number())
            });
            OffsetForLeaderTopicResult::default()
                .with_topic(topic.topic)
                .with_partitions(partitions.collect())
        });
        OffsetForLeaderEpochResponse::default().with_topics(topics.collect())
    })
}

fn answer_topic(world: &World<'_>, topic: &OffsetForLeaderTopic) -> OffsetForLeaderTopicResult {
    let partitions = topic.partitions.iter().map(|asked| {
        let answer = EpochEndOffset::default().with_partition(asked.partition);
        match find(world, &topic.topic, asked) {
            Ok((epoch, end)) => answer.with_leader_epoch(epoch).with_end_offset(end.0),
            Err(error) => answer.with_error_code(error.number()),
        }
    });
    OffsetForLeaderTopicResult::default()
        .with_topic(topic.topic.clone())
        .with_partitions(partitions.collect())
}

fn find(
    world: &World<'_>,
    topic: &str,
    asked: &OffsetForLeaderPartition,
) -> Result<(i32, Offset), ErrorCode> {
    let log = world
        .broker
        .partition_log(topic, asked.partition)
        .ok_or(ErrorCode::UnknownTopicOrPartition)?;
    check_leader_epoch(log, asked.current_leader_epoch)?;
    Ok(log.end_offset_for_epoch(asked.leader_epoch))
}
