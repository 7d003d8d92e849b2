//! `--describe`: offsets and lag, members, or the state of groups.

use ottla_core::sorted::Map;
use ottla_core::{GroupId, TopicPartition};

use super::arguments;
use super::failure::{Failure, OrElse, print_error};
use super::members;
use super::offsets;
use super::table::{MISSING, Table};
use crate::admin::{DescribeGroups, GroupDescription};
use crate::command::Desk;
use crate::command::kafka::java::{Exception, hash_of_string, hash_order};
use crate::command::kafka::options::Options;

pub(super) fn describe(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let groups = arguments::groups(desk, options)?;
    let described = ask(desk, groups)?;
    let verbose = options.has("verbose");
    if options.has("members") {
        members::print(desk, &described, verbose)
    } else if options.has("state") {
        print_states(desk, &described, verbose)
    } else {
        offsets::print(desk, &described, verbose)
    }
}

/// Whether there is something to print of a group with this many rows; and what is to be said of it otherwise.
pub(super) fn announce(
    desk: &mut Desk,
    group: &GroupId,
    state: &str,
    rows_count: usize,
) -> Result<bool, Failure> {
    match state {
        "Dead" => print_error(desk, &format!("Consumer group '{group}' does not exist.")),
        "Empty" => desk.warn(format!("\nConsumer group '{group}' has no active members.")),
        "PreparingRebalance" | "CompletingRebalance" | "Assigning" | "Reconciling" => {
            desk.warn(format!(
                "\nWarning: Consumer group '{group}' is rebalancing."
            ));
        }
        "Stable" => {}
        other => {
            return Err(Failure::thrown(Exception {
                class: "org.apache.kafka.common.KafkaException".to_owned(),
                message: format!("Expected a valid consumer group state, but found '{other}'."),
            }));
        }
    }
    Ok(state != "Dead" && rows_count > 0)
}

/// Partitions as `topic:0,1;other:2`.
pub(super) fn assignment_text(partitions: &[TopicPartition]) -> String {
    let mut by_topic: Map<&str, Vec<i32>> = Map::new();
    for partition in partitions {
        by_topic
            .entry(&partition.topic)
            .or_default()
            .push(partition.partition);
    }
    let topics = by_topic.into_iter().map(|(topic, mut partitions)| {
        partitions.sort_unstable();
        let partitions: Vec<String> = partitions.iter().map(i32::to_string).collect();
        format!("{topic}:{}", partitions.join(","))
    });
    let mut topics: Vec<String> = topics.collect();
    // Java sorts the texts, not the names: `a-b:0` comes before `a:0`.
    topics.sort();
    match topics.is_empty() {
        true => MISSING.to_owned(),
        false => topics.join(";"),
    }
}

fn ask(desk: &mut Desk, groups: Vec<GroupId>) -> Result<Map<GroupId, GroupDescription>, Failure> {
    let described = desk.try_ask(DescribeGroups { groups })?.or_thrown(future)?;
    let in_order = hash_order(described.into_iter().collect(), |(id, _): &(GroupId, _)| {
        hash_of_string(id)
    });
    let one =
        |(id, group): (GroupId, Result<GroupDescription, _>)| Ok((id, group.or_thrown(future)?));
    in_order.into_iter().map(one).collect()
}

fn future(exception: Exception) -> Failure {
    Failure::future(exception)
}

fn print_states(
    desk: &mut Desk,
    groups: &Map<GroupId, GroupDescription>,
    verbose: bool,
) -> Result<(), Failure> {
    for (id, group) in groups {
        if !announce(desk, id, &group.state, 1)? {
            continue;
        }
        let coordinator = group.coordinator.as_ref();
        let coordinator = coordinator.map_or_else(String::new, |node| {
            format!("{}:{}  ({})", node.address.host, node.address.port, node.id)
        });
        let assignor = match group.assignor.as_str() {
            "" => MISSING.to_owned(),
            assignor => assignor.to_owned(),
        };
        let mut columns = vec![
            ("GROUP", 15),
            ("COORDINATOR (ID)", 25),
            ("ASSIGNMENT-STRATEGY", 20),
            ("STATE", 20),
        ];
        let mut row = vec![id.to_string(), coordinator, assignor, group.state.clone()];
        if verbose {
            // Groups of the classic protocol have no epochs.
            columns.extend([("GROUP-EPOCH", 15), ("TARGET-ASSIGNMENT-EPOCH", 25)]);
            row.extend([MISSING.to_owned(), MISSING.to_owned()]);
        }
        columns.push(("#MEMBERS", 0));
        row.push(group.members.len().to_string());
        let mut table = Table::new(&columns);
        table.row(row);
        table.fit(&[0, 1]);
        desk.println("");
        for line in table.lines() {
            desk.println(line);
        }
    }
    Ok(())
}
