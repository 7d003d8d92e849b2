//! SyncGroup: the leader brings the assignment, everyone gets their part.

use crate::sorted::Map;
use bytes::Bytes;

use super::group::Group;
use super::state::{Assigning, State};
use super::turn::{Decision, Turn};
use crate::interface::{Event, Response, SyncGroupRequest, SyncGroupResponse};
use crate::{ErrorCode, GroupId, MemberId, RequestId};

pub(super) fn sync(
    groups: &mut Map<GroupId, Group>,
    id: RequestId,
    request: SyncGroupRequest,
    turn: &mut Turn<'_>,
) {
    if request.group.is_empty() {
        return turn.refuse_sync(id, ErrorCode::InvalidGroupId);
    }
    let Some(group) = groups.get_mut(&request.group) else {
        return turn.refuse_sync(id, ErrorCode::UnknownMemberId);
    };
    match group.check_sync(&request) {
        Ok(()) => group.sync(id, request, turn),
        Err(error) => turn.refuse_sync(id, error),
    }
}

impl Group {
    fn check_sync(&self, request: &SyncGroupRequest) -> Result<(), ErrorCode> {
        if matches!(self.state, State::Dead) {
            return Err(ErrorCode::CoordinatorNotAvailable);
        }
        self.check_member(&request.member_id, request.instance_id.as_deref())?;
        if request.generation_id != self.generation_id {
            return Err(ErrorCode::IllegalGeneration);
        }
        let differs = |theirs: &Option<String>, ours: &Option<String>| {
            theirs.is_some() && ours.is_some() && theirs != ours
        };
        if differs(&request.protocol_type, &self.protocol_type)
            || differs(&request.protocol_name, &self.protocol_name)
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        Ok(())
    }

    fn sync(&mut self, id: RequestId, request: SyncGroupRequest, turn: &mut Turn<'_>) {
        let is_leader = self.is_leader(&request.member_id);
        let timer = self.sync_timer();
        match &mut self.state {
            State::CompletingRebalance(assigning) => {
                if let Some(earlier) = assigning.waiting.insert(request.member_id.clone(), id) {
                    turn.refuse_sync(earlier, ErrorCode::RebalanceInProgress);
                }
                if assigning.silent.remove(&request.member_id) && assigning.silent.is_empty() {
                    turn.cancel(timer);
                }
                if is_leader && !assigning.storing {
                    assigning.storing = true;
                    self.store(request.assignments, turn);
                }
            }
            State::Stable { silent } => {
                if silent.remove(&request.member_id) && silent.is_empty() {
                    turn.cancel(timer);
                }
                let response = self.assigned(&request.member_id);
                turn.reply(id, Response::SyncGroup(response));
            }
            State::PreparingRebalance(_) => turn.refuse_sync(id, ErrorCode::RebalanceInProgress),
            State::Empty | State::Dead => turn.refuse_sync(id, ErrorCode::UnknownMemberId),
        }
    }

    /// The leader's assignment goes to the log. Members that it has left out get nothing, those that it has made up are ignored.
    fn store(&mut self, assignments: Vec<(MemberId, Bytes)>, turn: &mut Turn<'_>) {
        let assignments: Map<MemberId, Bytes> = assignments
            .into_iter()
            .filter(|(member, _)| self.members.contains_key(member))
            .collect();
        let record = self.record_with(|member| assignments.get(&member.id).cloned());
        turn.write(
            &self.id,
            &[record],
            Decision::Assigned {
                generation_id: self.generation_id,
                assignments,
            },
        );
    }

    /// The assignment is stored: it holds from now on, unless another rebalance has begun meanwhile.
    pub(super) fn assign(
        &mut self,
        generation_id: i32,
        mut assignments: Map<MemberId, Bytes>,
        turn: &mut Turn<'_>,
    ) {
        let Some(assigning) = self.waits_for_assignment(generation_id) else {
            return;
        };
        let Assigning {
            waiting, silent, ..
        } = std::mem::take(assigning);
        for member in self.members.values_mut() {
            member.assignment = assignments.remove(&member.id).unwrap_or_default();
        }
        self.transition(State::Stable { silent }, "the leader has assigned", turn);
        for member in self.members.values() {
            turn.event(Event::Assigned {
                group: self.id.clone(),
                member: member.id.clone(),
                assignment: member.assignment.clone(),
            });
        }
        for (member, id) in waiting {
            turn.reply(id, Response::SyncGroup(self.assigned(&member)));
            self.renew_session(&self.members[&member], turn);
        }
    }

    /// The assignment could not be stored: those who wait look for the coordinator again, and the group gathers once more.
    pub(super) fn assign_failed(
        &mut self,
        generation_id: i32,
        error: ErrorCode,
        turn: &mut Turn<'_>,
    ) {
        if let Some(assigning) = self.waits_for_assignment(generation_id) {
            let assigning = std::mem::take(assigning);
            self.dismiss(assigning, error, turn);
            self.rebalance("the assignment could not be stored", turn);
        }
    }

    fn waits_for_assignment(&mut self, generation_id: i32) -> Option<&mut Assigning> {
        match &mut self.state {
            State::CompletingRebalance(assigning) if self.generation_id == generation_id => {
                Some(assigning)
            }
            _ => None,
        }
    }

    fn assigned(&self, member: &MemberId) -> SyncGroupResponse {
        SyncGroupResponse {
            error: ErrorCode::None,
            protocol_type: self.protocol_type.clone(),
            protocol_name: self.protocol_name.clone(),
            assignment: self.members[member].assignment.clone(),
        }
    }
}
