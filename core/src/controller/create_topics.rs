use std::sync::Arc;

use super::placement::{
    MAX_RECORDS_PER_REQUEST, check_assignment, new_partition, place, too_many_partitions,
};
use super::policy::{check_partitions_count, check_topics_count, note};
use super::topic_configs::new_topic_configs;
use super::{
    Controller, Decision, METADATA_TOPIC, Metadata, MetadataRecord, OFFSETS_TOPIC, Replicas,
    check_topic_name, is_internal,
};
use crate::config::Values;
use crate::interface::{
    ConfigResource, CreateTopicsRequest, CreatedTopic, Event, NewTopic, Response, TopicSummary,
};
use crate::sorted::{Map, Set};
use crate::{ApiError, ErrorCode, TopicName, Uuid};

/// A topic that may be created.
struct Plan {
    partitions: Vec<Replicas>,
    configs: Values,
    note: Option<String>,
}

impl Controller {
    /// Creates topics, each by itself. The answer is [`Response::CreateTopics`].
    ///
    /// Topics whose names differ in '.' and '_' only collide with those that exist, not with each other: so in Kafka.
    pub fn create_topics(
        &mut self,
        metadata: &Metadata,
        request: &CreateTopicsRequest,
    ) -> Decision {
        let mut decision = Decision {
            records: Vec::new(),
            response: Response::CreateTopics(Vec::new()),
            events: Vec::new(),
        };
        let mut created = Vec::with_capacity(request.topics.len());
        let mut answered = Set::new();
        let repeated = repeated(&request.topics);
        for topic in &request.topics {
            if !answered.insert(&topic.name) {
                continue;
            }
            let outcome = match repeated.contains(&topic.name) {
                true => Err(invalid_request("Duplicate topic name.")),
                false => self.create_topic(metadata, request, topic, &mut decision),
            };
            decision
                .events
                .extend(outcome.as_ref().err().and_then(note));
            created.push(CreatedTopic {
                name: topic.name.clone(),
                outcome,
            });
        }
        if decision.records.len() as i64 > MAX_RECORDS_PER_REQUEST {
            for topic in &mut created {
                topic.outcome = Err(too_many_partitions());
            }
            decision.records.clear();
            decision.events.clear();
        }
        if request.validate_only {
            decision.records.clear();
            decision.events.clear();
        }
        decision.response = Response::CreateTopics(created);
        decision
    }

    fn create_topic(
        &mut self,
        metadata: &Metadata,
        request: &CreateTopicsRequest,
        topic: &NewTopic,
        decision: &mut Decision,
    ) -> Result<TopicSummary, ApiError> {
        if request.automatic
            && let Some(existing) = metadata.topic(&topic.name)
        {
            return Ok(TopicSummary {
                id: existing.id,
                partitions_count: existing.partitions.len() as i32,
                replication_factor: existing
                    .partition(0)
                    .map_or(0, |partition| partition.replicas.ids().len() as i16),
                configs: pairs(&existing.configs),
            });
        }
        let plan = match request.automatic {
            true => plan_automatic(metadata, &topic.name),
            false => plan(metadata, topic),
        }?;
        if !is_internal(&topic.name) {
            let records = decision.records.iter();
            let topics = records.filter(|record| matches!(record, MetadataRecord::Topic { .. }));
            check_topics_count(metadata, &topic.name, topics.count())?;
            check_partitions_count(metadata, &topic.name, plan.partitions.len())?;
        }
        let id = self.topic_id();
        let summary = TopicSummary {
            id,
            partitions_count: plan.partitions.len() as i32,
            replication_factor: plan.partitions[0].ids().len() as i16,
            configs: pairs(&plan.configs),
        };
        decision.events.push(Event::TopicCreated {
            topic: topic.name.clone(),
            partitions_count: summary.partitions_count,
        });
        decision
            .events
            .extend(plan.note.map(|text| Event::Note { text }));
        decision
            .records
            .extend(records(&topic.name, id, plan.partitions, plan.configs));
        Ok(summary)
    }
}

/// Configuration goes after the topic and before its partitions, as in Kafka: a log finds its configuration when it begins.
fn records(
    topic: &TopicName,
    id: Uuid,
    partitions: Vec<Replicas>,
    configs: Values,
) -> impl Iterator<Item = MetadataRecord> {
    let resource = ConfigResource::Topic(topic.clone());
    let head = MetadataRecord::Topic {
        name: topic.clone(),
        id,
    };
    let configs = configs
        .into_iter()
        .map(move |(name, value)| MetadataRecord::Config {
            resource: resource.clone(),
            name,
            value: Some(value),
        });
    let partitions = (0..).zip(partitions).map(move |(index, replicas)| {
        MetadataRecord::Partition(new_partition(id, index, replicas))
    });
    std::iter::once(head).chain(configs).chain(partitions)
}

