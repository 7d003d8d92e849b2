//! Things of a scene by their names.

use super::{ConsumerView, GroupView, PartitionView, ProducerView, Scene, TopicView};

impl Scene {
    /// The topic of this name.
    pub fn topic(&self, name: &str) -> Option<&TopicView> {
        self.topics.iter().find(|topic| topic.name == name)
    }

    /// A topic's partition of this index.
    pub fn partition(&self, topic: &str, index: i32) -> Option<&PartitionView> {
        let mut partitions = self.topic(topic)?.partitions.iter();
        partitions.find(|partition| partition.index == index)
    }

    /// The group of this id.
    pub fn group(&self, id: &str) -> Option<&GroupView> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The producer of this name.
    pub fn producer(&self, name: &str) -> Option<&ProducerView> {
        self.producers.iter().find(|producer| producer.name == name)
    }

    /// The consumer of this name.
    pub fn consumer(&self, name: &str) -> Option<&ConsumerView> {
        self.consumers.iter().find(|consumer| consumer.name == name)
    }
}

impl PartitionView {
    /// How many records lie in it now.
    pub fn records_count(&self) -> i64 {
        self.end_offset - self.start_offset
    }
}
