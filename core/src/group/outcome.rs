//! What becomes of a decision when its records are stored, or cannot be.

use super::commit;
use super::forget;
use super::group::Group;
use super::state::State;
use super::turn::{Decision, Pending, Turn};
use crate::interface::{Event, Response};
use crate::sorted::Map;
use crate::{ErrorCode, GroupId, MemberId};

/// What clients are told when the log cannot be written: Kafka makes this of KAFKA_STORAGE_ERROR, so that they look for another coordinator.
const FAILED: ErrorCode = ErrorCode::NotCoordinator;

pub(super) fn written(groups: &mut Map<GroupId, Group>, pending: Pending, turn: &mut Turn<'_>) {
    let Pending { group: id, what } = pending;
    let Some(group) = groups.get_mut(&id) else {
        return unknown(&id, what, turn);
    };
    match what {
        Decision::Created | Decision::Emptied => group.recorded = true,
        Decision::Assigned {
            generation_id,
            assignments,
        } => {
            group.recorded = true;
            group.assign(generation_id, assignments, turn);
        }
        Decision::Replaced {
            id,
            generation_id,
            old,
            new,
            request,
        } => group.replaced(id, generation_id, [old, new], *request, turn),
        Decision::Committed {
            id,
            offsets,
            response,
        } => {
            group.committed(offsets, turn);
            turn.reply(id, Response::CommitOffsets(response));
        }
        Decision::Removed { offsets, reply } => {
            group.removed(&offsets, turn);
            if let Some((id, response)) = reply {
                turn.reply(id, Response::DeleteOffsets(response));
            }
        }
        Decision::Deleted { request } => {
            let offsets = group.offsets.partitions();
            group.removed(&offsets, turn);
            groups.remove(&id);
            turn.event(Event::GroupDeleted { group: id.clone() });
            if let Some(request) = request {
                forget::deletion_done(request, &id, ErrorCode::None, turn);
            }
        }
    }
}

pub(super) fn write_failed(
    groups: &mut Map<GroupId, Group>,
    pending: Pending,
    turn: &mut Turn<'_>,
) {
    let Pending { group: id, what } = pending;
    let Some(group) = groups.get_mut(&id) else {
        return unknown(&id, what, turn);
    };
    match what {
        Decision::Created => {
            group.dissolve(turn);
            groups.remove(&id);
        }
        // The generation before will come back at a restart, and its members' sessions end.
        Decision::Emptied => {}
        Decision::Assigned { generation_id, .. } => {
            group.assign_failed(generation_id, FAILED, turn)
        }
        Decision::Replaced { id, .. } => turn.refuse_join(id, MemberId::from(""), FAILED),
        Decision::Committed {
            id: request,
            offsets,
            response,
        } => {
            group.commit_failed(&offsets);
            if group.is_nothing() {
                groups.remove(&id);
            }
            let response = commit::refused(response, FAILED);
            turn.reply(request, Response::CommitOffsets(response));
        }
        Decision::Removed { reply, .. } => refuse_removal(reply, turn),
        Decision::Deleted { request } => {
            let since = group.state_since;
            group.transition(State::Empty, "its deletion could not be stored", turn);
            group.state_since = since;
            if let Some(request) = request {
                forget::deletion_done(request, &id, FAILED, turn);
            }
        }
    }
}

/// The group is gone because its creation could not be stored; so nothing after it can have been.
fn unknown(group: &GroupId, what: Decision, turn: &mut Turn<'_>) {
    match what {
        Decision::Created | Decision::Emptied | Decision::Assigned { .. } => {}
        Decision::Replaced { id, .. } => turn.refuse_join(id, MemberId::from(""), FAILED),
        Decision::Committed { id, response, .. } => {
            let response = commit::refused(response, FAILED);
            turn.reply(id, Response::CommitOffsets(response));
        }
        Decision::Removed { reply, .. } => refuse_removal(reply, turn),
        Decision::Deleted { request } => {
            if let Some(request) = request {
                forget::deletion_done(request, group, FAILED, turn);
            }
        }
    }
}

fn refuse_removal(
    reply: Option<(crate::RequestId, crate::interface::DeleteOffsetsResponse)>,
    turn: &mut Turn<'_>,
) {
    if let Some((id, mut response)) = reply {
        response.error = FAILED;
        response.topics.clear();
        turn.reply(id, Response::DeleteOffsets(response));
    }
}

impl Group {
    /// A new group that could not be stored is dissolved: its members look for the coordinator again.
    fn dissolve(&mut self, turn: &mut Turn<'_>) {
        match std::mem::take(&mut self.state) {
            State::PreparingRebalance(gathering) => {
                for (member, id) in gathering.joined {
                    turn.refuse_join(id, member, FAILED);
                }
            }
            State::CompletingRebalance(assigning) => {
                for id in assigning.waiting.into_values() {
                    turn.refuse_sync(id, FAILED);
                }
            }
            State::Empty | State::Stable { .. } | State::Dead => {}
        }
        for member in self.members.keys() {
            turn.cancel(self.session_timer(member));
        }
        for member in &self.pending {
            turn.cancel(self.pending_timer(member));
        }
        turn.cancel(self.rebalance_timer());
        turn.cancel(self.sync_timer());
        turn.event(Event::GroupDeleted {
            group: self.id.clone(),
        });
    }

    /// Neither the log nor anyone else knows of it.
    fn is_nothing(&self) -> bool {
        !self.recorded
            && matches!(self.state, State::Empty)
            && self.pending.is_empty()
            && self.offsets.is_empty()
    }
}
