//! Where a reset takes a group: to an offset, a moment, one of the ends, or what a file says.

use ottla_core::sorted::Map;
use ottla_core::{GroupId, TopicPartition};

use super::arguments::SCENARIOS;
use super::failure::{Failure, OrElse, print_error};
use super::offsets::committed;
use super::plan;
use super::reset::NewOffsets;
use crate::admin::{ListOffsets, OffsetSpec};
use crate::command::Desk;
use crate::command::kafka::java::{
    Exception, hash_of_partition, hash_order, parse_date_time, parse_duration_ms,
};
use crate::command::kafka::options::Options;

/// The new offsets of these partitions, by the first scenario that is asked for, in Kafka's order of looking.
pub(super) fn new_offsets(
    desk: &mut Desk,
    options: &Options,
    group: &GroupId,
    partitions: Vec<TopicPartition>,
) -> Result<NewOffsets, Failure> {
    let offsets = if options.has("to-offset") {
        let offset = options.long("to-offset")?.unwrap_or(0);
        let asked = partitions
            .into_iter()
            .map(|partition| (partition, offset))
            .collect();
        within_range(desk, asked)?
    } else if options.has("to-earliest") {
        at(desk, partitions, OffsetSpec::Earliest)?
    } else if options.has("to-latest") {
        at(desk, partitions, OffsetSpec::Latest)?
    } else if let Some(by) = options.long("shift-by")? {
        shifted(desk, group, partitions, by)?
    } else if let Some(moment) = options.value("to-datetime")? {
        let moment = parse_date_time(moment).map_err(|message| runtime(&message))?;
        from_moment(desk, partitions, moment.0)?
    } else if let Some(duration) = options.value("by-duration")? {
        let duration_ms = parse_duration_ms(duration).map_err(|message| Exception {
            class: "java.time.format.DateTimeParseException".to_owned(),
            message,
        })?;
        let moment = desk.now().0.saturating_sub(duration_ms);
        from_moment(desk, partitions, moment)?
    } else if let Some(path) = options.value("from-file")? {
        planned(desk, options, group, path)?
    } else if options.has("to-current") {
        current(desk, group, partitions)?
    } else {
        let scenarios: Vec<String> = SCENARIOS
            .iter()
            .map(|scenario| format!("[{scenario}]"))
            .collect();
        let scenarios = scenarios.join(", ");
        let message = format!(
            "Option '[reset-offsets]' requires one of the following scenarios: [{scenarios}]"
        );
        return Err(options.usage(message).into());
    };
    Ok(hash_order(
        offsets,
        |(partition, _): &(TopicPartition, i64)| hash_of_partition(partition),
    ))
}

fn shifted(
    desk: &mut Desk,
    group: &GroupId,
    partitions: Vec<TopicPartition>,
    by: i64,
) -> Result<NewOffsets, Failure> {
    let committed = committed(desk, group)?;
    let asked = partitions.into_iter().map(|partition| match committed.get(&partition) {
        Some(current) => Ok((partition, current.offset.wrapping_add(by))),
        None => Err(Failure::Illegal(format!(
            "Cannot shift offset for partition {partition} since there is no current committed offset"
        ))),
    });
    let asked = asked.collect::<Result<NewOffsets, Failure>>()?;
    within_range(desk, asked)
}

/// What is committed stays; what is not goes to the end.
fn current(
    desk: &mut Desk,
    group: &GroupId,
    partitions: Vec<TopicPartition>,
) -> Result<NewOffsets, Failure> {
    let committed = committed(desk, group)?;
    let (with, without): (Vec<_>, Vec<_>) = partitions
        .into_iter()
        .partition(|partition| committed.contains_key(partition));
    let mut offsets: NewOffsets = with
        .into_iter()
        .map(|partition| {
            let offset = committed[&partition].offset;
            (partition, offset)
        })
        .collect();
    offsets.extend(at(desk, without, OffsetSpec::Latest)?);
    Ok(offsets)
}

