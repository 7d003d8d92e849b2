//! `ottla config`.

use clap::{Args, Subcommand, ValueEnum};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, ErrorCode};
use serde_json::json;

use super::table::{Cell, Mood, Table};
use super::teller::{Complaint, Halt, Teller, complaint};
use super::{ClusterOptions, Setting};
use crate::admin::{
    AlterConfigs, ConfigChange, ConfigEntry, ConfigOp, ConfigResource, ConfigSource,
    DescribeConfigs, ResourceKind,
};
use crate::command::Exit;

/// What can be done with settings.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Show settings.
    Get(ConfigGet),
    /// Change settings.
    Set(ConfigSet),
}

/// Things that have settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConfigTarget {
    /// A topic, by its name.
    Topic,
    /// A broker, by its number.
    Broker,
}

const GET_HELP: &str = "\
Examples:
  ottla config get topic orders
  ottla config get broker 1 --all
  ottla config get topic orders retention.ms

JSON: {\"target\", \"name\", \"configs\": [{\"name\", \"value\", \"source\", \"read_only\", \"sensitive\"}]}";

/// `ottla config get`.
#[derive(Debug, Clone, Args)]
#[command(after_help = GET_HELP)]
pub struct ConfigGet {
    /// Whose settings.
    #[arg(value_enum)]
    pub target: ConfigTarget,

    /// The topic's name, or the broker's number.
    pub name: String,

    /// Only these settings.
    #[arg(value_name = "KEY")]
    pub keys: Vec<String>,

    /// Also those that have their defaults.
    #[arg(long)]
    pub all: bool,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

const SET_HELP: &str = "\
Examples:
  ottla config set topic orders retention.ms=3600000 cleanup.policy=compact
  ottla config set topic orders --unset retention.ms
  ottla config set broker 1 log.retention.ms=3600000

JSON: {\"target\", \"name\", \"set\": {KEY: VALUE}, \"unset\": [KEY]}";

/// `ottla config set`.
#[derive(Debug, Clone, Args)]
#[command(after_help = SET_HELP)]
pub struct ConfigSet {
    /// Whose settings.
    #[arg(value_enum)]
    pub target: ConfigTarget,

    /// The topic's name, or the broker's number.
    pub name: String,

    /// Settings and their new values.
    #[arg(value_name = "KEY=VALUE", required_unless_present = "unset")]
    pub settings: Vec<Setting>,

    /// A setting that goes back to its default. May be repeated.
    #[arg(long, short, value_name = "KEY")]
    pub unset: Vec<String>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl ConfigCommand {
    pub(super) fn cluster(&self) -> &ClusterOptions {
        match self {
            ConfigCommand::Get(command) => &command.cluster,
            ConfigCommand::Set(command) => &command.cluster,
        }
    }

    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        match self {
            ConfigCommand::Get(command) => command.play(teller),
            ConfigCommand::Set(command) => command.play(teller),
        }
    }
}

impl ConfigTarget {
    fn name(self) -> &'static str {
        match self {
            ConfigTarget::Topic => "topic",
            ConfigTarget::Broker => "broker",
        }
    }

    fn resource(self, name: &str) -> Result<ConfigResource, Halt> {
        let kind = match self {
            ConfigTarget::Topic => ResourceKind::Topic,
            ConfigTarget::Broker => ResourceKind::Broker,
        };
        if self == ConfigTarget::Broker && name.parse::<i32>().is_err() {
            return Err(Halt::usage(format!(
                "{name:?} is not a broker's number; ottla cluster shows them"
            )));
        }
        let name = name.to_owned();
        Ok(ConfigResource { kind, name })
    }
}

impl ConfigGet {
    fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let resource = self.target.resource(&self.name)?;
        let described = teller.ask(DescribeConfigs {
            resources: vec![resource.clone()],
            keys: (!self.keys.is_empty()).then(|| self.keys.clone()),
            synonyms: false,
            documentation: false,
        })?;
        let entries = match described.into_iter().find(|(found, _)| *found == resource) {
            Some((_, Ok(entries))) => entries,
            Some((_, Err(error))) => {
                return Err(Halt::Refused(about(teller, &resource, error)?));
            }
            None => Vec::new(),
        };
        let mut entries: Vec<ConfigEntry> = entries
            .into_iter()
            .filter(|entry| self.all || !self.keys.is_empty() || is_set(entry))
            .collect();
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        for key in &self.keys {
            if !entries.iter().any(|entry| entry.name == *key) {
                let target = self.target.name();
                teller.note(format!("there is no setting {key} of a {target}"));
            }
        }
        let mut table = Table::new(&["KEY", "VALUE", "SOURCE"]);
        for entry in &entries {
            let value = match (&entry.value, entry.sensitive) {
                (_, true) => Cell::new(Mood::Quiet, "(hidden)"),
                (Some(value), _) => Cell::from(value),
                (None, _) => Cell::known(None::<&str>),
            };
            table.row([
                Cell::from(&entry.name),
                value,
                Cell::new(Mood::Quiet, words(entry.source)),
            ]);
        }
        match (entries.is_empty(), self.keys.is_empty()) {
            (true, true) => teller.hint("all settings have their defaults; --all shows them"),
            (true, false) => {}
            (false, _) => teller.table(&table),
        }
        let documents = entries.iter().map(|entry| {
            json!({
                "name": entry.name,
                "value": entry.value,
                "source": entry.source.name(),
                "read_only": entry.read_only,
                "sensitive": entry.sensitive,
            })
        });
        teller.document(&json!({
            "target": self.target.name(),
            "name": self.name,
            "configs": documents.collect::<Vec<_>>(),
        }));
        let missing = self.keys.len() > entries.len();
        Ok(if missing { Exit::FAILED } else { Exit::DONE })
    }
}

impl ConfigSet {
    fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let resource = self.target.resource(&self.name)?;
        let outcome = teller.ask(AlterConfigs {
            changes: Map::from([(resource.clone(), changes(&self.settings, &self.unset))]),
            validate_only: false,
        })?;
        if let Some(Err(error)) = outcome.get(&resource).cloned() {
            return Err(Halt::Refused(about(teller, &resource, error)?));
        }
        let name = match self.target {
            ConfigTarget::Topic => self.name.clone(),
            ConfigTarget::Broker => format!("broker {}", self.name),
        };
        told_changes(teller, &name, &self.settings, &self.unset);
        let set = self.settings.iter();
        let set: Map<&str, &str> = set
            .map(|setting| (setting.key.as_str(), setting.value.as_str()))
            .collect();
        teller.document(&json!({
            "target": self.target.name(),
            "name": self.name,
            "set": set,
            "unset": self.unset,
        }));
        Ok(Exit::DONE)
    }
}

