//! `ottla consume`.

use std::str::FromStr;

use clap::Args;
use ottla_core::sorted::Map;
use ottla_core::{GroupId, Offset, TopicName, TopicPartition};

use super::teller::{Halt, Teller};
use super::{ClusterOptions, Setting};
use crate::admin::{DescribeTopics, ListOffsets, OffsetSpec};
use crate::command::End;
use crate::command::consume::{
    Consume, Ends, Formatter, Friendly, From, Job, Source, Template, Voice,
};
use crate::consumer::{ConsumerConfig, Subscription};

const HELP: &str = "\
Examples:
  ottla consume orders
  ottla consume orders --from-beginning --exit-at-end
  ottla consume orders --group billing
  ottla consume orders --partition 2 --offset -10
  ottla consume orders --format '%T %k=%v'
  ottla consume orders --exit-at-end --json | jq .value

Format: %k key, %v value, %t topic, %p partition, %o offset, %T time (UTC),
  %m time in ms, %h headers, %% a percent sign, \\n \\t \\xNN.
  Or by name: value, key-value, full. In a pipe the default is value, bytes as
  they are; on a terminal full, where what is no text is shown in hexadecimal.

Without --group nobody shares the work and nothing is committed; reading begins
  with what comes next, or with --from-beginning or --exit-at-end at the
  beginning. With it, reading goes on where the group has committed.

JSON: an object a line: {\"topic\", \"partition\", \"offset\", \"timestamp\",
  \"timestamp_type\", \"headers\": [{\"key\", \"value\"}], \"key\", \"value\"};
  bytes that are no UTF-8 as \"key_hex\" and \"value_hex\".";

/// `ottla consume`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct ConsumeCommand {
    /// Names of topics.
    #[arg(required = true, value_name = "TOPIC")]
    pub topics: Vec<String>,

    /// Share the topics with the other members of this consumer group, and commit how far they are read.
    #[arg(short, long, value_name = "GROUP")]
    pub group: Option<String>,

    /// Begin with the first record that there is (with --group: where nothing is committed).
    #[arg(short = 'b', long)]
    pub from_beginning: bool,

    /// Only this partition; may be given several times.
    #[arg(short, long = "partition", value_name = "NUMBER", conflicts_with = "group", value_parser = clap::value_parser!(i32).range(0..))]
    pub partitions: Vec<i32>,

    /// Where to begin: an offset, beginning, end, or so many records before the end (-10).
    #[arg(short, long, value_name = "OFFSET", conflicts_with_all = ["group", "from_beginning"], allow_hyphen_values = true)]
    pub offset: Option<Start>,

    /// End when everything is printed that is there now.
    #[arg(short, long)]
    pub exit_at_end: bool,

    /// End after so many records.
    #[arg(short = 'n', long, value_name = "COUNT")]
    pub max: Option<u64>,

    /// How a record is printed: value, key-value, full, or a text with placeholders (see below).
    #[arg(short, long, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<Style>,

    /// Any of Kafka's settings of a consumer; may be given several times.
    #[arg(short = 'X', long = "property", value_name = "KEY=VALUE")]
    pub properties: Vec<Setting>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

/// Where reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the first record that there is.
    Beginning,
    /// With what comes next.
    End,
    /// At this offset.
    Offset(i64),
    /// So many offsets before the end.
    BeforeEnd(i64),
}

impl FromStr for Start {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "beginning" | "earliest" => return Ok(Self::Beginning),
            "end" | "latest" => return Ok(Self::End),
            _ => {}
        }
        match text.parse::<i64>() {
            Ok(number) if text.starts_with('-') => Ok(Self::BeforeEnd(number.saturating_neg())),
            Ok(number) => Ok(Self::Offset(number)),
            Err(_) => Err(
                "write an offset, beginning, end, or -10 for ten records before the end".to_owned(),
            ),
        }
    }
}

/// How a record is printed: the text of a template that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style(String);

impl FromStr for Style {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let template = match text {
            "value" => VALUE,
            "key-value" => "%k\\t%v",
            "full" => FULL,
            other => other,
        };
        Template::parse(template, true)?;
        Ok(Self(template.to_owned()))
    }
}

const VALUE: &str = "%v";
const FULL: &str = "%t-%p@%o\\t%T\\t%k\\t%v";

impl ConsumeCommand {
    pub(super) fn play(&self, teller: &mut Teller, seed: u64) -> Result<End, Halt> {
        let config = self.config(teller)?;
        let partitions = self.chosen_partitions(teller)?;
        let (source, ends) = match &self.group {
            Some(_) => {
                let topics = self.topics.iter().map(|name| name.as_str().into());
                (
                    Source::Group(Subscription::Topics(topics.collect())),
                    Ends::default(),
                )
            }
            None => self.places(teller, partitions)?,
        };
        let surroundings = teller.surroundings();
        let is_terminal = surroundings.stdout_is_terminal;
        let job = Job {
            source,
            formatter: self.formatter(is_terminal)?,
            max_records: self.max,
            idle_timeout_ms: None,
            ends: self.exit_at_end.then_some(ends),
            skips_errors: false,
        };
        if !self.exit_at_end {
            teller.hint("waiting for records; ctrl-C ends");
        }
        let voice = Friendly::new(is_terminal && !self.cluster.json);
        let consume = Consume::new(job, config, Voice::Friendly(voice), seed);
        Ok(End::Then(Box::new(consume)))
    }

