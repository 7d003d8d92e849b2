//! DescribeConfigs, key 32: versions 1 to 4.
//!
//! The configuration of topics, brokers and groups: values, where they come from, and what else has been set.
//! - 3: types and documentation. 4: flexible.
//! - No keys, or null, ask for all of them; unknown ones are left out. An unknown topic has an error code and an empty message.

use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};
use kafka_protocol::messages::{ApiKey, DescribeConfigsRequest, DescribeConfigsResponse};
use ottla_core::config::Kind;
use ottla_core::controller::{ConfigEntry, check_topic_name};
use ottla_core::interface::ConfigResource;
use ottla_core::{ApiError, ErrorCode};

use super::convert::{optional_text, text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeConfigs as i16,
    name: "DescribeConfigs",
    versions: 1..=4,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DescribeConfigsRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let results = body
            .resources
            .iter()
            .map(|resource| result(world, &body, resource));
        world.answer(&DescribeConfigsResponse::default().with_results(results.collect()))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DescribeConfigsRequest| {
        let results = body.resources.into_iter().map(|resource| {
            DescribeConfigsResult::default()
                .with_resource_type(resource.resource_type)
                .with_resource_name(resource.resource_name)
                .with_error_code(error.number())
                .with_error_message(optional_text(Some(error.message())))
        });
        DescribeConfigsResponse::default().with_results(results.collect())
    })
}

fn result(
    world: &World<'_>,
    body: &DescribeConfigsRequest,
    asked: &DescribeConfigsResource,
) -> DescribeConfigsResult {
    let resource = ConfigResource::from_number(asked.resource_type, &asked.resource_name);
    let result = DescribeConfigsResult::default()
        .with_resource_type(asked.resource_type)
        .with_resource_name(asked.resource_name.clone());
    match entries(world, &resource) {
        Ok(entries) => {
            let keys = asked.configuration_keys.as_deref().unwrap_or_default();
            let is_asked = |entry: &ConfigEntry| {
                keys.is_empty() || keys.iter().any(|key| key.as_str() == entry.name)
            };
            let configs = entries
                .iter()
                .filter(|entry| is_asked(entry))
                .map(|entry| config(world.version(), body, entry));
            result
                .with_error_message(optional_text(Some("")))
                .with_configs(configs.collect())
        }
        Err(error) => result
            .with_error_code(error.code.number())
            .with_error_message(optional_text(Some(&error.message))),
    }
}

fn entries(world: &World<'_>, resource: &ConfigResource) -> Result<Vec<ConfigEntry>, ApiError> {
    let metadata = world.broker.metadata();
    match resource {
        ConfigResource::Topic(name) => {
            check_topic_name(name)?;
            let unknown = ApiError::new(ErrorCode::UnknownTopicOrPartition, "");
            let topic = metadata.topic(name).ok_or(unknown)?;
            Ok(metadata.topic_configs(topic))
        }
        ConfigResource::Broker(id) if id.is_empty() => Ok(metadata.cluster_configs()),
        ConfigResource::Broker(id) => {
            check_broker_id(world, id, " or empty string,")?;
            Ok(metadata.broker_configs())
        }
        ConfigResource::BrokerLogger(id) if id.is_empty() => {
            Err(invalid_request("Broker id must not be empty"))
        }
        // The engine has no loggers whose level could be set.
        ConfigResource::BrokerLogger(id) => check_broker_id(world, id, "").map(|()| Vec::new()),
        ConfigResource::Group(name) if name.is_empty() => {
            Err(invalid_request("Group name must not be empty"))
        }
        ConfigResource::Group(name) => Ok(metadata.group_configs(name)),
        ConfigResource::Other(..) => Err(ErrorCode::InvalidRequest.into()),
    }
}

fn check_broker_id(world: &World<'_>, id: &str, or: &str) -> Result<(), ApiError> {
    let node_id = world.broker.config().node_id;
    match id.parse::<i32>() {
        Ok(number) if number == node_id => Ok(()),
        Ok(_) => Err(invalid_request(format!(
            "Unexpected broker id, expected {node_id}{or} but received {id}"
        ))),
        Err(_) => Err(invalid_request(format!(
            "Broker id must be an integer, but it is: {id}"
        ))),
    }
}

fn config(
    version: i16,
    body: &DescribeConfigsRequest,
    entry: &ConfigEntry,
) -> DescribeConfigsResourceResult {
    let mut config = DescribeConfigsResourceResult::default()
        .with_name(text(&entry.name))
        .with_value(optional_text(entry.value.as_deref()))
        .with_read_only(entry.is_read_only)
        .with_config_source(entry.source as i8)
        .with_is_sensitive(entry.is_sensitive);
    if body.include_synonyms {
        let synonyms = entry.synonyms.iter().map(|synonym| {
            DescribeConfigsSynonym::default()
                .with_name(text(&synonym.name))
                .with_value(optional_text(synonym.value.as_deref()))
                .with_source(synonym.source as i8)
        });
        config.synonyms = synonyms.collect();
    }
    if version >= 3 {
        config.config_type = entry.kind.map_or(0, config_type);
        let is_wanted = body.include_documentation;
        config.documentation = optional_text(entry.documentation.filter(|_| is_wanted));
    }
    config
}

/// The numbers of Kafka's `ConfigType`; 0 is for a key that nobody knows.
fn config_type(kind: Kind) -> i8 {
    match kind {
        Kind::Boolean => 1,
        Kind::String => 2,
        Kind::Int => 3,
        Kind::Short => 4,
        Kind::Long => 5,
        Kind::Double => 6,
        Kind::List => 7,
    }
}

fn invalid_request(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, message)
}
