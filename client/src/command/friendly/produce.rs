//! `ottla produce`.

use std::str::FromStr;

use bytes::Bytes;
use clap::Args;
use clap::builder::PossibleValuesParser;
use ottla_core::batch::RecordHeader;
use ottla_core::{ErrorCode, TopicName};

use super::teller::{Halt, Teller, complaint};
use super::{ClusterOptions, Setting};
use crate::admin::DescribeTopics;
use crate::command::End;
use crate::command::consume::unescape;
use crate::command::produce::{Friendly, Job, LineReader, Produce, Voice};
use crate::producer::ProducerConfig;

const HELP: &str = "\
Examples:
  echo hello | ottla produce orders
  ottla produce orders --key-separator : < lines.txt
  ottla produce orders --header source=import --compression zstd < lines.txt

Each line is a record: its bytes, without the end of the line (LF or CR LF).
  A topic that does not exist is created, if the broker allows it.

JSON: {\"written\", \"failed\"}, at the end.";

/// `ottla produce`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct ProduceCommand {
    /// Name of the topic.
    pub topic: String,

    /// A line is a key, this, and a value. \t is a tab.
    #[arg(short = 'K', long, value_name = "TEXT")]
    pub key_separator: Option<Separator>,

    /// A header for each record; may be given several times.
    #[arg(short = 'H', long = "header", value_name = "KEY=VALUE")]
    pub headers: Vec<Setting>,

    /// Write to this partition, whatever the key.
    #[arg(short, long, value_name = "NUMBER", value_parser = clap::value_parser!(i32).range(0..))]
    pub partition: Option<i32>,

    /// How batches are compressed.
    #[arg(short = 'z', long, default_value = "none", value_parser = PossibleValuesParser::new(["none", "gzip", "snappy", "lz4", "zstd"]))]
    pub compression: String,

    /// Which copies must have a record: none, the leader's, all that are in sync.
    #[arg(long, default_value = "all", value_parser = PossibleValuesParser::new(["0", "1", "all"]))]
    pub acks: String,

    /// Which partition a key belongs to: as Java (default), consistent_random (librdkafka), kafkajs, kafka_go, round_robin ...
    #[arg(long, value_name = "NAME")]
    pub partitioner: Option<String>,

    /// Any of Kafka's settings of a producer; may be given several times.
    #[arg(short = 'X', long = "property", value_name = "KEY=VALUE")]
    pub properties: Vec<Setting>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

/// What stands between a key and a value: bytes, with `\t`, `\n`, `\0` and `\xNN` as in many languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separator(pub Bytes);

impl FromStr for Separator {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match unescape(text)? {
            bytes if bytes.is_empty() => Err("a separator must not be empty".to_owned()),
            bytes => Ok(Self(bytes.into())),
        }
    }
}

impl ProduceCommand {
    pub(super) fn play(&self, teller: &mut Teller, seed: u64) -> Result<End, Halt> {
        let topic = TopicName::from(self.topic.as_str());
        let exists = self.look_at_topic(teller, &topic)?;
        let config = self.config(teller, exists)?;
        let surroundings = teller.surroundings();
        if surroundings.stdin_is_terminal {
            teller.hint("one record a line; ctrl-D ends");
        }
        let header = |setting: &Setting| RecordHeader {
            key: setting.key.clone().into(),
            value: Some(setting.value.clone().into()),
        };
        let job = Job {
            topic,
            partition: self.partition,
            headers: self.headers.iter().map(header).collect(),
            reader: LineReader::of_bytes(self.key_separator.clone().map(|separator| separator.0)),
            sync: false,
            prompt: None,
        };
        let json = self.cluster.json;
        let voice = Friendly::new(surroundings.stdout_is_terminal && !json, json);
        let produce = Produce::new(job, config, Voice::Friendly(voice), seed);
        Ok(End::Then(Box::new(produce)))
    }

    /// Whether it exists. What cannot work is told before anything is read.
    fn look_at_topic(&self, teller: &mut Teller, topic: &TopicName) -> Result<bool, Halt> {
        let names = vec![topic.clone()];
        let described = teller.ask(DescribeTopics { names })?.remove(topic);
        match described {
            Some(Ok(description)) => {
                let count = description.partitions.len();
                match self.partition {
                    Some(partition)
                        if usize::try_from(partition).is_ok_and(|index| index >= count) =>
                    {
                        Err(Halt::refused(
                            format!("{topic} has no partition {partition}"),
                            format!("its partitions are 0 to {}", count.saturating_sub(1)),
                        ))
                    }
                    _ => Ok(true),
                }
            }
            Some(Err(error)) if error.code != ErrorCode::UnknownTopicOrPartition => {
                Err(Halt::Refused(complaint(error)))
            }
            Some(Err(_)) | None => {
                teller.note(format!("there is no topic {topic} yet: the first record creates it, if the broker allows it"));
                Ok(false)
            }
        }
    }

    fn config(&self, teller: &Teller, topic_exists: bool) -> Result<ProducerConfig, Halt> {
        let bootstrap = self.cluster.servers(&teller.surroundings())?;
        let mut properties = vec![
            ("bootstrap.servers", bootstrap.as_str()),
            ("client.id", "ottla-produce"),
            ("acks", &self.acks),
            ("compression.type", &self.compression),
            // Lines come fast or not at all.
            ("batch.size", "131072"),
        ];
        if !topic_exists {
            properties.push(("max.block.ms", "5000"));
        }
        if let Some(partitioner) = &self.partitioner {
            properties.push(("partitioner.class", partitioner));
        }
        let given = self
            .properties
            .iter()
            .map(|setting| (setting.key.as_str(), setting.value.as_str()));
        properties.extend(given);
        let (config, _) = ProducerConfig::from_properties(properties)
            .map_err(|error| Halt::usage(error.to_string()))?;
        Ok(config)
    }
}
