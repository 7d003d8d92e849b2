//! `ottla topic alter`.

use clap::Args;
use ottla_core::TopicName;
use ottla_core::sorted::Map;
use serde_json::json;

use super::super::config::{changes, told_changes};
use super::super::teller::{Halt, Teller};
use super::super::words::counted;
use super::super::{ClusterOptions, Setting};
use crate::admin::{AlterConfigs, AwaitTopics, ConfigResource, CreatePartitions, NewPartitions};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla topic alter orders --partitions 12
  ottla topic alter orders --config retention.ms=3600000 --unset cleanup.policy

Partitions can be added, never taken away. Records with keys that come later may go to other partitions than before.

JSON: {\"name\", \"partitions\", \"set\": {KEY: VALUE}, \"unset\": [KEY]}";

/// `ottla topic alter`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
#[group(required = true, multiple = true, id = "change", args = ["partitions", "config", "unset"])]
pub struct TopicAlter {
    /// Name of the topic.
    pub name: String,

    /// Number of partitions that it is to have in all.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    pub partitions: Option<i32>,

    /// A setting's new value. May be repeated.
    #[arg(long, short, value_name = "KEY=VALUE")]
    pub config: Vec<Setting>,

    /// A setting that goes back to its default. May be repeated.
    #[arg(long, short, value_name = "KEY")]
    pub unset: Vec<String>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl TopicAlter {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let name = TopicName::from(self.name.as_str());
        if let Some(total_count) = self.partitions {
            let partitions = NewPartitions {
                total_count,
                assignments: None,
            };
            let outcome = teller.ask(CreatePartitions {
                topics: Map::from([(name.clone(), partitions)]),
                validate_only: false,
            })?;
            if let Some(Err(error)) = outcome.get(&name).cloned() {
                return Err(Halt::Refused(teller.about_topic(&name, error)?));
            }
            teller.ask(AwaitTopics {
                partitions_counts: Map::from([(name.clone(), total_count)]),
            })?;
            let count = counted(usize::try_from(total_count).unwrap_or(0), "partition");
            teller.line(format!("{name} has {count}"));
        }
        let changes = changes(&self.config, &self.unset);
        if !changes.is_empty() {
            let resource = ConfigResource::topic(&name);
            let outcome = teller.ask(AlterConfigs {
                changes: Map::from([(resource.clone(), changes)]),
                validate_only: false,
            })?;
            if let Some(Err(error)) = outcome.get(&resource).cloned() {
                return Err(Halt::Refused(teller.about_topic(&name, error)?));
            }
            told_changes(teller, &name, &self.config, &self.unset);
        }
        let set = self.config.iter();
        let set: Map<&str, &str> = set
            .map(|setting| (setting.key.as_str(), setting.value.as_str()))
            .collect();
        teller.document(&json!({
            "name": self.name,
            "partitions": self.partitions,
            "set": set,
            "unset": self.unset,
        }));
        Ok(Exit::DONE)
    }
}
