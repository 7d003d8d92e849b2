//! A rebalance: members gather, and become a generation.

use super::group::Group;
use super::state::{Assigning, Gathering, InitialDelay, State};
use super::turn::{Decision, Turn};
use crate::interface::{Event, LeaveCause, Response};
use crate::{ErrorCode, MemberId, RequestId};

impl Group {
    /// Parks a member's join, in a rebalance that it begins if none is going on.
    pub(super) fn gather(
        &mut self,
        id: RequestId,
        member: MemberId,
        is_new: bool,
        why: &str,
        turn: &mut Turn<'_>,
    ) {
        let was_empty = matches!(self.state, State::Empty);
        if !matches!(self.state, State::PreparingRebalance(_)) {
            self.begin_rebalance(why, turn);
        }
        let State::PreparingRebalance(gathering) = &mut self.state else {
            unreachable!("a rebalance has begun");
        };
        if is_new {
            gathering.newcomers.insert(member.clone());
            if let Some(initial) = &mut gathering.initial {
                initial.extended = !was_empty;
            }
        }
        if let Some(earlier) = gathering.joined.insert(member.clone(), id) {
            // The client has asked again, on another connection perhaps: the earlier request must not wait for ever.
            turn.refuse_join(earlier, member, ErrorCode::RebalanceInProgress);
        }
        if was_empty && turn.world.config.group_initial_rebalance_delay_ms <= 0 {
            self.complete_join(turn);
        } else {
            self.complete_join_if_all_are_here(turn);
        }
    }

    /// Members have left, fallen silent or come: a new generation is needed.
    pub(super) fn rebalance(&mut self, why: &str, turn: &mut Turn<'_>) {
        if matches!(
            self.state,
            State::CompletingRebalance(_) | State::Stable { .. }
        ) {
            self.begin_rebalance(why, turn);
        }
        self.complete_join_if_all_are_here(turn);
    }

    fn begin_rebalance(&mut self, why: &str, turn: &mut Turn<'_>) {
        let mut gathering = Gathering::default();
        let mut deadline_ms = self.rebalance_timeout_ms();
        if matches!(self.state, State::Empty) {
            let delay_ms = i64::from(turn.world.config.group_initial_rebalance_delay_ms.max(0));
            gathering.initial = Some(InitialDelay {
                delay_ms,
                remaining_ms: (deadline_ms - delay_ms).max(0),
                extended: false,
            });
            deadline_ms = delay_ms;
        }
        turn.cancel(self.sync_timer());
        turn.set(self.rebalance_timer(), deadline_ms);
        let left = self.transition(State::PreparingRebalance(gathering), why, turn);
        if let State::CompletingRebalance(assigning) = left {
            self.dismiss(assigning, ErrorCode::RebalanceInProgress, turn);
        }
    }

    /// The assignment will not come: everyone who waits for it is told so.
    pub(super) fn dismiss(&mut self, assigning: Assigning, error: ErrorCode, turn: &mut Turn<'_>) {
        for member in self.members.values_mut() {
            member.assignment.clear();
        }
        for (member, sync) in assigning.waiting {
            turn.refuse_sync(sync, error);
            // Its session may have ended while it was parked, unnoticed.
            self.renew_session(&self.members[&member], turn);
        }
    }

    /// Ends the gathering if nobody is missing. An empty group's first wait is not cut short: nobody knows who is still to come.
    pub(super) fn complete_join_if_all_are_here(&mut self, turn: &mut Turn<'_>) {
        if let State::PreparingRebalance(gathering) = &self.state
            && gathering.initial.is_none()
            && gathering.joined.len() == self.members.len()
            && self.pending.is_empty()
        {
            self.complete_join(turn);
        }
    }

    /// `Timer::Rebalance`: waited long enough.
    pub(super) fn rebalance_due(&mut self, turn: &mut Turn<'_>) {
        if let State::PreparingRebalance(gathering) = &mut self.state
            && let Some(initial) = &mut gathering.initial
            && initial.extended
            && initial.remaining_ms > 0
        {
            let config_ms = i64::from(turn.world.config.group_initial_rebalance_delay_ms);
            let delay_ms = config_ms.min(initial.remaining_ms);
            *initial = InitialDelay {
                delay_ms,
                remaining_ms: (initial.remaining_ms - initial.delay_ms).max(0),
                extended: false,
            };
            turn.set(self.rebalance_timer(), delay_ms);
        } else {
            self.complete_join(turn);
        }
    }

