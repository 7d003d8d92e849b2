//! Heartbeats and sessions: who is silent for too long is no member any more.

use super::group::Group;
use super::state::State;
use super::turn::Turn;
use crate::interface::{HeartbeatRequest, LeaveCause};
use crate::sorted::Map;
use crate::{ErrorCode, GroupId, MemberId};

pub(super) fn heartbeat(
    groups: &Map<GroupId, Group>,
    request: &HeartbeatRequest,
    turn: &mut Turn<'_>,
) -> Result<(), ErrorCode> {
    if request.group.is_empty() {
        return Err(ErrorCode::InvalidGroupId);
    }
    let group = groups
        .get(&request.group)
        .ok_or(ErrorCode::UnknownMemberId)?;
    if matches!(group.state, State::Dead) {
        return Err(ErrorCode::CoordinatorNotAvailable);
    }
    group.check_member(&request.member_id, request.instance_id.as_deref())?;
    if request.generation_id != group.generation_id {
        return Err(ErrorCode::IllegalGeneration);
    }
    group.renew_session(&group.members[&request.member_id], turn);
    match group.state {
        State::PreparingRebalance(_) => Err(ErrorCode::RebalanceInProgress),
        // A consumer may send heartbeats as soon as it has joined.
        _ => Ok(()),
    }
}

impl Group {
    /// `Timer::Session`: a member has been silent for its session timeout.
    pub(super) fn session_due(&mut self, member: &MemberId, turn: &mut Turn<'_>) {
        let is_parked = match &self.state {
            State::PreparingRebalance(gathering) => {
                gathering.joined.contains_key(member) && !gathering.newcomers.contains(member)
            }
            State::CompletingRebalance(assigning) => assigning.waiting.contains_key(member),
            _ => false,
        };
        // Who waits for the coordinator need not send heartbeats.
        if !is_parked && self.members.contains_key(member) {
            self.remove(member, LeaveCause::SessionExpired, turn);
            self.rebalance(
                &format!("{member} was silent for its session timeout"),
                turn,
            );
        }
    }
}
