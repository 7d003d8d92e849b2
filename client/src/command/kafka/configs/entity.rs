//! Whose settings are meant.

use crate::admin::{ConfigResource, ConfigSource, ResourceKind};
use crate::command::kafka::failure::Failure;

/// What `--entity-type` and `--entity-name` say, or `--topic NAME` and its like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entity {
    pub(super) kind: Kind,
    /// `None`: all of the kind. Empty: the default of all brokers.
    pub(super) name: Option<String>,
}

/// The kinds that have settings here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Topic,
    Broker,
    BrokerLogger,
    ClientMetrics,
    Group,
}

impl Kind {
    /// The kind of an `--entity-type` that Kafka knows.
    pub(super) fn of(entity_type: &str) -> Result<Self, Failure> {
        Ok(match entity_type {
            "topics" => Kind::Topic,
            "brokers" => Kind::Broker,
            "broker-loggers" => Kind::BrokerLogger,
            "client-metrics" => Kind::ClientMetrics,
            "groups" => Kind::Group,
            other => {
                return Err(Failure::illegal(format!(
                    "Quotas and credentials are not known here: entity type {other}"
                )));
            }
        })
    }

    /// As `--entity-type` has it.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Kind::Topic => "topics",
            Kind::Broker => "brokers",
            Kind::BrokerLogger => "broker-loggers",
            Kind::ClientMetrics => "client-metrics",
            Kind::Group => "groups",
        }
    }

    /// As Kafka's tool speaks of one: without its last letter.
    pub(super) fn singular(self) -> &'static str {
        let plural = self.plural();
        &plural[..plural.len() - 1]
    }

    /// The resource of this name.
    pub(super) fn resource(self, name: &str) -> ConfigResource {
        let kind = match self {
            Kind::Topic => ResourceKind::Topic,
            Kind::Broker => ResourceKind::Broker,
            Kind::BrokerLogger => ResourceKind::BrokerLogger,
            Kind::ClientMetrics => ResourceKind::ClientMetrics,
            Kind::Group => ResourceKind::Group,
        };
        let name = name.to_owned();
        ConfigResource { kind, name }
    }

    /// Where a value comes from that was set on the entity itself. `None`: all values are shown.
    pub(super) fn own_source(self, name: &str) -> Option<ConfigSource> {
        match self {
            Kind::Topic => Some(ConfigSource::Topic),
            Kind::Broker if name.is_empty() => Some(ConfigSource::DynamicDefaultBroker),
            Kind::Broker => Some(ConfigSource::DynamicBroker),
            Kind::BrokerLogger => None,
            Kind::ClientMetrics => Some(ConfigSource::ClientMetrics),
            Kind::Group => Some(ConfigSource::Group),
        }
    }
}
