//! `--delete` and `--delete-offsets`.

use ottla_core::sorted::{Map, Set};
use ottla_core::{ApiError, ErrorCode, GroupId, TopicName, TopicPartition};

use super::arguments;
use super::failure::{Failure, OrElse, print_error};
use super::reset::parse_partitions;
use super::table::{MISSING, Table};
use crate::admin::{AskError, DeleteGroups, DeleteOffsets, DescribeTopics};
use crate::command::Desk;
use crate::command::kafka::java::{Exception, hash_of_string, hash_order};
use crate::command::kafka::options::Options;

/// Forgets groups.
pub(super) fn groups(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let groups = arguments::groups(desk, options)?;
    let results = match desk.try_ask(DeleteGroups {
        groups: groups.clone(),
    })? {
        Ok(results) => results
            .into_iter()
            .map(|(group, result)| (group, to_exception(result)))
            .collect(),
        Err(error) => groups
            .into_iter()
            .map(|group| (group, Err(Exception::from(&error))))
            .collect(),
    };
    let results = hash_order(results, |(group, _): &(GroupId, _)| hash_of_string(group));
    let deleted = results.iter().filter(|(_, result)| result.is_ok());
    let deleted: Vec<String> = deleted.map(|(group, _)| format!("'{group}'")).collect();
    let deleted_text = deleted.join(", ");
    if deleted.len() == results.len() {
        desk.println(format!(
            "Deletion of requested consumer groups ({deleted_text}) was successful."
        ));
        return Ok(());
    }
    print_error(desk, "Deletion of some consumer groups failed:");
    for (group, result) in &results {
        if let Err(exception) = result {
            desk.println(format!(
                "* Group '{group}' could not be deleted due to: {exception}"
            ));
        }
    }
    if !deleted.is_empty() {
        desk.println(format!(
            "\nThese consumer groups were deleted successfully: {deleted_text}"
        ));
    }
    Ok(())
}

/// Forgets a group's offsets of topics.
pub(super) fn offsets(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let group = options.value("group")?.unwrap_or_default();
    let (with_partitions, whole): (Vec<&str>, Vec<&str>) = options
        .values("topic")
        .into_iter()
        .partition(|topic| topic.contains(':'));
    let mut partitions = Set::new();
    for topic in with_partitions {
        partitions.extend(parse_partitions(topic)?);
    }
    let mut results: Map<TopicPartition, Result<(), Exception>> = Map::new();
    if !whole.is_empty() {
        let names = whole.into_iter().map(TopicName::from).collect();
        for (topic, description) in desk
            .try_ask(DescribeTopics { names })?
            .or_thrown(Failure::wrapped_future)?
        {
            let of = |partition| TopicPartition {
                topic: topic.clone(),
                partition,
            };
            match description {
                Ok(description) => {
                    partitions.extend(description.partitions.iter().map(|one| of(one.index)))
                }
                Err(error) => {
                    results.insert(of(-1), Err(Exception::from(&error)));
                }
            }
        }
    }
    let question = DeleteOffsets {
        group: group.into(),
        partitions: partitions.iter().cloned().collect(),
    };
    let outcome = desk.try_ask(question)?;
    announce(desk, group, &outcome);
    for partition in partitions {
        let result = match &outcome {
            Ok(answers) => answers
                .get(&partition)
                .cloned()
                .map_or(Ok(()), to_exception),
            Err(error) => Err(Exception::from(error)),
        };
        results.insert(partition, result);
    }
    print(desk, results);
    Ok(())
}

type Outcome = Result<Map<TopicPartition, Result<(), ApiError>>, AskError>;

/// What came of it as a whole.
fn announce(desk: &mut Desk, group: &str, outcome: &Outcome) {
    let code = match outcome {
        Ok(answers) => answers
            .values()
            .find_map(|result| result.as_ref().err())
            .map_or(ErrorCode::None, |error| error.code),
        Err(AskError::Refused(error)) => error.code,
        Err(AskError::Unreachable { .. } | AskError::TimedOut { .. }) => ErrorCode::RequestTimedOut,
        Err(AskError::Unsupported { .. }) => ErrorCode::UnsupportedVersion,
        Err(AskError::Garbage(_)) => ErrorCode::UnknownServerError,
    };
    match code {
        ErrorCode::None => desk.println(format!(
            "Request succeeded for deleting offsets from group {group}."
        )),
        ErrorCode::InvalidGroupId
        | ErrorCode::GroupIdNotFound
        | ErrorCode::GroupAuthorizationFailed
        | ErrorCode::NonEmptyGroup => print_error(desk, code.message()),
        ErrorCode::GroupSubscribedToTopic
        | ErrorCode::TopicAuthorizationFailed
        | ErrorCode::UnknownTopicOrPartition => {
            print_error(
                desk,
                "Encountered some partition-level error, see the follow-up details.",
            );
        }
        other => print_error(desk, &format!("Encountered some unknown error: {other}")),
    }
}

fn print(desk: &mut Desk, results: Map<TopicPartition, Result<(), Exception>>) {
    let mut table = Table::new(&[("TOPIC", 15), ("PARTITION", 10), ("STATUS", 15)]);
    let mut rows: Vec<(TopicPartition, Result<(), Exception>)> = results.into_iter().collect();
    rows.sort_by_key(|(partition, _)| format!("{}{}", partition.topic, partition.partition));
    for (partition, result) in rows {
        let index = match partition.partition {
            -1 => MISSING.to_owned(),
            index => index.to_string(),
        };
        let status = match result {
            Ok(()) => "Successful".to_owned(),
            Err(exception) => format!("Error: {exception}"),
        };
        table.row(vec![partition.topic.to_string(), index, status]);
    }
    table.fit(&[0]);
    desk.println("");
    for line in table.lines() {
        desk.println(line);
    }
}

fn to_exception(result: Result<(), ApiError>) -> Result<(), Exception> {
    result.map_err(|error| Exception::from(&error))
}
