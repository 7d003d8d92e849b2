//! The scene as text: the same state as in the picture, in tables.

use ottla_core::TopicPartition;

use super::{
    Activity, Cell, ConsumerView, Flight, GroupView, Life, MemberView, PartitionView, ReadView,
    Scene,
};
use crate::Direction;
use crate::narration::told::span;

/// A table. The first column names the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: &'static str,
    /// The columns' heads.
    pub columns: &'static [&'static str],
    /// As many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The scene in tables; those that would be empty are left out.
pub fn tables(scene: &Scene) -> Vec<Table> {
    let all = [
        partitions(scene),
        groups(scene),
        members(scene),
        offsets(scene),
        consumers(scene),
        producers(scene),
        flights(scene),
    ];
    let filled = all.into_iter().filter(|table| !table.rows.is_empty());
    filled.collect()
}

fn partitions(scene: &Scene) -> Table {
    let row = |topic: &str, partition: &PartitionView| {
        let newest = partition.cells.iter().rev().take(NEWEST_MAX).rev();
        let newest: Vec<String> = newest.map(|cell| record(cell)).collect();
        vec![
            format!("{topic}-{}", partition.index),
            partition.start_offset.to_string(),
            partition.high_watermark.to_string(),
            partition.end_offset.to_string(),
            or_none(newest.join(", ")),
        ]
    };
    let topics = scene.topics.iter();
    Table {
        caption: "Partitions",
        columns: &[
            "Partition",
            "First offset",
            "High watermark",
            "Next offset",
            "Newest records",
        ],
        rows: topics
            .flat_map(|topic| {
                topic
                    .partitions
                    .iter()
                    .map(|partition| row(&topic.name, partition))
            })
            .collect(),
    }
}

fn record(cell: &Cell) -> String {
    match &cell.key {
        Some(key) => format!("{}: key {key}", cell.offset),
        None => format!("{}: no key", cell.offset),
    }
}

fn groups(scene: &Scene) -> Table {
    let row = |group: &GroupView| {
        let lag: i64 = group.offsets.iter().map(|offset| offset.lag).sum();
        vec![
            group.id.clone(),
            group.state.clone(),
            group.generation.to_string(),
            or_none(group.assignor.clone()),
            group.members.len().to_string(),
            lag.to_string(),
        ]
    };
    Table {
        caption: "Groups",
        columns: &["Group", "State", "Generation", "Assignor", "Members", "Lag"],
        rows: scene.groups.iter().map(row).collect(),
    }
}

fn members(scene: &Scene) -> Table {
    let row = |group: &GroupView, member: &MemberView| {
        let heard = member
            .heard_at
            .map(|heard| format!("{} ago", span((scene.at - heard) / 1000)));
        let ends = member.session_ends_at;
        let ends = ends.map(|ends| format!("in {}", span((ends - scene.at) / 1000)));
        vec![
            member.client.clone(),
            group.id.clone(),
            or_none(names(&member.partitions)),
            if member.is_leader { "leader" } else { "member" }.to_owned(),
            or_none(heard.unwrap_or_default()),
            or_none(ends.unwrap_or_default()),
        ]
    };
    let groups = scene.groups.iter();
    Table {
        caption: "Members, as their coordinator knows them",
        columns: &[
            "Member",
            "Group",
            "Partitions",
            "Role",
            "Last heard of",
            "Removed if silent",
        ],
        rows: groups
            .flat_map(|group| group.members.iter().map(|member| row(group, member)))
            .collect(),
    }
}

fn offsets(scene: &Scene) -> Table {
    let groups = scene.groups.iter();
    Table {
        caption: "Committed offsets",
        columns: &["Partition", "Group", "Committed (next to be read)", "Lag"],
        rows: groups
            .flat_map(|group| group.offsets.iter().map(move |offset| (group, offset)))
            .map(|(group, offset)| {
                let committed = offset.committed.map(|committed| committed.to_string());
                vec![
                    offset.partition.to_string(),
                    group.id.clone(),
                    or_none(committed.unwrap_or_default()),
                    offset.lag.to_string(),
                ]
            })
            .collect(),
    }
}