fn plan(metadata: &Metadata, topic: &NewTopic) -> Result<Plan, ApiError> {
    let name = &*topic.name;
    if name == METADATA_TOPIC || is_internal(name) {
        return Err(invalid_request(format!(
            "Creation of internal topic {name} is prohibited."
        )));
    }
    check_new_name(metadata, name)?;
    let configs = new_topic_configs(metadata, &topic.configs)?;
    if !topic.assignment.is_empty() {
        return plan_assignment(metadata, topic, configs);
    }
    let config = metadata.config();
    let partitions_count = topic.partitions_count.unwrap_or(config.num_partitions);
    let wanted = topic
        .replication_factor
        .unwrap_or(config.default_replication_factor);
    if wanted < 1 {
        return Err(ApiError::new(
            ErrorCode::InvalidReplicationFactor,
            "Replication factor must be larger than 0, or -1 to use the default value.",
        ));
    }
    if partitions_count < 1 {
        return Err(ApiError::new(
            ErrorCode::InvalidPartitions,
            "Number of partitions was set to an invalid non-positive value.",
        ));
    }
    if i64::from(partitions_count) >= MAX_RECORDS_PER_REQUEST {
        return Err(too_many_partitions());
    }
    plan_placement(metadata, name, partitions_count, wanted, configs)
}

fn plan_assignment(
    metadata: &Metadata,
    topic: &NewTopic,
    configs: Values,
) -> Result<Plan, ApiError> {
    if topic.replication_factor.is_some() {
        return Err(invalid_request(
            "A manual partition assignment was specified, but replication factor was not set to -1.",
        ));
    }
    if topic.partitions_count.is_some() {
        return Err(invalid_request(
            "A manual partition assignment was specified, but numPartitions was not set to -1.",
        ));
    }
    Ok(Plan {
        partitions: check_assignment(metadata, &topic.assignment)?,
        configs,
        note: None,
    })
}

/// More replicas than brokers are an error in Kafka. Here a topic made for a cluster shall work on one node as it is.
fn plan_placement(
    metadata: &Metadata,
    name: &str,
    partitions_count: i32,
    wanted: i16,
    configs: Values,
) -> Result<Plan, ApiError> {
    let brokers_count = metadata.brokers().len();
    let replication_factor = wanted.min(brokers_count as i16);
    if replication_factor < wanted && metadata.config().replication_factor_strict {
        return Err(ApiError::new(
            ErrorCode::InvalidReplicationFactor,
            format!(
                "Unable to replicate the partition {wanted} time(s): The target replication factor of {wanted} \
                 cannot be reached because only {brokers_count} broker(s) are registered or some brokers \
                 have all their log directories cordoned."
            ),
        ));
    }
    let note = (replication_factor < wanted).then(|| {
        format!(
            "topic {name} asks for {wanted} replicas and gets {replication_factor}: there are no more brokers \
             (ottla.replication.factor.strict=true refuses it)"
        )
    });
    Ok(Plan {
        partitions: place(metadata, 0, partitions_count, replication_factor),
        configs,
        note,
    })
}

/// A topic that a client uses before anybody has made it, or that the group coordinator needs.
fn plan_automatic(metadata: &Metadata, name: &str) -> Result<Plan, ApiError> {
    let config = metadata.config();
    if name == OFFSETS_TOPIC {
        let configs = [
            ("cleanup.policy", "compact".to_owned()),
            ("compression.type", "producer".to_owned()),
            (
                "segment.bytes",
                config.offsets_topic_segment_bytes.to_string(),
            ),
        ];
        return plan_placement(
            metadata,
            name,
            config.offsets_topic_num_partitions,
            config.offsets_topic_replication_factor,
            configs
                .map(|(name, value)| (Arc::from(name), Arc::from(value)))
                .into(),
        );
    }
    check_topic_name(name)?;
    if name == METADATA_TOPIC || is_internal(name) || !config.auto_create_topics_enable {
        return Err(ErrorCode::UnknownTopicOrPartition.into());
    }
    check_new_name(metadata, name)?;
    plan_placement(
        metadata,
        name,
        config.num_partitions,
        config.default_replication_factor,
        Values::new(),
    )
}

fn check_new_name(metadata: &Metadata, name: &str) -> Result<(), ApiError> {
    if metadata.topic(name).is_some() {
        return Err(ApiError::new(
            ErrorCode::TopicAlreadyExists,
            format!("Topic '{name}' already exists."),
        ));
    }
    check_topic_name(name)?;
    match metadata.collision(name) {
        Some(other) => Err(ApiError::new(
            ErrorCode::InvalidTopicException,
            format!("Topic '{name}' collides with existing topic: {other}"),
        )),
        None => Ok(()),
    }
}

/// The names that occur more than once.
fn repeated(topics: &[NewTopic]) -> Set<&TopicName> {
    let mut counts = Map::new();
    for topic in topics {
        *counts.entry(&topic.name).or_insert(0) += 1;
    }
    counts.retain(|_, count| *count > 1);
    counts.into_keys().collect()
}

fn pairs(configs: &Values) -> Vec<(String, String)> {
    let pairs = configs.iter();
    pairs
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}

fn invalid_request(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, message)
}
