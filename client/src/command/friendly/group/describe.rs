//! `ottla group describe`.

use clap::Args;
use ottla_core::sorted::{Map, Set};
use ottla_core::{ErrorCode, GroupId, TopicPartition};
use serde_json::{Value, json};

use super::super::ClusterOptions;
use super::super::table::{Cell, Mood, Table, visible};
use super::super::teller::{Halt, Teller};
use super::super::words::counted;
use super::standing::{Standing, standings};
use super::{about, mood};
use crate::admin::{DescribeGroups, GroupDescription, MemberDescription};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla group describe billing
  ottla group describe billing --json | jq .lag

LAG is how many offsets lie between what the group has committed and the end.

JSON: {\"group\", \"state\", \"protocol_type\", \"assignor\", \"coordinator\": {\"id\", \"host\", \"port\"}, \"lag\",
  \"members\": [{\"id\", \"instance_id\", \"client_id\", \"host\", \"partitions\": [{\"topic\", \"partition\"}]}],
  \"offsets\": [{\"topic\", \"partition\", \"committed\", \"first\", \"end\", \"lag\", \"member\"}]}. What cannot be known is null.";

/// `ottla group describe`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct GroupDescribe {
    /// Name of the group.
    #[arg(value_name = "GROUP")]
    pub group: String,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl GroupDescribe {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let group = GroupId::from(self.group.as_str());
        let groups = vec![group.clone()];
        let described = teller.ask(DescribeGroups { groups })?.remove(&group);
        let described = described.unwrap_or_else(|| Err(ErrorCode::GroupIdNotFound.into()));
        let described = match described {
            Ok(described) => described,
            Err(error) => return Err(Halt::Refused(about(teller, &group, error)?)),
        };
        let mut owners: Map<TopicPartition, &MemberDescription> = Map::new();
        for member in &described.members {
            let assigned = member.assignment.iter();
            owners.extend(assigned.map(|partition| (partition.clone(), member)));
        }
        let owned: Set<TopicPartition> = owners.keys().cloned().collect();
        let standings = standings(teller, &group, &owned)?;
        tell(teller, &group, &described, &standings, &owners);
        teller.document(&document(&group, &described, &standings, &owners));
        Ok(Exit::DONE)
    }
}

fn tell(
    teller: &mut Teller,
    group: &GroupId,
    described: &GroupDescription,
    standings: &Map<TopicPartition, Standing>,
    owners: &Map<TopicPartition, &MemberDescription>,
) {
    let mut facts = vec![counted(described.members.len(), "member")];
    if !described.assignor.is_empty() {
        facts.push(format!("assignor {}", visible(&described.assignor)));
    }
    if let Some(node) = &described.coordinator {
        facts.push(format!("coordinator {} at {}", node.id, node.address));
    }
    let state = teller
        .look
        .paint(mood(&described.state), &visible(&described.state));
    let facts = teller.look.paint(Mood::Quiet, &facts.join(", "));
    teller.line(format!("{group}  {state}  {facts}"));

    if !described.members.is_empty() {
        let mut table = Table::new(&["MEMBER", "INSTANCE", "CLIENT", "HOST", "PARTITIONS"]);
        for member in &described.members {
            table.row([
                Cell::from(&member.id),
                Cell::from(member.instance_id.as_deref().unwrap_or_default()),
                Cell::from(&member.client_id),
                Cell::from(member.host.trim_start_matches('/')),
                Cell::from(ranges(&member.assignment)),
            ]);
        }
        teller.line("");
        teller.table(&table);
    }

    teller.line("");
    if standings.is_empty() {
        teller.line("no offsets are committed");
        return;
    }
    let mut table = Table::new(&[
        "TOPIC",
        "#PARTITION",
        "#COMMITTED",
        "#END",
        "#LAG",
        "MEMBER",
    ]);
    for (partition, standing) in standings {
        let lag = match standing.lag() {
            Some(0) => Cell::from(0),
            Some(lag) => Cell::new(Mood::Odd, lag),
            None => Cell::known(None::<i64>),
        };
        let owner = owners.get(partition).map(|owner| owner.id.as_str());
        table.row([
            Cell::from(&partition.topic),
            partition.partition.into(),
            Cell::known(standing.committed),
            Cell::known(standing.end),
            lag,
            Cell::from(owner.unwrap_or_default()),
        ]);
    }
    teller.table(&table);
    if standings.len() > 1 {
        let lag = lag(standings).map_or("-".to_owned(), |lag| lag.to_string());
        teller.line(format!("total lag {lag}"));
    }
}

fn document(
    group: &GroupId,
    described: &GroupDescription,
    standings: &Map<TopicPartition, Standing>,
    owners: &Map<TopicPartition, &MemberDescription>,
) -> Value {
    let place = |partition: &TopicPartition| json!({ "topic": partition.topic.as_str(), "partition": partition.partition });
    let members = described.members.iter().map(|member| {
        json!({
            "id": member.id,
            "instance_id": member.instance_id,
            "client_id": member.client_id,
            "host": member.host.trim_start_matches('/'),
            "partitions": member.assignment.iter().map(place).collect::<Vec<_>>(),
        })
    });
    let offsets = standings.iter().map(|(partition, standing)| {
        json!({
            "topic": partition.topic.as_str(),
            "partition": partition.partition,
            "committed": standing.committed,
            "first": standing.first,
            "end": standing.end,
            "lag": standing.lag(),
            "member": owners.get(partition).map(|owner| owner.id.as_str()),
        })
    });
    let coordinator = described
        .coordinator
        .as_ref()
        .map(|node| json!({ "id": node.id, "host": node.address.host, "port": node.address.port }));
    json!({
        "group": group.as_str(),
        "state": described.state,
        "protocol_type": described.protocol_type,
        "assignor": described.assignor,
        "coordinator": coordinator,
        "lag": lag(standings),
        "members": members.collect::<Vec<_>>(),
        "offsets": offsets.collect::<Vec<_>>(),
    })
}

/// The lag as far as it is known, if any of it is.
fn lag(standings: &Map<TopicPartition, Standing>) -> Option<i64> {
    let lags = standings.values().filter_map(|standing| standing.lag());
    lags.reduce(i64::saturating_add)
}

/// Partitions in few words: `orders 0-2, payments 1,4`.
fn ranges(partitions: &[TopicPartition]) -> String {
    let mut topics: Map<&str, Set<i32>> = Map::new();
    for partition in partitions {
        let indexes = topics.entry(&partition.topic).or_default();
        indexes.insert(partition.partition);
    }
    let topics = topics.into_iter().map(|(topic, indexes)| {
        let mut stretches: Vec<(i32, i32)> = Vec::new();
        for index in indexes {
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == index => *last = index,
                _ => stretches.push((index, index)),
            }
        }
        let stretches = stretches.iter().map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        });
        format!("{topic} {}", stretches.collect::<Vec<_>>().join(","))
    });
    topics.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_told_in_stretches() {
        let of = |topic: &str, indexes: &[i32]| {
            let one = |index: &i32| TopicPartition {
                topic: topic.into(),
                partition: *index,
            };
            indexes.iter().map(one).collect::<Vec<_>>()
        };
        let all = [of("b", &[7]), of("a", &[2, 0, 1, 4, 5])].concat();
        assert_eq!(ranges(&all), "a 0-2,4-5, b 7");
        assert_eq!(ranges(&[]), "");
    }
}