    /// All partitions of the topics, or those that are asked for; they must exist.
    fn chosen_partitions(&self, teller: &mut Teller) -> Result<Vec<TopicPartition>, Halt> {
        let names = self
            .topics
            .iter()
            .map(|name| TopicName::from(name.as_str()))
            .collect();
        let mut chosen = Vec::new();
        for (topic, description) in teller.ask(DescribeTopics { names })? {
            let description = match description {
                Ok(description) => description,
                Err(error) => return Err(Halt::Refused(teller.about_topic(&topic, error)?)),
            };
            let there: Vec<i32> = description
                .partitions
                .iter()
                .map(|partition| partition.index)
                .collect();
            if let Some(missing) = self
                .partitions
                .iter()
                .find(|partition| !there.contains(partition))
            {
                return Err(Halt::refused(
                    format!("{topic} has no partition {missing}"),
                    format!("its partitions are 0 to {}", there.len().saturating_sub(1)),
                ));
            }
            let wanted = if self.partitions.is_empty() {
                &there
            } else {
                &self.partitions
            };
            chosen.extend(wanted.iter().map(|partition| TopicPartition {
                topic: topic.clone(),
                partition: *partition,
            }));
        }
        Ok(chosen)
    }

    /// Where each partition begins, and where it ends now.
    fn places(
        &self,
        teller: &mut Teller,
        partitions: Vec<TopicPartition>,
    ) -> Result<(Source, Ends), Halt> {
        let start = match self.offset {
            Some(start) => start,
            None if self.from_beginning || self.exit_at_end => Start::Beginning,
            None => Start::End,
        };
        let before_end = matches!(start, Start::BeforeEnd(_));
        let firsts = ask_for(teller, &partitions, OffsetSpec::Earliest, before_end)?;
        let ends = ask_for(
            teller,
            &partitions,
            OffsetSpec::Latest,
            before_end || self.exit_at_end,
        )?;
        let from = |partition: &TopicPartition| match start {
            Start::Beginning => From::Beginning,
            Start::End => From::End,
            Start::Offset(offset) => From::Offset(offset),
            Start::BeforeEnd(count) => {
                let first = firsts.get(partition).map_or(0, |offset| offset.0);
                let end = ends.get(partition).map_or(0, |offset| offset.0);
                From::Offset(end.saturating_sub(count).max(first))
            }
        };
        let places = partitions.into_iter().map(|partition| {
            let from = from(&partition);
            (partition, from)
        });
        Ok((
            Source::Partitions(places.collect()),
            Ends::of_partitions(ends),
        ))
    }

    fn formatter(&self, is_terminal: bool) -> Result<Formatter, Halt> {
        if self.cluster.json {
            return Ok(Formatter::Json);
        }
        let default = if is_terminal { FULL } else { VALUE };
        let template = self.format.as_ref().map_or(default, |style| &style.0);
        let template = Template::parse(template, is_terminal).map_err(Halt::usage)?;
        Ok(Formatter::Template(template))
    }

    fn config(&self, teller: &Teller) -> Result<ConsumerConfig, Halt> {
        let bootstrap = self.cluster.servers(&teller.surroundings())?;
        let mut properties = vec![
            ("bootstrap.servers", bootstrap.as_str()),
            ("client.id", "ottla-consume"),
            (
                "auto.offset.reset",
                if self.from_beginning {
                    "earliest"
                } else {
                    "latest"
                },
            ),
            ("allow.auto.create.topics", "false"),
            ("max.poll.records", "1000"),
        ];
        if self
            .properties
            .iter()
            .any(|setting| setting.key == "group.id")
        {
            return Err(Halt::usage(
                "the group is named by --group, not by group.id",
            ));
        }
        let group = self.group.as_deref().map(GroupId::from);
        if let Some(group) = &group {
            properties.push(("group.id", group));
        }
        let given = self
            .properties
            .iter()
            .map(|setting| (setting.key.as_str(), setting.value.as_str()));
        properties.extend(given);
        let (config, _) = ConsumerConfig::from_properties(properties)
            .map_err(|error| Halt::usage(error.to_string()))?;
        Ok(config)
    }
}

/// An offset of each partition, if it matters.
fn ask_for(
    teller: &mut Teller,
    partitions: &[TopicPartition],
    spec: OffsetSpec,
    matters: bool,
) -> Result<Map<TopicPartition, Offset>, Halt> {
    if !matters {
        return Ok(Map::new());
    }
    let partitions = partitions
        .iter()
        .map(|partition| (partition.clone(), spec))
        .collect();
    let listed = teller.ask(ListOffsets {
        partitions,
        read_committed: false,
    })?;
    let offsets = listed.into_iter();
    offsets
        .map(|(partition, listed)| Ok((partition, Offset(listed?.offset))))
        .collect()
}
