//! `--describe --offsets`: how far a group has read, and how far behind it is.

use std::cmp::Reverse;

use ottla_core::sorted::{Map, Set};
use ottla_core::{GroupId, TopicName, TopicPartition};

use super::describe::announce;
use super::failure::{Failure, OrElse};
use super::table::{MISSING, Table, cell};
use crate::admin::{
    CommittedOffset, DescribeTopics, FetchOffsets, GroupDescription, ListOffsets,
    MemberDescription, OffsetSpec,
};
use crate::command::Desk;

pub(super) fn print(
    desk: &mut Desk,
    groups: &Map<GroupId, GroupDescription>,
    verbose: bool,
) -> Result<(), Failure> {
    let committed = committed_of_all(desk, groups)?;
    let ends = log_ends(desk, groups, &committed)?;
    for (id, group) in groups {
        let rows = rows(group, &committed[id], &ends);
        if !announce(desk, id, &group.state, rows.len())? {
            continue;
        }
        let table = table(id, &rows, verbose);
        desk.println("");
        for line in table.lines() {
            desk.println(line);
        }
    }
    Ok(())
}

/// What a group has committed; partitions that cannot be told are left out, as Kafka's admin client leaves them out.
pub(super) fn committed(desk: &mut Desk, group: &GroupId) -> Result<Committed, Failure> {
    let asked = desk.try_ask(all_of(group))?;
    Ok(known(asked.or_thrown(Failure::wrapped_future)?))
}

/// Committed offsets by partition.
pub(super) type Committed = Map<TopicPartition, CommittedOffset>;

/// Where partitions end; none for those without a leader.
type LogEnds = Map<TopicPartition, Option<i64>>;

struct Row<'a> {
    partition: TopicPartition,
    committed: Option<&'a CommittedOffset>,
    log_end: Option<i64>,
    member: Option<&'a MemberDescription>,
}

fn all_of(group: &GroupId) -> FetchOffsets {
    FetchOffsets {
        group: group.clone(),
        partitions: None,
    }
}

fn known<E>(offsets: Map<TopicPartition, Result<CommittedOffset, E>>) -> Committed {
    let offsets = offsets.into_iter();
    offsets
        .filter_map(|(partition, offset)| Some((partition, offset.ok()?)))
        .collect()
}

fn committed_of_all(
    desk: &mut Desk,
    groups: &Map<GroupId, GroupDescription>,
) -> Result<Map<GroupId, Committed>, Failure> {
    let asked: Vec<_> = groups
        .keys()
        .map(|id| (id, desk.begin(all_of(id))))
        .collect();
    asked
        .into_iter()
        .map(|(id, asked)| {
            let offsets = desk.answer(asked)?.or_thrown(Failure::wrapped_future)?;
            Ok((id.clone(), known(offsets)))
        })
        .collect()
}

/// Asks for the ends of all partitions that appear anywhere.
fn log_ends(
    desk: &mut Desk,
    groups: &Map<GroupId, GroupDescription>,
    committed: &Map<GroupId, Committed>,
) -> Result<LogEnds, Failure> {
    let members = groups.values().flat_map(|group| &group.members);
    let assigned = members.flat_map(|member| &member.assignment);
    let partitions: Set<&TopicPartition> = committed
        .values()
        .flat_map(Map::keys)
        .chain(assigned)
        .collect();
    if partitions.is_empty() {
        return Ok(LogEnds::new());
    }
    let topics: Set<&TopicName> = partitions
        .iter()
        .map(|partition| &partition.topic)
        .collect();
    let names = topics.into_iter().cloned().collect();
    let described = desk.try_ask(DescribeTopics { names })?;
    let mut without_leader = Set::new();
    for (topic, description) in described.or_thrown(Failure::wrapped_future)? {
        let description = description.or_thrown(Failure::wrapped_future)?;
        let leaderless = description
            .partitions
            .iter()
            .filter(|partition| partition.leader.is_none());
        without_leader.extend(leaderless.map(|partition| TopicPartition {
            topic: topic.clone(),
            partition: partition.index,
        }));
    }
    let with_leader = partitions
        .iter()
        .filter(|partition| !without_leader.contains(**partition));
    let question = ListOffsets {
        partitions: with_leader
            .map(|partition| ((*partition).clone(), OffsetSpec::Latest))
            .collect(),
        read_committed: false,
    };
    let mut ends: LogEnds = without_leader
        .into_iter()
        .map(|partition| (partition, None))
        .collect();
    if !question.partitions.is_empty() {
        for (partition, end) in desk.try_ask(question)?.or_thrown(Failure::wrapped_future)? {
            let end = end.or_thrown(Failure::wrapped_future)?;
            ends.insert(partition, Some(end.offset));
        }
    }
    Ok(ends)
}

/// The partitions of each member, the member with the most of them first; then those that nobody reads.
fn rows<'a>(group: &'a GroupDescription, committed: &'a Committed, ends: &LogEnds) -> Vec<Row<'a>> {
    let row = |partition: &TopicPartition, member| Row {
        partition: partition.clone(),
        committed: committed.get(partition),
        log_end: ends.get(partition).copied().flatten(),
        member,
    };
    let mut members: Vec<&MemberDescription> = group.members.iter().collect();
    members.sort_by_key(|member| Reverse(member.assignment.len()));
    let mut rows = Vec::new();
    let mut assigned = Set::new();
    for member in members {
        let partitions: Set<&TopicPartition> = member.assignment.iter().collect();
        rows.extend(
            partitions
                .iter()
                .map(|partition| row(partition, Some(member))),
        );
        assigned.extend(partitions);
    }
    let unassigned = committed
        .keys()
        .filter(|partition| !assigned.contains(partition));
    rows.extend(unassigned.map(|partition| row(partition, None)));
    rows
}

fn table(group: &GroupId, rows: &[Row<'_>], verbose: bool) -> Table {
    let mut columns = vec![("GROUP", 15), ("TOPIC", 15), ("PARTITION", 10)];
    columns.extend(verbose.then_some(("LEADER-EPOCH", 15)));
    columns.extend([
        ("CURRENT-OFFSET", 15),
        ("LOG-END-OFFSET", 15),
        ("LAG", 15),
        ("CONSUMER-ID", 15),
        ("HOST", 15),
        ("CLIENT-ID", 0),
    ]);
    let mut table = Table::new(&columns);
    for row in rows {
        let offset = row.committed.map(|committed| committed.offset);
        let lag = offset
            .filter(|offset| *offset != -1)
            .and_then(|offset| Some(row.log_end? - offset));
        let mut cells = vec![
            group.to_string(),
            row.partition.topic.to_string(),
            row.partition.partition.to_string(),
        ];
        cells.extend(
            verbose.then(|| cell(row.committed.and_then(|committed| committed.leader_epoch))),
        );
        cells.extend([cell(offset), cell(row.log_end), cell(lag)]);
        cells.extend(match row.member {
            Some(member) => [
                member.id.clone(),
                member.host.clone(),
                member.client_id.clone(),
            ],
            None => [(); 3].map(|()| MISSING.to_owned()),
        });
        table.row(cells);
    }
    let last = columns.len() - 1;
    table.fit(&[0, 1, last - 2, last - 1]);
    table
}