fn consumers(scene: &Scene) -> Table {
    let row = |consumer: &ConsumerView| {
        let reads: Vec<String> = consumer.partitions.iter().map(read).collect();
        vec![
            consumer.name.clone(),
            life(consumer.life).to_owned(),
            or_none(consumer.group.clone().unwrap_or_default()),
            doing(scene, consumer),
            or_none(reads.join(", ")),
            consumer.processed_count.to_string(),
        ]
    };
    Table {
        caption: "Consumers, as they see themselves",
        columns: &[
            "Consumer",
            "Process",
            "Group",
            "Doing",
            "Reads, and its position",
            "Records done",
        ],
        rows: scene.consumers.iter().map(row).collect(),
    }
}

fn read(read: &ReadView) -> String {
    let paused = if read.is_paused { ", paused" } else { "" };
    match read.position {
        Some(position) => format!("{} at {position}{paused}", read.partition),
        None => format!("{} not yet known{paused}", read.partition),
    }
}

fn doing(scene: &Scene, consumer: &ConsumerView) -> String {
    if !matches!(consumer.life, Life::Running) {
        return "nothing".to_owned();
    }
    match &consumer.activity {
        Activity::Connecting => "connects".to_owned(),
        Activity::Rebalancing => "waits for the rebalance".to_owned(),
        Activity::Idle => "idle, a spare".to_owned(),
        Activity::Waiting => "waits for records".to_owned(),
        Activity::Working {
            partition,
            offset,
            until,
            ..
        } => {
            let left = span((*until - scene.at) / 1000);
            format!("works on offset {offset} of {partition}, for {left} more")
        }
        Activity::Failed(why) => format!("has failed: {why}"),
    }
}

fn producers(scene: &Scene) -> Table {
    let producers = scene.producers.iter();
    Table {
        caption: "Producers",
        columns: &[
            "Producer",
            "Process",
            "Topic",
            "Does",
            "Sent",
            "Acknowledged",
            "Failed",
            "Waiting",
        ],
        rows: producers
            .map(|producer| {
                vec![
                    producer.name.clone(),
                    life(producer.life).to_owned(),
                    producer.topic.clone(),
                    producer.summary.clone(),
                    producer.sent_count.to_string(),
                    producer.acknowledged_count.to_string(),
                    producer.failed_count.to_string(),
                    producer.buffered_count.to_string(),
                ]
            })
            .collect(),
    }
}

fn flights(scene: &Scene) -> Table {
    let row = |flight: &Flight| {
        let what = match flight.direction {
            Direction::ToBroker => format!("{} request", flight.api),
            Direction::ToClient => format!("{} answer", flight.api),
        };
        let way = match flight.direction {
            Direction::ToBroker => format!("{} to broker", flight.client),
            Direction::ToClient => format!("broker to {}", flight.client),
        };
        vec![
            what,
            way,
            flight.records_count.to_string(),
            span((flight.arrives_at - scene.at) / 1000),
        ]
    };
    Table {
        caption: "Frames on their way",
        columns: &["Frame", "Way", "Records", "Arrives in"],
        rows: scene.flights.iter().map(row).collect(),
    }
}

/// How a process is, in a word.
pub(super) fn life(life: Life) -> &'static str {
    match life {
        Life::Running => "running",
        Life::Frozen(_) => "frozen",
        Life::Crashed(_) => "crashed",
        Life::Left(_) => "stopped",
    }
}

fn names(partitions: &[TopicPartition]) -> String {
    let names: Vec<String> = partitions.iter().map(TopicPartition::to_string).collect();
    names.join(", ")
}

fn or_none(text: String) -> String {
    match text.is_empty() {
        true => "none".to_owned(),
        false => text,
    }
}

/// How many of a partition's records are named.
const NEWEST_MAX: usize = 4;
