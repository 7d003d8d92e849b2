//! Which member is at home where: KIP-881. Nobody is at home anywhere unless racks matter for someone.

use ottla_core::TopicPartition;
use ottla_core::sorted::Set;

use crate::assignor::{Member, Topics, racks_matter};

pub(super) struct Racks<'a> {
    /// By member.
    members: Vec<Option<&'a str>>,
    topics: &'a Topics,
    in_use: bool,
}

impl<'a> Racks<'a> {
    pub(super) fn new(members: &[&'a Member], topics: &'a Topics) -> Self {
        let members: Vec<Option<&str>> = members.iter().map(|member| member.rack()).collect();
        let of_members: Set<&str> = members.iter().copied().flatten().collect();
        Self {
            in_use: racks_matter(&of_members, topics.values().flatten()),
            members,
            topics,
        }
    }

    pub(super) fn in_use(&self) -> bool {
        self.in_use
    }

    /// Whether the member has a rack and no replica of the partition lies there.
    pub(super) fn mismatch(&self, member: usize, partition: &TopicPartition) -> bool {
        self.in_use && self.members[member].is_some_and(|rack| !self.of(partition).contains(rack))
    }

    /// Whether the member has a rack and a replica of the partition lies there.
    pub(super) fn meet(&self, member: usize, partition: &TopicPartition) -> bool {
        self.in_use && self.members[member].is_some_and(|rack| self.of(partition).contains(rack))
    }

    /// How many members have a replica of the partition in their rack.
    pub(super) fn neighbours_count(&self, partition: &TopicPartition) -> usize {
        (0..self.members.len())
            .filter(|member| self.meet(*member, partition))
            .count()
    }

    fn of(&self, partition: &TopicPartition) -> &Set<String> {
        let index = usize::try_from(partition.partition).expect("only existing partitions");
        &self.topics[&partition.topic][index]
    }
}
