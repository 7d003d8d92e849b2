//! JoinGroup: someone becomes a member, or says for a new generation that it still is.

use super::group::Group;
use super::member::Member;
use super::records::TEXT_MAX_BYTES;
use super::state::State;
use super::turn::{Decision, Turn};
use crate::interface::{Event, JoinGroupRequest, JoinGroupResponse, JoinedMember, LeaveCause};
use crate::sorted::Map;
use crate::{ErrorCode, GroupId, MemberId, RequestId, interface::Response};

/// How long a newcomer's join may stay parked before the newcomer is given up: it cannot send heartbeats yet (Kafka's constant).
const NEW_MEMBER_JOIN_TIMEOUT_MS: i64 = 5 * 60 * 1000;

pub(super) fn join(
    groups: &mut Map<GroupId, Group>,
    id: RequestId,
    request: JoinGroupRequest,
    turn: &mut Turn<'_>,
) {
    let has_id = !request.member_id.is_empty();
    if let Err(error) = check(&request, turn) {
        return turn.refuse_join(id, request.member_id, error);
    }
    let is_new = !groups.contains_key(&request.group);
    if is_new && has_id {
        return turn.refuse_join(id, request.member_id, ErrorCode::UnknownMemberId);
    }
    let group = groups
        .entry(request.group.clone())
        .or_insert_with(|| Group::new(request.group.clone(), turn.now.wall));
    if is_new {
        turn.write(&group.id, &[group.record()], Decision::Created);
    }
    if !group.has_room_for(&request.member_id, turn) {
        group.remove(&request.member_id, LeaveCause::GroupFull, turn);
        group.forget_pending(&request.member_id, turn);
        turn.refuse_join(id, MemberId::from(""), ErrorCode::GroupMaxSizeReached);
        return group.complete_join_if_all_are_here(turn);
    }
    group.join(id, request, turn);
}

fn check(request: &JoinGroupRequest, turn: &Turn<'_>) -> Result<(), ErrorCode> {
    if request.group.is_empty() || request.group.len() > TEXT_MAX_BYTES {
        return Err(ErrorCode::InvalidGroupId);
    }
    let config = turn.world.config;
    let allowed = config.group_min_session_timeout_ms..=config.group_max_session_timeout_ms;
    if !allowed.contains(&request.session_timeout_ms) {
        return Err(ErrorCode::InvalidSessionTimeout);
    }
    let texts = [
        &request.client_id,
        &request.client_host,
        &request.protocol_type,
    ];
    let names = request.protocols.iter().map(|(name, _)| name);
    // A member id is a name, a dash and a UUID of 36 characters.
    let too_long = |text: &String| text.len() > TEXT_MAX_BYTES - 37;
    if texts
        .into_iter()
        .chain(names)
        .chain(&request.instance_id)
        .any(too_long)
    {
        return Err(ErrorCode::InvalidRequest);
    }
    Ok(())
}

impl Group {
    /// Whether `group.max.size` allows this join. A member that already counts is always let in.
    fn has_room_for(&self, member: &MemberId, turn: &Turn<'_>) -> bool {
        let max_size = turn.world.config.group_max_size;
        match &self.state {
            State::Empty | State::Dead => true,
            // Who has joined counts, so that a limit that was lowered pushes out the last ones to join again.
            State::PreparingRebalance(gathering) => {
                gathering.joined.contains_key(member) || gathering.joined.len() < max_size
            }
            State::CompletingRebalance(_) | State::Stable { .. } => {
                self.members.contains_key(member) || self.members.len() < max_size
            }
        }
    }

    pub(super) fn join(&mut self, id: RequestId, request: JoinGroupRequest, turn: &mut Turn<'_>) {
        if matches!(self.state, State::Dead) {
            turn.refuse_join(id, request.member_id, ErrorCode::CoordinatorNotAvailable);
        } else if !self.supports(&request) {
            turn.refuse_join(id, request.member_id, ErrorCode::InconsistentGroupProtocol);
        } else if request.member_id.is_empty() {
            self.join_without_id(id, request, turn);
        } else if request.instance_id.is_none() && self.pending.remove(&request.member_id) {
            turn.cancel(self.pending_timer(&request.member_id));
            self.admit(id, request.member_id.clone(), request, turn);
        } else {
            self.join_again(id, request, turn);
        }
    }

