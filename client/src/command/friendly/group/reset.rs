//! `ottla group reset`.

use clap::Args;
use ottla_core::sorted::{Map, Set};
use ottla_core::{ErrorCode, GroupId, TopicName, TopicPartition};
use serde_json::json;

use super::super::ClusterOptions;
use super::super::table::{Cell, Table};
use super::super::teller::{Halt, Teller};
use super::super::words::counted;
use super::about;
use super::standing::{Standing, standings};
use super::target::{ResetTarget, TopicSelection};
use crate::admin::{CommitOffsets, DescribeGroups, DescribeTopics, ListOffsets, OffsetSpec};
use crate::command::Exit;

const HELP: &str = "\
Examples:
  ottla group reset billing --topic orders --to earliest --dry-run
  ottla group reset billing --topic orders:0,2 --to 1200
  ottla group reset billing --all-topics --to -100
  ottla group reset billing --all-topics --to 2026-11-21T06:41
  ottla group reset billing --all-topics --to 2h

An offset that does not exist becomes the nearest one that does. The group must have no members: stop its consumers first.

JSON: {\"group\", \"dry_run\", \"offsets\": [{\"topic\", \"partition\", \"from\", \"to\"}]}";

/// `ottla group reset`.
#[derive(Debug, Clone, Args)]
#[command(after_help = HELP)]
pub struct GroupReset {
    /// Name of the group; it comes into being if need be.
    #[arg(value_name = "GROUP")]
    pub group: String,

    /// A topic, or some of its partitions. May be repeated.
    #[arg(
        long,
        short,
        value_name = "TOPIC[:PARTITION,..]",
        required_unless_present = "all_topics",
        conflicts_with = "all_topics"
    )]
    pub topic: Vec<TopicSelection>,

    /// All partitions of which the group has committed offsets.
    #[arg(long)]
    pub all_topics: bool,

    /// earliest, latest, an offset, +N or -N, a time (UTC), or how long ago.
    #[arg(long, value_name = "TARGET", allow_hyphen_values = true)]
    pub to: ResetTarget,

    /// Only show what would be done.
    #[arg(long)]
    pub dry_run: bool,

    /// Which cluster, and how to tell.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

impl GroupReset {
    pub(super) fn play(&self, teller: &mut Teller) -> Result<Exit, Halt> {
        let group = GroupId::from(self.group.as_str());
        self.check_group(teller, &group)?;
        let named = self.named_partitions(teller)?;
        let mut standings = standings(teller, &group, &named)?;
        if !self.all_topics {
            standings.retain(|partition, _| named.contains(partition));
        }
        let offsets = self.offsets(teller, &standings)?;
        if !self.dry_run && !offsets.is_empty() {
            let outcomes = teller.ask(CommitOffsets {
                group: group.clone(),
                offsets: offsets.clone(),
            })?;
            if let Some(error) = outcomes.into_values().find_map(Result::err) {
                let error = match error.code {
                    // How a coordinator refuses a commit from outside while there are members.
                    ErrorCode::UnknownMemberId | ErrorCode::RebalanceInProgress => {
                        ErrorCode::NonEmptyGroup.into()
                    }
                    _ => error,
                };
                return Err(Halt::Refused(about(teller, &group, error)?));
            }
        }
        self.tell(teller, &standings, &offsets);
        Ok(Exit::DONE)
    }

