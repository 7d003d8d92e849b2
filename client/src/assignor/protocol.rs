//! The consumer protocol: what members and their leader write into JoinGroup and SyncGroup, and the broker never looks at.
//!
//! Kafka's `ConsumerProtocolSubscription` and `ConsumerProtocolAssignment`, versions 0 to 3, none flexible. Java 4.3.1 writes version 3 of
//! both, whatever the others understand, for a reader takes a version above its own for its own and leaves the rest unread.
//! - subscription 1: the owned partitions; 2: their generation; 3: the rack.
//! - assignment 1, 2, 3: as 0.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ottla_core::{TopicName, TopicPartition};

use super::MemberSubscription;

/// Metadata of a member, or an assignment, that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not follow the consumer protocol: {0}")]
pub struct MalformedMetadata(&'static str);

/// The bytes of a subscription with this user data: topics and owned partitions sorted.
pub(super) fn encode_subscription(
    subscription: &MemberSubscription,
    user_data: Option<&[u8]>,
) -> Bytes {
    let mut out = BytesMut::new();
    out.put_i16(HIGHEST_VERSION);
    let mut topics: Vec<&TopicName> = subscription.topics.iter().collect();
    topics.sort_unstable();
    out.put_i32(count(topics.len()));
    for topic in topics {
        put_string(&mut out, topic);
    }
    put_bytes(&mut out, user_data);
    let mut owned: Vec<&TopicPartition> = subscription.owned_partitions.iter().collect();
    owned.sort_unstable();
    let owned: Vec<&[&TopicPartition]> = owned
        .chunk_by(|one, next| one.topic == next.topic)
        .collect();
    out.put_i32(count(owned.len()));
    for of_topic in owned {
        put_partitions(&mut out, &of_topic[0].topic, of_topic);
    }
    out.put_i32(subscription.generation.unwrap_or(NO_GENERATION));
    match &subscription.rack {
        Some(rack) => put_string(&mut out, rack),
        None => out.put_i16(-1),
    }
    out.freeze()
}

/// Reads what a member joined with, in any version.
pub fn parse_subscription(bytes: &[u8]) -> Result<MemberSubscription, MalformedMetadata> {
    let mut reader = Reader(bytes);
    let version = reader.version()?;
    let topics_count = reader.count()?;
    let topics = (0..topics_count)
        .map(|_| reader.string().map(TopicName::from))
        .collect::<Result<_, _>>()?;
    let user_data = reader.nullable_bytes()?;
    let owned_partitions = match version {
        0 => Vec::new(),
        // kafka-go says version 1 and leaves out what that added.
        1 if reader.0.is_empty() => Vec::new(),
        _ => reader.partitions()?,
    };
    let generation = match version {
        0 | 1 => None,
        _ => Some(reader.i32()?).filter(|generation| *generation >= 0),
    };
    let rack = match version {
        0..=2 => None,
        _ => reader.nullable_string()?.filter(|rack| !rack.is_empty()),
    };
    Ok(MemberSubscription {
        topics,
        user_data,
        owned_partitions,
        generation,
        rack,
    })
}

/// The bytes of an assignment, in version 3 and without user data: topics in the order in which each first appears.
pub fn encode_assignment(partitions: &[TopicPartition]) -> Bytes {
    let mut by_topic: Vec<(&TopicName, Vec<&TopicPartition>)> = Vec::new();
    for partition in partitions {
        let there = by_topic
            .iter_mut()
            .rfind(|(topic, _)| **topic == partition.topic);
        match there {
            Some((_, of_topic)) => of_topic.push(partition),
            None => by_topic.push((&partition.topic, vec![partition])),
        }
    }
    let mut out = BytesMut::new();
    out.put_i16(HIGHEST_VERSION);
    out.put_i32(count(by_topic.len()));
    for (topic, of_topic) in by_topic {
        put_partitions(&mut out, topic, &of_topic);
    }
    put_bytes(&mut out, None);
    out.freeze()
}

/// Reads what the leader gave a member, in any version. No bytes at all are an assignment of nothing: so a coordinator answers a member
/// that its leader forgot.
pub fn parse_assignment(bytes: &[u8]) -> Result<Vec<TopicPartition>, MalformedMetadata> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = Reader(bytes);
    reader.version()?;
    let partitions = reader.partitions()?;
    reader.nullable_bytes()?;
    Ok(partitions)
}

