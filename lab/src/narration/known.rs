//! What a narrator knows of the world, from what it has heard.

use std::sync::Arc;

use ottla_client::partitioner::PartitionerKind;
use ottla_core::controller::is_internal;
use ottla_core::sorted::{Map, Set};
use ottla_core::{GroupId, MemberId, Offset, TopicName, TopicPartition};

use super::pace::Pace;
use super::told::Naming;

/// What a narrator knows.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) clients: Map<Arc<str>, KnownClient>,
    /// Internal ones left out.
    pub(super) topics: Set<TopicName>,
    pub(super) groups: Map<GroupId, KnownGroup>,
    /// Which client was given which member id.
    pub(super) member_names: Map<MemberId, Arc<str>>,
    /// What the broker has said last, since somebody did something.
    pub(super) noted: String,
    /// What has been explained needs no explanation any more.
    pub(super) has_explained_rebalances: bool,
    pub(super) has_explained_leaders: bool,
}

/// A producer or a consumer.
#[derive(Debug, Clone)]
pub(super) struct KnownClient {
    pub(super) role: Role,
    pub(super) life: Life,
    /// It has left its group by itself, because its work took too long.
    pub(super) has_given_up: bool,
    /// It had a connection, and lost it.
    pub(super) is_cut_off: bool,
    /// How often its commits are told.
    pub(super) commits: Pace,
    /// The record that it could not handle, and tries again.
    pub(super) retried: Option<(TopicPartition, i64)>,
    /// Where its group would go on, as far as it knows.
    pub(super) committed: Map<TopicPartition, Offset>,
    /// Where it has begun: it asks the log again only if its place is not there,
    pub(super) places: Set<TopicPartition>,
    /// or if it was told to go to the beginning or the end.
    pub(super) sought: Set<TopicPartition>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    Producer {
        topic: String,
        partitioner: PartitionerKind,
    },
    Consumer {
        group: Option<String>,
        session_timeout_ms: u64,
        max_poll_interval_ms: u64,
        is_static: bool,
        is_cooperative: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Life {
    #[default]
    Running,
    Frozen,
    Crashed,
    Left,
}

/// A group.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownGroup {
    pub(super) members: Map<MemberId, KnownMember>,
    pub(super) is_stable: bool,
    /// Who has gone since the last generation began.
    pub(super) gone: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct KnownMember {
    pub(super) client: String,
    pub(super) partitions: Vec<TopicPartition>,
}

impl KnownClient {
    /// Notes where its group goes on, and keeps of it what is new.
    pub(super) fn note_committed(&mut self, places: &mut Map<TopicPartition, Offset>) {
        places
            .retain(|place, offset| self.committed.insert(place.clone(), *offset) != Some(*offset));
    }

    /// It starts again, and has forgotten everything.
    pub(super) fn restart(&mut self) {
        *self = Self::new(self.role.clone());
    }

    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            life: Life::Running,
            has_given_up: false,
            is_cut_off: false,
            commits: Pace::default(),
            retried: None,
            committed: Map::new(),
            places: Set::new(),
            sought: Set::new(),
        }
    }
}

impl Known {
    pub(super) fn naming(&self) -> Naming {
        Naming {
            is_one_topic: self.topics.len() <= 1,
        }
    }

    pub(super) fn add_topic(&mut self, topic: &TopicName) -> bool {
        !is_internal(topic) && self.topics.insert(topic.clone())
    }

    pub(super) fn life(&self, client: &str) -> Life {
        let client = self.clients.get(client);
        client.map(|client| client.life).unwrap_or_default()
    }

    pub(super) fn set_life(&mut self, client: &str, life: Life) {
        if let Some(client) = self.clients.get_mut(client) {
            client.life = life;
        }
    }

    /// Whether a coordinator counts on it.
    pub(super) fn is_in_a_group(&self, client: &str) -> bool {
        let mut members = self
            .groups
            .values()
            .flat_map(|group| group.members.values());
        members.any(|member| member.client == client)
    }

    /// Whether a group has to be named.
    pub(super) fn has_several_groups(&self) -> bool {
        self.groups.len() > 1
    }

    /// The client that a member is.
    pub(super) fn client(&self, group: &GroupId, member: &MemberId) -> String {
        let group = self.groups.get(group);
        let known = group.and_then(|group| group.members.get(member));
        known.map_or_else(|| member.to_string(), |known| known.client.clone())
    }

    /// The group that a client asks to be in.
    pub(super) fn group_of(&self, client: &str) -> Option<&str> {
        match &self.clients.get(client)?.role {
            Role::Consumer { group, .. } => group.as_deref(),
            Role::Producer { .. } => None,
        }
    }

    /// For how long a client may be silent.
    pub(super) fn session_timeout_ms(&self, client: &str) -> Option<u64> {
        match self.clients.get(client)?.role {
            Role::Consumer {
                session_timeout_ms, ..
            } => Some(session_timeout_ms),
            _ => None,
        }
    }

    /// Why what is written to a partition is not read at once, by the first group of which that is so.
    pub(super) fn why_it_waits(&self, partition: &TopicPartition) -> Option<Waits> {
        self.groups.iter().find_map(|(id, group)| {
            let why = group.why_it_waits(partition, self)?;
            Some(Waits {
                group: id.clone(),
                why,
            })
        })
    }
}

/// A group does not read a record at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waits {
    pub(super) group: GroupId,
    pub(super) why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    OwnerIsDead(String),
    OwnerIsFrozen(String),
}

impl KnownGroup {
    fn why_it_waits(&self, partition: &TopicPartition, known: &Known) -> Option<Why> {
        let mut members = self.members.values();
        let owner = members.find(|member| member.partitions.contains(partition))?;
        match known.life(&owner.client) {
            Life::Crashed => Some(Why::OwnerIsDead(owner.client.clone())),
            Life::Frozen => Some(Why::OwnerIsFrozen(owner.client.clone())),
            _ => None,
        }
    }
}
