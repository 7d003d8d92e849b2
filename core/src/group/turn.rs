//! What a handler works with beside its group: the clocks, the world, and where effects go.

use crate::sorted::Map;
use bytes::Bytes;

use super::effects::{Effects, World, Write, WriteId};
use super::member::MemberIds;
use super::offsets::CommittedOffset;
use super::records::Record;
use super::refusal::{refused_join, refused_sync};
use crate::interface::{
    CommitOffsetsResponse, DeleteOffsetsResponse, Event, JoinGroupRequest, Response,
};
use crate::{ErrorCode, GroupId, MemberId, Now, RequestId, Timer, TopicName};

/// One input being handled.
pub(super) struct Turn<'a> {
    pub(super) now: Now,
    pub(super) world: &'a World<'a>,
    pub(super) fx: &'a mut Effects,
    pub(super) ids: &'a mut MemberIds,
    pub(super) writes: &'a mut Writes,
}

/// Writes on their way, each with what is to be done when it has arrived.
#[derive(Debug, Clone, Default)]
pub(super) struct Writes {
    next_id: u64,
    pub(super) pending: Map<WriteId, Pending>,
    /// DeleteGroups requests that are not answered yet.
    pub(super) deletions: Map<RequestId, Deletion>,
}

/// What a write stands for.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) group: GroupId,
    pub(super) what: Decision,
}

/// A decision that is applied when its records are stored.
#[derive(Debug, Clone)]
pub(super) enum Decision {
    /// The group exists.
    Created,
    /// The leader's assignment.
    Assigned {
        generation_id: i32,
        assignments: Map<MemberId, Bytes>,
    },
    /// The group has no members any more.
    Emptied,
    /// A static member of a stable group came back, and is to be known as `new`.
    Replaced {
        id: RequestId,
        generation_id: i32,
        old: MemberId,
        new: MemberId,
        request: Box<JoinGroupRequest>,
    },
    /// Offsets were committed.
    Committed {
        id: RequestId,
        offsets: Vec<(TopicName, i32, CommittedOffset)>,
        response: CommitOffsetsResponse,
    },
    /// Offsets are forgotten: somebody asked for it, or nobody.
    Removed {
        offsets: Vec<(TopicName, i32)>,
        reply: Option<(RequestId, DeleteOffsetsResponse)>,
    },
    /// The group is forgotten: somebody asked for it, or it has expired.
    Deleted { request: Option<RequestId> },
}

/// A DeleteGroups request: one write for each group, one answer.
#[derive(Debug, Clone)]
pub(super) struct Deletion {
    pub(super) outcomes: Vec<(GroupId, ErrorCode)>,
    pub(super) outstanding_count: usize,
}

impl Turn<'_> {
    pub(super) fn reply(&mut self, id: RequestId, response: Response) {
        self.fx.replies.push((id, response));
    }

    pub(super) fn refuse_join(&mut self, id: RequestId, member_id: MemberId, error: ErrorCode) {
        self.reply(id, Response::JoinGroup(refused_join(member_id, error)));
    }

    pub(super) fn refuse_sync(&mut self, id: RequestId, error: ErrorCode) {
        self.reply(id, Response::SyncGroup(refused_sync(error)));
    }

    pub(super) fn event(&mut self, event: Event) {
        self.fx.events.push(event);
    }

    pub(super) fn set(&mut self, timer: Timer, after_ms: i64) {
        let at = self.now.mono.plus_ms(after_ms);
        self.fx.timers.push((timer, Some(at)));
    }

    pub(super) fn cancel(&mut self, timer: Timer) {
        self.fx.timers.push((timer, None));
    }

    pub(super) fn write(&mut self, group: &GroupId, records: &[Record], what: Decision) {
        let id = WriteId(self.writes.next_id);
        self.writes.next_id += 1;
        let pending = Pending {
            group: group.clone(),
            what,
        };
        self.writes.pending.insert(id, pending);
        self.fx.writes.push(Write {
            id,
            group: group.clone(),
            records: records.iter().map(Record::encode).collect(),
        });
    }
}
