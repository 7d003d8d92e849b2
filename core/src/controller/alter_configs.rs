use std::sync::Arc;

use super::names::check_topic_name;
use super::topic_configs::check_topic_configs;
use super::{Controller, Decision, Metadata, MetadataRecord};
use crate::config::{
    Key, Kind, Update, Values, broker_key, check_group_limit, group_key, inert_key, list, topic_key,
};
use crate::interface::{
    AlterConfigsRequest, ConfigChange, ConfigOperation, ConfigResource, Event, Response,
};
use crate::sorted::{Map, Set};
use crate::{ApiError, ErrorCode};

impl Controller {
    /// Changes configuration, each resource by itself and as a whole. The answer is [`Response::AlterConfigs`].
    pub fn alter_configs(&self, metadata: &Metadata, request: &AlterConfigsRequest) -> Decision {
        let mut counts = Map::new();
        for (resource, _) in &request.resources {
            *counts.entry(resource).or_insert(0) += 1;
        }
        let mut outcomes = Vec::with_capacity(request.resources.len());
        let mut records = Vec::new();
        let mut events = Vec::new();
        for (resource, changes) in &request.resources {
            let outcome = if counts[resource] > 1 {
                Err(invalid_request("Each resource must appear at most once."))
            } else {
                alter(metadata, resource, changes, request.replace)
            };
            outcomes.push((
                resource.clone(),
                outcome.map(|new| {
                    let (made, told) = difference(metadata, resource, &new);
                    records.extend(made);
                    events.extend(told);
                }),
            ));
        }
        if request.validate_only {
            records.clear();
            events.clear();
        }
        Decision {
            records,
            response: Response::AlterConfigs(outcomes),
            events,
        }
    }
}

/// The resource's whole configuration after the changes.
fn alter(
    metadata: &Metadata,
    resource: &ConfigResource,
    changes: &[ConfigChange],
    replace: bool,
) -> Result<Values, ApiError> {
    check_changes(changes)?;
    match resource {
        ConfigResource::BrokerLogger(id) if !replace => {
            return Err(check_loggers(metadata, id, changes));
        }
        ConfigResource::BrokerLogger(_) | ConfigResource::Other(..) => {
            let message = format!("Unknown resource type {}", resource.number());
            return Err(invalid_request(message));
        }
        ConfigResource::Broker(id) if !id.is_empty() => check_broker_id(metadata, id)?,
        _ => {}
    }
    let mut values = match replace {
        true => Values::new(),
        false => metadata.configs(resource).clone(),
    };
    for change in changes {
        apply(resource, change, &mut values)?;
    }
    check_values(metadata, resource, &values)?;
    Ok(values)
}

fn check_changes(changes: &[ConfigChange]) -> Result<(), ApiError> {
    let mut names = Set::new();
    if !changes.iter().all(|change| names.insert(&change.name)) {
        return Err(invalid_request("Error due to duplicate config keys"));
    }
    let lacks_value = |change: &&ConfigChange| {
        matches!(
            change.operation,
            ConfigOperation::Set(None)
                | ConfigOperation::Append(None)
                | ConfigOperation::Subtract(None)
        )
    };
    let nulls: Vec<&str> = changes
        .iter()
        .filter(lacks_value)
        .map(|change| &*change.name)
        .collect();
    match nulls[..] {
        [] => Ok(()),
        _ => Err(invalid_request(format!(
            "Null value not supported for : {}",
            nulls.join(", ")
        ))),
    }
}

/// The engine has no loggers whose level could be set.
fn check_loggers(metadata: &Metadata, id: &str, changes: &[ConfigChange]) -> ApiError {
    let node_id = metadata.config().node_id;
    match id.parse::<i32>() {
        Err(_) => return invalid_request(format!("Node id must be an integer, but it is: {id}")),
        Ok(id) if id != node_id => {
            let message = format!("Unexpected node id. Expected {node_id}, but received {id}");
            return invalid_request(message);
        }
        Ok(_) => {}
    }
    for change in changes {
        let operation = match change.operation {
            ConfigOperation::Append(_) => "APPEND",
            ConfigOperation::Subtract(_) => "SUBTRACT",
            _ => continue,
        };
        let message =
            format!("{operation} operation is not allowed for the BROKER_LOGGER resource");
        return invalid_request(message);
    }
    let name = changes.first().map_or("", |change| &change.name);
    ApiError::new(
        ErrorCode::InvalidConfig,
        format!("Logger {name} does not exist!"),
    )
}

fn check_broker_id(metadata: &Metadata, id: &str) -> Result<(), ApiError> {
    let node_id = metadata.config().node_id;
    match id.parse::<i32>() {
        Ok(number) if number == node_id => Ok(()),
        Ok(_) => Err(invalid_request(format!(
            "Unexpected broker id, expected {node_id}, but received {id}"
        ))),
        Err(_) => Err(invalid_request(format!(
            "Node id must be an integer, but it is: {id}"
        ))),
    }
}

