//! Between the types of the protocol's messages and the core's: `_out` is for requests, `_in` is from answers.

use kafka_protocol::messages;
use kafka_protocol::protocol::StrBytes;
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, GroupId, TopicName, TopicPartition};

pub(crate) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

pub(crate) fn optional(text: Option<&str>) -> Option<StrBytes> {
    text.map(self::text)
}

pub(crate) fn topic_out(name: &TopicName) -> messages::TopicName {
    messages::TopicName(text(name))
}

pub(crate) fn topic_in(name: &messages::TopicName) -> TopicName {
    TopicName::from(name.as_str())
}

pub(crate) fn group_out(id: &GroupId) -> messages::GroupId {
    messages::GroupId(text(id))
}

pub(crate) fn group_in(id: &messages::GroupId) -> GroupId {
    GroupId::from(id.as_str())
}

pub(crate) fn uuid(id: uuid::Uuid) -> ottla_core::Uuid {
    ottla_core::Uuid(id.into_bytes())
}

pub(crate) fn brokers_in(ids: &[messages::BrokerId]) -> Vec<i32> {
    ids.iter().map(|id| id.0).collect()
}

pub(crate) fn brokers_out(ids: &[i32]) -> Vec<messages::BrokerId> {
    ids.iter().map(|id| messages::BrokerId(*id)).collect()
}

pub(crate) fn partition(topic: &messages::TopicName, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: topic_in(topic),
        partition,
    }
}

/// Partitions by their topics, as requests name them.
pub(crate) fn by_topic<'a, T>(
    partitions: impl IntoIterator<Item = (&'a TopicPartition, T)>,
) -> Map<TopicName, Vec<(i32, T)>> {
    let mut topics: Map<TopicName, Vec<(i32, T)>> = Map::new();
    for (partition, value) in partitions {
        let indexes = topics.entry(partition.topic.clone()).or_default();
        indexes.push((partition.partition, value));
    }
    topics
}

/// A code that this client does not know counts as an error of the server's.
pub(crate) fn code(number: i16) -> ErrorCode {
    ErrorCode::from_number(number).unwrap_or(ErrorCode::UnknownServerError)
}

/// A number for which -1 stands for "not told".
pub(crate) fn told(number: i32) -> Option<i32> {
    (number >= 0).then_some(number)
}
