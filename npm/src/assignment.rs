//! What the leader of a group of consumers gave a member: Kafka's `ConsumerProtocolAssignment`, in any version.

use bytes::Buf;
use serde::Serialize;

/// The partitions of one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Assigned {
    pub(crate) topic: String,
    pub(crate) partitions: Vec<i32>,
}

/// Nothing, if these bytes are no assignment: groups of others than consumers have their own.
pub(crate) fn read(bytes: &[u8]) -> Vec<Assigned> {
    try_read(bytes).unwrap_or_default()
}

fn try_read(mut bytes: &[u8]) -> Option<Vec<Assigned>> {
    let _version = bytes.try_get_i16().ok()?;
    let mut topics = Vec::new();
    for _ in 0..bytes.try_get_i32().ok()? {
        let size = usize::try_from(bytes.try_get_i16().ok()?).ok()?;
        let (topic, rest) = bytes.split_at_checked(size)?;
        bytes = rest;
        let mut partitions = Vec::new();
        for _ in 0..bytes.try_get_i32().ok()? {
            partitions.push(bytes.try_get_i32().ok()?);
        }
        partitions.sort_unstable();
        topics.push(Assigned {
            topic: str::from_utf8(topic).ok()?.to_owned(),
            partitions,
        });
    }
    topics.sort_by(|one, other| one.topic.cmp(&other.topic));
    Some(topics)
}