    /// The group must be without members, and be there if its own offsets say what is reset.
    fn check_group(&self, teller: &mut Teller, group: &GroupId) -> Result<(), Halt> {
        let groups = vec![group.clone()];
        let described = teller.ask(DescribeGroups { groups })?.remove(group);
        match described {
            Some(Ok(described)) if !described.members.is_empty() => {
                let members = counted(described.members.len(), "member");
                Err(Halt::refused(
                    format!(
                        "group {group} is active: it has {members}, which would commit over the new offsets"
                    ),
                    "stop its consumers first, or wait until their sessions have timed out",
                ))
            }
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) if error.code != ErrorCode::GroupIdNotFound => {
                Err(Halt::Refused(about(teller, group, error)?))
            }
            Some(Err(_)) | None if self.all_topics => {
                let error = ErrorCode::GroupIdNotFound.into();
                Err(Halt::Refused(about(teller, group, error)?))
            }
            Some(Err(_)) | None => Ok(()),
        }
    }

    /// The partitions that the command line names.
    fn named_partitions(&self, teller: &mut Teller) -> Result<Set<TopicPartition>, Halt> {
        let mut names: Vec<TopicName> = self
            .topic
            .iter()
            .map(|one| one.topic.as_str().into())
            .collect();
        names.sort();
        names.dedup();
        let described = teller.ask(DescribeTopics { names })?;
        let mut partitions = Set::new();
        for selection in &self.topic {
            let topic = TopicName::from(selection.topic.as_str());
            let indexes: Vec<i32> = match described.get(&topic) {
                Some(Ok(found)) => found.partitions.iter().map(|one| one.index).collect(),
                Some(Err(error)) => {
                    return Err(Halt::Refused(teller.about_topic(&topic, error.clone())?));
                }
                None => Vec::new(),
            };
            let mut wanted = selection.partitions.iter();
            if let Some(missing) = wanted.find(|wanted| !indexes.contains(wanted)) {
                let count = counted(indexes.len(), "partition");
                return Err(Halt::refused(
                    format!("{topic} has no partition {missing}"),
                    format!("it has {count}, counted from 0"),
                ));
            }
            let chosen = match selection.partitions.is_empty() {
                true => &indexes,
                false => &selection.partitions,
            };
            partitions.extend(chosen.iter().map(|index| TopicPartition {
                topic: topic.clone(),
                partition: *index,
            }));
        }
        Ok(partitions)
    }

    /// Where each partition goes.
    fn offsets(
        &self,
        teller: &mut Teller,
        standings: &Map<TopicPartition, Standing>,
    ) -> Result<Map<TopicPartition, i64>, Halt> {
        let at_moment = match &self.to {
            ResetTarget::Moment(moment) if !standings.is_empty() => {
                let moment = moment.moment(teller.now());
                let spec = OffsetSpec::At(moment.0);
                teller.ask(ListOffsets {
                    partitions: standings.keys().map(|one| (one.clone(), spec)).collect(),
                    read_committed: false,
                })?
            }
            _ => Map::new(),
        };
        let mut offsets = Map::new();
        for (partition, standing) in standings {
            let (Some(first), Some(end)) = (standing.first, standing.end) else {
                teller.note(format!(
                    "{partition} is left out: it cannot be asked for its offsets"
                ));
                continue;
            };
            let wanted = match (&self.to, standing.committed) {
                (ResetTarget::Earliest, _) => first,
                (ResetTarget::Latest, _) => end,
                (ResetTarget::Offset(offset), _) => *offset,
                (ResetTarget::Shift(shift), Some(committed)) => committed.saturating_add(*shift),
                (ResetTarget::Shift(_), None) => {
                    teller.note(format!(
                        "{partition} is left out: nothing is committed that could be shifted"
                    ));
                    continue;
                }
                (ResetTarget::Moment(_), _) => match at_moment.get(partition) {
                    // Nothing is so late: the next record will be.
                    Some(Ok(listed)) if listed.offset < 0 => end,
                    Some(Ok(listed)) => listed.offset,
                    Some(Err(_)) | None => {
                        teller.note(format!(
                            "{partition} is left out: it cannot be asked for its offsets"
                        ));
                        continue;
                    }
                },
            };
            offsets.insert(partition.clone(), wanted.clamp(first, end.max(first)));
        }
        Ok(offsets)
    }

    fn tell(
        &self,
        teller: &mut Teller,
        standings: &Map<TopicPartition, Standing>,
        offsets: &Map<TopicPartition, i64>,
    ) {
        let mut table = Table::new(&["TOPIC", "#PARTITION", "#FROM", "#TO"]);
        let mut documents = Vec::new();
        for (partition, to) in offsets {
            let from = standings.get(partition).and_then(|one| one.committed);
            table.row([
                Cell::from(&partition.topic),
                partition.partition.into(),
                Cell::known(from),
                (*to).into(),
            ]);
            documents.push(json!({
                "topic": partition.topic.as_str(),
                "partition": partition.partition,
                "from": from,
                "to": to,
            }));
        }
        match offsets.is_empty() {
            true => teller.hint("there is nothing to reset"),
            false => teller.table(&table),
        }
        if self.dry_run {
            teller.hint("nothing was changed: without --dry-run it will be");
        }
        teller.document(&json!({
            "group": self.group,
            "dry_run": self.dry_run,
            "offsets": documents,
        }));
    }
}
