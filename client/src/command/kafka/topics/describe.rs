//! `--describe`.

use ottla_core::sorted::Set;
use ottla_core::{TopicName, Uuid};

use super::{existing, uuid};
use crate::admin::{
    ConfigEntry, ConfigResource, ConfigSource, DescribeCluster, DescribeConfigs, DescribeTopics,
    ListPartitionReassignments, ListTopics, PartitionDescription, Reassignment, TopicDescription,
};
use crate::command::Desk;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::java::{hash_of_string, sized_hash_order};
use crate::command::kafka::options::Options;

/// Shows the topics, their partitions, or those partitions that are in a certain state.
pub(super) fn describe(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let id = options.value("topic-id")?.map(uuid::parse).transpose()?;
    let names = match id {
        Some(id) if id != Uuid::ZERO => with_id(desk, options, id)?,
        _ => existing(desk, options)?,
    };
    if names.is_empty() {
        return Ok(());
    }
    options.integer("partition-size-limit-per-response")?;

    let resources = names
        .iter()
        .map(|name| ConfigResource::topic(name))
        .collect();
    let topics = desk.begin(DescribeTopics { names });
    let configs = desk.begin(DescribeConfigs {
        resources,
        keys: None,
        synonyms: false,
        documentation: false,
    });
    let cluster = desk.begin(DescribeCluster);
    let moves = desk.begin(ListPartitionReassignments);
    let topics = desk.answer(topics)??.into_iter();
    let topics: Vec<(TopicName, TopicDescription)> = topics
        .map(|(name, described)| Ok((name, described?)))
        .collect::<Result<_, Failure>>()?;
    let mut configs = desk.answer(configs)??;
    let brokers = desk.answer(cluster)??.brokers;
    // Clusters that cannot tell move nothing.
    let moves = desk.answer(moves)?.unwrap_or_default();

    let report = Report::of(options, brokers.iter().map(|broker| broker.id).collect());
    for (name, topic) in sized_hash_order(topics, |(name, _)| hash_of_string(name)) {
        let entries = configs.remove(&ConfigResource::topic(&name));
        let entries = entries.transpose()?.unwrap_or_default();
        let moves = |index: i32| {
            moves
                .iter()
                .find(|(partition, _)| partition.topic == name && partition.partition == index)
                .map(|(_, moved)| moved)
        };
        let entries = sized_hash_order(entries, |entry| hash_of_string(&entry.name));
        if report.shows_topics(&entries) {
            desk.println(topic_line(&name, &topic, &entries, moves(0)));
        }
        for partition in &topic.partitions {
            let moved = moves(partition.index);
            if report.shows_partition(partition, &entries, moved) {
                desk.println(partition_line(&name, partition, moved));
            }
        }
    }
    Ok(())
}

/// The topic of this id.
fn with_id(desk: &mut Desk, options: &Options, id: Uuid) -> Result<Vec<TopicName>, Failure> {
    let internal = !options.has("exclude-internal");
    let topics = desk.ask(ListTopics { internal })?.into_iter();
    let names: Vec<TopicName> = topics
        .filter(|(_, topic)| topic.id == id)
        .map(|(name, _)| name)
        .collect();
    match names.is_empty() && !options.has("if-exists") {
        true => Err(Failure::illegal(format!(
            "TopicId '{id}' does not exist as expected"
        ))),
        false => Ok(names),
    }
}

/// Which lines are asked for.
struct Report {
    live_brokers: Set<i32>,
    overrides: bool,
    under_replicated: bool,
    under_min_isr: bool,
    at_min_isr: bool,
    unavailable: bool,
}

impl Report {
    fn of(options: &Options, live_brokers: Set<i32>) -> Self {
        Self {
            live_brokers,
            overrides: options.has("topics-with-overrides"),
            under_replicated: options.has("under-replicated-partitions"),
            under_min_isr: options.has("under-min-isr-partitions"),
            at_min_isr: options.has("at-min-isr-partitions"),
            unavailable: options.has("unavailable-partitions"),
        }
    }

