//! The scene in a sentence or two.

use super::tables::life;
use super::{GroupView, Life, Scene, TopicView};
use crate::narration::told::{counted, list};

impl Scene {
    /// What there is to see, for those who do not see the picture.
    pub fn summary(&self) -> String {
        let topics: Vec<String> = self.topics.iter().map(topic).collect();
        let broker = match self.broker.life {
            Life::Running => "A broker".to_owned(),
            other => format!("A broker, {},", life(other)),
        };
        let mut text = match topics.is_empty() {
            true => format!("{broker} without topics."),
            false => format!("{broker} with {}.", list(&topics)),
        };
        for group in &self.groups {
            text.push(' ');
            text.push_str(&self.group_sentence(group));
        }
        let alone = self
            .consumers
            .iter()
            .filter(|consumer| consumer.group.is_none());
        let alone: Vec<&str> = alone.map(|consumer| consumer.name.as_str()).collect();
        let others = [
            ("Reading without a group", alone),
            ("Producing", self.producing()),
        ];
        for (what, names) in others {
            if !names.is_empty() {
                text.push_str(&format!(" {what}: {}.", list(&names)));
            }
        }
        text
    }

    fn producing(&self) -> Vec<&str> {
        let producers = self.producers.iter();
        producers.map(|producer| producer.name.as_str()).collect()
    }

    fn group_sentence(&self, group: &GroupView) -> String {
        let lag: i64 = group.offsets.iter().map(|offset| offset.lag).sum();
        let mut text = format!(
            "Group {}: {}, generation {}, {}, lag {lag}.",
            group.id,
            group.state,
            group.generation,
            counted(group.members.len(), "member"),
        );
        let is_member = |name: &str| group.members.iter().any(|member| member.client == name);
        for consumer in &self.consumers {
            if !matches!(consumer.life, Life::Running) && is_member(&consumer.name) {
                let how = life(consumer.life);
                text += &format!(" {} is {how} and still a member.", consumer.name);
            }
        }
        text
    }
}

fn topic(topic: &TopicView) -> String {
    let partitions = topic.partitions.iter();
    let records_count: i64 = partitions
        .map(|partition| partition.high_watermark - partition.start_offset)
        .sum();
    format!(
        "topic {} ({}, {})",
        topic.name,
        counted(topic.partitions.len(), "partition"),
        counted(usize::try_from(records_count).unwrap_or(0), "record"),
    )
}
