//! Settings of topics and brokers.

use std::collections::BTreeMap;

use ottla_core::ApiError;

use super::Question;

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
    type Answer = BTreeMap<ConfigResource, Result<Vec<ConfigEntry>, ApiError>>;
    const CALL: &'static str = "describeConfigs";
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

/// Changes settings: those that are named, and no others. Where the broker cannot do that (before Kafka 2.3), they are read, changed and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterConfigs {
    /// What is to be changed.
    pub changes: BTreeMap<ConfigResource, Vec<ConfigChange>>,
    /// Only say whether it could be done.
    pub validate_only: bool,
}

impl Question for AlterConfigs {
    type Answer = BTreeMap<ConfigResource, Result<(), ApiError>>;
    const CALL: &'static str = "incrementalAlterConfigs";
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
