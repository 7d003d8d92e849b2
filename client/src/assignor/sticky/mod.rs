//! Sticky: every member keeps what it has, as far as the shares stay even (KIP-54, KIP-341, KIP-429, KIP-881).
//!
//! First [`claims`] are settled: what do the members say they have, and whom to believe. Then, if all want the same topics, quotas do it
//! ([`even`]); if not, partitions are moved until no move makes the shares more even ([`general`]).

mod claims;
mod even;
mod general;
mod movements;
mod racks;

use ottla_core::sorted::{Map, Set};
use ottla_core::{TopicName, TopicPartition};

use super::user_data::{self, Claim};
use super::{Assignment, Member, Topics, java};
use claims::Claims;
use racks::Racks;

/// What the sharing out needs to know. A member is named by its place in `members`.
struct Group<'a> {
    /// In the order in which Java walks through them.
    members: &'a [&'a Member],
    /// For each member, its place in the order of the ids.
    ranks: Vec<usize>,
    /// Those that someone subscribes to, with at least one partition.
    topics: &'a Topics,
    racks: Racks<'a>,
}

/// What each member gets, by its place, in the order in which Java hands it out.
type Shares = Vec<Vec<TopicPartition>>;

/// The sticky assignor.
pub(super) fn assign(members: &[&Member], topics: &Topics) -> Assignment {
    let claim = |member: &&Member| user_data::sticky_claim(&member.subscription);
    let (shares, _) = share_out(members, topics, members.iter().map(claim).collect());
    named(members, shares)
}

/// The cooperative one: the same, but a partition that another member still has is given to nobody in this round.
pub(super) fn assign_cooperatively(members: &[&Member], topics: &Topics) -> Assignment {
    let claim = |member: &&Member| user_data::cooperative_claim(&member.subscription);
    let (mut shares, moving) = share_out(members, topics, members.iter().map(claim).collect());
    let moving = moving.unwrap_or_else(|| changing_hands(members, &shares));
    for (partition, member) in moving {
        remove(&mut shares[member], &partition);
    }
    named(members, shares)
}

/// The shares, and, where they were made by quotas, the partitions that another member has to give up first, with those who get them.
fn share_out(
    members: &[&Member],
    topics: &Topics,
    claims: Vec<Claim>,
) -> (Shares, Option<Map<TopicPartition, usize>>) {
    if members.is_empty() {
        return (Shares::new(), None);
    }
    let group = Group {
        members,
        ranks: ranks(members),
        topics,
        racks: Racks::new(members, topics),
    };
    let claims = Claims::settle(&group, claims);
    if want_the_same(members) {
        let (shares, moving) = even::share_out(&group, &claims);
        (shares, Some(moving))
    } else {
        (general::share_out(&group, claims), None)
    }
}

/// Whether all members subscribe to the same topics. One that names a topic twice differs, as in Java.
fn want_the_same(members: &[&Member]) -> bool {
    let topics = |member: &&Member| member.subscription.topics.clone();
    let mut lists = members
        .iter()
        .map(topics)
        .skip_while(|topics: &Vec<TopicName>| topics.is_empty());
    let first: Set<TopicName> = lists.next().into_iter().flatten().collect();
    lists.all(|list| list.len() == first.len() && list.iter().all(|topic| first.contains(topic)))
}

/// Partitions that come to one member while another one, which owns them, does not get them again.
fn changing_hands(members: &[&Member], shares: &Shares) -> Map<TopicPartition, usize> {
    let mut added = Map::new();
    let mut given_up = Set::new();
    for (index, (member, share)) in members.iter().zip(shares).enumerate() {
        let owned: Set<&TopicPartition> = member.subscription.owned_partitions.iter().collect();
        let share: Set<&TopicPartition> = share.iter().collect();
        added.extend(
            share
                .difference(&owned)
                .map(|partition| ((*partition).clone(), index)),
        );
        given_up.extend(owned.difference(&share).copied());
    }
    added.retain(|partition, _| given_up.contains(partition));
    added
}

fn ranks(members: &[&Member]) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..members.len()).collect();
    sorted.sort_by(|one, other| java::compare(&members[*one].id, &members[*other].id));
    let mut ranks = vec![0; members.len()];
    for (rank, member) in sorted.into_iter().enumerate() {
        ranks[member] = rank;
    }
    ranks
}

fn named(members: &[&Member], shares: Shares) -> Assignment {
    let ids = members.iter().map(|member| member.id.clone());
    ids.zip(shares).collect()
}

fn remove(share: &mut Vec<TopicPartition>, partition: &TopicPartition) {
    if let Some(place) = share.iter().position(|there| there == partition) {
        share.remove(place);
    }
}

impl Group<'_> {
    /// All partitions of the topics, in this order of the topics.
    fn partitions<'t>(
        &self,
        topics: impl IntoIterator<Item = &'t TopicName>,
    ) -> Vec<TopicPartition> {
        let mut partitions = Vec::new();
        for topic in topics {
            partitions.extend((0..).take(self.topics[topic].len()).map(|partition| {
                TopicPartition {
                    topic: topic.clone(),
                    partition,
                }
            }));
        }
        partitions
    }

    fn partitions_count(&self) -> usize {
        self.topics.values().map(Vec::len).sum()
    }

    fn exists(&self, partition: &TopicPartition) -> bool {
        let count = self.topics.get(&partition.topic).map_or(0, Vec::len);
        usize::try_from(partition.partition).is_ok_and(|index| index < count)
    }
}
