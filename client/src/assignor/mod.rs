//! Who reads which partition: the group's leader decides it for all members, with the assignor that all of them know.
//!
//! ```text
//!   JoinGroup answer ─▶ parse_subscription ─▶ Member ─▶ Assignor::assign ─▶ encode_assignment ─▶ SyncGroup
//! ```
//!
//! Given the same members in the same order and the same topics, the result is what Apache Kafka 4.3.1's Java assignor of that name gives, down
//! to the order of the partitions, so it does not matter which member leads. Where the Java code walks through a hash map, the order
//! of its buckets decides who gets the partition that is left over: `java` reproduces that order. `tests/vectors` holds all four against
//! recordings. Two things are different on purpose: a claim to a partition that no longer exists is dropped (Java hands it out again,
//! or fails), and the highest generation is taken from this round's members only (Java's leader remembers it from earlier rounds,
//! which shows when a group's generation starts again from 1).
//!
//! Others' names: librdkafka calls its assignors `range`, `roundrobin` and `cooperative-sticky`, as here, and shares groups with these members.
//! KafkaJS calls its only one `RoundRobinAssigner`, so its members share groups with nobody else. kafka-go knows `range` and `roundrobin`, but its members'
//! metadata are one field short, so that a Java leader fails on them; this one does not.

mod java;
mod protocol;
mod range;
mod round_robin;
mod sticky;
#[cfg(test)]
mod tests;
mod user_data;

use bytes::Bytes;
use ottla_core::sorted::{Map, Set};
use ottla_core::{MemberId, TopicName, TopicPartition};

pub use protocol::{MalformedMetadata, encode_assignment, parse_assignment, parse_subscription};

/// The ways to share partitions out. The names are Kafka's (`partition.assignment.strategy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assignor {
    /// Each topic by itself, in stretches: with two members the first reads the first half of every topic. Topics with
    /// as many partitions are cut at the same places, and members read from their own rack where that is possible.
    Range,
    /// All partitions of all topics, dealt out like cards.
    RoundRobin,
    /// As even as can be, and as near as can be to what it was. All members stop while it changes hands.
    Sticky,
    /// The same, in two steps: a partition that moves is first taken from its owner, and given to the next in the following round. The rest is read on.
    CooperativeSticky,
}

/// One member as the coordinator names it to the leader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id that the coordinator gave.
    pub id: MemberId,
    /// `group.instance.id`, for a static member.
    pub instance_id: Option<String>,
    /// What it asked for.
    pub subscription: MemberSubscription,
}

/// What a member says about itself when it joins: Kafka's `ConsumerProtocolSubscription`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberSubscription {
    /// The topics that it wants to read.
    pub topics: Vec<TopicName>,
    /// What its assignor told beside it; see [`Assignor::subscription_metadata`].
    pub user_data: Option<Bytes>,
    /// The partitions that it still reads while it joins (from version 1; members of eager assignors have given theirs up).
    pub owned_partitions: Vec<TopicPartition>,
    /// The generation in which it got them (from version 2).
    pub generation: Option<i32>,
    /// `client.rack` (from version 3).
    pub rack: Option<String>,
}

/// What a member remembers of the assignment that it got last, for its next [`Assignor::subscription_metadata`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAssignment {
    /// The generation of it.
    pub generation: i32,
    /// The partitions, in the order in which they came.
    pub partitions: Vec<TopicPartition>,
}

/// The topics that there are: for each partition, by its index, the racks of its replicas' brokers, as far as they have any.
pub type Topics = Map<TopicName, Vec<Set<String>>>;

/// What each member is to read, in the order in which Java would write it.
pub type Assignment = Map<MemberId, Vec<TopicPartition>>;

impl Assignor {
    /// All of them.
    pub const ALL: [Assignor; 4] = [
        Assignor::Range,
        Assignor::RoundRobin,
        Assignor::Sticky,
        Assignor::CooperativeSticky,
    ];

