//! Which partitions are meant: `--topic` with `--partitions`, or `--topic-partitions`.

use std::ops::Range;

use ottla_core::TopicPartition;
use ottla_core::sorted::Set;

use super::terse;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::options::Options;
use crate::command::kafka::topic_filter::TopicFilter;

/// A partition passes if one of the rules lets it.
pub(super) struct PartitionFilter(Vec<Rule>);

struct Rule {
    topics: TopicFilter,
    partitions: Partitions,
}

enum Partitions {
    /// These; if there are none, all.
    Set(Set<i32>),
    /// From one to before another.
    Range(Range<i32>),
}

impl PartitionFilter {
    /// Reads the options.
    pub(super) fn of(options: &Options) -> Result<Self, Failure> {
        let has_topic_or_partitions = options.has("topic") || options.has("partitions");
        if options.has("topic-partitions") && has_topic_or_partitions {
            let message = "--topic-partitions cannot be used with --topic or --partitions";
            return Err(terse(message.to_owned()));
        }
        if let Some(list) = options.value("topic-partitions")? {
            let rules = list.trim_end_matches(',').split(',').map(Rule::parse);
            return Ok(Self(rules.collect::<Result<_, _>>()?));
        }
        let partitions = options.value("partitions")?.unwrap_or_default();
        let numbers = partitions.trim_end_matches(',').split(',');
        let set = match partitions.is_empty() {
            true => Set::new(),
            false => numbers.map(str::parse).collect::<Result<_, _>>().map_err(|_| {
                terse(format!(
                    "--partitions expects a comma separated list of numeric partition ids, but received: {partitions}"
                ))
            })?,
        };
        Ok(Self(vec![Rule {
            topics: TopicFilter::parse(options.value("topic")?.unwrap_or(".*"))?,
            partitions: Partitions::Set(set),
        }]))
    }

    /// Whether a partition is meant.
    pub(super) fn passes(&self, partition: &TopicPartition) -> bool {
        self.0.iter().any(|rule| {
            rule.topics.includes(&partition.topic)
                && match &rule.partitions {
                    Partitions::Set(set) => set.is_empty() || set.contains(&partition.partition),
                    Partitions::Range(range) => range.contains(&partition.partition),
                }
        })
    }
}

impl Rule {
    /// `topic`, `topic:1`, `topic:0-3`, `topic:5-`, `topic:-3`; without a topic it is any.
    fn parse(rule: &str) -> Result<Self, Failure> {
        let invalid = || {
            // As Kafka has it: the exception inside another one.
            let inner = format!(
                "org.apache.kafka.tools.TerseException: Invalid rule specification: {rule}"
            );
            Failure::thrown("java.lang.RuntimeException", inner)
        };
        let (topics, partitions) = rule.split_once(':').unwrap_or((rule, ""));
        let is_number = |text: &str| text.bytes().all(|one| one.is_ascii_digit());
        let number = |text: &str, default: i32| match text {
            "" => Ok(default),
            _ => text.parse().map_err(|_| {
                let message = format!("For input string: \"{text}\"");
                Failure::thrown("java.lang.NumberFormatException", message)
            }),
        };
        let range = match partitions.split_once('-') {
            Some((from, to)) if is_number(from) && is_number(to) => {
                number(from, 0)?..number(to, i32::MAX)?
            }
            None if partitions.is_empty() => 0..i32::MAX,
            None if is_number(partitions) => {
                let one = number(partitions, 0)?;
                one..one.saturating_add(1)
            }
            _ => return Err(invalid()),
        };
        let topics = match topics {
            "" => ".*",
            topics => topics,
        };
        Ok(Self {
            topics: TopicFilter::parse(topics)?,
            partitions: Partitions::Range(range),
        })
    }
}
