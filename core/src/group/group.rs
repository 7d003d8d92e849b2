//! One group: who is in it, and what all handlers need to know and change.

use super::assignors::{Support, subscribed_topics};
use super::member::Member;
use super::offsets::Offsets;
use super::state::State;
use super::turn::Turn;
use crate::interface::{Event, JoinGroupRequest, LeaveCause};
use crate::sorted::{Map, Set};
use crate::{ErrorCode, GroupId, MemberId, Timer, Timestamp, TopicName};

/// The protocol type of consumers, whose subscriptions the coordinator can read.
const CONSUMER: &str = "consumer";

/// A consumer group (or a group of other clients that share work, such as Connect's), or only a name that offsets are committed under.
#[derive(Debug, Clone)]
pub struct Group {
    pub(super) id: GroupId,
    pub(super) state: State,
    /// Since when it is in its state; `None` if its records are too old to tell.
    pub(super) state_since: Option<Timestamp>,
    pub(super) generation_id: i32,
    pub(super) protocol_type: Option<String>,
    pub(super) protocol_name: Option<String>,
    pub(super) leader: Option<MemberId>,
    pub(super) members: Map<MemberId, Member>,
    /// Static members by name.
    pub(super) statics: Map<String, MemberId>,
    /// Ids that were handed out and not used yet.
    pub(super) pending: Set<MemberId>,
    pub(super) support: Support,
    /// The topics that the generation's members read, if the coordinator can tell.
    pub(super) subscribed: Option<Set<TopicName>>,
    pub(super) offsets: Offsets,
    /// The log knows of the group.
    pub(super) recorded: bool,
}

impl Group {
    pub(super) fn new(id: GroupId, now: Timestamp) -> Self {
        Self {
            id,
            state: State::Empty,
            state_since: Some(now),
            generation_id: 0,
            protocol_type: None,
            protocol_name: None,
            leader: None,
            members: Map::new(),
            statics: Map::new(),
            pending: Set::new(),
            support: Support::default(),
            subscribed: None,
            offsets: Offsets::default(),
            recorded: false,
        }
    }

    /// Its id.
    pub fn id(&self) -> &GroupId {
        &self.id
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The number of its generation; 0 before the first.
    pub fn generation_id(&self) -> i32 {
        self.generation_id
    }

    /// `consumer`, `connect` ...; `None` if it has never had members.
    pub fn protocol_type(&self) -> Option<&str> {
        self.protocol_type.as_deref()
    }

    /// The assignor of its generation.
    pub fn protocol_name(&self) -> Option<&str> {
        self.protocol_name.as_deref()
    }

    /// The member that works out the assignment.
    pub fn leader(&self) -> Option<&MemberId> {
        self.leader.as_ref()
    }

    /// Its members, by id.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &Member> {
        self.members.values()
    }

