//! OffsetCommit: a group remembers how far it has come.

use super::group::Group;
use super::offsets::CommittedOffset;
use super::records::{Record, TEXT_MAX_BYTES};
use super::state::State;
use super::turn::{Decision, Turn};
use crate::interface::{
    CommitOffsetsRequest, CommitOffsetsResponse, Event, OffsetToCommit, Response,
};
use crate::sorted::Map;
use crate::{
    ErrorCode, GroupId, MemberId, RequestId, Timestamp, TopicName, TopicPartition, TopicRef, Uuid,
};

pub(super) fn commit(
    groups: &mut Map<GroupId, Group>,
    id: RequestId,
    request: CommitOffsetsRequest,
    turn: &mut Turn<'_>,
) {
    // Unknown topics and partitions are refused one by one; they do not keep the others from being committed.
    let topics: Vec<_> = request
        .topics
        .iter()
        .map(|(topic, _)| turn.world.metadata.resolve(topic))
        .collect();
    let refusal = if request.group.len() > TEXT_MAX_BYTES {
        ErrorCode::InvalidGroupId
    } else if resolves_any(&request, &topics) {
        let checked = check(groups.get(&request.group), &request);
        checked.err().unwrap_or(ErrorCode::None)
    } else {
        ErrorCode::UnknownTopicOrPartition
    };
    let expire_timestamp = request
        .retention_ms
        .map(|ms| Timestamp(turn.now.wall.0.saturating_add(ms)));
    let mut offsets = Vec::new();
    let mut outcomes = Vec::with_capacity(topics.len());
    for ((topic, partitions), resolved) in request.topics.into_iter().zip(topics) {
        let mut partition_outcomes = Vec::with_capacity(partitions.len());
        for partition in partitions {
            let index = partition.partition;
            let checked = check_partition(&resolved, &partition, refusal, turn);
            partition_outcomes.push((
                index,
                checked.as_ref().err().copied().unwrap_or(ErrorCode::None),
            ));
            if let Ok((name, topic_id)) = checked {
                offsets.push((
                    name.clone(),
                    index,
                    CommittedOffset {
                        offset: partition.offset,
                        leader_epoch: partition.leader_epoch,
                        metadata: partition.metadata.unwrap_or_default(),
                        commit_timestamp: turn.now.wall,
                        expire_timestamp,
                        topic_id: *topic_id,
                    },
                ));
            }
        }
        outcomes.push((topic, partition_outcomes));
    }
    let response = CommitOffsetsResponse { topics: outcomes };
    if refusal.is_ok() {
        renew_session(groups.get(&request.group), &request.member_id, turn);
    }
    if offsets.is_empty() {
        return turn.reply(id, Response::CommitOffsets(response));
    }
    // A group that has only offsets needs no record of its own.
    let group = groups
        .entry(request.group.clone())
        .or_insert_with(|| Group::new(request.group, turn.now.wall));
    for (topic, partition, _) in &offsets {
        group.offsets.begin(topic.clone(), *partition);
    }
    let records: Vec<Record> = offsets
        .iter()
        .map(|(topic, partition, offset)| {
            Record::offset(&group.id, topic, *partition, Some(offset.clone()))
        })
        .collect();
    let decision = Decision::Committed {
        id,
        offsets,
        response,
    };
    turn.write(&group.id, &records, decision);
}

type Resolved = Result<(TopicName, Uuid, i32), ErrorCode>;

fn resolves_any(request: &CommitOffsetsRequest, topics: &[Resolved]) -> bool {
    let topics = topics.iter().zip(&request.topics);
    topics.into_iter().any(|(resolved, (_, partitions))| {
        resolved.as_ref().is_ok_and(|(_, _, count)| {
            partitions
                .iter()
                .any(|p| (0..*count).contains(&p.partition))
        })
    })
}

/// Whether this client may commit for this group now.
fn check(group: Option<&Group>, request: &CommitOffsetsRequest) -> Result<(), ErrorCode> {
    let has_generation = request.generation_id >= 0;
    let Some(group) = group else {
        return if has_generation {
            Err(ErrorCode::GroupIdNotFound)
        } else {
            // Clients that assign partitions to themselves use a group's name only to keep offsets.
            Ok(())
        };
    };
    match group.state {
        State::Dead => return Err(ErrorCode::CoordinatorNotAvailable),
        // An administrator, or a client that is no member: only while nobody else can be misled.
        State::Empty if !has_generation => return Ok(()),
        _ => {}
    }
    let is_anonymous =
        !has_generation && request.member_id.is_empty() && request.instance_id.is_none();
    if is_anonymous {
        return Err(ErrorCode::UnknownMemberId);
    }
    group.check_member(&request.member_id, request.instance_id.as_deref())?;
    if request.generation_id != group.generation_id {
        return Err(ErrorCode::IllegalGeneration);
    }
    if matches!(group.state, State::CompletingRebalance(_)) {
        return Err(ErrorCode::RebalanceInProgress);
    }
    Ok(())
}

fn check_partition<'a>(
    topic: &'a Resolved,
    partition: &OffsetToCommit,
    refusal: ErrorCode,
    turn: &Turn<'_>,
) -> Result<(&'a TopicName, &'a Uuid), ErrorCode> {
    let (name, topic_id, partitions_count) = topic.as_ref().map_err(|error| *error)?;
    if !(0..*partitions_count).contains(&partition.partition) {
        return Err(ErrorCode::UnknownTopicOrPartition);
    }
    if !refusal.is_ok() {
        return Err(refusal);
    }
    // Kafka counts UTF-16 units, which are never more than bytes.
    let max = turn.world.config.offset_metadata_max_bytes;
    let metadata = partition.metadata.as_deref().unwrap_or_default();
    if metadata.len() > max && metadata.encode_utf16().count() > max {
        return Err(ErrorCode::OffsetMetadataTooLarge);
    }
    Ok((name, topic_id))
}

/// Committing is a sign of life.
fn renew_session(group: Option<&Group>, member: &MemberId, turn: &mut Turn<'_>) {
    if let Some(group) = group
        && let Some(member) = group.members.get(member)
    {
        group.renew_session(member, turn);
    }
}

impl Group {
    /// The offsets are stored.
    pub(super) fn committed(
        &mut self,
        offsets: Vec<(TopicName, i32, CommittedOffset)>,
        turn: &mut Turn<'_>,
    ) {
        self.recorded = true;
        for (topic, partition, offset) in offsets {
            turn.event(Event::OffsetCommitted {
                group: self.id.clone(),
                partition: TopicPartition {
                    topic: topic.clone(),
                    partition,
                },
                offset: offset.offset,
            });
            self.offsets.end(&topic, partition);
            self.offsets.insert(topic, partition, offset);
        }
    }

    /// The offsets could not be stored.
    pub(super) fn commit_failed(&mut self, offsets: &[(TopicName, i32, CommittedOffset)]) {
        for (topic, partition, _) in offsets {
            self.offsets.end(topic, *partition);
        }
    }
}

/// The answer when nothing of a commit could be stored: what was accepted is refused.
pub(super) fn refused(
    mut response: CommitOffsetsResponse,
    error: ErrorCode,
) -> CommitOffsetsResponse {
    let outcomes = response
        .topics
        .iter_mut()
        .flat_map(|(_, partitions): &mut (TopicRef, _)| partitions);
    for (_, outcome) in outcomes {
        if outcome.is_ok() {
            *outcome = error;
        }
    }
    response
}
