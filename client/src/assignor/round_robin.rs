//! Round robin: the partitions of all topics in order, each to the next member that wants its topic.

use ottla_core::TopicPartition;

use super::{Assignment, Member, Topics};

pub(super) fn assign(members: &[&Member], topics: &Topics) -> Assignment {
    let mut members = members.to_vec();
    members.sort_by(|one, other| one.turn(other));
    let mut shares = vec![Vec::new(); members.len()];
    let mut next = 0;
    for (topic, partitions) in topics {
        for partition in (0..).take(partitions.len()) {
            // Only topics that someone subscribes to come here.
            while !members[next].wants(topic) {
                next = (next + 1) % members.len();
            }
            shares[next].push(TopicPartition {
                topic: topic.clone(),
                partition,
            });
            next = (next + 1) % members.len();
        }
    }
    let ids = members.iter().map(|member| member.id.clone());
    ids.zip(shares).collect()
}
