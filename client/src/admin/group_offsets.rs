//! Offsets that groups have committed.

use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use kafka_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use kafka_protocol::messages::offset_fetch_response::OffsetFetchResponsePartitions;
use kafka_protocol::messages::{
    OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, OffsetDeleteResponse,
    OffsetFetchRequest, OffsetFetchResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, GroupId, TopicPartition};

use super::clerk::{failure, if_all, if_any, outcome};
use super::coordinators::coordinator_of;
use super::{AskError, Clerk, Question, Stop};
use crate::protocol::names::{by_topic, group_out, partition, text, told, topic_out};

/// What a group has committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOffsets {
    /// Which group.
    pub group: GroupId,
    /// Of which partitions; `None` is all that it has committed.
    pub partitions: Option<Vec<TopicPartition>>,
}

impl Question for FetchOffsets {
    /// Partitions without a committed offset are not in it.
    type Answer = Map<TopicPartition, Result<CommittedOffset, ApiError>>;
    const CALL: &'static str = "listConsumerGroupOffsets";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let topics = self.partitions.as_ref().map(|partitions| {
            let topics = by_topic(partitions.iter().map(|one| (one, ()))).into_iter();
            let topic = |(topic, partitions): (_, Vec<(i32, ())>)| {
                OffsetFetchRequestTopics::default()
                    .with_name(topic_out(&topic))
                    .with_partition_indexes(
                        partitions.into_iter().map(|(index, ())| index).collect(),
                    )
            };
            topics.map(topic).collect()
        });
        let group = OffsetFetchRequestGroup::default()
            .with_group_id(group_out(&self.group))
            .with_member_id(None)
            .with_member_epoch(-1)
            .with_topics(topics);
        let request = OffsetFetchRequest::default().with_groups(vec![group]);
        let response = clerk.ask(coordinator_of(&self.group), request, |response| {
            let response: &OffsetFetchResponse = response;
            if_any(response.groups.iter().map(|group| group.error_code))
        })?;
        let mut answer = Map::new();
        for group in response.groups {
            if let Some(error) = failure(group.error_code, None) {
                return Err(AskError::Refused(error).into());
            }
            for topic in group.topics {
                let found = topic.partitions.into_iter().filter_map(|found| {
                    let partition = partition(&topic.name, found.partition_index);
                    Some((partition, committed(found)?))
                });
                answer.extend(found);
            }
        }
        Ok(answer)
    }
}

/// A partition's offset, if it has one. Offsets of -1 can be committed, but stand for none (KafkaJS's reset writes them).
fn committed(found: OffsetFetchResponsePartitions) -> Option<Result<CommittedOffset, ApiError>> {
    if let Some(error) = failure(found.error_code, None) {
        return Some(Err(error));
    }
    (found.committed_offset >= 0).then(|| {
        Ok(CommittedOffset {
            offset: found.committed_offset,
            leader_epoch: told(found.committed_leader_epoch),
            metadata: found
                .metadata
                .map(|text| text.to_string())
                .unwrap_or_default(),
        })
    })
}

/// A committed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The offset of the next record to read.
    pub offset: i64,
    /// The leader's epoch of the record before, where it was committed.
    pub leader_epoch: Option<i32>,
    /// What the member wrote beside it.
    pub metadata: String,
}

/// Sets a group's offsets from outside. The group must have no members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitOffsets {
    /// Which group; it comes into being if need be.
    pub group: GroupId,
    /// The offsets of the next records to read.
    pub offsets: Map<TopicPartition, i64>,
}

impl Question for CommitOffsets {
    type Answer = Map<TopicPartition, Result<(), ApiError>>;
    const CALL: &'static str = "alterConsumerGroupOffsets";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let topics = by_topic(self.offsets.iter().map(|(one, offset)| (one, *offset))).into_iter();
        let topics = topics.map(|(topic, partitions)| {
            let partitions = partitions.into_iter().map(|(index, offset)| {
                OffsetCommitRequestPartition::default()
                    .with_partition_index(index)
                    .with_committed_offset(offset)
                    .with_committed_leader_epoch(-1)
                    .with_committed_metadata(Some(text("")))
            });
            OffsetCommitRequestTopic::default()
                .with_name(topic_out(&topic))
                .with_partitions(partitions.collect())
        });
        // Generation -1 without a member: from outside.
        let request = OffsetCommitRequest::default()
            .with_group_id(group_out(&self.group))
            .with_generation_id_or_member_epoch(-1)
            .with_topics(topics.collect());
        let response = clerk.ask(coordinator_of(&self.group), request, |response| {
            let response: &OffsetCommitResponse = response;
            let partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
            if_all(partitions.map(|partition| partition.error_code))
        })?;
        let outcomes = response.topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|done| {
                let partition = partition(&topic.name, done.partition_index);
                (partition, outcome(done.error_code, None))
            })
        });
        Ok(outcomes.collect())
    }
}

/// Forgets a group's offsets of partitions that none of its members subscribes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteOffsets {
    /// Which group.
    pub group: GroupId,
    /// Of which partitions.
    pub partitions: Vec<TopicPartition>,
}

impl Question for DeleteOffsets {
    type Answer = Map<TopicPartition, Result<(), ApiError>>;
    const CALL: &'static str = "deleteConsumerGroupOffsets";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let topics = by_topic(self.partitions.iter().map(|one| (one, ()))).into_iter();
        let topics = topics.map(|(topic, partitions)| {
            let partitions = partitions.into_iter().map(|(index, ())| {
                OffsetDeleteRequestPartition::default().with_partition_index(index)
            });
            OffsetDeleteRequestTopic::default()
                .with_name(topic_out(&topic))
                .with_partitions(partitions.collect())
        });
        let request = OffsetDeleteRequest::default()
            .with_group_id(group_out(&self.group))
            .with_topics(topics.collect());
        let response = clerk.ask(coordinator_of(&self.group), request, |response| {
            let response: &OffsetDeleteResponse = response;
            if_any([response.error_code])
        })?;
        if let Some(error) = failure(response.error_code, None) {
            return Err(AskError::Refused(error).into());
        }
        let outcomes = response.topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|done| {
                let partition = partition(&topic.name, done.partition_index);
                (partition, outcome(done.error_code, None))
            })
        });
        Ok(outcomes.collect())
    }
}
