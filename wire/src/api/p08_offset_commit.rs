//! OffsetCommit, key 8: versions 2 to 10.
//!
//! A group remembers how far it has come: the next offset to read, and a note of the client's.
//! - 2 to 4: the client may say how long the offsets are to be kept.
//! - 3: the answer carries a throttle time (always 0).
//! - 6: the epoch of the last record read.
//! - 7: static members name themselves (KIP-345).
//! - 8: flexible.
//! - 9: an unknown group is GROUP_ID_NOT_FOUND; before, that is ILLEGAL_GENERATION.
//! - 10: topics are named by their ids. The library does not read it yet: it is read by hand.
//!
//! An empty group id is allowed here. Generation -1 without a member id is an administrator, or a client that is no member.

use kafka_protocol::messages::offset_commit_request::OffsetCommitRequestPartition;
use kafka_protocol::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use kafka_protocol::messages::{ApiKey, OffsetCommitRequest, OffsetCommitResponse};
use ottla_core::interface::{CommitOffsetsRequest, CommitOffsetsResponse, OffsetToCommit};
use ottla_core::{ErrorCode, GroupId, MemberId, Offset, Request, Response, TopicRef};

use super::action::mismatch;
use super::convert::{optional_string, topic_name, topic_ref, uuid};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};
use crate::primitives::Reader;

pub(super) const API: Api = Api {
    key: ApiKey::OffsetCommit as i16,
    name: "OffsetCommit",
    versions: 2..=10,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let request = read(frame)?;
    Ok(Action::engine(Request::CommitOffsets(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let request = read(frame)?;
    let topics = request.topics.into_iter().map(|(topic, partitions)| {
        let refused = partitions.iter().map(|offset| (offset.partition, error));
        (topic, refused.collect())
    });
    Ok(Action::answer(frame.header, &respond(topics)))
}

fn read(frame: &Frame<'_>) -> Result<CommitOffsetsRequest, Malformed> {
    if frame.header.version < 10 {
        return read_with_names(frame);
    }
    read_with_ids(&mut Reader::new(frame.body.clone(), true)).ok_or_else(|| frame.malformed())
}

fn read_with_names(frame: &Frame<'_>) -> Result<CommitOffsetsRequest, Malformed> {
    let body: OffsetCommitRequest = frame.body()?;
    let topics = body.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(offset).collect();
        (topic_ref(&topic.name, topic.topic_id, false), partitions)
    });
    Ok(CommitOffsetsRequest {
        group: GroupId::from(body.group_id.as_str()),
        generation_id: body.generation_id_or_member_epoch,
        member_id: MemberId::from(body.member_id.as_str()),
        instance_id: optional_string(body.group_instance_id.as_ref()),
        retention_ms: Some(body.retention_time_ms).filter(|ms| *ms != -1),
        topics: topics.collect(),
    })
}

fn read_with_ids(body: &mut Reader) -> Option<CommitOffsetsRequest> {
    let group = GroupId::from(body.text()??);
    let generation_id = body.i32()?;
    let member_id = MemberId::from(body.text()??);
    let instance_id = body.text()?;
    let mut topics = Vec::new();
    for _ in 0..body.array()? {
        let topic = body.topic(true)?;
        let mut partitions = Vec::new();
        for _ in 0..body.array()? {
            partitions.push(OffsetToCommit {
                partition: body.i32()?,
                offset: Offset(body.i64()?),
                leader_epoch: Some(body.i32()?).filter(|epoch| *epoch >= 0),
                metadata: body.text()?,
            });
            body.skip_tags()?;
        }
        body.skip_tags()?;
        topics.push((topic, partitions));
    }
    body.skip_tags()?;
    Some(CommitOffsetsRequest {
        group,
        generation_id,
        member_id,
        instance_id,
        retention_ms: None,
        topics,
    })
}

fn offset(partition: &OffsetCommitRequestPartition) -> OffsetToCommit {
    OffsetToCommit {
        partition: partition.partition_index,
        offset: Offset(partition.committed_offset),
        leader_epoch: Some(partition.committed_leader_epoch).filter(|epoch| *epoch >= 0),
        metadata: optional_string(partition.committed_metadata.as_ref()),
    }
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::CommitOffsets(CommitOffsetsResponse { topics }) = response else {
        mismatch(&response)
    };
    let version = world.version();
    let topics = topics.into_iter().map(|(topic, partitions)| {
        let partitions = partitions.into_iter();
        let known = partitions.map(|(index, error)| (index, in_version(error, version)));
        (topic, known.collect())
    });
    world.answer(&respond(topics))
}

/// Topics and their partitions, each with what became of it.
fn respond(
    topics: impl Iterator<Item = (TopicRef, Vec<(i32, ErrorCode)>)>,
) -> OffsetCommitResponse {
    let topics = topics.map(|(topic, partitions)| {
        let partitions = partitions.into_iter().map(|(index, error)| {
            OffsetCommitResponsePartition::default()
                .with_partition_index(index)
                .with_error_code(error.number())
        });
        let answer = OffsetCommitResponseTopic::default().with_partitions(partitions.collect());
        match topic {
            TopicRef::Name(name) => answer.with_name(topic_name(&name)),
            TopicRef::Id(id) => answer.with_topic_id(uuid(id)),
        }
    });
    OffsetCommitResponse::default().with_topics(topics.collect())
}

fn in_version(error: ErrorCode, version: i16) -> ErrorCode {
    match error {
        ErrorCode::GroupIdNotFound if version < 9 => ErrorCode::IllegalGeneration,
        error => error,
    }
}
