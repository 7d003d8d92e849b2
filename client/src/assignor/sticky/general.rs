//! The members want different topics: partitions go one by one to whoever has least, and then move until no move makes it more even.

use ottla_core::sorted::{Map, Set};
use ottla_core::{TopicName, TopicPartition};

use super::claims::Claims;
use super::movements::Movements;
use super::{Group, Shares, remove};

pub(super) fn share_out(group: &Group, claims: Claims) -> Shares {
    let mut sharing = Sharing::new(group, claims);
    let unassigned = sharing.keep_owned();
    sharing.queue = (0..group.members.len())
        .map(|member| sharing.place_of(member))
        .collect();
    let starts_empty = sharing.shares.iter().all(Vec::is_empty);
    sharing.fill(&unassigned);
    sharing.balance(&unassigned, starts_empty);
    sharing.shares
}

struct Sharing<'a> {
    group: &'a Group<'a>,
    /// By member: the topics that it wants and that exist.
    wants: Vec<Vec<&'a TopicName>>,
    /// By topic: those who want it.
    readers: Map<&'a TopicName, Vec<usize>>,
    /// Who had it in an older generation.
    earlier: Map<TopicPartition, usize>,
    shares: Shares,
    owners: Map<TopicPartition, usize>,
    /// All partitions: first those that the fewest members want.
    partitions: Vec<TopicPartition>,
    /// Members whose shares can still change: how much they have, their rank, and they themselves.
    queue: Set<(usize, usize, usize)>,
    movements: Movements,
    /// A member owned what it may not keep, because it no longer wants the topic or because it lies in another rack.
    has_revoked: bool,
}

impl<'a> Sharing<'a> {
    fn new(group: &'a Group<'a>, claims: Claims) -> Self {
        let wanted = |topic: &'a TopicName| Some(group.topics.get_key_value(topic)?.0);
        let wants: Vec<Vec<&TopicName>> = group
            .members
            .iter()
            .map(|member| {
                let topics = member.subscription.topics.iter();
                topics.filter_map(wanted).collect()
            })
            .collect();
        let mut readers: Map<&TopicName, Vec<usize>> = Map::new();
        for (member, topics) in wants.iter().enumerate() {
            for topic in topics {
                readers.entry(topic).or_default().push(member);
            }
        }
        let mut topics: Vec<&TopicName> = group.topics.keys().collect();
        topics.sort_by_key(|topic| readers[*topic].len());
        Self {
            group,
            partitions: group.partitions(topics),
            wants,
            readers,
            earlier: claims.earlier,
            owners: owners(&claims.owned),
            shares: claims.owned,
            queue: Set::new(),
            movements: Movements::default(),
            has_revoked: false,
        }
    }

    /// Members keep what they own, still want and have in their rack. The partitions that nobody keeps.
    fn keep_owned(&mut self) -> Vec<TopicPartition> {
        for (member, share) in self.shares.iter_mut().enumerate() {
            let before = share.len();
            share.retain(|partition| {
                let group = self.group;
                group.members[member].wants(&partition.topic)
                    && !group.racks.mismatch(member, partition)
            });
            self.has_revoked |= share.len() < before;
        }
        self.owners = owners(&self.shares);
        let mut unassigned = self.partitions.clone();
        unassigned.retain(|partition| !self.owners.contains_key(partition));
        unassigned
    }

    /// Gives each partition to the member that has least of those who want it, first of all within its rack.
    fn fill(&mut self, unassigned: &[TopicPartition]) {
        let mut rest = unassigned.to_vec();
        if self.group.racks.in_use() {
            rest.retain(|partition| !self.give_to_least(partition, true));
        }
        for partition in rest {
            self.give_to_least(&partition, false);
        }
    }

    fn give_to_least(&mut self, partition: &TopicPartition, within_rack: bool) -> bool {
        let mut members = self.queue.iter().map(|(_, _, member)| *member);
        let least = members.find(|member| {
            self.wants[*member].contains(&&partition.topic)
                && !(within_rack && self.group.racks.mismatch(*member, partition))
        });
        let Some(member) = least else {
            return false;
        };
        self.queue.remove(&self.place_of(member));
        self.shares[member].push(partition.clone());
        self.owners.insert(partition.clone(), member);
        self.queue.insert(self.place_of(member));
        true
    }

    /// Moves partitions until it is as even as can be. If that changed owners without making it more even, all stays as it was.
    fn balance(&mut self, unassigned: &[TopicPartition], starts_empty: bool) {
        let movable = |partition: &&TopicPartition| self.readers[&partition.topic].len() > 1;
        let new: Vec<TopicPartition> = unassigned.iter().filter(movable).cloned().collect();
        let all: Vec<TopicPartition> = self.partitions.iter().filter(movable).cloned().collect();
        let settled: Vec<usize> = (0..self.shares.len())
            .filter(|member| !self.can_change(*member))
            .collect();
        for member in settled {
            self.queue.remove(&self.place_of(member));
        }

        let before = self.shares.clone();
        // What was not owned before can move without a cost.
        if !self.has_revoked {
            self.move_some_of(&new);
        }
        let moved = self.move_some_of(&all);
        if moved && !starts_empty && self.unevenness(&self.shares) >= self.unevenness(&before) {
            self.shares = before;
        }
    }

