//! Range: each topic is cut into as many stretches as it has members, the first ones longer by one where it does not come out even.
//!
//! Where racks matter, members first get what lies in their rack, within the same quotas; topics with the same members and the same number of partitions
//! are then dealt with together, so that partition 3 of all of them goes to one member and can be joined there.

use ottla_core::sorted::{Map, Set};
use ottla_core::{TopicName, TopicPartition};

use super::{Assignment, Member, Topics, java, racks_matter};

pub(super) fn assign(members: &[&Member], topics: &Topics) -> Assignment {
    let all_topics = members
        .iter()
        .flat_map(|member| &member.subscription.topics);
    // Two maps one behind the other: of all topics that are subscribed to, and of those that exist.
    let known = java::topics_in_order(all_topics)
        .into_iter()
        .filter(|name| topics.contains_key(*name));
    let mut sharings: Vec<Sharing> = java::topics_in_order(known)
        .into_iter()
        .map(|name| Sharing::new(name, &topics[name], members))
        .collect();
    let mut shares = vec![Vec::new(); members.len()];

    let by_rack = sharings.iter().any(|sharing| sharing.racks_matter);
    if by_rack {
        share_by_rack(&mut sharings, &mut shares);
    }
    for sharing in &mut sharings {
        sharing.share(|_, _| true, &mut shares);
    }
    if by_rack {
        shares.iter_mut().for_each(|share| share.sort());
    }
    let ids = members.iter().map(|member| member.id.clone());
    ids.zip(shares).collect()
}

/// How far the sharing out of one topic has come.
struct Sharing<'a> {
    topic: &'a TopicName,
    /// By partition.
    racks: &'a [Set<String>],
    /// Those who want the topic, in their turn, with their racks: places in the group's list of members.
    readers: Vec<(usize, Option<&'a str>)>,
    racks_matter: bool,
    unassigned: Set<usize>,
    /// How many each reader has.
    given: Map<usize, usize>,
    /// What everybody gets.
    quota: usize,
    /// How many readers may still get one more than the quota.
    extras: usize,
}

impl<'a> Sharing<'a> {
    fn new(topic: &'a TopicName, racks: &'a [Set<String>], members: &[&'a Member]) -> Self {
        let mut readers: Vec<usize> = (0..members.len())
            .filter(|index| members[*index].wants(topic))
            .collect();
        readers.sort_by(|one, other| members[*one].turn(members[*other]));
        let of_readers: Set<&str> = readers
            .iter()
            .filter_map(|reader| members[*reader].rack())
            .collect();
        Self {
            topic,
            racks,
            racks_matter: racks_matter(&of_readers, racks.iter()),
            unassigned: (0..racks.len()).collect(),
            given: readers.iter().map(|reader| (*reader, 0)).collect(),
            quota: racks.len() / readers.len(),
            extras: racks.len() % readers.len(),
            readers: readers
                .into_iter()
                .map(|reader| (reader, members[reader].rack()))
                .collect(),
        }
    }

    /// Gives each reader in turn the first partitions that it may have, up to its quota.
    fn share(
        &mut self,
        may_have: impl Fn(Option<&str>, &Set<String>) -> bool,
        shares: &mut [Vec<TopicPartition>],
    ) {
        for (reader, rack) in self.readers.clone() {
            let partitions: Vec<usize> = self
                .unassigned
                .iter()
                .copied()
                .filter(|partition| may_have(rack, &self.racks[*partition]))
                .take(self.room(reader))
                .collect();
            self.give(reader, &partitions, shares);
        }
    }

    /// How many more partitions a reader may have.
    fn room(&self, reader: usize) -> usize {
        let most = self.quota + usize::from(self.extras > 0);
        most.saturating_sub(self.given[&reader])
    }

    fn give(&mut self, reader: usize, partitions: &[usize], shares: &mut [Vec<TopicPartition>]) {
        if partitions.is_empty() {
            return;
        }
        for partition in partitions {
            self.unassigned.remove(partition);
            shares[reader].push(TopicPartition {
                topic: self.topic.clone(),
                partition: i32::try_from(*partition).expect("partitions are counted in 32 bits"),
            });
        }
        let given = self.given.entry(reader).or_default();
        *given += partitions.len();
        if *given > self.quota {
            self.extras -= 1;
        }
    }
}

fn share_by_rack(sharings: &mut [Sharing], shares: &mut [Vec<TopicPartition>]) {
    let mut alike: Map<_, Vec<&mut Sharing>> = Map::new();
    for sharing in sharings {
        // Without any reader's rack there is nothing to match.
        if sharing.readers.iter().any(|(_, rack)| rack.is_some()) {
            let key = (sharing.readers.clone(), sharing.racks.len());
            alike.entry(key).or_default().push(sharing);
        }
    }
    for ((readers, partitions_count), mut together) in alike {
        match &mut together[..] {
            [alone] if alone.racks_matter => alone.share(lies_in, shares),
            [_] => {}
            _ => share_together(&readers, partitions_count, &mut together, shares),
        }
    }
}

/// Gives the partitions with one number of all topics to one reader, in whose rack all of them lie.
fn share_together(
    readers: &[(usize, Option<&str>)],
    partitions_count: usize,
    together: &mut [&mut Sharing],
    shares: &mut [Vec<TopicPartition>],
) {
    for partition in 0..partitions_count {
        let fitting = readers.iter().find(|(reader, rack)| {
            together.iter().all(|sharing| {
                lies_in(*rack, &sharing.racks[partition]) && sharing.room(*reader) > 0
            })
        });
        if let Some((reader, _)) = fitting {
            for sharing in together.iter_mut() {
                sharing.give(*reader, &[partition], shares);
            }
        }
    }
}

/// Whether a replica lies in the rack; a reader without a rack is at home everywhere.
fn lies_in(rack: Option<&str>, racks: &Set<String>) -> bool {
    rack.is_none_or(|rack| racks.contains(rack))
}
