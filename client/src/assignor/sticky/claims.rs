//! What the members say they own, and whom to believe when two name the same partition.

use ottla_core::TopicPartition;
use ottla_core::sorted::{Map, Set};

use super::{Group, remove};
use crate::assignor::user_data::{Claim, NO_GENERATION};

pub(super) struct Claims {
    /// By member: what it is believed to own.
    pub(super) owned: Vec<Vec<TopicPartition>>,
    /// Claimed by several members in the same generation.
    pub(super) disputed: Set<TopicPartition>,
    /// Who had a partition in an older generation than the newest: the member with the newest of the older ones.
    pub(super) earlier: Map<TopicPartition, usize>,
}

impl Claims {
    pub(super) fn settle(group: &Group, claims: Vec<Claim>) -> Self {
        let newest = claims
            .iter()
            .filter_map(|claim| claim.generation)
            .fold(NO_GENERATION, i32::max);
        let earlier = earlier_owners(&claims, newest);
        let mut settled = Self {
            owned: vec![Vec::new(); claims.len()],
            disputed: Set::new(),
            earlier,
        };
        let mut owners = Map::new();
        for (member, claim) in claims.into_iter().enumerate() {
            let generation = claim.generation.unwrap_or(NO_GENERATION);
            for partition in claim.partitions {
                if group.exists(&partition) {
                    settled.hear(group, &mut owners, (member, generation), partition);
                }
            }
        }
        settled
    }

    fn hear(
        &mut self,
        group: &Group,
        owners: &mut Map<TopicPartition, usize>,
        (member, generation): (usize, i32),
        partition: TopicPartition,
    ) {
        let Some(other) = owners.get(&partition).copied() else {
            owners.insert(partition.clone(), member);
            self.owned[member].push(partition);
            return;
        };
        // The other's generation is taken from its subscription, also where user data tell another one: seen on Apache Kafka 4.3.1.
        let of_other = group.members[other].subscription.generation;
        let of_other = of_other.unwrap_or(NO_GENERATION);
        if generation < of_other {
            return;
        }
        remove(&mut self.owned[other], &partition);
        owners.insert(partition.clone(), member);
        if generation == of_other {
            self.disputed.insert(partition);
        } else {
            self.owned[member].push(partition);
        }
    }
}

fn earlier_owners(claims: &[Claim], newest: i32) -> Map<TopicPartition, usize> {
    let mut found: Map<TopicPartition, (i32, usize)> = Map::new();
    for (member, claim) in claims.iter().enumerate() {
        let generation = claim.generation.unwrap_or(NO_GENERATION);
        if generation >= newest {
            continue;
        }
        for partition in &claim.partitions {
            let best = found
                .entry(partition.clone())
                .or_insert((generation, member));
            if generation > best.0 {
                *best = (generation, member);
            }
        }
    }
    found
        .into_iter()
        .map(|(partition, (_, member))| (partition, member))
        .collect()
}