    /// The member of this id.
    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.get(id)
    }

    /// How far it has come.
    pub fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// Whether a member of the current generation reads this topic, as far as the coordinator can tell (if it cannot: yes).
    pub fn is_subscribed_to(&self, topic: &str) -> bool {
        match &self.subscribed {
            Some(topics) => topics.contains(topic),
            None => self.is_of_consumers(),
        }
    }

    pub(super) fn is_of_consumers(&self) -> bool {
        self.protocol_type.as_deref() == Some(CONSUMER)
    }

    pub(super) fn is_leader(&self, member: &MemberId) -> bool {
        self.leader.as_ref() == Some(member)
    }

    /// UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID if another has taken the static member's place.
    pub(super) fn check_member(
        &self,
        member: &MemberId,
        instance_id: Option<&str>,
    ) -> Result<(), ErrorCode> {
        if let Some(instance_id) = instance_id {
            let current = self.statics.get(instance_id);
            if current.ok_or(ErrorCode::UnknownMemberId)? != member {
                return Err(ErrorCode::FencedInstanceId);
            }
        }
        if !self.members.contains_key(member) {
            return Err(ErrorCode::UnknownMemberId);
        }
        Ok(())
    }

    /// Whether someone who speaks these protocols can be a member.
    pub(super) fn supports(&self, request: &JoinGroupRequest) -> bool {
        if matches!(self.state, State::Empty) {
            return !request.protocol_type.is_empty() && !request.protocols.is_empty();
        }
        self.protocol_type.as_deref() == Some(&request.protocol_type)
            && self.support.shares(&request.protocols, self.members.len())
    }

    /// How long a rebalance waits: as long as the most patient member.
    pub(super) fn rebalance_timeout_ms(&self) -> i64 {
        let timeouts = self.members.values().map(|m| m.rebalance_timeout_ms);
        timeouts.max().unwrap_or(0).into()
    }

    pub(super) fn insert(&mut self, member: Member) {
        if let Some(name) = &member.instance_id {
            self.statics.insert(name.clone(), member.id.clone());
        }
        self.leader.get_or_insert_with(|| member.id.clone());
        self.support.add(&member.protocols);
        self.members.insert(member.id.clone(), member);
    }

    /// A member is gone: its parked request is answered, and someone else may become the leader.
    pub(super) fn remove(&mut self, id: &MemberId, cause: LeaveCause, turn: &mut Turn<'_>) {
        let Some(member) = self.members.remove(id) else {
            return;
        };
        self.support.remove(&member.protocols);
        if let Some(name) = &member.instance_id {
            self.statics.remove(name);
        }
        if self.is_leader(id) {
            self.leader = self.members.keys().next().cloned();
        }
        let (join, sync) = self.state.forget(id);
        if let Some(join) = join {
            turn.refuse_join(join, MemberId::from(""), ErrorCode::UnknownMemberId);
        }
        if let Some(sync) = sync {
            turn.refuse_sync(sync, ErrorCode::UnknownMemberId);
        }
        turn.cancel(self.session_timer(id));
        turn.event(Event::MemberLeft {
            group: self.id.clone(),
            member: id.clone(),
            cause,
        });
    }

    /// A member that joins again may have changed its mind.
    pub(super) fn update(&mut self, id: &MemberId, request: &JoinGroupRequest) {
        let Some(member) = self.members.get_mut(id) else {
            return;
        };
        self.support.remove(&member.protocols);
        self.support.add(&request.protocols);
        member.protocols.clone_from(&request.protocols);
        member.rebalance_timeout_ms = request.rebalance_timeout_ms;
        member.session_timeout_ms = request.session_timeout_ms;
    }

    /// Enters a state, and gives back the one that is left.
    pub(super) fn transition(
        &mut self,
        state: State,
        why: impl Into<String>,
        turn: &mut Turn<'_>,
    ) -> State {
        let left = std::mem::replace(&mut self.state, state);
        self.state_since = Some(turn.now.wall);
        turn.event(Event::GroupState {
            group: self.id.clone(),
            from: left.name(),
            to: self.state.name(),
            why: why.into(),
        });
        left
    }

    /// Reads the topics out of the members' subscriptions to the chosen assignor.
    pub(super) fn read_subscriptions(&mut self) {
        self.subscribed = if self.is_of_consumers() {
            let protocol = self.protocol_name.as_deref().unwrap_or_default();
            let mut topics = Set::new();
            let all = self.members.values().try_for_each(|member| {
                topics.append(&mut subscribed_topics(member.metadata(protocol)?)?);
                Some(())
            });
            all.map(|()| topics)
        } else {
            None
        };
    }

    /// The member lives: its session begins anew.
    pub(super) fn renew_session(&self, member: &Member, turn: &mut Turn<'_>) {
        turn.set(
            self.session_timer(&member.id),
            member.session_timeout_ms.into(),
        );
    }

    pub(super) fn session_timer(&self, member: &MemberId) -> Timer {
        Timer::Session {
            group: self.id.clone(),
            member: member.clone(),
        }
    }

    pub(super) fn pending_timer(&self, member: &MemberId) -> Timer {
        Timer::PendingMember {
            group: self.id.clone(),
            member: member.clone(),
        }
    }

    pub(super) fn rebalance_timer(&self) -> Timer {
        Timer::Rebalance {
            group: self.id.clone(),
        }
    }

    pub(super) fn sync_timer(&self) -> Timer {
        Timer::PendingSync {
            group: self.id.clone(),
        }
    }
}
