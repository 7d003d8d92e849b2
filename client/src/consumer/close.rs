//! The orderly end: commit, leave, close the connections.

use kafka_protocol::messages::LeaveGroupRequest;
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use ottla_core::{GroupId, Instant, Now};

use super::membership::{Membership, Stage};
use super::{Asked, Consumer, ConsumerEvent};
use crate::interface::Output;
use crate::network::{CoordinatorKey, Target};
use crate::protocol::names::text;

/// Whether the consumer is still at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// At work.
    Open,
    /// Commits are awaited. Ends: they are done, or `until` is past → `Leaving`.
    Committing { until: Instant },
    /// The answer to LeaveGroup is awaited. Ends: it comes, or `until` is past → `Closed`.
    Leaving { until: Instant },
    /// Nothing more happens.
    Closed,
}

impl Consumer {
    /// Ends in an orderly way: positions are committed (`enable.auto.commit`), the group is left, connections are closed. Who is not
    /// answered gives up after 30 seconds, as in Java, or at once if no broker can be reached. Then [`is_closed`](Self::is_closed).
    pub fn close(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.phase != Phase::Open {
            return;
        }
        // The one who closes is done with all records.
        self.user = super::User::default();
        let until = now.mono.plus_ms(CLOSE_TIMEOUT_MS);
        self.phase = Phase::Committing { until };
        if self.config.enable_auto_commit && self.fatal.is_none() {
            self.commit_positions(now, &self.partitions.names());
        }
        self.advance(now, out);
    }

    /// Whether everything is done: nothing more comes out, and nothing needs to go in.
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    pub(super) fn close_deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Committing { until } | Phase::Leaving { until } => Some(until),
            Phase::Open | Phase::Closed => None,
        }
    }

    pub(super) fn advance_close(&mut self, now: Now, out: &mut Vec<Output>) {
        let is_alone = self.network.why_unreachable().is_some();
        if let Phase::Committing { until } = self.phase
            && (self.commits.is_empty() || until <= now.mono || is_alone)
        {
            self.phase = Phase::Leaving { until };
            if self.membership.is_some() {
                self.give_everything_up(out);
            }
            self.leave(now, "the consumer is being closed", out);
        }
        if let Phase::Leaving { until } = self.phase {
            let is_leaving = self
                .asked
                .values()
                .any(|asked| matches!(asked, Asked::Leave));
            if !is_leaving || until <= now.mono || is_alone {
                self.network.close(out);
                self.phase = Phase::Closed;
                self.asked.clear();
                out.push(ConsumerEvent::Closed.into());
            }
        }
    }

    /// Leaves the group. Static members do not say so: they keep their partitions until their session ends (KIP-345).
    pub(super) fn leave(&mut self, now: Now, reason: &str, out: &mut Vec<Output>) {
        let (Some(membership), Some(group)) = (&self.membership, &self.config.group_id) else {
            return;
        };
        let is_joining = matches!(membership.stage, Stage::Joining(_));
        let is_known = membership.is_member() || is_joining;
        if is_known && !membership.member.is_empty() && self.config.group_instance_id.is_none() {
            let member = MemberIdentity::default()
                .with_member_id(text(&membership.member))
                .with_reason(Some(text(reason)));
            let request = LeaveGroupRequest::default()
                .with_group_id(text(group).into())
                .with_members(vec![member]);
            let target = self.coordinator(group.clone());
            let call = self.network.request(now, target, request.into(), out);
            self.asked.insert(call, Asked::Leave);
            let reason = reason.to_owned();
            out.push(ConsumerEvent::Left { reason }.into());
        }
        if let Some(membership) = &mut self.membership {
            membership.fall_out(false);
            membership.retry_at = None;
        }
        self.is_stirred = true;
    }

    /// Whom to ask about the group. Behind a join that waits for others a request would wait too: it takes the other connection.
    pub(super) fn coordinator(&self, group: GroupId) -> Target {
        let key = CoordinatorKey::Group(group);
        let is_joining = |membership: &Membership| matches!(membership.stage, Stage::Joining(_));
        match self.network.known_coordinator(&key) {
            Some(broker) if self.membership.as_ref().is_some_and(is_joining) => {
                Target::Broker(broker)
            }
            _ => Target::Coordinator(key),
        }
    }

    /// Gives all partitions up, before the group is left.
    pub(super) fn give_everything_up(&mut self, out: &mut Vec<Output>) {
        let is_member = self.member().is_some();
        self.drop_partitions(self.partitions.names(), is_member, out);
    }

    pub(super) fn left(&mut self) {
        self.is_stirred = true;
    }
}

const CLOSE_TIMEOUT_MS: i64 = 30_000;
