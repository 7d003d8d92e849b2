//! The states of a group.

use crate::sorted::{Map, Set};
use crate::{MemberId, RequestId};

/// Where a group stands between two generations.
///
/// The names are Kafka's (`ClassicGroupState`). Each variant owns what is only true in it.
/// In every state offsets may be fetched, and a member id may be asked for: a client that has got one is *pending* until it joins with it.
#[derive(Debug, Clone, Default)]
pub enum State {
    /// No members. Offsets may still be committed by clients that are no members, and expire.
    ///
    /// Answers: join → a member id, then `PreparingRebalance`; sync, heartbeat, leave → UNKNOWN_MEMBER_ID; commit without a generation → accepted.
    /// Ends: a member joins; or the last offset expires or the group is deleted, then it is `Dead`.
    #[default]
    Empty,
    /// A generation is being gathered: members are asked to join again.
    ///
    /// Answers: join → parked until all have joined or the deadline; sync → REBALANCE_IN_PROGRESS; heartbeat → REBALANCE_IN_PROGRESS;
    /// commit → accepted, for work of the last generation is still being finished; leave → removed.
    /// Ends: everyone has joined, or `Timer::Rebalance` fires and the silent ones are removed → `CompletingRebalance`;
    /// nobody is left → `Empty`.
    PreparingRebalance(Gathering),
    /// The generation is known, its assignment is not: the leader works it out.
    ///
    /// Answers: sync → parked until the leader's has come and is stored; join that changes nothing → the generation again; heartbeat → NONE;
    /// commit → REBALANCE_IN_PROGRESS; leave → removed.
    /// Ends: the leader's assignment is stored → `Stable`; it cannot be stored, a member comes, changes, leaves or falls silent, or
    /// `Timer::PendingSync` fires → `PreparingRebalance`.
    CompletingRebalance(Assigning),
    /// Every member has an assignment.
    ///
    /// Answers: sync → the assignment; heartbeat → NONE; commit → accepted from members of this generation;
    /// join of a follower that changes nothing → the generation again; leave → removed.
    /// Ends: a member comes, changes, leaves or falls silent, the leader joins, or `Timer::PendingSync` fires → `PreparingRebalance`.
    Stable {
        /// Members that have not asked for their assignment yet.
        silent: Set<MemberId>,
    },
    /// The group is being deleted: its tombstones are on their way to the log.
    ///
    /// Answers: everything → COORDINATOR_NOT_AVAILABLE, so that clients try again; delete → GROUP_ID_NOT_FOUND.
    /// Ends: the tombstones are stored, and the group is forgotten; they cannot be → `Empty` again.
    Dead,
}

/// Who has joined so far.
#[derive(Debug, Clone, Default)]
pub struct Gathering {
    /// Members that have joined, and their parked requests.
    pub(super) joined: Map<MemberId, RequestId>,
    /// Those of them that are new. They cannot send heartbeats yet, so that being parked does not keep them alive for ever.
    pub(super) newcomers: Set<MemberId>,
    /// Set while a group that was empty waits for company.
    pub(super) initial: Option<InitialDelay>,
}

/// An empty group's wait for company: `group.initial.rebalance.delay.ms`, again after each newcomer, but in all no longer than the rebalance timeout.
#[derive(Debug, Clone, Copy)]
pub struct InitialDelay {
    /// The wait that is going on.
    pub(super) delay_ms: i64,
    /// How much longer it may become.
    pub(super) remaining_ms: i64,
    /// Someone has come since it began.
    pub(super) extended: bool,
}

/// Who waits for the assignment.
#[derive(Debug, Clone, Default)]
pub struct Assigning {
    /// Members that have asked, and their parked requests.
    pub(super) waiting: Map<MemberId, RequestId>,
    /// Members that have not asked yet.
    pub(super) silent: Set<MemberId>,
    /// The leader's assignment is on its way to the log.
    pub(super) storing: bool,
}

impl State {
    /// Whether the group's next step waits for this member: it has not joined again, or has not asked for its assignment.
    pub fn awaits(&self, member: &str) -> bool {
        match self {
            Self::PreparingRebalance(gathering) => !gathering.joined.contains_key(member),
            Self::CompletingRebalance(assigning) => assigning.silent.contains(member),
            Self::Empty | Self::Stable { .. } | Self::Dead => false,
        }
    }

    /// Kafka's name for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance(_) => "PreparingRebalance",
            Self::CompletingRebalance(_) => "CompletingRebalance",
            Self::Stable { .. } => "Stable",
            Self::Dead => "Dead",
        }
    }

    /// Forgets a member: gives back its parked request. The second is a sync, the first a join.
    pub(super) fn forget(&mut self, member: &MemberId) -> (Option<RequestId>, Option<RequestId>) {
        match self {
            Self::PreparingRebalance(gathering) => {
                gathering.newcomers.remove(member);
                (gathering.joined.remove(member), None)
            }
            Self::CompletingRebalance(assigning) => {
                assigning.silent.remove(member);
                (None, assigning.waiting.remove(member))
            }
            Self::Stable { silent } => {
                silent.remove(member);
                (None, None)
            }
            Self::Empty | Self::Dead => (None, None),
        }
    }
}
