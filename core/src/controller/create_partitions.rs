use crate::sorted::Map;

use super::placement::{
    MAX_RECORDS_PER_REQUEST, check_replicas, new_partition, place, too_many_partitions,
};
use super::policy::{check_partitions_count, note};
use super::{Controller, Decision, Metadata, MetadataRecord, Replicas, Topic};
use crate::interface::{CreatePartitionsRequest, Event, MorePartitions, Response};
use crate::{ApiError, ErrorCode, TopicName};

impl Controller {
    /// Gives topics more partitions, each by itself. The answer is [`Response::CreatePartitions`].
    pub fn create_partitions(
        &self,
        metadata: &Metadata,
        request: &CreatePartitionsRequest,
    ) -> Decision {
        let mut counts: Map<&TopicName, usize> = Map::new();
        for topic in &request.topics {
            *counts.entry(&topic.name).or_default() += 1;
        }
        let mut outcomes = Vec::new();
        let mut records = Vec::new();
        let mut events = Vec::new();
        for wanted in &request.topics {
            let outcome = match counts.insert(&wanted.name, 0) {
                Some(0) | None => continue, // A repeat, answered at its first place.
                Some(1) => more_partitions(metadata, wanted).map(|(topic, replicas)| {
                    let first = topic.partitions.len() as i32;
                    records.extend((first..).zip(replicas).map(|(partition, replicas)| {
                        MetadataRecord::Partition(new_partition(topic.id, partition, replicas))
                    }));
                    events.push(Event::PartitionsAdded {
                        topic: topic.name.clone(),
                        partitions_count: wanted.partitions_count,
                    });
                }),
                Some(_) => Err(ApiError::new(
                    ErrorCode::InvalidRequest,
                    "Duplicate topic name.",
                )),
            };
            events.extend(outcome.as_ref().err().and_then(note));
            outcomes.push((wanted.name.clone(), outcome));
        }
        let is_too_much = records.len() as i64 > MAX_RECORDS_PER_REQUEST;
        if is_too_much {
            for (_, outcome) in &mut outcomes {
                *outcome = Err(too_many_partitions());
            }
        }
        if is_too_much || request.validate_only {
            records.clear();
            events.clear();
        }
        Decision {
            records,
            response: Response::CreatePartitions(outcomes),
            events,
        }
    }
}

/// The replicas of the partitions that are to be added.
fn more_partitions<'a>(
    metadata: &'a Metadata,
    wanted: &MorePartitions,
) -> Result<(&'a Topic, Vec<Replicas>), ApiError> {
    let Some(topic) = metadata.topic(&wanted.name) else {
        return Err(ApiError::new(ErrorCode::UnknownTopicOrPartition, "")); // Kafka says no more.
    };
    let count = topic.partitions.len() as i32;
    if topic.is_internal() {
        // A group's place among the partitions is counted from their number.
        let message = format!(
            "Partitions of internal topic {} cannot be added.",
            topic.name
        );
        return Err(ApiError::new(ErrorCode::InvalidRequest, message));
    }
    if wanted.partitions_count == count {
        let message = format!("Topic already has {count} partition(s).");
        return Err(ApiError::new(ErrorCode::InvalidPartitions, message));
    }
    if wanted.partitions_count < count {
        let message = format!(
            "The topic {} currently has {count} partition(s); {} would not be an increase.",
            topic.name, wanted.partitions_count
        );
        return Err(ApiError::new(ErrorCode::InvalidPartitions, message));
    }
    check_partitions_count(metadata, &topic.name, wanted.partitions_count as usize)?;
    let additional = wanted.partitions_count - count;
    let replication_factor = topic
        .partition(0)
        .map_or(1, |first| first.replicas.ids().len());
    let Some(assignment) = &wanted.assignment else {
        if i64::from(additional) > MAX_RECORDS_PER_REQUEST {
            return Err(too_many_partitions());
        }
        return Ok((
            topic,
            place(metadata, count, additional, replication_factor as i16),
        ));
    };
    if assignment.len() != additional as usize {
        let message = format!(
            "Attempted to add {additional} additional partition(s), but only {} assignment(s) were specified.",
            assignment.len()
        );
        return Err(ApiError::new(ErrorCode::InvalidReplicaAssignment, message));
    }
    for replicas in assignment {
        check_replicas(metadata, replicas, Some(replication_factor))?;
    }
    Ok((
        topic,
        assignment
            .iter()
            .map(|replicas| replicas.clone().into())
            .collect(),
    ))
}
