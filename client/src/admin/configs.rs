//! Settings of topics and brokers.

use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsSynonym,
};
use kafka_protocol::messages::{DescribeConfigsRequest, DescribeConfigsResponse};
use ottla_core::ApiError;
use ottla_core::sorted::Map;

use super::clerk::{if_any, outcome};
use super::{Clerk, Question, Stop};
use crate::network::{BrokerId, Target};
use crate::protocol::names::text;

/// Something that has settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigResource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its name: a topic's, a broker's number (empty: the default of all brokers), a group's.
    pub name: String,
}

/// The kinds of [`ConfigResource`], with their numbers in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i8)]
pub enum ResourceKind {
    /// A topic.
    Topic = 2,
    /// A broker.
    Broker = 4,
    /// A broker's log levels.
    BrokerLogger = 8,
    /// Client metrics (KIP-714).
    ClientMetrics = 16,
    /// A group.
    Group = 32,
}

impl ConfigResource {
    /// A topic.
    pub fn topic(name: &str) -> Self {
        Self {
            kind: ResourceKind::Topic,
            name: name.to_owned(),
        }
    }

    /// A broker.
    pub fn broker(id: i32) -> Self {
        Self {
            kind: ResourceKind::Broker,
            name: id.to_string(),
        }
    }

    /// Who knows and changes its settings: a broker those of its own, any broker all others.
    pub(super) fn target(&self) -> Target {
        match (self.kind, self.name.parse()) {
            (ResourceKind::Broker | ResourceKind::BrokerLogger, Ok(id)) => {
                Target::Broker(BrokerId(id))
            }
            _ => Target::Any,
        }
    }

    /// The resource that an answer speaks of.
    pub(super) fn of_message(kind: i8, name: &str) -> Option<Self> {
        let kind = match kind {
            2 => ResourceKind::Topic,
            4 => ResourceKind::Broker,
            8 => ResourceKind::BrokerLogger,
            16 => ResourceKind::ClientMetrics,
            32 => ResourceKind::Group,
            _ => return None,
        };
        let name = name.to_owned();
        Some(Self { kind, name })
    }
}

/// Resources by whom to ask about them.
pub(super) fn by_target<'a>(
    resources: impl IntoIterator<Item = &'a ConfigResource>,
) -> Map<Target, Vec<&'a ConfigResource>> {
    let mut targets: Map<Target, Vec<&ConfigResource>> = Map::new();
    for resource in resources {
        targets.entry(resource.target()).or_default().push(resource);
    }
    targets
}

/// The settings of topics, brokers and so on. Each one that was asked for is in the answer; a broker is asked for its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeConfigs {
    /// Whose settings.
    pub resources: Vec<ConfigResource>,
    /// Which of them; `None` is all.
    pub keys: Option<Vec<String>>,
    /// With what each value is made of.
    pub synonyms: bool,
    /// With what each setting means.
    pub documentation: bool,
}

impl Question for DescribeConfigs {
    type Answer = Map<ConfigResource, Result<Vec<ConfigEntry>, ApiError>>;
    const CALL: &'static str = "describeConfigs";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let keys = self.keys.as_ref();
        let keys = keys.map(|keys| keys.iter().map(|key| text(key)).collect::<Vec<_>>());
        let requests = by_target(&self.resources)
            .into_iter()
            .map(|(target, resources)| {
                let resources = resources.into_iter().map(|resource| {
                    DescribeConfigsResource::default()
                        .with_resource_type(resource.kind as i8)
                        .with_resource_name(text(&resource.name))
                        .with_configuration_keys(keys.clone())
                });
                let request = DescribeConfigsRequest::default()
                    .with_resources(resources.collect())
                    .with_include_synonyms(self.synonyms)
                    .with_include_documentation(self.documentation);
                (target, request.into())
            });
        let responses = clerk.ask_each(requests, |response: &DescribeConfigsResponse| {
            if_any(response.results.iter().map(|result| result.error_code))
        })?;
        let mut answer = Map::new();
        for response in responses {
            for result in response?.results {
                let outcome = outcome(result.error_code, result.error_message.as_deref());
                let entries = || result.configs.into_iter().map(entry).collect();
                let resource =
                    ConfigResource::of_message(result.resource_type, &result.resource_name);
                if let Some(resource) = resource {
                    answer.insert(resource, outcome.map(|()| entries()));
                }
            }
        }
        Ok(answer)
    }
}