fn apply(
    resource: &ConfigResource,
    change: &ConfigChange,
    values: &mut Values,
) -> Result<(), ApiError> {
    let name: &str = &change.name;
    let (addition, wanted, verbs) = match &change.operation {
        ConfigOperation::Set(Some(value)) => {
            values.insert(Arc::from(name), Arc::from(&**value));
            return Ok(());
        }
        ConfigOperation::Set(None) | ConfigOperation::Delete => {
            values.remove(name);
            return Ok(());
        }
        ConfigOperation::Append(value) => (true, value, ("APPEND", "append")),
        ConfigOperation::Subtract(value) => (false, value, ("SUBTRACT", "subtract")),
        ConfigOperation::Unknown(number) => {
            return Err(invalid_request(format!("Unknown operations type {number}")));
        }
    };
    let key = list_key(resource, name, verbs)?;
    let old = values
        .get(name)
        .map_or(key.default.unwrap_or_default(), |value| &**value);
    let wanted: Vec<&str> = list(wanted.as_deref().unwrap_or_default()).collect();
    let mut words: Vec<&str> = list(old).collect();
    if addition {
        for word in wanted {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    } else {
        words.retain(|word| !wanted.contains(word));
    }
    let new = Arc::from(words.join(","));
    values.insert(Arc::from(name), new);
    Ok(())
}

/// The key, if it is a list; the two kinds of resources say it in different words, and so does Kafka.
fn list_key(
    resource: &ConfigResource,
    name: &str,
    (upper, lower): (&str, &str),
) -> Result<&'static Key, ApiError> {
    let key = match resource {
        ConfigResource::Broker(_) => broker_key(name),
        ConfigResource::Group(_) => group_key(name),
        _ => topic_key(name),
    };
    let is_broker = matches!(resource, ConfigResource::Broker(_));
    match key {
        Some(key) if key.kind == Kind::List => Ok(key),
        None if is_broker && inert_key(name).is_none() => {
            Err(invalid_config(format!("Unknown config name: {name}")))
        }
        _ if is_broker => Err(invalid_config(format!(
            "Config value {lower} is not allowed for config key: {name}"
        ))),
        _ => Err(invalid_config(format!(
            "Can't {upper} to key {name} because its type is not LIST."
        ))),
    }
}

fn check_values(
    metadata: &Metadata,
    resource: &ConfigResource,
    values: &Values,
) -> Result<(), ApiError> {
    match resource {
        ConfigResource::Topic(name) => {
            if name.is_empty() {
                return Err(invalid_request("Default topic resources are not allowed."));
            }
            check_topic_name(name)?;
            check_topic_configs(metadata, values)?;
            if metadata.topic(name).is_none() {
                return Err(ApiError::new(
                    ErrorCode::UnknownTopicOrPartition,
                    format!("The topic '{name}' does not exist."),
                ));
            }
            Ok(())
        }
        ConfigResource::Group(name) => check_group_configs(name, values),
        _ => check_broker_configs(values),
    }
}

/// A key that neither Kafka nor Ottla knows is kept, as Kafka keeps it for its plugins.
fn check_broker_configs(values: &Values) -> Result<(), ApiError> {
    let is_read_only = |name: &&Arc<str>| {
        let update = broker_key(name)
            .map(|key| key.update)
            .or_else(|| inert_key(name));
        update == Some(Update::ReadOnly)
    };
    let read_only: Vec<&str> = values
        .keys()
        .filter(is_read_only)
        .map(|name| &**name)
        .collect();
    if !read_only.is_empty() {
        return Err(invalid_request(format!(
            "Cannot update these configs dynamically: [{}]",
            read_only.join(", ")
        )));
    }
    for (name, value) in values {
        if let Some(Err(refusal)) = broker_key(name).map(|key| key.validate(value)) {
            return Err(invalid_request(refusal.to_string()));
        }
    }
    Ok(())
}

fn check_group_configs(group: &str, values: &Values) -> Result<(), ApiError> {
    if group.is_empty() {
        return Err(invalid_request("Default group resources are not allowed."));
    }
    for name in values.keys() {
        if group_key(name).is_none() {
            return Err(invalid_config(format!("Unknown group config name: {name}")));
        }
    }
    for (name, value) in values {
        if let Some(Err(refusal)) = group_key(name).map(|key| key.validate(value)) {
            return Err(invalid_config(refusal.to_string()));
        }
    }
    for (name, value) in values {
        check_group_limit(name, value).map_err(invalid_config)?;
    }
    Ok(())
}

/// The records that lead from what is to `new`.
fn difference(
    metadata: &Metadata,
    resource: &ConfigResource,
    new: &Values,
) -> (Vec<MetadataRecord>, Vec<Event>) {
    let old = metadata.configs(resource);
    let set = new
        .iter()
        .filter(|(name, value)| old.get(*name) != Some(value))
        .map(|(name, value)| (name, Some(value)));
    let deleted = old
        .keys()
        .filter(|name| !new.contains_key(*name))
        .map(|name| (name, None));
    let mut records = Vec::new();
    let mut events = Vec::new();
    for (name, value) in set.chain(deleted) {
        records.push(MetadataRecord::Config {
            resource: resource.clone(),
            name: name.clone(),
            value: value.cloned(),
        });
        events.push(Event::ConfigChanged {
            resource: resource.to_string(),
            name: name.to_string(),
            value: value.map(|value| value.to_string()),
        });
        let is_broker = matches!(resource, ConfigResource::Broker(_));
        if is_broker && value.is_some() && broker_key(name).is_none() {
            let text = format!("{name} has no effect in Ottla");
            events.push(Event::Note { text });
        }
    }
    (records, events)
}

fn invalid_request(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, message)
}

fn invalid_config(message: String) -> ApiError {
    ApiError::new(ErrorCode::InvalidConfig, message)
}
