//! `ottla topic delete`.

use clap::Args;
use ottla_core::{ErrorCode, TopicName};
use serde_json::{Value, json};

use super::super::ClusterOptions;
use super::super::teller::{Halt, Teller, error_json};
use crate::admin::DeleteTopics;
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla topic delete orders
  ottla topic delete orders payments --if-exists

JSON: {\"topics\": [{\"name\", \"deleted\", \"error\": {\"code\", \"message\"}}]}";

/// `ottla topic delete`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct TopicDelete {
    /// Names of the topics.
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,

    /// Do not complain about a topic that does not exist.
    #[arg(long)]
    pub if_exists: bool,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl TopicDelete {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let mut names: Vec<TopicName> =
            self.names.iter().map(|name| name.as_str().into()).collect();
        names.sort();
        names.dedup();
        let mut exit = Exit::DONE;
        let mut documents = Vec::new();
        for (name, outcome) in teller.ask(DeleteTopics { names })? {
            let mut document = json!({ "name": name.as_str(), "deleted": outcome.is_ok() });
            match outcome {
                Ok(()) => teller.line(format!("deleted {name}")),
                Err(error)
                    if error.code == ErrorCode::UnknownTopicOrPartition && self.if_exists =>
                {
                    teller.line(format!("there is no topic {name}"));
                }
                Err(error) => {
                    exit = Exit::FAILED;
                    document["error"] = error_json(&error);
                    let complaint = teller.about_topic(&name, error)?;
                    teller.complain(&complaint);
                }
            }
            documents.push(document);
        }
        teller.document(&json!({ "topics": Value::from(documents) }));
        Ok(exit)
    }
}
