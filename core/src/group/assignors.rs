//! Which assignor a group uses, and which topics its members read.

use crate::sorted::{Map, Set};
use bytes::Bytes;

use super::member::Member;
use crate::TopicName;

/// How many members know each assignor.
#[derive(Debug, Clone, Default)]
pub(super) struct Support {
    counts: Map<String, usize>,
}

impl Support {
    pub(super) fn add(&mut self, protocols: &[(String, Bytes)]) {
        for name in names(protocols) {
            *self.counts.entry(name.to_owned()).or_default() += 1;
        }
    }

    pub(super) fn remove(&mut self, protocols: &[(String, Bytes)]) {
        for name in names(protocols) {
            if let Some(count) = self.counts.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(name);
                }
            }
        }
    }

    /// Whether one of these assignors is known to all of the group's `members_count` members.
    pub(super) fn shares(&self, protocols: &[(String, Bytes)], members_count: usize) -> bool {
        names(protocols)
            .iter()
            .any(|name| self.counts.get(*name).copied().unwrap_or(0) == members_count)
    }

    /// The winner of a vote in which each member names the first of its assignors that all know. Ties go to the first in the alphabet.
    pub(super) fn elect<'a>(
        &self,
        members: impl ExactSizeIterator<Item = &'a Member>,
    ) -> Option<String> {
        let members_count = members.len();
        let mut votes: Map<&str, usize> = Map::new();
        for member in members {
            let choice = member
                .protocols
                .iter()
                .map(|(name, _)| name.as_str())
                .find(|name| self.counts.get(*name) == Some(&members_count));
            *votes.entry(choice?).or_default() += 1;
        }
        let most = votes.values().copied().max()?;
        votes
            .into_iter()
            .find(|(_, count)| *count == most)
            .map(|(name, _)| name.to_owned())
    }
}

/// A client may name an assignor twice; that counts once.
fn names(protocols: &[(String, Bytes)]) -> Set<&str> {
    protocols.iter().map(|(name, _)| name.as_str()).collect()
}

/// The topics in a consumer's subscription (Kafka's `ConsumerProtocolSubscription`; version 0 is the beginning of all versions).
/// `None` if the bytes are something else.
pub(super) fn subscribed_topics(metadata: &[u8]) -> Option<Set<TopicName>> {
    let (_version, rest) = metadata.split_first_chunk::<2>()?;
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    let mut topics = Set::new();
    for _ in 0..i32::from_be_bytes(*count) {
        let (length, bytes) = rest.split_first_chunk::<2>()?;
        let length = usize::try_from(i16::from_be_bytes(*length)).ok()?;
        let (name, after) = bytes.split_at_checked(length)?;
        topics.insert(TopicName::from(std::str::from_utf8(name).ok()?));
        rest = after;
    }
    Some(topics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_of_any_version_tells_its_topics() {
        let version_1 = [
            0, 1, 0, 0, 0, 2, 0, 1, b'a', 0, 2, b'b', b'c', 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
        ];
        let topics = subscribed_topics(&version_1).expect("a subscription");
        assert_eq!(
            topics,
            Set::from([TopicName::from("a"), TopicName::from("bc")])
        );
    }

    #[test]
    fn bytes_that_are_no_subscription_tell_nothing() {
        assert_eq!(subscribed_topics(b""), None);
        assert_eq!(subscribed_topics(b"hello, world"), None);
        assert_eq!(subscribed_topics(&[0, 0, 0, 0, 0, 1, 0, 9, b'a']), None);
        assert_eq!(subscribed_topics(&[0, 0, 0x7f, 0xff, 0xff, 0xff]), None);
    }
}