/// What is to be changed.
pub(super) fn changes(settings: &[Setting], unset: &[String]) -> Vec<ConfigChange> {
    let set = settings.iter().map(|setting| ConfigChange {
        name: setting.key.clone(),
        op: ConfigOp::Set(setting.value.clone()),
    });
    let unset = unset.iter().map(|key| ConfigChange {
        name: key.clone(),
        op: ConfigOp::Delete,
    });
    set.chain(unset).collect()
}

/// Says what was changed.
pub(super) fn told_changes(
    teller: &mut Teller,
    name: &str,
    settings: &[Setting],
    unset: &[String],
) {
    for Setting { key, value } in settings {
        teller.line(format!("{name}: {key}={value}"));
    }
    for key in unset {
        teller.line(format!("{name}: {key} is back to its default"));
    }
}

fn about(
    teller: &mut Teller,
    resource: &ConfigResource,
    error: ApiError,
) -> Result<Complaint, Halt> {
    match (resource.kind, error.code) {
        (ResourceKind::Topic, ErrorCode::UnknownTopicOrPartition) => {
            teller.about_topic(&resource.name.as_str().into(), error)
        }
        _ => Ok(complaint(error)),
    }
}

/// Whether somebody has set it.
fn is_set(entry: &ConfigEntry) -> bool {
    entry.source != ConfigSource::Default
}

fn words(source: ConfigSource) -> &'static str {
    match source {
        ConfigSource::Unknown => "unknown",
        ConfigSource::Topic => "topic",
        ConfigSource::DynamicBroker => "broker, while it runs",
        ConfigSource::DynamicDefaultBroker => "all brokers, while they run",
        ConfigSource::StaticBroker => "broker's start",
        ConfigSource::Default => "default",
        ConfigSource::DynamicBrokerLogger => "broker's log levels",
        ConfigSource::ClientMetrics => "client metrics",
        ConfigSource::Group => "group",
    }
}