/// A setting, in the order in which the broker lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    /// Its key.
    pub name: String,
    /// Its value; `None` where it has none or it is secret.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: ConfigSource,
    /// Whether it can be changed while the broker runs.
    pub read_only: bool,
    /// Whether the value is secret.
    pub sensitive: bool,
    /// What the value comes from, the strongest first.
    pub synonyms: Vec<ConfigSynonym>,
    /// The type's number in the protocol; 0 where the broker tells none.
    pub kind: i8,
    /// What it means.
    pub documentation: Option<String>,
}

/// One of the places from which a setting's value can come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigSynonym {
    /// The key there.
    pub name: String,
    /// The value there.
    pub value: Option<String>,
    /// The place.
    pub source: ConfigSource,
}

/// Where a setting's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigSource {
    /// A kind that this program does not know.
    Unknown,
    /// Set on the topic.
    Topic,
    /// Set on one broker while it runs.
    DynamicBroker,
    /// Set on all brokers while they run.
    DynamicDefaultBroker,
    /// In the broker's file of properties.
    StaticBroker,
    /// Kafka's default.
    Default,
    /// A broker's log level.
    DynamicBrokerLogger,
    /// Client metrics.
    ClientMetrics,
    /// Set on the group.
    Group,
}

impl ConfigSource {
    fn of_message(source: i8) -> Self {
        match source {
            1 => ConfigSource::Topic,
            2 => ConfigSource::DynamicBroker,
            3 => ConfigSource::DynamicDefaultBroker,
            4 => ConfigSource::StaticBroker,
            5 => ConfigSource::Default,
            6 => ConfigSource::DynamicBrokerLogger,
            7 => ConfigSource::ClientMetrics,
            8 => ConfigSource::Group,
            _ => ConfigSource::Unknown,
        }
    }

    /// The name that Kafka's tools print, such as `DYNAMIC_TOPIC_CONFIG`.
    pub fn name(self) -> &'static str {
        match self {
            ConfigSource::Unknown => "UNKNOWN",
            ConfigSource::Topic => "DYNAMIC_TOPIC_CONFIG",
            ConfigSource::DynamicBroker => "DYNAMIC_BROKER_CONFIG",
            ConfigSource::DynamicDefaultBroker => "DYNAMIC_DEFAULT_BROKER_CONFIG",
            ConfigSource::StaticBroker => "STATIC_BROKER_CONFIG",
            ConfigSource::Default => "DEFAULT_CONFIG",
            ConfigSource::DynamicBrokerLogger => "DYNAMIC_BROKER_LOGGER_CONFIG",
            ConfigSource::ClientMetrics => "DYNAMIC_CLIENT_METRICS_CONFIG",
            ConfigSource::Group => "DYNAMIC_GROUP_CONFIG",
        }
    }
}

fn entry(config: DescribeConfigsResourceResult) -> ConfigEntry {
    let synonym = |synonym: DescribeConfigsSynonym| ConfigSynonym {
        name: synonym.name.to_string(),
        value: synonym.value.map(|value| value.to_string()),
        source: ConfigSource::of_message(synonym.source),
    };
    ConfigEntry {
        name: config.name.to_string(),
        value: config.value.map(|value| value.to_string()),
        source: ConfigSource::of_message(config.config_source),
        read_only: config.read_only,
        sensitive: config.is_sensitive,
        synonyms: config.synonyms.into_iter().map(synonym).collect(),
        kind: config.config_type,
        documentation: config.documentation.map(|text| text.to_string()),
    }
}
