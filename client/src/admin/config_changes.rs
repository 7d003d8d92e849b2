//! Settings that are changed.

use kafka_protocol::messages::{
    AlterConfigsRequest, AlterConfigsResponse, IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse, alter_configs_request, incremental_alter_configs_request,
};
use ottla_core::ApiError;
use ottla_core::sorted::Map;

use super::clerk::{if_all, outcome};
use super::configs::by_target;
use super::{AskError, Clerk, ConfigEntry, ConfigResource, ConfigSource, DescribeConfigs};
use super::{Question, Stop};
use crate::protocol::names::text;

/// Changes settings: those that are named, and no others. Where the broker cannot do that (before Kafka 2.3), they are read, changed and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterConfigs {
    /// What is to be changed.
    pub changes: Map<ConfigResource, Vec<ConfigChange>>,
    /// Only say whether it could be done.
    pub validate_only: bool,
}

impl Question for AlterConfigs {
    type Answer = Map<ConfigResource, Result<(), ApiError>>;
    const CALL: &'static str = "incrementalAlterConfigs";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        match self.change(clerk) {
            Err(Stop::Failed(AskError::Unsupported { .. })) => self.read_and_write(clerk),
            answer => answer,
        }
    }
}

/// One change of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigChange {
    /// The key.
    pub name: String,
    /// What becomes of it.
    pub op: ConfigOp,
}

/// What becomes of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigOp {
    /// It gets this value.
    Set(String),
    /// It goes back to its default.
    Delete,
    /// This is added to a list.
    Append(String),
    /// This is taken from a list.
    Subtract(String),
}

type Outcomes = Map<ConfigResource, Result<(), ApiError>>;

impl AlterConfigs {
    fn change(&self, clerk: &mut Clerk) -> Result<Outcomes, Stop> {
        let requests = by_target(self.changes.keys()).into_iter();
        let requests = requests.map(|(target, resources)| {
            let resources = resources.into_iter().map(|resource| {
                let changes = &self.changes[resource];
                incremental_alter_configs_request::AlterConfigsResource::default()
                    .with_resource_type(resource.kind as i8)
                    .with_resource_name(text(&resource.name))
                    .with_configs(changes.iter().map(ConfigChange::to_message).collect())
            });
            let request = IncrementalAlterConfigsRequest::default()
                .with_resources(resources.collect())
                .with_validate_only(self.validate_only);
            (target, request.into())
        });
        let responses =
            clerk.ask_each(requests, |response: &IncrementalAlterConfigsResponse| {
                if_all(response.responses.iter().map(|result| result.error_code))
            })?;
        let mut answer = Outcomes::new();
        for response in responses {
            for told in response?.responses {
                let outcome = outcome(told.error_code, told.error_message.as_deref());
                let resource = ConfigResource::of_message(told.resource_type, &told.resource_name);
                answer.extend(resource.zip(Some(outcome)));
            }
        }
        Ok(answer)
    }

    /// The old way: all settings of a resource are written, so those that stay have to be read first.
    fn read_and_write(&self, clerk: &mut Clerk) -> Result<Outcomes, Stop> {
        let described = DescribeConfigs {
            resources: self.changes.keys().cloned().collect(),
            keys: None,
            synonyms: false,
            documentation: false,
        };
        let mut answer = Outcomes::new();
        let mut written = Map::new();
        for (resource, entries) in described.answer(clerk)? {
            match entries {
                Ok(entries) => {
                    let changes = self.changes.get(&resource);
                    let changes = changes.map(Vec::as_slice).unwrap_or_default();
                    written.insert(resource, changed(&entries, changes));
                }
                Err(error) => {
                    answer.insert(resource, Err(error));
                }
            }
        }
        let requests = by_target(written.keys())
            .into_iter()
            .map(|(target, resources)| {
                let resources = resources.into_iter().map(|resource| {
                    let configs = written[resource].iter().map(|(name, value)| {
                        alter_configs_request::AlterableConfig::default()
                            .with_name(text(name))
                            .with_value(Some(text(value)))
                    });
                    alter_configs_request::AlterConfigsResource::default()
                        .with_resource_type(resource.kind as i8)
                        .with_resource_name(text(&resource.name))
                        .with_configs(configs.collect())
                });
                let request = AlterConfigsRequest::default()
                    .with_resources(resources.collect())
                    .with_validate_only(self.validate_only);
                (target, request.into())
            });
        let responses = clerk.ask_each(requests, |response: &AlterConfigsResponse| {
            if_all(response.responses.iter().map(|result| result.error_code))
        })?;
        for response in responses {
            for told in response?.responses {
                let outcome = outcome(told.error_code, told.error_message.as_deref());
                let resource = ConfigResource::of_message(told.resource_type, &told.resource_name);
                answer.extend(resource.zip(Some(outcome)));
            }
        }
        Ok(answer)
    }
}

/// What is set on a resource itself, after the changes.
fn changed(entries: &[ConfigEntry], changes: &[ConfigChange]) -> Map<String, String> {
    let own = entries.iter().filter(|entry| {
        let source = entry.source;
        source == ConfigSource::Topic || source == ConfigSource::DynamicBroker
    });
    let own = own.filter_map(|entry| Some((entry.name.clone(), entry.value.clone()?)));
    let mut values: Map<String, String> = own.collect();
    for change in changes {
        // A list that is not set is its default, to which more is added.
        let default = entries.iter().find(|entry| entry.name == change.name);
        let default = default.and_then(|entry| entry.value.clone());
        let list = values.get(&change.name).cloned().or(default);
        let list = list.unwrap_or_default();
        let items = list.split(',').filter(|item| !item.is_empty());
        match &change.op {
            ConfigOp::Delete => {
                values.remove(&change.name);
            }
            ConfigOp::Set(value) => {
                values.insert(change.name.clone(), value.clone());
            }
            ConfigOp::Append(more) => {
                let items: Vec<&str> = items.chain([more.as_str()]).collect();
                values.insert(change.name.clone(), items.join(","));
            }
            ConfigOp::Subtract(less) => {
                let items: Vec<&str> = items.filter(|item| item != less).collect();
                values.insert(change.name.clone(), items.join(","));
            }
        }
    }
    values
}

impl ConfigChange {
    fn to_message(&self) -> incremental_alter_configs_request::AlterableConfig {
        let (operation, value) = match &self.op {
            ConfigOp::Set(value) => (0, Some(value)),
            ConfigOp::Delete => (1, None),
            ConfigOp::Append(value) => (2, Some(value)),
            ConfigOp::Subtract(value) => (3, Some(value)),
        };
        incremental_alter_configs_request::AlterableConfig::default()
            .with_name(text(&self.name))
            .with_config_operation(operation)
            .with_value(value.map(|value| text(value)))
    }
}
