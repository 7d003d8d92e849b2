//! All members want the same topics: everybody gets the same number of partitions, and some one more.
//!
//! Members keep what they have up to their quota; what is left goes round among those below it.

use ottla_core::TopicPartition;
use ottla_core::sorted::{Map, Set};

use super::claims::Claims;
use super::{Group, Shares};

/// The shares, and the partitions that another member has to give up first, with those who get them.
pub(super) fn share_out(group: &Group, claims: &Claims) -> (Shares, Map<TopicPartition, usize>) {
    let mut sharing = Sharing::new(group, claims);
    sharing.keep_owned();
    let mut unassigned = sharing.unassigned();
    sharing.sort_open_members();
    if group.racks.in_use() {
        unassigned.sort_by_key(|partition| group.racks.neighbours_count(partition));
        sharing.give_to_neighbours(&mut unassigned);
    }
    sharing.deal_out(unassigned);
    (sharing.shares, sharing.moving)
}

struct Sharing<'a> {
    group: &'a Group<'a>,
    claims: &'a Claims,
    /// What everybody gets.
    quota: usize,
    /// What the luckier ones get: the quota, or one more where it does not come out even.
    upper_quota: usize,
    /// How many may still get the upper quota.
    extras: usize,
    /// Members below the quota.
    below: Vec<usize>,
    /// Members at the quota, of whom `extras` get one more.
    at_quota: Vec<usize>,
    shares: Shares,
    /// What members own and could not keep.
    given_up: Map<TopicPartition, usize>,
    moving: Map<TopicPartition, usize>,
}

impl<'a> Sharing<'a> {
    fn new(group: &'a Group<'a>, claims: &'a Claims) -> Self {
        let members_count = group.members.len();
        let partitions_count = group.partitions_count();
        Self {
            group,
            claims,
            quota: partitions_count / members_count,
            upper_quota: partitions_count.div_ceil(members_count),
            extras: partitions_count % members_count,
            below: Vec::new(),
            at_quota: Vec::new(),
            shares: vec![Vec::new(); members_count],
            given_up: Map::new(),
            moving: Map::new(),
        }
    }

    fn keep_owned(&mut self) {
        for (member, owned) in self.claims.owned.iter().enumerate() {
            let (mut owned, far): (Vec<TopicPartition>, Vec<TopicPartition>) = owned
                .iter()
                .cloned()
                .partition(|partition| !self.group.racks.mismatch(member, partition));
            self.given_up
                .extend(far.into_iter().map(|partition| (partition, member)));
            owned.sort_by(|one, other| {
                (one.partition, &one.topic).cmp(&(other.partition, &other.topic))
            });
            owned.retain(|partition| !self.claims.disputed.contains(partition));

            let kept = if owned.len() < self.quota {
                self.below.push(member);
                owned.len()
            } else if owned.len() >= self.upper_quota && self.extras > 0 {
                self.take_extra();
                self.upper_quota
            } else {
                if self.extras > 0 {
                    self.at_quota.push(member);
                }
                self.quota
            };
            let rest = owned.split_off(kept);
            self.given_up
                .extend(rest.into_iter().map(|partition| (partition, member)));
            self.shares[member] = owned;
        }
    }

    /// One more member gets the upper quota. After the last one, those at the quota have all they get.
    fn take_extra(&mut self) {
        self.extras -= 1;
        if self.extras == 0 {
            self.at_quota.clear();
        }
    }

    fn unassigned(&self) -> Vec<TopicPartition> {
        let assigned: Set<&TopicPartition> = self.shares.iter().flatten().collect();
        let mut partitions = self.group.partitions(self.group.topics.keys());
        partitions.retain(|partition| !assigned.contains(partition));
        partitions
    }

    fn sort_open_members(&mut self) {
        let ranks = &self.group.ranks;
        self.below.sort_by_key(|member| ranks[*member]);
        self.at_quota.sort_by_key(|member| ranks[*member]);
    }
}

impl Sharing<'_> {
    /// Gives partitions to members in whose rack they lie, in turn, and leaves the others.
    fn give_to_neighbours(&mut self, unassigned: &mut Vec<TopicPartition>) {
        let mut turn = 0;
        unassigned.retain(|partition| {
            if let Some(place) = self.neighbour(&self.below, partition, turn) {
                let member = self.below[place];
                let size = self.give(partition.clone(), member);
                turn = place + 1;
                if size >= self.quota {
                    self.below.remove(place);
                    turn = place;
                    if size < self.upper_quota && self.extras > 0 {
                        self.at_quota.push(member);
                    }
                }
                turn = turn.checked_rem(self.below.len()).unwrap_or_default();
                false
            } else if let Some(place) = self.neighbour(&self.at_quota, partition, 0) {
                let member = self.at_quota.remove(place);
                self.give(partition.clone(), member);
                self.take_extra();
                false
            } else {
                true
            }
        });
    }

    /// The place of the first of these members, from this turn on, who has the partition in its rack.
    fn neighbour(
        &self,
        members: &[usize],
        partition: &TopicPartition,
        turn: usize,
    ) -> Option<usize> {
        let places = (turn..members.len()).chain(0..turn.min(members.len()));
        let mut places = places.filter(|place| self.group.racks.meet(members[*place], partition));
        places.next()
    }

    /// Deals partitions out to the members below the quota, round after round, and then one each to those at the quota.
    fn deal_out(&mut self, unassigned: Vec<TopicPartition>) {
        let mut turn = 0;
        for partition in unassigned {
            if self.below.is_empty() {
                // The quotas add up to the number of partitions, so there is one.
                let member = self.at_quota.remove(0);
                self.give(partition, member);
                continue;
            }
            if turn >= self.below.len() {
                turn = 0;
            }
            let member = self.below[turn];
            if self.give(partition, member) == self.quota {
                self.below.remove(turn);
                self.at_quota.push(member);
            } else {
                turn += 1;
            }
        }
    }

    /// How many the member then has.
    fn give(&mut self, partition: TopicPartition, member: usize) -> usize {
        let given_up = self.given_up.get(&partition);
        if given_up.is_some_and(|owner| *owner != member)
            || self.claims.disputed.contains(&partition)
        {
            self.moving.insert(partition.clone(), member);
        }
        self.shares[member].push(partition);
        self.shares[member].len()
    }
}
