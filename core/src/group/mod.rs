//! Consumer groups: the coordinator of the classic group protocol, and the offsets that groups commit.
//!
//! ```text
//!   JoinGroup ──▶ join ─┬▶ statics          a static member comes back
//!                       └▶ rebalance        members gather, and become a generation
//!   SyncGroup ──▶ sync                      the leader's assignment is stored and handed out
//!   Heartbeat ──▶ heartbeat                 and sessions that end
//!   LeaveGroup ─▶ leave
//!   OffsetCommit ─▶ commit                  OffsetDelete, DeleteGroups, deleted topics ─▶ forget
//!   start-up ───▶ replay                    the clock ─▶ expiry
//! ```
//!
//! What a group is and how it moves is told at [`State`]. Everything durable is decided first, as records in Kafka's own format
//! ([`records`]), and applied when they are stored: [`Coordinator::written`]. Start-up replays the same records.
//!
//! The coordinator assigns no partitions: that is the leader's work, and the broker carries the bytes. So eager and cooperative
//! consumers are the same to it.

mod assignors;
mod commit;
mod effects;
mod expiry;
mod forget;
#[expect(
    clippy::module_inception,
    reason = "the group among what happens to it"
)]
mod group;
mod heartbeat;
mod join;
mod leave;
mod member;
mod offsets;
mod outcome;
mod rebalance;
pub mod records;
mod refusal;
mod replay;
mod state;
mod statics;
mod sync;
mod turn;

use crate::sorted::Map;

pub use effects::{Effects, GroupRequest, NotForGroups, Topics, World, Write, WriteId};
pub use group::Group;
pub use member::Member;
pub use offsets::{CommittedOffset, Offsets};
pub use refusal::unavailable;
pub use state::{Assigning, Gathering, InitialDelay, State};

use crate::interface::Response;
use crate::{ErrorCode, GroupId, Now, RequestId, Timer, TopicName};
use member::MemberIds;
use records::{Record, RecordError};
use turn::{Turn, Writes};

/// All groups of this node.
///
/// Its methods take what happened and fill an [`Effects`]. A request is answered by one of them, at once or later, exactly once.
#[derive(Debug, Clone)]
pub struct Coordinator {
    groups: Map<GroupId, Group>,
    ids: MemberIds,
    writes: Writes,
}

impl Coordinator {
    /// A coordinator without groups. Member ids come out of the seed.
    pub fn new(seed: u64) -> Self {
        Self {
            groups: Map::new(),
            ids: MemberIds::new(seed),
            writes: Writes::default(),
        }
    }

    /// A client asks.
    pub fn handle(
        &mut self,
        now: Now,
        id: RequestId,
        request: GroupRequest,
        world: &World<'_>,
        fx: &mut Effects,
    ) {
        let (groups, ref mut turn) = self.turn(now, world, fx);
        match request {
            GroupRequest::Join(request) => join::join(groups, id, request, turn),
            GroupRequest::Sync(request) => sync::sync(groups, id, request, turn),
            GroupRequest::Heartbeat(request) => {
                let outcome = heartbeat::heartbeat(groups, &request, turn);
                let error = outcome.err().unwrap_or(ErrorCode::None);
                turn.reply(id, Response::Heartbeat(error));
            }
            GroupRequest::Leave(request) => {
                let response = leave::leave(groups, request, turn);
                turn.reply(id, Response::LeaveGroup(response));
            }
            GroupRequest::CommitOffsets(request) => commit::commit(groups, id, request, turn),
            GroupRequest::DeleteOffsets(request) => {
                forget::delete_offsets(groups, id, request, turn);
            }
            GroupRequest::DeleteGroups(request) => forget::delete_groups(groups, id, request, turn),
        }
    }

    /// A timer that was set in an [`Effects`] is due. Those of others are ignored.
    pub fn timer(&mut self, now: Now, timer: &Timer, world: &World<'_>, fx: &mut Effects) {
        let (groups, ref mut turn) = self.turn(now, world, fx);
        match timer {
            Timer::Session { group, member } => {
                if let Some(group) = groups.get_mut(group) {
                    group.session_due(member, turn);
                }
            }
            Timer::PendingMember { group, member } => {
                if let Some(group) = groups.get_mut(group) {
                    group.pending_due(member, turn);
                }
            }
            Timer::Rebalance { group } => {
                if let Some(group) = groups.get_mut(group) {
                    group.rebalance_due(turn);
                }
            }
            Timer::PendingSync { group } => {
                if let Some(group) = groups.get_mut(group) {
                    group.sync_due(turn);
                }
            }
            Timer::OffsetExpiry => expiry::expire(groups, turn),
            _ => {}
        }
    }

    /// The records of a write are stored: what they say holds from now on.
    pub fn written(&mut self, now: Now, write: WriteId, world: &World<'_>, fx: &mut Effects) {
        if let Some(pending) = self.writes.pending.remove(&write) {
            let (groups, ref mut turn) = self.turn(now, world, fx);
            outcome::written(groups, pending, turn);
        }
    }

    /// The records of a write could not be stored: nothing of what they say holds, and who waits for it is refused.
    pub fn write_failed(&mut self, now: Now, write: WriteId, world: &World<'_>, fx: &mut Effects) {
        if let Some(pending) = self.writes.pending.remove(&write) {
            let (groups, ref mut turn) = self.turn(now, world, fx);
            outcome::write_failed(groups, pending, turn);
        }
    }

    /// A topic is gone, and with it all offsets that were committed for it.
    pub fn topic_deleted(
        &mut self,
        now: Now,
        topic: &TopicName,
        world: &World<'_>,
        fx: &mut Effects,
    ) {
        let (groups, ref mut turn) = self.turn(now, world, fx);
        for group in groups.values() {
            let offsets = group.offsets.partitions_of(topic);
            if !offsets.is_empty() && !matches!(group.state, State::Dead) {
                group.remove_offsets(offsets, None, turn);
            }
        }
    }

    /// At start-up: a record of `__consumer_offsets`, in the order of the log. Damaged ones, and those of other kinds of groups, change nothing.
    pub fn replay(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), RecordError> {
        if let Some(record) = Record::decode(key, value)? {
            if let Record::Group {
                value: Some(group), ..
            } = &record
            {
                group
                    .members
                    .iter()
                    .for_each(|m| self.ids.stir(&m.member_id));
            }
            replay::replay(&mut self.groups, record);
        }
        Ok(())
    }

    /// At start-up: all records are replayed. The sessions of restored members begin, and offsets begin to expire.
    pub fn loaded(&mut self, now: Now, world: &World<'_>, fx: &mut Effects) {
        let (groups, ref mut turn) = self.turn(now, world, fx);
        replay::begin_sessions(groups, turn);
        expiry::schedule(turn);
    }

    fn turn<'a>(
        &'a mut self,
        now: Now,
        world: &'a World<'a>,
        fx: &'a mut Effects,
    ) -> (&'a mut Map<GroupId, Group>, Turn<'a>) {
        let turn = Turn {
            now,
            world,
            fx,
            ids: &mut self.ids,
            writes: &mut self.writes,
        };
        (&mut self.groups, turn)
    }

    /// The group of this id.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.get(id)
    }

    /// All groups, by id.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.values()
    }
}

#[cfg(test)]
mod tests;
