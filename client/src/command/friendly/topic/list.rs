//! `ottla topic list`.

use clap::Args;
use serde_json::json;

use super::super::ClusterOptions;
use super::super::table::{Table, visible};
use super::super::teller::{Halt, Teller};
use crate::admin::ListTopics;
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla topic list
  ottla topic list --quiet | xargs ottla topic delete

JSON: {\"topics\": [{\"name\", \"id\", \"internal\", \"partitions\"}]}";

/// `ottla topic list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct TopicList {
    /// With the brokers' own topics, such as __consumer_offsets.
    #[arg(long)]
    pub internal: bool,

    /// Only names, one a line.
    #[arg(long, short, conflicts_with = "json")]
    pub quiet: bool,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl TopicList {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let topics = teller.ask(ListTopics {
            internal: self.internal,
        })?;
        let documents = topics.iter().map(|(name, topic)| {
            json!({
                "name": name.as_str(),
                "id": topic.id.to_string(),
                "internal": topic.internal,
                "partitions": topic.partitions_count,
            })
        });
        teller.document(&json!({ "topics": documents.collect::<Vec<_>>() }));
        let mut table = Table::new(&["TOPIC", "#PARTITIONS", ""]);
        for (name, topic) in &topics {
            let internal = if topic.internal { "internal" } else { "" };
            table.row([name.into(), topic.partitions_count.into(), internal.into()]);
        }
        match topics.is_empty() {
            true => teller.hint("no topics yet: ottla topic create NAME"),
            false if self.quiet => topics.keys().for_each(|name| teller.line(visible(name))),
            false => teller.table(&table),
        }
        Ok(Exit::DONE)
    }
}