    /// Whether only partitions in a certain state are asked for.
    fn is_narrowed(&self) -> bool {
        self.under_replicated || self.under_min_isr || self.at_min_isr || self.unavailable
    }

    fn shows_topics(&self, entries: &[ConfigEntry]) -> bool {
        !self.is_narrowed() && (!self.overrides || entries.iter().any(is_override))
    }

    fn shows_partition(
        &self,
        partition: &PartitionDescription,
        entries: &[ConfigEntry],
        moved: Option<&Reassignment>,
    ) -> bool {
        let in_sync = partition.isr.len();
        let min_isr = entries
            .iter()
            .find(|entry| entry.name == "min.insync.replicas")
            .and_then(|entry| entry.value.as_ref()?.parse::<usize>().ok());
        let leads = |leader: i32| self.live_brokers.contains(&leader);
        !self.overrides
            && (!self.is_narrowed()
                || self.under_replicated && replication_factor(partition, moved) > in_sync
                || self.unavailable && !partition.leader.is_some_and(leads)
                || self.under_min_isr
                    && (partition.leader.is_none() || min_isr.is_some_and(|least| in_sync < least))
                || self.at_min_isr && min_isr == Some(in_sync))
    }
}

fn topic_line(
    name: &TopicName,
    topic: &TopicDescription,
    entries: &[ConfigEntry],
    moved: Option<&Reassignment>,
) -> String {
    let id = match topic.id {
        Uuid::ZERO => String::new(),
        id => format!("\tTopicId: {id}"),
    };
    let partitions_count = topic.partitions.len();
    let first = topic.partitions.first();
    let factor = first.map_or(0, |first| replication_factor(first, moved));
    let configs = entries.iter().filter(|entry| is_override(entry));
    let configs: Vec<String> = configs
        .map(|entry| {
            let value = entry.value.as_deref().unwrap_or("null");
            format!("{}={value}", entry.name)
        })
        .collect();
    let configs = configs.join(",");
    format!(
        "Topic: {name}{id}\tPartitionCount: {partitions_count}\tReplicationFactor: {factor}\tConfigs: {configs}"
    )
}

fn partition_line(
    name: &TopicName,
    partition: &PartitionDescription,
    moved: Option<&Reassignment>,
) -> String {
    let leader = partition.leader.map(|leader| leader.to_string());
    let moved = moved.map_or(String::new(), |moved| {
        format!(
            "\tAdding Replicas: {}\tRemoving Replicas: {}",
            list(&moved.adding),
            list(&moved.removing)
        )
    });
    let told = |brokers: &Option<Vec<i32>>| match brokers {
        Some(brokers) => list(brokers),
        None => "N/A".to_owned(),
    };
    format!(
        "\tTopic: {name}\tPartition: {}\tLeader: {}\tReplicas: {}\tIsr: {}{moved}\tElr: {}\tLastKnownElr: {}",
        partition.index,
        leader.as_deref().unwrap_or("none"),
        list(&partition.replicas),
        list(&partition.isr),
        told(&partition.eligible_leaders),
        told(&partition.last_known_eligible_leaders),
    )
}

/// How many replicas there are to be, without those that a move is adding.
fn replication_factor(partition: &PartitionDescription, moved: Option<&Reassignment>) -> usize {
    let concerns = |moved: &&Reassignment| {
        let mut changing = moved.adding.iter().chain(&moved.removing);
        changing.any(|broker| partition.replicas.contains(broker))
    };
    match moved.filter(concerns) {
        Some(moved) => moved.replicas.len().saturating_sub(moved.adding.len()),
        None => partition.replicas.len(),
    }
}

fn is_override(entry: &ConfigEntry) -> bool {
    entry.source != ConfigSource::Default
}

fn list(brokers: &[i32]) -> String {
    let brokers: Vec<String> = brokers.iter().map(i32::to_string).collect();
    brokers.join(",")
}