    /// Its name in JoinGroup's list of protocols.
    pub fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
            Assignor::RoundRobin => "roundrobin",
            Assignor::Sticky => "sticky",
            Assignor::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// The Java class that `partition.assignment.strategy` names.
    pub fn class(self) -> &'static str {
        match self {
            Assignor::Range => "org.apache.kafka.clients.consumer.RangeAssignor",
            Assignor::RoundRobin => "org.apache.kafka.clients.consumer.RoundRobinAssignor",
            Assignor::Sticky => "org.apache.kafka.clients.consumer.StickyAssignor",
            Assignor::CooperativeSticky => {
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"
            }
        }
    }

    /// The assignor that is meant by its name or by its Java class.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|assignor| assignor.name() == text || assignor.class() == text)
    }

    /// Whether members go on reading while the group rebalances. A member whose list holds an assignor that does not may not.
    pub fn is_cooperative(self) -> bool {
        self == Assignor::CooperativeSticky
    }

    /// The bytes that a member joins with, in version 3, as Java writes them. The subscription's own `user_data` is not looked at: the assignor makes
    /// its own out of what the member got last. The owned partitions are those that it still reads.
    pub fn subscription_metadata(
        self,
        subscription: &MemberSubscription,
        last: Option<&LastAssignment>,
    ) -> Bytes {
        let user_data = match self {
            Assignor::Range | Assignor::RoundRobin => None,
            Assignor::Sticky => last.map(user_data::encode_previous_assignment),
            Assignor::CooperativeSticky => {
                let generation = last.map(|last| last.generation);
                Some(user_data::encode_generation(generation))
            }
        };
        protocol::encode_subscription(subscription, user_data.as_deref())
    }

    /// Shares the partitions of the topics out among the members, which are to be in the order of JoinGroup's answer. Topics that nobody
    /// subscribes to stay out; every member is in the result, be it with nothing.
    pub fn assign(self, members: &[Member], topics: &Topics) -> Assignment {
        let members = java::members_in_order(members);
        let topics = subscribed(&members, topics);
        match self {
            Assignor::Range => range::assign(&members, &topics),
            Assignor::RoundRobin => round_robin::assign(&members, &topics),
            Assignor::Sticky => sticky::assign(&members, &topics),
            Assignor::CooperativeSticky => sticky::assign_cooperatively(&members, &topics),
        }
    }
}

/// The topics that someone wants and that have partitions.
fn subscribed(members: &[&Member], topics: &Topics) -> Topics {
    members
        .iter()
        .flat_map(|member| &member.subscription.topics)
        .filter_map(|name| topics.get_key_value(name))
        .filter(|(_, partitions)| !partitions.is_empty())
        .map(|(name, partitions)| (name.clone(), partitions.clone()))
        .collect()
}

/// Whether reading from one's own rack is possible for some and not for everybody everywhere: only then do racks matter.
fn racks_matter<'a>(
    of_members: &Set<&str>,
    of_partitions: impl Iterator<Item = &'a Set<String>> + Clone,
) -> bool {
    let all: Set<&String> = of_partitions.clone().flatten().collect();
    let meet = all.iter().any(|rack| of_members.contains(rack.as_str()));
    meet && of_partitions
        .into_iter()
        .any(|racks| racks.len() != all.len())
}

impl Member {
    /// Its rack; an empty one is none.
    fn rack(&self) -> Option<&str> {
        let rack = self.subscription.rack.as_deref();
        rack.filter(|rack| !rack.is_empty())
    }

    fn wants(&self, topic: &TopicName) -> bool {
        self.subscription.topics.contains(topic)
    }

    /// The order in which range and round robin serve: static members first, by their instance ids, then the others by their ids.
    fn turn(&self, other: &Self) -> std::cmp::Ordering {
        match (&self.instance_id, &other.instance_id) {
            (Some(one), Some(another)) => java::compare(one, another),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => java::compare(&self.id, &other.id),
        }
    }
}
