//! LeaveGroup: members leave, or an administrator makes them.

use super::group::Group;
use super::state::State;
use super::turn::Turn;
use crate::interface::{LeaveCause, LeaveGroupRequest, LeaveGroupResponse, LeavingMember};
use crate::sorted::Map;
use crate::{ErrorCode, GroupId};

pub(super) fn leave(
    groups: &mut Map<GroupId, Group>,
    request: LeaveGroupRequest,
    turn: &mut Turn<'_>,
) -> LeaveGroupResponse {
    let refuse = |error| LeaveGroupResponse {
        error,
        members: Vec::new(),
    };
    if request.group.is_empty() {
        return refuse(ErrorCode::InvalidGroupId);
    }
    let Some(group) = groups.get_mut(&request.group) else {
        let unknown = |member| (member, ErrorCode::UnknownMemberId);
        return LeaveGroupResponse {
            error: ErrorCode::None,
            members: request.members.into_iter().map(unknown).collect(),
        };
    };
    if matches!(group.state, State::Dead) {
        return refuse(ErrorCode::CoordinatorNotAvailable);
    }
    let members: Vec<_> = request
        .members
        .into_iter()
        .map(|member| {
            let outcome = group.leave(&member, turn).err().unwrap_or(ErrorCode::None);
            (member, outcome)
        })
        .collect();
    if members.iter().any(|(_, outcome)| outcome.is_ok()) {
        group.rebalance("members have left", turn);
    }
    LeaveGroupResponse {
        error: ErrorCode::None,
        members,
    }
}

impl Group {
    fn leave(&mut self, member: &LeavingMember, turn: &mut Turn<'_>) -> Result<(), ErrorCode> {
        let instance_id = member.instance_id.as_deref();
        let id = if member.member_id.is_empty() {
            // An administrator removes a static member by its name (KIP-345).
            let named = instance_id.and_then(|name| self.statics.get(name));
            named.ok_or(ErrorCode::UnknownMemberId)?.clone()
        } else if self.forget_pending(&member.member_id, turn) {
            return Ok(());
        } else {
            self.check_member(&member.member_id, instance_id)?;
            member.member_id.clone()
        };
        self.remove(&id, LeaveCause::Left, turn);
        Ok(())
    }
}
