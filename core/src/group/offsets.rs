//! How far a group has come: its committed offsets.

use crate::sorted::Map;
use crate::{Offset, Timestamp, TopicName, Uuid};

/// A committed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The next offset to read. May be negative: some clients keep -1 and -2 for "latest" and "earliest".
    pub offset: Offset,
    /// The epoch of the last record read, if the client said so.
    pub leader_epoch: Option<i32>,
    /// The client's own note.
    pub metadata: String,
    /// When it was committed.
    pub commit_timestamp: Timestamp,
    /// When it is to be forgotten, if the client has said so (OffsetCommit 2 to 4).
    pub expire_timestamp: Option<Timestamp>,
    /// The topic's id at that time; zero if unknown.
    pub topic_id: Uuid,
}

/// A group's committed offsets. Only what is stored can be seen.
#[derive(Debug, Clone, Default)]
pub struct Offsets {
    committed: Map<TopicName, Map<i32, CommittedOffset>>,
    /// Offsets on their way to the log, with the number of writes: to forget an offset means these, too.
    in_flight: Map<(TopicName, i32), u32>,
}

impl Offsets {
    /// The offset of a partition.
    pub fn committed(&self, topic: &str, partition: i32) -> Option<&CommittedOffset> {
        self.committed.get(topic)?.get(&partition)
    }

    /// All of them, by topic and partition.
    pub fn iter(&self) -> impl Iterator<Item = (&TopicName, i32, &CommittedOffset)> {
        self.committed.iter().flat_map(|(topic, partitions)| {
            partitions
                .iter()
                .map(move |(partition, offset)| (topic, *partition, offset))
        })
    }

    /// Whether there are none, and none on their way.
    pub fn is_empty(&self) -> bool {
        self.committed.is_empty() && self.in_flight.is_empty()
    }

    /// Everything that has or will have an offset.
    pub(super) fn partitions(&self) -> Vec<(TopicName, i32)> {
        let committed = self
            .iter()
            .map(|(topic, partition, _)| (topic.clone(), partition));
        let mut all: Vec<_> = committed.chain(self.in_flight.keys().cloned()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The partitions of one topic that have or will have an offset.
    pub(super) fn partitions_of(&self, topic: &TopicName) -> Vec<(TopicName, i32)> {
        if !self.committed.contains_key(topic) && self.in_flight.is_empty() {
            return Vec::new();
        }
        let mut all = self.partitions();
        all.retain(|(name, _)| name == topic);
        all
    }

    pub(super) fn is_known(&self, topic: &TopicName, partition: i32) -> bool {
        self.committed(topic, partition).is_some() || self.is_in_flight(topic, partition)
    }

    pub(super) fn is_in_flight(&self, topic: &TopicName, partition: i32) -> bool {
        !self.in_flight.is_empty() && self.in_flight.contains_key(&(topic.clone(), partition))
    }

    pub(super) fn begin(&mut self, topic: TopicName, partition: i32) {
        *self.in_flight.entry((topic, partition)).or_default() += 1;
    }

    /// The write that [`begin`](Self::begin) announced has come to its end.
    pub(super) fn end(&mut self, topic: &TopicName, partition: i32) {
        let key = (topic.clone(), partition);
        if let Some(count) = self.in_flight.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.in_flight.remove(&key);
            }
        }
    }

    pub(super) fn insert(&mut self, topic: TopicName, partition: i32, offset: CommittedOffset) {
        self.committed
            .entry(topic)
            .or_default()
            .insert(partition, offset);
    }

    pub(super) fn remove(&mut self, topic: &TopicName, partition: i32) -> bool {
        let Some(partitions) = self.committed.get_mut(topic) else {
            return false;
        };
        let was_there = partitions.remove(&partition).is_some();
        if partitions.is_empty() {
            self.committed.remove(topic);
        }
        was_there
    }
}
