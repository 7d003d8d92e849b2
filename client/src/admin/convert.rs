//! Between the names of the protocol's messages and ours.

use std::collections::BTreeMap;

use kafka_protocol::messages;
use kafka_protocol::protocol::StrBytes;
use ottla_core::{GroupId, TopicName, TopicPartition};

pub(super) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

pub(super) fn topic_out(name: &TopicName) -> messages::TopicName {
    messages::TopicName(text(name))
}

pub(super) fn topic_in(name: &messages::TopicName) -> TopicName {
    TopicName::from(name.as_str())
}

pub(super) fn group_out(id: &GroupId) -> messages::GroupId {
    messages::GroupId(text(id))
}

pub(super) fn group_in(id: &messages::GroupId) -> GroupId {
    GroupId::from(id.as_str())
}

pub(super) fn uuid(id: uuid::Uuid) -> ottla_core::Uuid {
    ottla_core::Uuid(id.into_bytes())
}

pub(super) fn brokers_in(ids: &[messages::BrokerId]) -> Vec<i32> {
    ids.iter().map(|id| id.0).collect()
}

pub(super) fn brokers_out(ids: &[i32]) -> Vec<messages::BrokerId> {
    ids.iter().map(|id| messages::BrokerId(*id)).collect()
}

pub(super) fn partition(topic: &messages::TopicName, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: topic_in(topic),
        partition,
    }
}

/// Partitions by their topics, as requests name them.
pub(super) fn by_topic<'a, T>(
    partitions: impl IntoIterator<Item = (&'a TopicPartition, T)>,
) -> BTreeMap<TopicName, Vec<(i32, T)>> {
    let mut topics: BTreeMap<TopicName, Vec<(i32, T)>> = BTreeMap::new();
    for (partition, value) in partitions {
        let indexes = topics.entry(partition.topic.clone()).or_default();
        indexes.push((partition.partition, value));
    }
    topics
}

/// A number for which -1 stands for "not told".
pub(super) fn told(number: i32) -> Option<i32> {
    (number >= 0).then_some(number)
}
