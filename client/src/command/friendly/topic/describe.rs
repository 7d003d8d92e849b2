//! `ottla topic describe`.

use clap::Args;
use ottla_core::sorted::Map;
use ottla_core::{ApiError, TopicName, TopicPartition};
use serde_json::{Value, json};

use super::super::ClusterOptions;
use super::super::table::{Cell, Mood, Table, visible};
use super::super::teller::{Halt, Teller, error_json};
use super::super::words::{counted, size};
use crate::admin::{
    AskError, ConfigEntry, ConfigResource, ConfigSource, DescribeConfigs, DescribeLogDirs,
    DescribeTopics, ListOffsets, ListTopics, ListedOffset, LogDir, OffsetSpec,
    PartitionDescription, TopicDescription,
};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla topic describe
  ottla topic describe orders payments

FIRST is the offset of the first record that there is, END the one that the next record gets. Settings are shown that are set on the topic.

JSON: {\"topics\": [{\"name\", \"id\", \"internal\", \"size_bytes\", \"configs\": {KEY: VALUE},
  \"partitions\": [{\"partition\", \"leader\", \"replicas\", \"isr\", \"offline\", \"first_offset\", \"end_offset\", \"size_bytes\"}],
  \"error\": {\"code\", \"message\"}}]}. What cannot be known is null.";

/// `ottla topic describe`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct TopicDescribe {
    /// Names of the topics. [default: all but the brokers' own]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl TopicDescribe {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let names: Vec<TopicName> = match self.names.is_empty() {
            true => teller
                .ask(ListTopics { internal: false })?
                .into_keys()
                .collect(),
            false => self.names.iter().map(|name| name.as_str().into()).collect(),
        };
        if names.is_empty() {
            teller.hint("no topics yet: ottla topic create NAME");
        }
        let topics = teller.ask(DescribeTopics { names })?;
        let details = Details::ask(teller, &topics)?;
        let mut exit = Exit::DONE;
        let mut documents = Vec::new();
        let mut is_first = true;
        for (name, topic) in &topics {
            match topic {
                Ok(topic) => {
                    if !std::mem::take(&mut is_first) {
                        teller.line("");
                    }
                    details.tell(teller, name, topic);
                    documents.push(details.document(name, topic));
                }
                Err(error) => {
                    exit = Exit::FAILED;
                    documents.push(json!({ "name": name.as_str(), "error": error_json(error) }));
                    let complaint = teller.about_topic(name, error.clone())?;
                    teller.complain(&complaint);
                }
            }
        }
        teller.document(&json!({ "topics": documents }));
        Ok(exit)
    }
}

/// What other questions tell about topics. What they cannot tell is left out.
struct Details {
    configs: Map<ConfigResource, Result<Vec<ConfigEntry>, ApiError>>,
    first: Map<TopicPartition, Result<ListedOffset, ApiError>>,
    end: Map<TopicPartition, Result<ListedOffset, ApiError>>,
    sizes: Map<(i32, TopicPartition), i64>,
}

impl Details {
    fn ask(
        teller: &mut Teller,
        topics: &Map<TopicName, Result<TopicDescription, ApiError>>,
    ) -> Result<Details, Halt> {
        let found = topics.iter();
        let found = found.filter_map(|(name, topic)| Some((name, topic.as_ref().ok()?)));
        let led: Vec<TopicPartition> = found
            .clone()
            .flat_map(|(name, topic)| {
                let led = topic.partitions.iter().filter(|one| one.leader.is_some());
                led.map(|one| TopicPartition {
                    topic: name.clone(),
                    partition: one.index,
                })
            })
            .collect();
        if led.is_empty() {
            return Ok(Details {
                configs: Map::new(),
                first: Map::new(),
                end: Map::new(),
                sizes: Map::new(),
            });
        }
        let offsets = |spec: OffsetSpec| ListOffsets {
            partitions: led.iter().map(|one| (one.clone(), spec)).collect(),
            read_committed: false,
        };
        let configs = teller.begin(DescribeConfigs {
            resources: found.map(|(name, _)| ConfigResource::topic(name)).collect(),
            keys: None,
            synonyms: false,
            documentation: false,
        });
        let first = teller.begin(offsets(OffsetSpec::Earliest));
        let end = teller.begin(offsets(OffsetSpec::Latest));
        let dirs = teller.begin(DescribeLogDirs {
            brokers: None,
            partitions: Some(led.clone()),
        });
        Ok(Details {
            configs: teller.try_answer(configs)?.unwrap_or_default(),
            first: teller.try_answer(first)?.unwrap_or_default(),
            end: teller.try_answer(end)?.unwrap_or_default(),
            sizes: sizes(teller.try_answer(dirs)?.unwrap_or_default()),
        })
    }

