//! CreateTopics, key 19: versions 2 to 7.
//!
//! Topics with their partitions, replicas and configuration, each by itself.
//! - 4: partition count and replication factor may be -1, the broker's defaults (taken here in any version).
//! - 5: flexible; the answer tells what was made, with its whole configuration. 7: and its id.
//!
//! Arrays of the answer are empty, never null: Java's tools fail on null (seen with 4.3.1).

use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::create_topics_response::{
    CreatableTopicConfigs, CreatableTopicResult,
};
use kafka_protocol::messages::{ApiKey, CreateTopicsRequest, CreateTopicsResponse};
use ottla_core::config::Values;
use ottla_core::interface::{self, CreatedTopic, NewTopic};
use ottla_core::{ErrorCode, Request, Response, TopicName};

use super::action::mismatch;
use super::convert::{optional_string, optional_text, text, topic_name, uuid};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::CreateTopics as i16,
    name: "CreateTopics",
    versions: 2..=7,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: CreateTopicsRequest = frame.body()?;
    let request = interface::CreateTopicsRequest {
        topics: body.topics.iter().map(new_topic).collect(),
        validate_only: body.validate_only,
        automatic: false,
    };
    Ok(Action::engine(Request::CreateTopics(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: CreateTopicsRequest| {
        let topics = body.topics.into_iter().map(|topic| {
            CreatableTopicResult::default()
                .with_name(topic.name)
                .with_error_code(error.number())
                .with_error_message(None)
        });
        CreateTopicsResponse::default().with_topics(topics.collect())
    })
}

fn new_topic(topic: &CreatableTopic) -> NewTopic {
    let assignment = topic.assignments.iter().map(|assignment| {
        let replicas = assignment.broker_ids.iter().map(|id| id.0);
        (assignment.partition_index, replicas.collect())
    });
    let configs = topic.configs.iter().map(|config| {
        let value = optional_string(config.value.as_ref());
        (config.name.to_string(), value)
    });
    NewTopic {
        name: TopicName::from(topic.name.as_str()),
        partitions_count: (topic.num_partitions != -1).then_some(topic.num_partitions),
        replication_factor: (topic.replication_factor != -1).then_some(topic.replication_factor),
        assignment: assignment.collect(),
        configs: configs.collect(),
    }
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::CreateTopics(created) = response else {
        mismatch(&response)
    };
    let defaults = configs(world, &[]);
    let topics = created
        .iter()
        .map(|topic| result(world, topic, &defaults))
        .collect();
    world.answer(&CreateTopicsResponse::default().with_topics(topics))
}

fn result(
    world: &World<'_>,
    topic: &CreatedTopic,
    defaults: &[CreatableTopicConfigs],
) -> CreatableTopicResult {
    let mut result = CreatableTopicResult::default()
        .with_name(topic_name(&topic.name))
        .with_error_message(None)
        .with_configs(Some(Vec::new()));
    match &topic.outcome {
        Ok(summary) if world.version() >= 5 => {
            // Most topics of a large request have no configuration of their own: they share one list.
            result.configs = Some(match &summary.configs[..] {
                [] => defaults.to_vec(),
                own => configs(world, own),
            });
            result.num_partitions = summary.partitions_count;
            result.replication_factor = summary.replication_factor;
            if world.version() >= 7 {
                result.topic_id = uuid(summary.id);
            }
        }
        Ok(_) => {}
        Err(error) => {
            result.error_code = error.code.number();
            result.error_message = optional_text(Some(&error.message));
        }
    }
    result
}

/// The whole configuration of a topic for which `own` is set.
fn configs(world: &World<'_>, own: &[(String, String)]) -> Vec<CreatableTopicConfigs> {
    let own: Values = own
        .iter()
        .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
        .collect();
    let entries = world.broker.metadata().effective_topic_configs(&own);
    let configs = entries.into_iter().map(|entry| {
        CreatableTopicConfigs::default()
            .with_name(text(&entry.name))
            .with_value(optional_text(entry.value.as_deref()))
            .with_read_only(entry.is_read_only)
            .with_config_source(entry.source as i8)
            .with_is_sensitive(entry.is_sensitive)
    });
    configs.collect()
}
