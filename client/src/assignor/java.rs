//! What of Java can be seen in an assignment: the order of strings, and the order in which `java.util.HashMap` is walked through.

use std::cmp::Ordering;

use ottla_core::sorted::Set;
use ottla_core::{TopicName, TopicPartition};

use super::Member;

/// `String.compareTo`: by UTF-16 units.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// The members in the order in which the Java leader's map of subscriptions holds them.
pub(super) fn members_in_order(members: &[Member]) -> Vec<&Member> {
    let mut order = HashSet::default();
    for (index, member) in members.iter().enumerate() {
        order.push(string_hash(&member.id), index);
    }
    order.iter().map(|index| &members[*index]).collect()
}

/// Topics in the order of a map that they were put into one after the other.
pub(super) fn topics_in_order<'a>(
    topics: impl IntoIterator<Item = &'a TopicName>,
) -> Vec<&'a TopicName> {
    let mut seen = Set::new();
    let mut order = HashSet::default();
    for topic in topics {
        if seen.insert(topic) {
            order.push(string_hash(topic), topic);
        }
    }
    order.iter().copied().collect()
}

/// Topics in the order of a map into which each was put when it was first looked for in vain (`computeIfAbsent`).
pub(super) fn topics_grouped<'a>(
    topics: impl IntoIterator<Item = &'a TopicName>,
) -> Vec<&'a TopicName> {
    let mut seen = Set::new();
    let mut order = HashSet::default();
    for topic in topics {
        order.make_room();
        if seen.insert(topic) {
            order.push_first(string_hash(topic), topic);
        }
    }
    order.iter().copied().collect()
}

/// A set that is walked through as `java.util.HashSet` is: bucket by bucket, and within a bucket in the order of arrival. Java turns a bucket of
/// more than eight into a tree once there are 64 buckets; that such a tree's root comes first is not reproduced.
#[derive(Debug, Clone)]
pub(super) struct HashSet<T> {
    /// As many as a power of two.
    buckets: Vec<Vec<(u32, T)>>,
    count: usize,
}

impl<T> Default for HashSet<T> {
    fn default() -> Self {
        let mut buckets = Vec::new();
        buckets.resize_with(FIRST_BUCKETS_COUNT, Vec::new);
        Self { buckets, count: 0 }
    }
}

impl<T: PartialEq> HashSet<T> {
    /// Adds a value that is not in it.
    fn push(&mut self, hash: i32, value: T) {
        let hash = spread(hash);
        let index = self.index(hash);
        self.buckets[index].push((hash, value));
        self.count += 1;
        let crowded = self.buckets[index].len() > LONGEST_LIST
            && self.buckets.len() < FEWEST_BUCKETS_WITH_TREES;
        if crowded {
            self.grow();
        }
        self.make_room();
    }

    /// `computeIfAbsent` does so before each look, so one value later than [`Self::push`].
    fn make_room(&mut self) {
        if self.count > self.buckets.len() / 4 * 3 {
            self.grow();
        }
    }

    /// Adds a value that is not in it at the head of its bucket.
    fn push_first(&mut self, hash: i32, value: T) {
        let hash = spread(hash);
        let index = self.index(hash);
        self.buckets[index].insert(0, (hash, value));
        self.count += 1;
        let crowded = self.buckets[index].len() >= LONGEST_LIST
            && self.buckets.len() < FEWEST_BUCKETS_WITH_TREES;
        if crowded {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let count = self.buckets.len() * 2;
        let old = std::mem::take(&mut self.buckets);
        self.buckets.resize_with(count, Vec::new);
        for (hash, value) in old.into_iter().flatten() {
            let index = self.index(hash);
            self.buckets[index].push((hash, value));
        }
    }

    fn index(&self, hash: u32) -> usize {
        hash as usize & (self.buckets.len() - 1)
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.buckets.iter().flatten().map(|(_, value)| value)
    }
}

impl HashSet<TopicPartition> {
    /// Adds a partition, unless it is there.
    pub(super) fn insert(&mut self, partition: TopicPartition) {
        let hash = partition_hash(&partition);
        let bucket = &self.buckets[self.index(spread(hash))];
        if bucket.iter().all(|(_, there)| *there != partition) {
            self.push(hash, partition);
        }
    }

    /// Takes a partition out. The buckets stay as many as they are.
    pub(super) fn remove(&mut self, partition: &TopicPartition) {
        let index = self.index(spread(partition_hash(partition)));
        let bucket = &mut self.buckets[index];
        if let Some(place) = bucket.iter().position(|(_, there)| there == partition) {
            bucket.remove(place);
            self.count -= 1;
        }
    }

    pub(super) fn first(&self) -> Option<&TopicPartition> {
        self.iter().next()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// `String.hashCode`.
fn string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

/// `TopicPartition.hashCode` of Kafka's Java client.
fn partition_hash(partition: &TopicPartition) -> i32 {
    let hash = 31_i32.wrapping_add(partition.partition);
    hash.wrapping_mul(31)
        .wrapping_add(string_hash(&partition.topic))
}

/// `HashMap` folds the upper half into the lower one, for only the lowest bits choose the bucket.
fn spread(hash: i32) -> u32 {
    let hash = hash as u32;
    hash ^ hash >> 16
}

const FIRST_BUCKETS_COUNT: usize = 16;
const LONGEST_LIST: usize = 8;
const FEWEST_BUCKETS_WITH_TREES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_java() {
        assert_eq!(string_hash("employee-topic"), 112_954_704);
        assert_eq!(string_hash("Grüße 🦦"), 412_023_153);
        let partition = TopicPartition {
            topic: "t1".into(),
            partition: 7,
        };
        assert_eq!(partition_hash(&partition), 4_823);
    }

    #[test]
    fn strings_are_ordered_by_utf_16_units() {
        assert_eq!(compare("\u{1f9a6}", "\u{ff5e}"), Ordering::Less);
        assert_eq!(compare("a", "ab"), Ordering::Less);
    }
}
