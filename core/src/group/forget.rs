//! Offsets and groups that somebody wants forgotten.

use super::group::Group;
use super::records::Record;
use super::state::State;
use super::turn::{Decision, Deletion, Turn};
use crate::interface::{
    DeleteGroupsRequest, DeleteOffsetsRequest, DeleteOffsetsResponse, Event, Response,
};
use crate::sorted::{Map, Set};
use crate::{ErrorCode, GroupId, RequestId, TopicName, TopicPartition, TopicRef};

/// OffsetDelete: offsets of topics that no member reads.
pub(super) fn delete_offsets(
    groups: &Map<GroupId, Group>,
    id: RequestId,
    request: DeleteOffsetsRequest,
    turn: &mut Turn<'_>,
) {
    let group = match deletable_offsets(groups, &request.group) {
        Ok(group) => group,
        Err(error) => {
            let topics = Vec::new();
            let response = DeleteOffsetsResponse { error, topics };
            return turn.reply(id, Response::DeleteOffsets(response));
        }
    };
    let mut offsets = Vec::new();
    let mut topics = Vec::with_capacity(request.topics.len());
    for (topic, partitions) in request.topics {
        let count = turn
            .world
            .metadata
            .resolve(&TopicRef::Name(topic.clone()))
            .map_or(0, |(_, _, count)| count);
        let outcomes = partitions
            .into_iter()
            .map(|partition| {
                let outcome = if !(0..count).contains(&partition) {
                    ErrorCode::UnknownTopicOrPartition
                } else if group.is_subscribed_to(&topic) {
                    ErrorCode::GroupSubscribedToTopic
                } else {
                    if group.offsets.is_known(&topic, partition) {
                        offsets.push((topic.clone(), partition));
                    }
                    ErrorCode::None
                };
                (partition, outcome)
            })
            .collect();
        topics.push((topic, outcomes));
    }
    let error = ErrorCode::None;
    let response = DeleteOffsetsResponse { error, topics };
    if offsets.is_empty() {
        return turn.reply(id, Response::DeleteOffsets(response));
    }
    group.remove_offsets(offsets, Some((id, response)), turn);
}

fn deletable_offsets<'a>(
    groups: &'a Map<GroupId, Group>,
    id: &GroupId,
) -> Result<&'a Group, ErrorCode> {
    if id.is_empty() {
        return Err(ErrorCode::InvalidGroupId);
    }
    let group = groups.get(id).ok_or(ErrorCode::GroupIdNotFound)?;
    match group.state {
        State::Dead => Err(ErrorCode::GroupIdNotFound),
        State::Empty => Ok(group),
        // Only of consumers is it known what they read.
        _ if !group.is_of_consumers() => Err(ErrorCode::NonEmptyGroup),
        _ => Ok(group),
    }
}

/// DeleteGroups: groups that have no members, each by itself.
pub(super) fn delete_groups(
    groups: &mut Map<GroupId, Group>,
    id: RequestId,
    request: DeleteGroupsRequest,
    turn: &mut Turn<'_>,
) {
    let mut seen = Set::new();
    let mut outcomes = Vec::new();
    let mut outstanding_count = 0;
    for group_id in request.groups {
        if !seen.insert(group_id.clone()) {
            continue;
        }
        let outcome = match groups.get_mut(&group_id) {
            None => ErrorCode::GroupIdNotFound,
            Some(group) => match group.state {
                State::Dead => ErrorCode::GroupIdNotFound,
                State::Empty => {
                    outstanding_count += 1;
                    group.die("it is deleted", Some(id), turn);
                    ErrorCode::None
                }
                _ => ErrorCode::NonEmptyGroup,
            },
        };
        outcomes.push((group_id, outcome));
    }
    if outstanding_count == 0 {
        return turn.reply(id, Response::DeleteGroups(outcomes));
    }
    let deletion = Deletion {
        outcomes,
        outstanding_count,
    };
    turn.writes.deletions.insert(id, deletion);
}

/// One group of a DeleteGroups request is done: the last one brings the answer.
pub(super) fn deletion_done(
    id: RequestId,
    group: &GroupId,
    outcome: ErrorCode,
    turn: &mut Turn<'_>,
) {
    let Some(deletion) = turn.writes.deletions.get_mut(&id) else {
        return;
    };
    for (deleted, its_outcome) in &mut deletion.outcomes {
        if deleted == group {
            *its_outcome = outcome;
        }
    }
    deletion.outstanding_count -= 1;
    if deletion.outstanding_count == 0
        && let Some(deletion) = turn.writes.deletions.remove(&id)
    {
        turn.reply(id, Response::DeleteGroups(deletion.outcomes));
    }
}

impl Group {
    /// Writes tombstones for offsets.
    pub(super) fn remove_offsets(
        &self,
        offsets: Vec<(TopicName, i32)>,
        reply: Option<(RequestId, DeleteOffsetsResponse)>,
        turn: &mut Turn<'_>,
    ) {
        let records = self.tombstones(&offsets);
        turn.write(&self.id, &records, Decision::Removed { offsets, reply });
    }

    fn tombstones(&self, offsets: &[(TopicName, i32)]) -> Vec<Record> {
        let tombstone = |(topic, partition): &(TopicName, i32)| {
            Record::offset(&self.id, topic, *partition, None)
        };
        offsets.iter().map(tombstone).collect()
    }

    /// The tombstones are stored.
    pub(super) fn removed(&mut self, offsets: &[(TopicName, i32)], turn: &mut Turn<'_>) {
        for (topic, partition) in offsets {
            if self.offsets.remove(topic, *partition) {
                turn.event(Event::OffsetExpired {
                    group: self.id.clone(),
                    partition: TopicPartition {
                        topic: topic.clone(),
                        partition: *partition,
                    },
                });
            }
        }
    }

    /// The empty group begins to be deleted, with all its offsets, also those that are only on their way.
    pub(super) fn die(&mut self, why: &str, request: Option<RequestId>, turn: &mut Turn<'_>) {
        let mut records = self.tombstones(&self.offsets.partitions());
        records.push(Record::Group {
            group: self.id.clone(),
            value: None,
        });
        for member in std::mem::take(&mut self.pending) {
            turn.cancel(self.pending_timer(&member));
        }
        self.transition(State::Dead, why, turn);
        turn.write(&self.id, &records, Decision::Deleted { request });
    }
}
