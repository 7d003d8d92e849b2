//! Static members: one that restarts takes its old place, without a rebalance if it can be helped (KIP-345).

use super::group::Group;
use super::join::because;
use super::state::State;
use super::turn::{Decision, Turn};
use crate::interface::{Event, JoinGroupRequest, Response};
use crate::{ErrorCode, MemberId, RequestId};

impl Group {
    /// A static member that is known as `old` joins without an id.
    pub(super) fn replace(
        &mut self,
        id: RequestId,
        old: MemberId,
        new: MemberId,
        request: JoinGroupRequest,
        turn: &mut Turn<'_>,
    ) {
        if matches!(self.state, State::Stable { .. }) && !self.would_change_protocol(&old, &request)
        {
            return self.store_replacement(id, old, new, request, turn);
        }
        self.rename(&old, &new, turn);
        self.update(&new, &request);
        self.renew_session(&self.members[&new], turn);
        // While the leader assigns, it knows the member by its old id only: everyone has to join again.
        let why = because(
            &format!("static member {new} comes back"),
            request.reason.as_deref(),
        );
        self.gather(id, new, false, &why, turn);
    }

    fn would_change_protocol(&self, old: &MemberId, request: &JoinGroupRequest) -> bool {
        let mut next = self.clone();
        next.update(old, request);
        next.support.elect(next.members.values()) != next.protocol_name
    }

    /// The stable group goes on, with the member's new id. It counts once it is stored.
    fn store_replacement(
        &self,
        id: RequestId,
        old: MemberId,
        new: MemberId,
        request: JoinGroupRequest,
        turn: &mut Turn<'_>,
    ) {
        let mut next = self.clone();
        next.put_in_place(&old, &new, &request);
        turn.write(
            &self.id,
            &[next.record()],
            Decision::Replaced {
                id,
                generation_id: self.generation_id,
                old,
                new,
                request: Box::new(request),
            },
        );
    }

    /// The new id is stored. If the group has moved on meanwhile, the member simply joins again.
    pub(super) fn replaced(
        &mut self,
        id: RequestId,
        generation_id: i32,
        [old, new]: [MemberId; 2],
        request: JoinGroupRequest,
        turn: &mut Turn<'_>,
    ) {
        let is_current = matches!(self.state, State::Stable { .. })
            && self.generation_id == generation_id
            && self.members.contains_key(&old);
        if !is_current {
            return self.join(id, request, turn);
        }
        let was_leader = self.is_leader(&old);
        self.rename(&old, &new, turn);
        self.update(&new, &request);
        self.renew_session(&self.members[&new], turn);
        let mut response = self.joined(&new, request.supports_skipping_assignment && was_leader);
        if !request.supports_skipping_assignment {
            // An older client that sees itself as the leader would assign anew, which a stable group ignores: it is told of
            // the leader's old id (KIP-814).
            response.members.clear();
            if was_leader {
                response.leader = old;
            }
        }
        turn.reply(id, Response::JoinGroup(response));
    }

    /// Puts a new id in the old one's place; whoever still uses that one is fenced.
    fn rename(&mut self, old: &MemberId, new: &MemberId, turn: &mut Turn<'_>) {
        let (join, sync) = self.state.forget(old);
        if let Some(join) = join {
            turn.refuse_join(join, old.clone(), ErrorCode::FencedInstanceId);
        }
        if let Some(sync) = sync {
            turn.refuse_sync(sync, ErrorCode::FencedInstanceId);
        }
        turn.cancel(self.session_timer(old));
        self.swap_ids(old, new);
        turn.event(Event::MemberReplaced {
            group: self.id.clone(),
            old: old.clone(),
            new: new.clone(),
        });
    }

    fn put_in_place(&mut self, old: &MemberId, new: &MemberId, request: &JoinGroupRequest) {
        self.swap_ids(old, new);
        self.update(new, request);
    }

    fn swap_ids(&mut self, old: &MemberId, new: &MemberId) {
        let Some(mut member) = self.members.remove(old) else {
            return;
        };
        member.id = new.clone();
        if let Some(name) = &member.instance_id {
            self.statics.insert(name.clone(), new.clone());
        }
        if self.is_leader(old) {
            self.leader = Some(new.clone());
        }
        self.members.insert(new.clone(), member);
    }
}
