//! Names and ids between the protocol's types and the engine's.

use kafka_protocol::messages::BrokerId;
use kafka_protocol::protocol::StrBytes;
use ottla_core::log::Log;
use ottla_core::{ErrorCode, TopicName, TopicRef, Uuid};

/// Text for an answer.
pub(crate) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

/// Text that may be absent.
pub(crate) fn optional_text(text: Option<&str>) -> Option<StrBytes> {
    text.map(self::text)
}

/// Text of a request that may be absent.
pub(crate) fn optional_string(text: Option<&StrBytes>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

/// A topic's name for an answer.
pub(crate) fn topic_name(name: &TopicName) -> kafka_protocol::messages::TopicName {
    text(name).into()
}

/// An id for an answer.
pub(crate) fn uuid(id: Uuid) -> uuid::Uuid {
    uuid::Uuid::from_bytes(id.0)
}

/// An id of a request.
pub(crate) fn id(uuid: uuid::Uuid) -> Uuid {
    Uuid(uuid.into_bytes())
}

/// A topic of a request that names it in one way or the other, as its version does.
pub(crate) fn topic_ref(name: &str, uuid: uuid::Uuid, by_id: bool) -> TopicRef {
    if by_id {
        TopicRef::Id(id(uuid))
    } else {
        TopicRef::Name(TopicName::from(name))
    }
}

/// Ids of brokers for an answer.
pub(crate) fn broker_ids(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

/// Whether a client knows the leader as it is (KIP-320); -1 stands for a client that does not say.
pub(crate) fn check_leader_epoch(log: &Log, known_by_client: i32) -> Result<(), ErrorCode> {
    match known_by_client {
        epoch if epoch >= 0 && epoch < log.leader_epoch() => Err(ErrorCode::FencedLeaderEpoch),
        epoch if epoch > log.leader_epoch() => Err(ErrorCode::UnknownLeaderEpoch),
        _ => Ok(()),
    }
}

/// What may be done with a cluster, one bit for each of Kafka's `AclOperation`s: create, alter, describe, cluster action, describe and alter configs, idempotent write.
pub(crate) const CLUSTER_OPERATIONS: i32 =
    1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;
/// What may be done with a topic: read, write, create, delete, alter, describe, describe and alter configs.
pub(crate) const TOPIC_OPERATIONS: i32 =
    1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11;