    /// The members that have joined become a generation. Silent ones are removed, unless they are static: those may come back.
    fn complete_join(&mut self, turn: &mut Turn<'_>) {
        let State::PreparingRebalance(gathering) = &mut self.state else {
            return;
        };
        gathering.initial = None;
        let joined = &gathering.joined;
        let missing: Vec<MemberId> = self
            .members
            .values()
            .filter(|m| m.instance_id.is_none() && !joined.contains_key(&m.id))
            .map(|m| m.id.clone())
            .collect();
        for member in missing {
            self.remove(&member, LeaveCause::RebalanceExpired, turn);
        }
        if self.members.is_empty() {
            turn.cancel(self.rebalance_timer());
            return self.become_empty(turn);
        }
        if !self.elect_leader() {
            // Only silent static members: their sessions will tell. A timeout of nothing must not keep the clock from going on.
            return turn.set(self.rebalance_timer(), self.rebalance_timeout_ms().max(1));
        }
        turn.cancel(self.rebalance_timer());
        self.begin_generation(turn);
    }

    /// The leader stays, unless it has not joined. False if nobody has.
    fn elect_leader(&mut self) -> bool {
        let State::PreparingRebalance(gathering) = &self.state else {
            return false;
        };
        let stays = |leader: &MemberId| gathering.joined.contains_key(leader);
        if !self.leader.as_ref().is_some_and(stays) {
            let Some(first) = gathering.joined.keys().next() else {
                return false;
            };
            self.leader = Some(first.clone());
        }
        true
    }

    fn begin_generation(&mut self, turn: &mut Turn<'_>) {
        self.generation_id += 1;
        self.protocol_name = self.support.elect(self.members.values());
        self.read_subscriptions();
        let assigning = Assigning {
            silent: self.members.keys().cloned().collect(),
            ..Assigning::default()
        };
        let left = self.transition(
            State::CompletingRebalance(assigning),
            "all have joined",
            turn,
        );
        turn.event(Event::Generation {
            group: self.id.clone(),
            generation_id: self.generation_id,
            leader: self.leader.clone().unwrap_or_else(|| MemberId::from("")),
            protocol: self.protocol_name.clone().unwrap_or_default(),
            members_count: self.members.len(),
        });
        turn.set(self.sync_timer(), self.rebalance_timeout_ms());
        for member in self.members.values() {
            self.renew_session(member, turn);
        }
        if let State::PreparingRebalance(gathering) = left {
            for (member, id) in gathering.joined {
                let response = self.joined(&member, false);
                turn.reply(id, Response::JoinGroup(response));
            }
        }
    }

    /// Nobody is left. That is a generation too, and is written; but it need not wait for the log: there is nobody to be misled,
    /// and if the record is lost, the generation before it comes back at a restart and its members' sessions end.
    fn become_empty(&mut self, turn: &mut Turn<'_>) {
        self.generation_id += 1;
        self.protocol_name = None;
        self.leader = None;
        self.read_subscriptions();
        self.transition(State::Empty, "nobody is left", turn);
        turn.write(&self.id, &[self.record()], Decision::Emptied);
    }

    /// `Timer::PendingSync`: members that joined and never asked for their assignment are removed.
    pub(super) fn sync_due(&mut self, turn: &mut Turn<'_>) {
        let silent = match &self.state {
            State::CompletingRebalance(assigning) => &assigning.silent,
            State::Stable { silent } => silent,
            _ => return,
        };
        if silent.is_empty() {
            return;
        }
        for member in silent.clone() {
            self.remove(&member, LeaveCause::SyncExpired, turn);
        }
        self.rebalance("members have not asked for their assignment", turn);
    }

    /// `Timer::PendingMember`: an id that was handed out has not been used.
    pub(super) fn pending_due(&mut self, member: &MemberId, turn: &mut Turn<'_>) {
        if self.pending.remove(member) {
            self.complete_join_if_all_are_here(turn);
        }
    }
}
