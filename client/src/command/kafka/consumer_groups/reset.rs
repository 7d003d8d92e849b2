//! `--reset-offsets`: where each partition is to go on, shown or done.

use ottla_core::sorted::{Map, Set};
use ottla_core::{ErrorCode, GroupId, TopicName, TopicPartition};

use super::arguments;
use super::failure::{Failure, OrElse, print_error};
use super::offsets::committed;
use super::plan;
use super::scenario;
use super::table::Table;
use crate::admin::{CommitOffsets, DescribeGroups, DescribeTopics, TopicDescription};
use crate::command::Desk;
use crate::command::kafka::java::{Exception, hash_of_string, hash_order};
use crate::command::kafka::options::Options;

/// New offsets, in the order in which they are printed.
pub(super) type NewOffsets = Vec<(TopicPartition, i64)>;

pub(super) fn reset(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    // Numbers that are none fail before anything is asked.
    options.long("to-offset")?;
    options.long("shift-by")?;
    let groups = arguments::groups(desk, options)?;
    let described = desk.try_ask(DescribeGroups {
        groups: groups.clone(),
    })?;
    let described = described.or_thrown(Failure::wrapped_future)?;
    let described = hash_order(described.into_iter().collect(), |(id, _): &(GroupId, _)| {
        hash_of_string(id)
    });
    let mut new = Vec::new();
    for (group, description) in described {
        let state = match description {
            Ok(description) => description.state,
            Err(error) if error.code == ErrorCode::GroupIdNotFound => "Dead".to_owned(),
            Err(error) => return Err(Failure::wrapped_future(&error)),
        };
        let offsets = match state.as_str() {
            "Empty" | "Dead" => reset_inactive(desk, options, &group)?,
            _ => {
                print_error(
                    desk,
                    &format!(
                        "Assignments can only be reset if the group '{group}' is inactive, but the current state is {state}."
                    ),
                );
                NewOffsets::new()
            }
        };
        new.push((group, offsets));
    }
    match options.has("export") {
        true => export(desk, &new, options.values("group").len() == 1),
        false => print(desk, &new),
    }
    Ok(())
}

/// `topic:0,1,2`.
pub(super) fn parse_partitions(argument: &str) -> Result<Vec<TopicPartition>, Failure> {
    let parts: Vec<&str> = argument.trim_end_matches(':').split(':').collect();
    let [topic, partitions] = parts.as_slice() else {
        return Err(Failure::Illegal(format!(
            "Invalid topic arg '{argument}', expected topic name and partitions"
        )));
    };
    let topic = TopicName::from(*topic);
    let partitions = partitions
        .trim_end_matches(',')
        .split(',')
        .map(|partition| {
            let index = partition.strip_prefix('+').unwrap_or(partition).parse();
            let partition = index.map_err(|_| {
                Failure::Illegal(format!(
                    "Invalid partition '{partition}' specified in topic arg '{argument}''"
                ))
            })?;
            Ok(TopicPartition {
                topic: topic.clone(),
                partition,
            })
        });
    partitions.collect()
}

fn reset_inactive(
    desk: &mut Desk,
    options: &Options,
    group: &GroupId,
) -> Result<NewOffsets, Failure> {
    let partitions = partitions_to_reset(desk, options, group)?;
    check_partitions(desk, &partitions)?;
    let offsets = scenario::new_offsets(desk, options, group, partitions)?;
    if options.has("execute") && !offsets.is_empty() {
        let question = CommitOffsets {
            group: group.clone(),
            offsets: offsets.iter().cloned().collect(),
        };
        let results = desk.try_ask(question)?.or_thrown(Failure::thrown)?;
        let failed: Vec<(TopicPartition, _)> = results
            .into_iter()
            .filter_map(|(of, result)| Some((of, result.err()?)))
            .collect();
        if let Some((_, error)) = failed.first() {
            let failed: Vec<String> = failed.iter().map(|(of, _)| of.to_string()).collect();
            let message = format!(
                "Failed altering group offsets for the following partitions: [{}]",
                failed.join(", ")
            );
            let class = Exception::from(error).class;
            return Err(Failure::thrown(Exception { class, message }));
        }
    }
    Ok(offsets)
}