/// Writes one topic with its partitions, as both messages and the user data of sticky have them.
pub(super) fn put_partitions(out: &mut BytesMut, topic: &str, partitions: &[&TopicPartition]) {
    put_string(out, topic);
    out.put_i32(count(partitions.len()));
    for partition in partitions {
        out.put_i32(partition.partition);
    }
}

fn put_string(out: &mut BytesMut, text: &str) {
    // No broker knows a longer name; a leader could make one up.
    let text = &text[..text.floor_char_boundary(usize::from(i16::MAX.unsigned_abs()))];
    out.put_u16(u16::try_from(text.len()).expect("just cut"));
    out.put_slice(text.as_bytes());
}

fn put_bytes(out: &mut BytesMut, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => {
            out.put_i32(count(bytes.len()));
            out.put_slice(bytes);
        }
        None => out.put_i32(-1),
    }
}

/// A length as the protocol counts it.
pub(super) fn count(length: usize) -> i32 {
    i32::try_from(length).expect("what a member holds in memory is below 2 GiB")
}

/// Reads without trusting: an array may not have more elements than there are bytes left.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl Reader<'_> {
    fn version(&mut self) -> Result<i16, MalformedMetadata> {
        match self.i16()? {
            version @ 0.. => Ok(version.min(HIGHEST_VERSION)),
            _ => Err(MalformedMetadata("a negative version")),
        }
    }

    fn i16(&mut self) -> Result<i16, MalformedMetadata> {
        self.0.try_get_i16().map_err(|_| TOO_SHORT)
    }

    pub(super) fn i32(&mut self) -> Result<i32, MalformedMetadata> {
        self.0.try_get_i32().map_err(|_| TOO_SHORT)
    }

    fn count(&mut self) -> Result<usize, MalformedMetadata> {
        let count = usize::try_from(self.i32()?).map_err(|_| MalformedMetadata("no array"))?;
        match count > self.0.len() {
            true => Err(TOO_SHORT),
            false => Ok(count),
        }
    }

    fn string(&mut self) -> Result<String, MalformedMetadata> {
        self.nullable_string()?
            .ok_or(MalformedMetadata("no string"))
    }

    fn nullable_string(&mut self) -> Result<Option<String>, MalformedMetadata> {
        let Ok(length) = usize::try_from(self.i16()?) else {
            return Ok(None);
        };
        let text = self.take(length)?;
        // Java puts a mark in the place of what is not UTF-8, too.
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    }

    fn nullable_bytes(&mut self) -> Result<Option<Bytes>, MalformedMetadata> {
        match usize::try_from(self.i32()?) {
            Ok(length) => Ok(Some(Bytes::copy_from_slice(self.take(length)?))),
            Err(_) => Ok(None),
        }
    }

    /// Topics with their partitions.
    pub(super) fn partitions(&mut self) -> Result<Vec<TopicPartition>, MalformedMetadata> {
        let mut partitions = Vec::new();
        for _ in 0..self.count()? {
            let topic = TopicName::from(self.string()?);
            for _ in 0..self.count()? {
                partitions.push(TopicPartition {
                    topic: topic.clone(),
                    partition: self.i32()?,
                });
            }
        }
        Ok(partitions)
    }

    fn take(&mut self, length: usize) -> Result<&[u8], MalformedMetadata> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(TOO_SHORT)?;
        self.0 = rest;
        Ok(taken)
    }
}

const HIGHEST_VERSION: i16 = 3;
const NO_GENERATION: i32 = -1;
const TOO_SHORT: MalformedMetadata = MalformedMetadata("it ends too early");