    fn join_without_id(&mut self, id: RequestId, request: JoinGroupRequest, turn: &mut Turn<'_>) {
        if let Some(name) = &request.instance_id {
            let new = turn.ids.next(name);
            return match self.statics.get(name).cloned() {
                Some(old) => self.replace(id, old, new, request, turn),
                None => self.admit(id, new, request, turn),
            };
        }
        let member = turn.ids.next(&request.client_id);
        if !request.require_known_member_id {
            return self.admit(id, member, request, turn);
        }
        // KIP-394: a client that gives up waiting and asks again would otherwise leave a dead member behind each time.
        self.pending.insert(member.clone());
        turn.set(
            self.pending_timer(&member),
            request.session_timeout_ms.into(),
        );
        turn.event(Event::MemberIdAssigned {
            group: self.id.clone(),
            member: member.clone(),
        });
        turn.refuse_join(id, member, ErrorCode::MemberIdRequired);
    }

    fn admit(
        &mut self,
        id: RequestId,
        member: MemberId,
        request: JoinGroupRequest,
        turn: &mut Turn<'_>,
    ) {
        turn.event(Event::MemberJoined {
            group: self.id.clone(),
            member: member.clone(),
            client_id: request.client_id.clone(),
        });
        let why = because(&format!("{member} joins"), request.reason.as_deref());
        if self.members.is_empty() {
            self.protocol_type = Some(request.protocol_type.clone());
        }
        self.insert(Member::new(member.clone(), request));
        turn.set(self.session_timer(&member), NEW_MEMBER_JOIN_TIMEOUT_MS);
        self.gather(id, member, true, &why, turn);
    }

    fn join_again(&mut self, id: RequestId, request: JoinGroupRequest, turn: &mut Turn<'_>) {
        let checked = self.check_member(&request.member_id, request.instance_id.as_deref());
        let member = match checked {
            Ok(()) => request.member_id.clone(),
            Err(error) => return turn.refuse_join(id, request.member_id, error),
        };
        let changed = self.members[&member].protocols != request.protocols;
        let why = match &self.state {
            State::PreparingRebalance(_) => format!("{member} joins again"),
            State::Stable { .. } if self.is_leader(&member) => {
                // The leader may know of a change that its own subscription does not show, such as new partitions.
                format!("leader {member} joins again")
            }
            State::CompletingRebalance(_) | State::Stable { .. } if changed => {
                format!("{member} changes its subscription")
            }
            // It may not have received the answer to its last join.
            _ => {
                let response = self.joined(&member, false);
                return turn.reply(id, Response::JoinGroup(response));
            }
        };
        self.update(&member, &request);
        let why = because(&why, request.reason.as_deref());
        self.gather(id, member, false, &why, turn);
    }

    /// What a member is told of the generation.
    pub(super) fn joined(&self, member: &MemberId, skip_assignment: bool) -> JoinGroupResponse {
        let members = if self.is_leader(member) {
            self.members
                .values()
                .map(|m| self.as_leader_sees(m))
                .collect()
        } else {
            Vec::new()
        };
        JoinGroupResponse {
            error: ErrorCode::None,
            generation_id: self.generation_id,
            protocol_type: self.protocol_type.clone(),
            protocol_name: self.protocol_name.clone(),
            leader: self.leader.clone().unwrap_or_else(|| MemberId::from("")),
            skip_assignment,
            member_id: member.clone(),
            members,
        }
    }

    fn as_leader_sees(&self, member: &Member) -> JoinedMember {
        let protocol = self.protocol_name.as_deref().unwrap_or_default();
        JoinedMember {
            member_id: member.id.clone(),
            instance_id: member.instance_id.clone(),
            metadata: member.metadata(protocol).cloned().unwrap_or_default(),
        }
    }

    /// A member id was handed out and is not to be used.
    pub(super) fn forget_pending(&mut self, member: &MemberId, turn: &mut Turn<'_>) -> bool {
        let was_pending = self.pending.remove(member);
        if was_pending {
            turn.cancel(self.pending_timer(member));
        }
        was_pending
    }
}

pub(super) fn because(what: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) if !reason.is_empty() => format!("{what}: {reason}"),
        _ => what.to_owned(),
    }
}