    fn place_of(&self, member: usize) -> (usize, usize, usize) {
        (self.shares[member].len(), self.group.ranks[member], member)
    }

    /// Whether a member could get more, or has something that another one wants too.
    fn can_change(&self, member: usize) -> bool {
        let share = &self.shares[member];
        share.len() < self.most(member)
            || share
                .iter()
                .any(|partition| self.readers[&partition.topic].len() > 1)
    }

    /// How many partitions a member could have if it were alone.
    fn most(&self, member: usize) -> usize {
        let topics = &self.wants[member];
        if topics.len() == self.group.topics.len() {
            return self.group.partitions_count();
        }
        topics
            .iter()
            .map(|topic| self.group.topics[*topic].len())
            .sum()
    }

    /// The sum of the differences between any two members whose shares can change.
    fn unevenness(&self, shares: &Shares) -> usize {
        let sizes: Vec<usize> = self
            .queue
            .iter()
            .map(|(_, _, member)| shares[*member].len())
            .collect();
        let pairs = sizes.iter().enumerate();
        pairs
            .map(|(index, size)| {
                let others = sizes[index + 1..].iter();
                others.map(|other| size.abs_diff(*other)).sum::<usize>()
            })
            .sum()
    }
}

impl Sharing<'_> {
    /// Goes through the partitions again and again, as long as one moves. Whether any did.
    fn move_some_of(&mut self, partitions: &[TopicPartition]) -> bool {
        let mut moves_left = self.most_moves();
        let mut has_moved = false;
        loop {
            let mut moves_again = false;
            for partition in partitions {
                if moves_left == 0 || self.is_balanced() {
                    return has_moved;
                }
                if let Some(taker) = self.better_owner(partition) {
                    self.move_to(partition, taker);
                    moves_again = true;
                    has_moved = true;
                    moves_left -= 1;
                }
            }
            if !moves_again {
                return has_moved;
            }
        }
    }

    /// A bound far above what evening out takes, for claims that are made up so that partitions go round in a circle.
    fn most_moves(&self) -> usize {
        self.partitions
            .len()
            .saturating_mul(self.shares.len())
            .saturating_mul(2)
    }

    /// Whether no member could take a partition from one that has at least two more.
    fn is_balanced(&self) -> bool {
        let (Some((least, ..)), Some((most, ..))) = (self.queue.first(), self.queue.last()) else {
            return true;
        };
        if least + 1 >= *most {
            return true;
        }
        !self.queue.iter().any(|(size, _, member)| {
            *size != self.most(*member)
                && self.wants[*member].iter().any(|topic| {
                    self.group
                        .partitions([*topic])
                        .iter()
                        .filter_map(|partition| self.owners.get(partition))
                        .any(|owner| size + 1 < self.shares[*owner].len())
                })
        })
    }

    /// Who should have the partition in place of its owner: the one that had it before, or else whoever has least of those who want it.
    fn better_owner(&self, partition: &TopicPartition) -> Option<usize> {
        let size = self.shares[*self.owners.get(partition)?].len();
        let has_room = |member: &usize| size > self.shares[*member].len() + 1;
        let earlier = self.earlier.get(partition).copied();
        let earlier = earlier
            .filter(|member| has_room(member) && self.queue.contains(&self.place_of(*member)));
        if earlier.is_some() {
            return earlier;
        }
        if !self.readers[&partition.topic].iter().any(has_room) {
            return None;
        }
        let mut members = self.queue.iter().map(|(_, _, member)| *member);
        members.find(|member| self.wants[*member].contains(&&partition.topic))
    }

    /// Moves the partition, or one of the same topic that would otherwise be swapped for it.
    fn move_to(&mut self, partition: &TopicPartition, taker: usize) {
        let owner = self.owners[partition];
        let partition = self.movements.instead_of(partition, owner, taker);
        let giver = self.owners[&partition];
        self.queue.remove(&self.place_of(giver));
        self.queue.remove(&self.place_of(taker));
        self.movements.note(&partition, giver, taker);
        remove(&mut self.shares[giver], &partition);
        self.shares[taker].push(partition.clone());
        self.owners.insert(partition, taker);
        self.queue.insert(self.place_of(taker));
        self.queue.insert(self.place_of(giver));
    }
}

fn owners(shares: &Shares) -> Map<TopicPartition, usize> {
    let mut owners = Map::new();
    for (member, share) in shares.iter().enumerate() {
        for partition in share {
            owners.insert(partition.clone(), member);
        }
    }
    owners
}
