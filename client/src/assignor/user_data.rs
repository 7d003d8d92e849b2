//! What the sticky assignors tell their leader beside the subscription.
//!
//! Sticky: topics with partitions (what the member got last), then, from version 1 of it, the generation; Java leaves the user data out before the
//! first assignment. Cooperative-sticky: the generation alone, -1 before the first; it matters only to leaders older than version 2 of the subscription.

use bytes::{BufMut, Bytes, BytesMut};
use ottla_core::TopicPartition;

use super::protocol::{Reader, count, put_partitions};
use super::{LastAssignment, MemberSubscription, java};

/// What a member claims to own, and in which generation it got that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) partitions: Vec<TopicPartition>,
    /// None if the member did not say.
    pub(super) generation: Option<i32>,
}

/// Sticky's user data.
pub(super) fn encode_previous_assignment(last: &LastAssignment) -> Bytes {
    let topics = java::topics_grouped(last.partitions.iter().map(|partition| &partition.topic));
    let mut out = BytesMut::new();
    out.put_i32(count(topics.len()));
    for topic in topics {
        let partitions = last.partitions.iter();
        let of_topic: Vec<&TopicPartition> = partitions
            .filter(|partition| partition.topic == *topic)
            .collect();
        put_partitions(&mut out, topic, &of_topic);
    }
    out.put_i32(last.generation);
    out.freeze()
}

/// Cooperative-sticky's user data.
pub(super) fn encode_generation(generation: Option<i32>) -> Bytes {
    let generation = generation.unwrap_or(NO_GENERATION);
    Bytes::copy_from_slice(&generation.to_be_bytes())
}

/// A sticky member's claim: only the user data counts, for an eager member owns nothing while it joins.
pub(super) fn sticky_claim(subscription: &MemberSubscription) -> Claim {
    let bytes = subscription.user_data.as_deref().unwrap_or_default();
    if bytes.is_empty() {
        return Claim {
            partitions: Vec::new(),
            generation: None,
        };
    }
    let mut reader = Reader(bytes);
    match reader.partitions() {
        Ok(partitions) => Claim {
            partitions,
            generation: reader.i32().ok(),
        },
        Err(_) => Claim {
            partitions: Vec::new(),
            generation: Some(NO_GENERATION),
        },
    }
}

/// A cooperative member's claim. Before version 2 of the subscription the generation came as user data.
pub(super) fn cooperative_claim(subscription: &MemberSubscription) -> Claim {
    let told = |user_data: &Bytes| Reader(user_data).i32().unwrap_or(NO_GENERATION);
    Claim {
        partitions: subscription.owned_partitions.clone(),
        generation: subscription
            .generation
            .or_else(|| subscription.user_data.as_ref().map(told)),
    }
}

/// Below every generation that a group has.
pub(super) const NO_GENERATION: i32 = -1;
