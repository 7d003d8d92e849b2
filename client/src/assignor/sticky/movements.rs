//! Which partitions have moved from whom to whom, so that two members do not swap partitions of one topic.

use ottla_core::sorted::Map;
use ottla_core::{TopicName, TopicPartition};

use crate::assignor::java;

/// The giver and the taker.
type Pair = (usize, usize);

#[derive(Default)]
pub(super) struct Movements {
    of_partitions: Map<TopicPartition, Pair>,
    by_pair: Map<(TopicName, Pair), java::HashSet<TopicPartition>>,
}

impl Movements {
    /// A partition is to go from one member to another: if one of the same topic came the other way before, that one goes back in its place.
    pub(super) fn instead_of(
        &self,
        partition: &TopicPartition,
        from: usize,
        to: usize,
    ) -> TopicPartition {
        let moved = self.of_partitions.get(partition);
        let origin = moved.map_or(from, |(origin, _)| *origin);
        let came = self.by_pair.get(&(partition.topic.clone(), (to, origin)));
        let back = came.and_then(java::HashSet::first);
        back.unwrap_or(partition).clone()
    }

    /// Notes that a partition went from one member to another. What comes back to where it was has not moved.
    pub(super) fn note(&mut self, partition: &TopicPartition, from: usize, to: usize) {
        let origin = match self.forget(partition) {
            Some((origin, _)) if origin == to => return,
            Some((origin, _)) => origin,
            None => from,
        };
        self.of_partitions.insert(partition.clone(), (origin, to));
        let key = (partition.topic.clone(), (origin, to));
        let moved = self.by_pair.entry(key).or_default();
        moved.insert(partition.clone());
    }

    fn forget(&mut self, partition: &TopicPartition) -> Option<Pair> {
        let pair = self.of_partitions.remove(partition)?;
        let key = (partition.topic.clone(), pair);
        let moved = self.by_pair.get_mut(&key)?;
        moved.remove(partition);
        if moved.is_empty() {
            self.by_pair.remove(&key);
        }
        Some(pair)
    }
}