    fn tell(&self, teller: &mut Teller, name: &TopicName, topic: &TopicDescription) {
        let mut facts = vec![counted(topic.partitions.len(), "partition")];
        let replicas = topic.partitions.iter().map(|one| one.replicas.len());
        facts.extend(replicas.max().map(|most| match most {
            1 => "1 replica".to_owned(),
            most => format!("{most} replicas each"),
        }));
        facts.extend(self.size(name, topic).map(size));
        if topic.internal {
            facts.push("internal".to_owned());
        }
        facts.push(format!("id {}", topic.id));
        let quiet = teller.look.paint(Mood::Quiet, &facts.join(", "));
        teller.line(format!("{name}  {quiet}"));
        for (key, value) in self.settings(name) {
            teller.line(format!("  {key}={}", visible(value)));
        }
        let mut table = Table::new(&[
            "#PARTITION",
            "#LEADER",
            "REPLICAS",
            "ISR",
            "OFFLINE",
            "#FIRST",
            "#END",
            "#SIZE",
        ]);
        for one in &topic.partitions {
            let partition = at(name, one);
            let leader = match one.leader {
                Some(leader) => leader.into(),
                None => Cell::new(Mood::Bad, "none"),
            };
            let isr_mood = match one.isr.len() < one.replicas.len() {
                true => Mood::Odd,
                false => Mood::Plain,
            };
            table.row([
                one.index.into(),
                leader,
                list(&one.replicas).into(),
                Cell::new(isr_mood, list(&one.isr)),
                Cell::new(Mood::Bad, list(&one.offline)),
                Cell::known(offset(&self.first, &partition)),
                Cell::known(offset(&self.end, &partition)),
                Cell::known(self.partition_size(&partition, one).map(size)),
            ]);
        }
        teller.table(&table);
    }

    fn document(&self, name: &TopicName, topic: &TopicDescription) -> Value {
        let partitions = topic.partitions.iter().map(|one| {
            let partition = at(name, one);
            json!({
                "partition": one.index,
                "leader": one.leader,
                "replicas": one.replicas,
                "isr": one.isr,
                "offline": one.offline,
                "first_offset": offset(&self.first, &partition),
                "end_offset": offset(&self.end, &partition),
                "size_bytes": self.partition_size(&partition, one),
            })
        });
        json!({
            "name": name.as_str(),
            "id": topic.id.to_string(),
            "internal": topic.internal,
            "size_bytes": self.size(name, topic),
            "configs": self.settings(name).collect::<Map<_, _>>(),
            "partitions": partitions.collect::<Vec<_>>(),
        })
    }

    /// The settings that are the topic's own.
    fn settings<'a>(&'a self, name: &TopicName) -> impl Iterator<Item = (&'a str, &'a str)> {
        let entries = self.configs.get(&ConfigResource::topic(name));
        let entries = entries.and_then(|entries| entries.as_ref().ok());
        let own = entries
            .into_iter()
            .flatten()
            .filter(|entry| entry.source == ConfigSource::Topic);
        own.map(|entry| {
            (
                entry.name.as_str(),
                entry.value.as_deref().unwrap_or("(hidden)"),
            )
        })
    }

    /// What the leader keeps of it.
    fn partition_size(
        &self,
        partition: &TopicPartition,
        described: &PartitionDescription,
    ) -> Option<i64> {
        let place = (described.leader?, partition.clone());
        self.sizes.get(&place).copied()
    }

    fn size(&self, name: &TopicName, topic: &TopicDescription) -> Option<i64> {
        let sizes = topic.partitions.iter();
        sizes
            .map(|one| self.partition_size(&at(name, one), one))
            .sum()
    }
}

fn at(name: &TopicName, partition: &PartitionDescription) -> TopicPartition {
    TopicPartition {
        topic: name.clone(),
        partition: partition.index,
    }
}

fn offset(
    offsets: &Map<TopicPartition, Result<ListedOffset, ApiError>>,
    partition: &TopicPartition,
) -> Option<i64> {
    let listed = offsets.get(partition)?.as_ref().ok()?;
    Some(listed.offset)
}

fn sizes(brokers: Map<i32, Result<Vec<LogDir>, AskError>>) -> Map<(i32, TopicPartition), i64> {
    let mut sizes = Map::new();
    for (broker, dirs) in brokers {
        for dir in dirs.unwrap_or_default() {
            let replicas = dir.replicas.into_iter();
            let replicas = replicas.filter(|(_, replica)| !replica.is_future);
            sizes.extend(replicas.map(|(one, replica)| ((broker, one), replica.size_bytes)));
        }
    }
    sizes
}

fn list(brokers: &[i32]) -> String {
    let brokers: Vec<String> = brokers.iter().map(ToString::to_string).collect();
    brokers.join(",")
}
