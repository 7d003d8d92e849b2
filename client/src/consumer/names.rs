//! The core's names in the protocol's messages, and back.

use std::collections::BTreeMap;

use kafka_protocol::protocol::StrBytes;
use ottla_core::{ErrorCode, TopicName, TopicPartition};

pub(super) fn text(value: &str) -> StrBytes {
    StrBytes::from_string(value.to_owned())
}

pub(super) fn optional(value: Option<&str>) -> Option<StrBytes> {
    value.map(text)
}

pub(super) fn wire_topic(name: &TopicName) -> kafka_protocol::messages::TopicName {
    text(name).into()
}

pub(super) fn partition(
    topic: &kafka_protocol::messages::TopicName,
    partition: i32,
) -> TopicPartition {
    TopicPartition {
        topic: TopicName::from(topic.as_str()),
        partition,
    }
}

/// A code that this client does not know counts as an error of the server's.
pub(super) fn code(number: i16) -> ErrorCode {
    ErrorCode::from_number(number).unwrap_or(ErrorCode::UnknownServerError)
}

/// Things of partitions, by topic.
pub(super) fn by_topic<T>(
    items: impl IntoIterator<Item = (TopicPartition, T)>,
) -> BTreeMap<TopicName, Vec<(i32, T)>> {
    let mut topics: BTreeMap<TopicName, Vec<(i32, T)>> = BTreeMap::new();
    for (partition, item) in items {
        topics
            .entry(partition.topic)
            .or_default()
            .push((partition.partition, item));
    }
    topics
}
