//! Where a consumer stands in its group.

use ottla_core::sorted::Set;
use ottla_core::{Instant, MemberId, TopicName, TopicPartition};

use super::commit::CommitId;
use crate::assignor::{Assignor, LastAssignment, Member, Topics};
use crate::network::CallId;

/// A member of a group, or one that wants to be.
///
/// ```text
///   Outside ──▶ Preparing ──▶ Joining ──▶ (Assigning, as leader) ──▶ Syncing ──▶ Stable
///      ▲            ▲            │                                      │          │
///      └────────────┼────────────┴────────── refused, disconnected ◀────┘          │
///                   └──────────────────────── rejoin ◀─────────────────────────────┘
/// ```
#[derive(Debug, Clone)]
pub(super) struct Membership {
    pub(super) stage: Stage,
    /// What the coordinator calls it; empty if it has no name there.
    pub(super) member: MemberId,
    /// The generation that it is a member of; -1: none.
    pub(super) generation: i32,
    /// The assignor that the group has agreed upon.
    pub(super) assignor: Option<Assignor>,
    /// Why it is to join again, when the user is back.
    pub(super) rejoin: Option<String>,
    /// Not before.
    pub(super) retry_at: Option<Instant>,
    /// The topics that it has joined for.
    pub(super) joined_topics: Set<TopicName>,
    /// As the leader: all members' topics, and what they were when they were shared out.
    pub(super) led: Option<Led>,
    /// What it got last, for sticky assignors.
    pub(super) last: Option<LastAssignment>,
    /// Partitions that it has been given, and has not taken over yet because the user still works on records.
    pub(super) given: Option<Given>,
    pub(super) pulse: Pulse,
}

/// How far it is on the way to being a member. Each answers a poll with what partitions there are.
#[derive(Debug, Clone)]
pub(super) enum Stage {
    /// No member. Ends: the user is there, and `retry_at` is past → `Preparing`.
    Outside,
    /// Positions are being committed before partitions are given up. Ends: that is done, or `until` is past → `Joining`.
    Preparing {
        commit: Option<CommitId>,
        until: Instant,
    },
    /// The coordinator gathers members. Ends: its answer → `Assigning` or `Syncing`, or `Outside`.
    Joining(CallId),
    /// The leader waits for metadata of all members' topics. Ends: it is there, or `until` is past → `Syncing`.
    Assigning {
        members: Vec<Member>,
        /// The group goes on with the assignment that it has: a static leader has come back (KIP-814).
        is_settled: bool,
        until: Instant,
    },
    /// Waits for its partitions. Ends: they come → `Stable`, or `Outside`.
    Syncing(CallId),
    /// A member. Ends: `rejoin` is set, and the user is there → `Preparing`.
    Stable,
}

/// The topics that a leader watches for its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Led {
    pub(super) names: Set<TopicName>,
    pub(super) topics: Topics,
}

/// Partitions that the leader has given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) partitions: Vec<TopicPartition>,
    /// The commit of positions in partitions that are to be given up for it, once it is under way.
    pub(super) commit: Option<CommitId>,
}

/// The heartbeat.
#[derive(Debug, Clone)]
pub(super) struct Pulse {
    /// When the next one is to be sent.
    pub(super) due: Instant,
    /// The one that is not answered yet.
    pub(super) call: Option<CallId>,
    /// When the coordinator will have forgotten the member, unless it answers before.
    pub(super) expires: Instant,
}

impl Membership {
    /// No member yet.
    pub(super) fn new() -> Self {
        Self {
            stage: Stage::Outside,
            member: MemberId::from(""),
            generation: NO_GENERATION,
            assignor: None,
            rejoin: Some(String::new()),
            retry_at: None,
            joined_topics: Set::new(),
            led: None,
            last: None,
            given: None,
            pulse: Pulse {
                due: Instant(0),
                call: None,
                expires: Instant(0),
            },
        }
    }

    /// It is a member of a generation, as far as it knows.
    pub(super) fn is_member(&self) -> bool {
        self.generation != NO_GENERATION && !self.member.is_empty()
    }

    /// Between its JoinGroup and the answer to its SyncGroup.
    pub(super) fn is_joining(&self) -> bool {
        matches!(
            self.stage,
            Stage::Joining(_) | Stage::Assigning { .. } | Stage::Syncing(_)
        )
    }

    /// A member of the last generation that waits for the next one, in which the coordinator still takes its commits.
    pub(super) fn is_gathered(&self) -> bool {
        self.is_member() && matches!(self.stage, Stage::Joining(_))
    }

    /// The coordinator counts the time since the last heartbeat. (While the answer to a join is awaited it does not.)
    pub(super) fn has_pulse(&self) -> bool {
        self.is_member() && !matches!(self.stage, Stage::Outside | Stage::Joining(_))
    }

    /// Is no member of any generation any more; the member id goes too unless the coordinator still knows it.
    pub(super) fn fall_out(&mut self, keeps_member: bool) {
        self.stage = Stage::Outside;
        self.generation = NO_GENERATION;
        self.assignor = None;
        self.given = None;
        self.led = None;
        self.pulse.call = None;
        if !keeps_member {
            self.member = MemberId::from("");
        }
    }

    /// The next moment at which something is to be done.
    pub(super) fn next_deadline(&self, user_is_busy: bool) -> Option<Instant> {
        let stage = match &self.stage {
            Stage::Outside if !user_is_busy => self.rejoin.as_ref().and(self.retry_at),
            Stage::Preparing { until, .. } | Stage::Assigning { until, .. } => Some(*until),
            _ => None,
        };
        let pulse = self.has_pulse().then(|| match self.pulse.call {
            Some(_) => self.pulse.expires,
            None => self.pulse.due.min(self.pulse.expires),
        });
        [stage, pulse].into_iter().flatten().min()
    }
}

pub(super) const NO_GENERATION: i32 = -1;
