//! `--alter` and `--delete`.

use ottla_core::sorted::Map;
use ottla_core::{ApiError, TopicName};

use super::create::Wanted;
use super::existing;
use crate::admin::{CreatePartitions, DeleteTopics, DescribeTopics, NewPartitions};
use crate::command::Desk;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::options::Options;

/// Gives the topics more partitions.
pub(super) fn alter(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let wanted = Wanted::read(options)?;
    let total_count = wanted.partitions_count.unwrap_or_default();
    let names = existing(desk, options)?;
    if names.is_empty() {
        return Ok(());
    }
    let mut topics = Map::new();
    if wanted.assignments.is_empty() {
        for name in names {
            let assignments = None;
            topics.insert(
                name,
                NewPartitions {
                    total_count,
                    assignments,
                },
            );
        }
    } else {
        for (name, described) in desk.ask(DescribeTopics { names })? {
            // The list begins with the partitions that are there already.
            let there = described?.partitions.len();
            let assignments = wanted.assignments.values().skip(there).cloned().collect();
            let assignments = Some(assignments);
            topics.insert(
                name,
                NewPartitions {
                    total_count,
                    assignments,
                },
            );
        }
    }
    all(desk.ask(CreatePartitions {
        topics,
        validate_only: false,
    })?)
}

/// Deletes the topics.
pub(super) fn delete(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let names = existing(desk, options)?;
    if names.is_empty() {
        return Ok(());
    }
    all(desk.ask(DeleteTopics { names })?)
}

fn all(outcomes: Map<TopicName, Result<(), ApiError>>) -> Result<(), Failure> {
    for outcome in outcomes.into_values() {
        outcome?;
    }
    Ok(())
}