/// The scope: `--all-topics`, `--topic`, or what the file says.
fn partitions_to_reset(
    desk: &mut Desk,
    options: &Options,
    group: &GroupId,
) -> Result<Vec<TopicPartition>, Failure> {
    if options.has("all-topics") {
        return Ok(committed(desk, group)?.into_keys().collect());
    }
    if !options.has("topic") {
        return match options.has("from-file") {
            true => Ok(Vec::new()),
            false => Err(options
                .usage("One of the reset scopes should be defined: --all-topics, --topic.")
                .into()),
        };
    }
    let (with_partitions, whole): (Vec<&str>, Vec<&str>) = options
        .values("topic")
        .into_iter()
        .partition(|topic| topic.contains(':'));
    let mut partitions = Vec::new();
    for topic in with_partitions {
        partitions.extend(parse_partitions(topic)?);
    }
    if !whole.is_empty() {
        let names = whole.into_iter().map(TopicName::from).collect();
        let described = describe(desk, names, Failure::thrown)?;
        let described = hash_order(
            described.into_iter().collect(),
            |(topic, _): &(TopicName, _)| hash_of_string(topic),
        );
        for (topic, description) in described {
            partitions.extend(
                description
                    .partitions
                    .iter()
                    .map(|partition| TopicPartition {
                        topic: topic.clone(),
                        partition: partition.index,
                    }),
            );
        }
    }
    Ok(partitions)
}

/// All must exist and have a leader.
fn check_partitions(desk: &mut Desk, partitions: &[TopicPartition]) -> Result<(), Failure> {
    let topics: Set<&TopicName> = partitions
        .iter()
        .map(|partition| &partition.topic)
        .collect();
    if topics.is_empty() {
        return Ok(());
    }
    let described = describe(
        desk,
        topics.into_iter().cloned().collect(),
        Failure::wrapped_future,
    )?;
    let found = |of: &TopicPartition| {
        let partitions = &described.get(&of.topic)?.partitions;
        partitions
            .iter()
            .find(|partition| partition.index == of.partition)
    };
    let missing: Vec<String> = partitions
        .iter()
        .filter(|of| found(of).is_none())
        .map(TopicPartition::to_string)
        .collect();
    if !missing.is_empty() {
        let message = format!("The partitions \"{}\" do not exist", missing.join(","));
        return Err(Failure::thrown(Exception::kafka(
            "UnknownTopicOrPartitionException",
            message,
        )));
    }
    let leaderless: Vec<String> = partitions
        .iter()
        .filter(|of| found(of).is_some_and(|partition| partition.leader.is_none()))
        .map(TopicPartition::to_string)
        .collect();
    if !leaderless.is_empty() {
        let message = format!("The partitions \"{}\" have no leader", leaderless.join(","));
        return Err(Failure::thrown(Exception::kafka(
            "LeaderNotAvailableException",
            message,
        )));
    }
    Ok(())
}

fn describe(
    desk: &mut Desk,
    names: Vec<TopicName>,
    failure: fn(Exception) -> Failure,
) -> Result<Map<TopicName, TopicDescription>, Failure> {
    let described = desk.try_ask(DescribeTopics { names })?.or_thrown(failure)?;
    let described = described.into_iter();
    described
        .map(|(topic, description)| Ok((topic, description.or_thrown(failure)?)))
        .collect()
}

fn print(desk: &mut Desk, new: &[(GroupId, NewOffsets)]) {
    let mut table = Table::new(&[
        ("GROUP", 15),
        ("TOPIC", 15),
        ("PARTITION", 10),
        ("NEW-OFFSET", 0),
    ]);
    for (group, offsets) in new {
        for (partition, offset) in offsets {
            table.row(vec![
                group.to_string(),
                partition.topic.to_string(),
                partition.partition.to_string(),
                offset.to_string(),
            ]);
        }
    }
    table.fit(&[0, 1]);
    desk.println("");
    for line in table.lines() {
        desk.println(line);
    }
}

fn export(desk: &mut Desk, new: &[(GroupId, NewOffsets)], is_single: bool) {
    let mut text = String::new();
    for (group, offsets) in new {
        for (partition, offset) in offsets {
            text += &plan::line((!is_single).then_some(group), partition, *offset);
        }
    }
    desk.println(text);
}