fn planned(
    desk: &mut Desk,
    options: &Options,
    group: &GroupId,
    path: &str,
) -> Result<NewOffsets, Failure> {
    let file = desk.read_file(path)?;
    let text =
        file.map_err(|_| runtime(&format!("java.io.IOException: Unable to read file {path}")))?;
    let groups = options.values("group");
    let only_group = (groups.len() == 1).then(|| GroupId::from(groups[0]));
    let mut plan = plan::parse(&String::from_utf8_lossy(&text), only_group.as_ref())
        .map_err(|message| runtime(&message))?;
    let Some(asked) = plan.remove(group) else {
        print_error(desk, &format!("No reset plan for group {group} found"));
        return Ok(NewOffsets::new());
    };
    within_range(desk, asked)
}

/// The first record from a moment on; the end where there is none.
fn from_moment(
    desk: &mut Desk,
    partitions: Vec<TopicPartition>,
    moment: i64,
) -> Result<NewOffsets, Failure> {
    let found = at(desk, partitions, OffsetSpec::At(moment))?;
    let (found, nothing): (NewOffsets, NewOffsets) =
        found.into_iter().partition(|(_, offset)| *offset != -1);
    let nothing = hash_order(nothing, |(partition, _): &(TopicPartition, i64)| {
        hash_of_partition(partition)
    });
    for (partition, _) in &nothing {
        let (topic, partition) = (&partition.topic, partition.partition);
        desk.println(format!(
            "\nWarn: Partition {partition} from topic {topic} is empty. Falling back to latest known offset."
        ));
    }
    let mut offsets = found;
    let nothing = nothing
        .into_iter()
        .map(|(partition, _)| partition)
        .collect();
    offsets.extend(at(desk, nothing, OffsetSpec::Latest)?);
    Ok(offsets)
}

/// Offsets beyond the ends of their partitions become those ends, with a warning in the log.
fn within_range(desk: &mut Desk, asked: NewOffsets) -> Result<NewOffsets, Failure> {
    let partitions: Vec<TopicPartition> = asked
        .iter()
        .map(|(partition, _)| partition.clone())
        .collect();
    let starts: Map<_, _> = at(desk, partitions.clone(), OffsetSpec::Earliest)?
        .into_iter()
        .collect();
    let ends: Map<_, _> = at(desk, partitions, OffsetSpec::Latest)?
        .into_iter()
        .collect();
    // Kafka's tool writes these into its log.
    let mut warn = |partition: &TopicPartition, offset: i64, limit: &str, becomes: i64| {
        desk.warn(format!(
            "ottla: New offset ({offset}) is {limit} offset for topic partition {partition}. Value will be set to {becomes}"
        ));
    };
    let in_order = hash_order(asked, |(partition, _): &(TopicPartition, i64)| {
        hash_of_partition(partition)
    });
    let within = in_order.into_iter().map(|(partition, offset)| {
        let (start, end) = (starts[&partition], ends[&partition]);
        let becomes = if offset > end {
            warn(&partition, offset, "higher than latest", end);
            end
        } else if offset < start {
            warn(&partition, offset, "lower than earliest", start);
            start
        } else {
            offset
        };
        (partition, becomes)
    });
    Ok(within.collect())
}

/// Asks for an offset of each partition; they come back in the same order.
fn at(
    desk: &mut Desk,
    partitions: Vec<TopicPartition>,
    spec: OffsetSpec,
) -> Result<NewOffsets, Failure> {
    if partitions.is_empty() {
        return Ok(NewOffsets::new());
    }
    let question = ListOffsets {
        partitions: partitions
            .iter()
            .map(|partition| (partition.clone(), spec))
            .collect(),
        read_committed: false,
    };
    let listed = desk.try_ask(question)?.or_thrown(Failure::wrapped_future)?;
    let offsets = partitions
        .into_iter()
        .map(|partition| match listed.get(&partition) {
            Some(Ok(listed)) => Ok((partition, listed.offset)),
            Some(Err(error)) => Err(Failure::wrapped_future(error)),
            None => Err(runtime(&format!("no offset of {partition} came back")).into()),
        });
    offsets.collect()
}

fn runtime(message: &str) -> Exception {
    Exception {
        class: "java.lang.RuntimeException".to_owned(),
        message: message.to_owned(),
    }
}
