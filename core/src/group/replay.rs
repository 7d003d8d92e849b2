//! A group as records, and records as a group: what start-up does with the log.

use crate::sorted::Map;
use bytes::Bytes;

use super::group::Group;
use super::member::Member;
use super::records::{GroupValue, MemberValue, Record};
use super::state::State;
use super::turn::Turn;
use crate::{GroupId, MemberId, Timestamp};

/// Does with a record what the coordinator did when it was written.
pub(super) fn replay(groups: &mut Map<GroupId, Group>, record: Record) {
    match record {
        Record::Offset {
            group,
            topic,
            partition,
            value: Some(offset),
        } => {
            let group = groups
                .entry(group.clone())
                .or_insert_with(|| recorded(group));
            group.offsets.insert(topic, partition, offset);
        }
        Record::Offset {
            group,
            topic,
            partition,
            value: None,
        } => {
            if let Some(group) = groups.get_mut(&group) {
                group.offsets.remove(&topic, partition);
            }
        }
        Record::Group { group, value } => {
            let offsets = groups.remove(&group).map(|group| group.offsets);
            let offsets = offsets.unwrap_or_default();
            // Offsets stand for themselves: a tombstone of the group does not remove them.
            if value.is_none() && offsets.is_empty() {
                return;
            }
            let mut restored = recorded(group.clone());
            restored.offsets = offsets;
            if let Some(value) = value {
                restored.restore(value);
            }
            groups.insert(group, restored);
        }
    }
}

fn recorded(id: GroupId) -> Group {
    let mut group = Group::new(id, Timestamp::NONE);
    group.state_since = None;
    group.recorded = true;
    group
}

/// All records are replayed: the restored members' sessions begin.
pub(super) fn begin_sessions(groups: &mut Map<GroupId, Group>, turn: &mut Turn<'_>) {
    for group in groups.values_mut() {
        for member in group.members.values() {
            group.renew_session(member, turn);
        }
        if group.members.len() > turn.world.config.group_max_size {
            group.rebalance("it has more members than are allowed now", turn);
        }
    }
}

impl Group {
    /// The group as it stands.
    pub(super) fn record(&self) -> Record {
        self.record_with(|member| Some(member.assignment.clone()))
    }

    /// The group with other assignments.
    pub(super) fn record_with(&self, assignment: impl Fn(&Member) -> Option<Bytes>) -> Record {
        let protocol = self.protocol_name.as_deref().unwrap_or_default();
        let member = |member: &Member| MemberValue {
            member_id: member.id.clone(),
            instance_id: member.instance_id.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            session_timeout_ms: member.session_timeout_ms,
            subscription: member.metadata(protocol).cloned().unwrap_or_default(),
            assignment: assignment(member).unwrap_or_default(),
        };
        Record::Group {
            group: self.id.clone(),
            value: Some(GroupValue {
                protocol_type: self.protocol_type.clone().unwrap_or_default(),
                generation_id: self.generation_id,
                protocol_name: self.protocol_name.clone(),
                leader: self.leader.clone(),
                state_since: self.state_since,
                members: self.members.values().map(member).collect(),
            }),
        }
    }

    fn restore(&mut self, value: GroupValue) {
        self.generation_id = value.generation_id;
        self.protocol_type = Some(value.protocol_type).filter(|name| !name.is_empty());
        self.state_since = value.state_since;
        for member in value.members {
            self.insert(Member {
                id: member.member_id,
                instance_id: member.instance_id,
                client_id: member.client_id,
                client_host: member.client_host,
                session_timeout_ms: member.session_timeout_ms,
                rebalance_timeout_ms: member.rebalance_timeout_ms,
                // The record has only what the member told the assignor that was chosen.
                protocols: vec![(
                    value.protocol_name.clone().unwrap_or_default(),
                    member.subscription,
                )],
                assignment: member.assignment,
            });
        }
        self.protocol_name = value.protocol_name;
        let is_member = |leader: &MemberId| self.members.contains_key(leader);
        if value.leader.as_ref().is_some_and(is_member) {
            self.leader = value.leader;
        }
        if !self.members.is_empty() {
            self.state = State::Stable {
                silent: Default::default(),
            };
        }
        self.read_subscriptions();
    }
}
