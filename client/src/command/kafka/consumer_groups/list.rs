//! `--list`: the groups' names, or a table with their types and states.

use ottla_core::GroupId;

use super::arguments::all_groups;
use super::failure::{Failure, OrElse};
use super::table::Table;
use crate::admin::{ListGroups, ListedGroup};
use crate::command::Desk;
use crate::command::kafka::java::{hash_of_string, hash_order};
use crate::command::kafka::options::Options;

pub(super) fn list(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let (with_type, with_state) = (options.has("type"), options.has("state"));
    if !with_type && !with_state {
        for group in all_groups(desk)? {
            desk.println(group);
        }
        return Ok(());
    }
    let question = ListGroups {
        types: match options.value("type")? {
            None | Some("") => Vec::new(),
            Some(types) => parse_types(types)?,
        },
        states: match options.value("state")? {
            None | Some("") => Vec::new(),
            Some(states) => parse_states(states)?,
        },
    };
    let listed = desk.try_ask(question)?;
    let listed = listed.or_thrown(Failure::future)?;
    if let Some(error) = listed.failures.values().next() {
        return Err(Failure::future(error));
    }
    let groups = listed.groups.into_iter();
    let groups =
        groups.filter(|(_, group)| super::arguments::is_of_consumers(&group.protocol_type));
    let groups = hash_order(groups.collect(), |(id, _): &(GroupId, ListedGroup)| {
        hash_of_string(id)
    });

    let mut columns = vec![("GROUP", 15)];
    columns.extend(with_type.then_some(("TYPE", 20)));
    columns.extend(with_state.then_some(("STATE", 20)));
    let mut table = Table::new(&columns);
    for (id, group) in groups {
        let mut row = vec![id.to_string()];
        row.extend(with_type.then(|| type_name(group.kind.as_deref())));
        row.extend(with_state.then(|| group.state.unwrap_or_else(|| "Unknown".to_owned())));
        table.row(row);
    }
    table.fit(&[0]);
    table.widen(0, 10);
    for line in table.lines() {
        desk.println(line);
    }
    Ok(())
}

/// A list of states in any case, as the brokers spell them.
fn parse_states(text: &str) -> Result<Vec<String>, Failure> {
    let known = |part: &str| {
        let part = part.trim();
        STATES
            .iter()
            .find(|state| state.eq_ignore_ascii_case(part))
            .map(|state| (*state).to_owned())
    };
    let states: Option<Vec<String>> = java_split(text).map(known).collect();
    states.ok_or_else(|| {
        let valid = STATES.join(", ");
        Failure::Illegal(format!(
            "Invalid state list '{text}'. Valid states are: {valid}"
        ))
    })
}

/// A list of types in any case.
fn parse_types(text: &str) -> Result<Vec<String>, Failure> {
    let known = |part: &str| {
        let part = part.trim().to_lowercase();
        matches!(part.as_str(), "classic" | "consumer").then_some(part)
    };
    let types: Option<Vec<String>> = java_split(text).map(known).collect();
    types.ok_or_else(|| {
        Failure::Illegal(format!(
            "Invalid types list '{text}'. Valid types are: Consumer, Classic"
        ))
    })
}

/// `split(",")`, which drops what is empty at the end.
fn java_split(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end_matches(',').split(',')
}

fn type_name(kind: Option<&str>) -> String {
    let known = ["Classic", "Consumer", "Share", "Streams"];
    let name = known
        .iter()
        .find(|name| kind.is_some_and(|kind| name.eq_ignore_ascii_case(kind)));
    (*name.unwrap_or(&"Unknown")).to_owned()
}

/// Of groups of consumers, in the order in which they are told here (Java's is another one in each run).
const STATES: [&str; 7] = [
    "PreparingRebalance",
    "CompletingRebalance",
    "Stable",
    "Dead",
    "Empty",
    "Assigning",
    "Reconciling",
];
