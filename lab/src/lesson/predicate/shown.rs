//! Facts as sentences: what a scene has shown.

use super::facts::Value;
use super::functions::Call;
use crate::narration::told::counted;

/// A fact and its value, for somebody who has not written the statement.
pub(super) fn sentence(call: &Call, value: &Value) -> String {
    of_topics(call, value)
        .or_else(|| of_groups(call, value))
        .or_else(|| of_clients(call, value))
        .or_else(|| of_work(call, value))
        .unwrap_or_else(|| format!("{} is {}.", call.function.usage(), shown(value, "nothing")))
}

fn of_topics(call: &Call, value: &Value) -> Option<String> {
    let (name, key) = (call.name(0), call.name(1));
    let (number, records) = (shown(value, "nothing"), count(value, "record"));
    let partition = call
        .partition(0)
        .map(ToString::to_string)
        .unwrap_or_default();
    Some(match call.function.name {
        "partitions" => format!("{name} has {}.", count(value, "partition")),
        "records" => format!("{name} holds {records}."),
        "start" => format!("{partition} begins at offset {number}."),
        "end" => format!("The next record of {partition} gets offset {number}."),
        "high_watermark" => format!("{partition} can be read up to offset {number}."),
        "share" => format!("{number} % of the records lie in {partition}."),
        "partition_of" => format!("The key {key} goes to partition {number} of {name}."),
        "with_key" => format!("{records} with the key {key} lie in {name}."),
        "places" => format!(
            "Records with the key {key} lie in {} of {name}.",
            count(value, "partition")
        ),
        "moved" => format!("{number} % of the keys lie in more than one partition of {name}."),
        "copies" => format!("{records} in {name} repeat another one."),
        _ => return None,
    })
}

fn of_groups(call: &Call, value: &Value) -> Option<String> {
    let group = call.name(0);
    let number = shown(value, "nothing");
    let partition = call
        .partition(1)
        .map(ToString::to_string)
        .unwrap_or_default();
    Some(match call.function.name {
        "members" => format!("Group {group} has {}.", count(value, "member")),
        "member" => match is_so(value) {
            true => format!("{} is a member of group {group}.", call.name(1)),
            false => format!("{} is no member of group {group}.", call.name(1)),
        },
        "generation" => format!("Group {group} is in generation {number}."),
        "state" => format!("Group {group} is {number}."),
        "assignor" => format!("Group {group} has agreed upon {number}."),
        "owner" => format!(
            "In group {group}, {partition} belongs to {}.",
            shown(value, "nobody")
        ),
        "committed" => format!("Group {group} has committed {number} for {partition}."),
        "lag" => format!(
            "The lag of group {group}{} is {number}.",
            place(" in ", call)
        ),
        "duplicates" => format!(
            "{group} has worked on {} twice or more.",
            count(value, "record")
        ),
        "missed" => format!("{group} has left out {}.", count(value, "record")),
        _ => return None,
    })
}

fn of_clients(call: &Call, value: &Value) -> Option<String> {
    let (name, api) = (call.name(0), call.name(1));
    let (number, records) = (shown(value, "nothing"), count(value, "record"));
    let partition = call
        .partition(1)
        .map(ToString::to_string)
        .unwrap_or_default();
    let nots = |is_so: bool| if is_so { "" } else { " not" };
    Some(match call.function.name {
        "sent" => format!("{name} has sent {records}{}.", place(" to ", call)),
        "acked" => format!("{name} was told that {records} are stored."),
        "failed" => format!("{name} has given up {records}."),
        "partitioner" => format!("{name} uses the partitioner {number}."),
        "requests" => format!(
            "{name} has sent {}.",
            count(value, &format!("{api} request"))
        ),
        "sent_bytes" => format!("The {api} requests of {name} had {}.", count(value, "byte")),
        "life" => format!("{name}: {number}."),
        "activity" => format!("{name} is {number}."),
        "assigned" => format!("{name} was given {}.", count(value, "partition")),
        "reads" if partition.is_empty() => format!("{name} reads {}.", count(value, "partition")),
        "reads" => format!("{name} does{} read {partition}.", nots(is_so(value))),
        "position" => format!("{name} is at offset {number} of {partition}."),
        "paused" => format!("{name} has{} paused {partition}.", nots(is_so(value))),
        "commits" => format!("{} of {name} counted.", count(value, "commit")),
        "refused_commits" => format!("{} of {name} got refused.", count(value, "commit")),
        _ => return None,
    })
}

fn of_work(call: &Call, value: &Value) -> Option<String> {
    let who = match call.name(0) {
        "any" => "All together have",
        name => &format!("{name} has"),
    };
    let records = count(value, "record");
    Some(match (call.function.name, call.number(2)) {
        ("worked", None) => format!("{who} worked on {records}{}.", place(" of ", call)),
        ("worked", Some(offset)) => format!(
            "{who} worked on offset {offset}{} {}.",
            place(" of ", call),
            count(value, "time")
        ),
        ("worked_key", _) => format!("{who} worked on {records} with the key {}.", call.name(1)),
        ("in_order", _) => match is_so(value) {
            true => format!("{who} worked in the order in which they were sent."),
            false => format!("{who} not worked in the order in which they were sent."),
        },
        _ => return None,
    })
}

/// The partition that is spoken of, if there is one.
fn place(before: &str, call: &Call) -> String {
    let partition = call.partition(1);
    partition.map_or(String::new(), |partition| format!("{before}{partition}"))
}

fn count(value: &Value, what: &str) -> String {
    match value {
        Value::Number(number) => counted(usize::try_from(*number).unwrap_or(0), what),
        _ => format!("no {what}"),
    }
}

fn shown(value: &Value, nothing: &str) -> String {
    match value {
        Value::None => nothing.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Word(word) => word.clone(),
    }
}

fn is_so(value: &Value) -> bool {
    matches!(value, Value::Number(number) if *number > 0)
}
