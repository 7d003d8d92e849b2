//! Texts of the picture and of what opens in it.

use ottla_lab::scene::{BrokerView, GroupView, Life, PartitionView, ProducerView};
use ottla_lab::{Instant, TopicPartition};

use super::parts::counted;
use super::time::seconds;
use crate::stage::{Look, Row};

pub(crate) const NO_GROUP: &str = "without a group";
pub(crate) const PAUSED: &str = "paused";
pub(crate) const LEGEND_COMMITTED: &str = "committed: the next offset that the group will read";
pub(crate) const LEGEND_COMMITTED_SHORT: &str = "committed: read next";
pub(crate) const LEGEND_POSITION: &str = "position: what its reader takes next";
pub(crate) const LEGEND_POSITION_SHORT: &str = "position";
pub(crate) const EMPTY: &str = "Nothing is here yet. Begin with a topic.";

pub(crate) fn scene_label(summary: &str) -> String {
    format!("The scene. {summary}")
}

pub(crate) fn group(id: &str) -> String {
    format!("group {id}")
}

/// `Stable · generation 4`; in a wide card its assignor too.
pub(crate) fn group_state(group: &GroupView, width: f64) -> String {
    if group.members.is_empty() {
        return group.state.clone();
    }
    let state = match group.state.as_str() {
        "PreparingRebalance" if width < WIDE_CARD => "Preparing",
        "CompletingRebalance" if width < WIDE_CARD => "Completing",
        state => state,
    };
    format!("{state} · generation {}", group.generation)
}

pub(crate) fn broker(broker: &BrokerView) -> String {
    format!("broker {}", broker.id)
}

/// What is wrong with a process; nothing if it runs.
pub(crate) fn life(life: Life) -> &'static str {
    match life {
        Life::Running => "",
        Life::Frozen(_) => "stands still",
        Life::Crashed(_) => "crashed",
        Life::Left(_) => "stopped",
    }
}

pub(crate) fn broker_label(broker: &BrokerView) -> String {
    match broker.life {
        Life::Running => format!("Broker {}. It runs.", broker.id),
        other => format!("Broker {}: {}.", broker.id, life(other)),
    }
}

pub(crate) fn topic_label(name: &str, partitions_count: usize) -> String {
    format!("Topic {name}, {}.", counted(partitions_count, "partition"))
}

pub(crate) fn producer_label(producer: &ProducerView) -> String {
    let state = match producer.life {
        Life::Running => producer.summary.clone(),
        other => life(other).to_owned(),
    };
    format!("Producer {}: {state}.", producer.name)
}

pub(crate) fn partition_label(topic: &str, partition: &PartitionView, groups: &str) -> String {
    let count = partition.end_offset - partition.start_offset;
    format!(
        "Partition {} of {topic} (P{}): {}, log end offset {}.{groups}",
        partition.index,
        partition.index,
        counted(usize::try_from(count).unwrap_or(0), "record"),
        partition.end_offset,
    )
}

pub(crate) fn group_mark(group: &str, committed: Option<i64>, lag: i64) -> String {
    match committed {
        Some(committed) => format!(" Group {group} has committed {committed}, lag {lag}."),
        None => format!(" Group {group} has committed nothing, lag {lag}."),
    }
}

pub(crate) fn group_label(group: &GroupView) -> String {
    let members = counted(group.members.len(), "member");
    format!(
        "Group {}: {}, generation {}, {members}.",
        group.id, group.state, group.generation
    )
}

pub(crate) fn row_label(row: &Row, partitions: &str) -> String {
    let state = match &row.look {
        Look::Reading | Look::Foreign => "lives".to_owned(),
        Look::Working => "works on a record".to_owned(),
        Look::Crashed(Some(_)) => "has crashed, and the coordinator does not know yet".to_owned(),
        look => self::look(look),
    };
    let reads = if partitions.is_empty() {
        "reads nothing".to_owned()
    } else {
        format!("reads {partitions}")
    };
    format!("{}: {state}, {reads}.", row.name)
}

/// What stands under a name, as far as it does not run with the clock.
pub(crate) fn look(look: &Look) -> String {
    match look {
        Look::Reading | Look::Working | Look::Foreign => String::new(),
        Look::Idle => "idle · a spare".into(),
        Look::Joining => "joining".into(),
        Look::Frozen(_) => "stands still".into(),
        Look::Crashed(_) => "crashed".into(),
        Look::Gone => "crashed · no member".into(),
        Look::Left => "left".into(),
        Look::Failed(reason) => format!("failed: {reason}"),
        Look::Ghost(_) => "its former life".into(),
    }
}

pub(crate) fn crashed(now: Instant, removed_at: Option<Instant>) -> String {
    removed_at.map_or_else(
        || "crashed".into(),
        |at| format!("crashed · removed in {}", seconds(at - now)),
    )
}

pub(crate) fn frozen(now: Instant, removed_at: Option<Instant>) -> String {
    removed_at.map_or_else(
        || "stands still".into(),
        |at| format!("frozen · removed in {}", seconds(at - now)),
    )
}

pub(crate) fn ghost(now: Instant, removed_at: Option<Instant>) -> String {
    removed_at.map_or_else(
        || "former life".into(),
        |at| format!("former life · {} left", seconds(at - now)),
    )
}

pub(crate) fn working(partition: &TopicPartition, offset: i64) -> String {
    format!("works on P{}, offset {offset}", partition.partition)
}

pub(crate) fn heartbeat(now: Instant, heard_at: Option<Instant>) -> String {
    heard_at.map_or_else(String::new, |at| {
        format!("heartbeat {} ago", seconds(now - at))
    })
}

pub(crate) fn hidden(count: i64) -> String {
    format!("+{count}")
}

pub(crate) fn lag(lag: i64) -> String {
    format!("lag {lag}")
}

pub(crate) fn lag_of(group: &str, lag: i64) -> String {
    format!("{group} lag {lag}")
}

pub(crate) fn flag_title(group: &str, committed: i64) -> String {
    format!("Group {group} has committed {committed}: the next offset that it will read")
}

/// Where consumers without a group are.
pub(crate) fn reader_mark(names: &[String], position: i64) -> String {
    format!(" {}.", reader_title(names, position))
}

pub(crate) fn reader_title(names: &[String], position: i64) -> String {
    match names {
        [name] => format!("{name} takes {position} next"),
        names => format!("{} take {position} next", names.join(", ")),
    }
}

pub(crate) fn position_title(group: &str, position: i64) -> String {
    format!("Position {position}: what the reader of group {group} takes next")
}

pub(crate) fn choose(group: &str) -> String {
    format!("Show what group {group} has committed")
}

const WIDE_CARD: f64 = 260.0;
