//! `ottla offsets`.

use std::str::FromStr;

use clap::Args;
use ottla_core::sorted::Map;
use ottla_core::{ApiError, Timestamp, TopicName, TopicPartition};
use serde_json::{Value, json};

use super::ClusterOptions;
use super::group::MomentText;
use super::table::{Cell, Table};
use super::teller::{Halt, Teller};
use super::words::{age, counted, utc};
use crate::admin::{DescribeTopics, ListOffsets, ListedOffset, OffsetSpec};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla offsets orders
  ottla offsets orders --at latest
  ottla offsets orders --at 2026-11-21T06:41
  ottla offsets orders --at 2h

FIRST is the offset of the first record that there is, END the one that the next record gets.

JSON: {\"topic\", \"partitions\": [{\"partition\", \"first\", \"end\"}]}, or with --at
  {\"topic\", \"at\", \"partitions\": [{\"partition\", \"offset\", \"timestamp\"}]}. What cannot be known is null.";

/// `ottla offsets`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct OffsetsCommand {
    /// Name of the topic.
    pub topic: String,

    /// Only the offsets of this moment: earliest, latest, max-timestamp, a time (UTC), or how long ago.
    #[arg(long, value_name = "WHEN")]
    pub at: Option<When>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

/// Which offset of a partition is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// The first that there is.
    Earliest,
    /// The one that the next record gets.
    Latest,
    /// That of the record with the highest timestamp.
    MaxTimestamp,
    /// That of the first record from this moment on.
    Moment(MomentText),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "earliest" => Ok(When::Earliest),
            "latest" => Ok(When::Latest),
            "max-timestamp" => Ok(When::MaxTimestamp),
            _ => Ok(When::Moment(text.parse()?)),
        }
    }
}

impl When {
    fn spec(&self, now: Timestamp) -> OffsetSpec {
        match self {
            When::Earliest => OffsetSpec::Earliest,
            When::Latest => OffsetSpec::Latest,
            When::MaxTimestamp => OffsetSpec::MaxTimestamp,
            When::Moment(moment) => OffsetSpec::At(moment.moment(now).0),
        }
    }
}

type Listed = Map<TopicPartition, Result<ListedOffset, ApiError>>;

impl OffsetsCommand {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let topic = TopicName::from(self.topic.as_str());
        let names = vec![topic.clone()];
        let indexes: Vec<i32> = match teller.ask(DescribeTopics { names })?.remove(&topic) {
            Some(Ok(found)) => found.partitions.iter().map(|one| one.index).collect(),
            Some(Err(error)) => return Err(Halt::Refused(teller.about_topic(&topic, error)?)),
            None => Vec::new(),
        };
        let question = |spec: OffsetSpec| {
            let partitions = indexes.iter().map(|index| {
                let partition = TopicPartition {
                    topic: topic.clone(),
                    partition: *index,
                };
                (partition, spec)
            });
            ListOffsets {
                partitions: partitions.collect(),
                read_committed: false,
            }
        };
        let failures = match &self.at {
            Some(when) => {
                let spec = when.spec(teller.now());
                let listed = teller.ask(question(spec))?;
                self.tell_moment(teller, spec, &listed);
                listed
            }
            None => {
                let first = teller.begin(question(OffsetSpec::Earliest));
                let end = teller.begin(question(OffsetSpec::Latest));
                let (first, end) = (teller.answer(first)?, teller.answer(end)?);
                self.tell_range(teller, &first, &end);
                first
            }
        };
        let failed = failures
            .iter()
            .filter_map(|(one, listed)| Some((one, listed.as_ref().err()?)));
        let mut exit = Exit::DONE;
        for (partition, error) in failed {
            teller.note(format!("{partition}: {}", error.message));
            exit = Exit::FAILED;
        }
        Ok(exit)
    }

    fn tell_range(&self, teller: &mut Teller, first: &Listed, end: &Listed) {
        let mut table = Table::new(&["#PARTITION", "#FIRST", "#END", "#OFFSETS"]);
        let mut documents = Vec::new();
        let mut total = 0;
        let offset = |listed: &Listed, partition: &TopicPartition| -> Option<i64> {
            Some(listed.get(partition)?.as_ref().ok()?.offset)
        };
        for partition in first.keys() {
            let (first, end) = (offset(first, partition), offset(end, partition));
            let count = first.zip(end).map(|(first, end)| (end - first).max(0));
            total += count.unwrap_or(0);
            table.row([
                partition.partition.into(),
                Cell::known(first),
                Cell::known(end),
                Cell::known(count),
            ]);
            documents.push(json!({
                "partition": partition.partition,
                "first": first,
                "end": end,
            }));
        }
        teller.table(&table);
        if first.len() > 1 {
            let partitions = counted(first.len(), "partition");
            teller.hint(format!("{total} offsets in {partitions}"));
        }
        teller.document(&json!({ "topic": self.topic, "partitions": documents }));
    }

    fn tell_moment(&self, teller: &mut Teller, spec: OffsetSpec, listed: &Listed) {
        let mut table = Table::new(&["#PARTITION", "#OFFSET", "TIMESTAMP", ""]);
        let mut documents = Vec::new();
        for (partition, listed) in listed {
            let listed = listed.as_ref().ok().filter(|listed| listed.offset >= 0);
            let offset = listed.map(|listed| listed.offset);
            let timestamp = listed.map(|listed| Timestamp(listed.timestamp));
            let timestamp = timestamp.filter(|timestamp| timestamp.0 >= 0);
            let ago = timestamp.map(|timestamp| age(timestamp, teller.now()));
            table.row([
                partition.partition.into(),
                Cell::known(offset),
                timestamp.map(utc).unwrap_or_default().into(),
                ago.unwrap_or_default().into(),
            ]);
            documents.push(json!({
                "partition": partition.partition,
                "offset": offset,
                "timestamp": timestamp.map(|timestamp| timestamp.0),
            }));
        }
        teller.table(&table);
        let at = match spec {
            OffsetSpec::At(moment) => Value::from(moment),
            OffsetSpec::Earliest => "earliest".into(),
            OffsetSpec::MaxTimestamp => "max-timestamp".into(),
            _ => "latest".into(),
        };
        teller.document(&json!({ "topic": self.topic, "at": at, "partitions": documents }));
    }
}
