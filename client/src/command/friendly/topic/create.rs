//! `ottla topic create`.

use clap::Args;
use ottla_core::ErrorCode;
use ottla_core::sorted::Map;
use serde_json::{Value, json};

use super::super::teller::{Complaint, Halt, Teller, complaint, error_json};
use super::super::words::counted;
use super::super::{ClusterOptions, Setting};
use crate::admin::{AwaitTopics, CreateTopics, NewTopic};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla topic create orders
  ottla topic create orders payments --partitions 6
  ottla topic create changes --config cleanup.policy=compact --if-not-exists

JSON: {\"topics\": [{\"name\", \"created\", \"id\", \"partitions\", \"replication_factor\", \"error\": {\"code\", \"message\"}}]}";

/// `ottla topic create`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct TopicCreate {
    /// Names of the topics.
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,

    /// Number of partitions. [default: the broker's num.partitions]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    pub partitions: Option<i32>,

    /// Number of replicas of each partition. [default: the broker's default.replication.factor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(i16).range(1..))]
    pub replication_factor: Option<i16>,

    /// A setting that is to differ from its default. May be repeated.
    #[arg(long, short, value_name = "KEY=VALUE")]
    pub config: Vec<Setting>,

    /// Leave a topic alone that exists already.
    #[arg(long)]
    pub if_not_exists: bool,

    /// Only say whether it could be done.
    #[arg(long)]
    pub dry_run: bool,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl TopicCreate {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let mut names = self.names.clone();
        names.sort();
        names.dedup();
        let configs = self.config.iter();
        let configs: Vec<_> = configs
            .map(|setting| (setting.key.clone(), setting.value.clone()))
            .collect();
        let topics = names.iter().map(|name| NewTopic {
            name: name.as_str().into(),
            partitions_count: self.partitions,
            replication_factor: self.replication_factor,
            assignments: Map::new(),
            configs: configs.clone(),
        });
        let created = teller.ask(CreateTopics {
            topics: topics.collect(),
            validate_only: self.dry_run,
        })?;
        if !self.dry_run {
            let made = created.iter().filter_map(|(name, outcome)| {
                let topic = outcome.as_ref().ok()?;
                Some((name.clone(), topic.partitions_count.unwrap_or(1)))
            });
            teller.ask(AwaitTopics {
                partitions_counts: made.collect(),
            })?;
        }
        let mut exit = Exit::DONE;
        let mut documents = Vec::new();
        for (name, outcome) in created {
            let mut document = json!({ "name": name.as_str(), "created": false });
            match outcome {
                Ok(topic) => {
                    let done = if self.dry_run {
                        "could create"
                    } else {
                        "created"
                    };
                    let partitions = topic.partitions_count.map(|count| {
                        let replicas = topic.replication_factor.unwrap_or(1);
                        let partitions = counted(usize::try_from(count).unwrap_or(0), "partition");
                        match replicas {
                            1 => format!(" with {partitions}"),
                            _ => format!(" with {partitions}, {replicas} replicas each"),
                        }
                    });
                    teller.line(format!("{done} {name}{}", partitions.unwrap_or_default()));
                    document["created"] = (!self.dry_run).into();
                    document["id"] = topic.id.to_string().into();
                    document["partitions"] = topic.partitions_count.into();
                    document["replication_factor"] = topic.replication_factor.into();
                }
                Err(error) if error.code == ErrorCode::TopicAlreadyExists && self.if_not_exists => {
                    teller.line(format!("{name} exists already"));
                }
                Err(error) => {
                    exit = Exit::FAILED;
                    document["error"] = error_json(&error);
                    let exists = error.code == ErrorCode::TopicAlreadyExists;
                    let remedy = exists.then(|| {
                        format!(
                            "look at it: ottla topic describe {name}; or accept it: --if-not-exists"
                        )
                    });
                    teller.complain(&Complaint {
                        remedy,
                        ..complaint(error)
                    });
                }
            }
            documents.push(document);
        }
        teller.document(&json!({ "topics": Value::from(documents) }));
        Ok(exit)
    }
}
