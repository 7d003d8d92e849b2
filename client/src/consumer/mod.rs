//! A consumer: alone or as a member of a group (classic protocol), eager or cooperative.
//!
//! ```text
//!   subscribe, assign ──▶ Membership ──▶ Partitions ◀── seek, pause, resume
//!                          join, sync,     │  position: committed offset, or the log is asked
//!                          heartbeat       ▼
//!                             ▲          fetch ──▶ portions (bounded) ──▶ poll ──▶ the user
//!                             └──── commit ◀──── positions ◀────────────────┘
//! ```
//!
//! The user is *busy* from a [`poll`](Consumer::poll) that returned records until the next poll, and everything that has to know what is done
//! with waits for it: a rebalance begins, partitions are given up and positions are committed only then, exactly as in Java, where all of that
//! happens inside of `poll`. When the last poll returned nothing, the consumer does not wait: it counts as being inside of a long poll.
//! Heartbeats go on meanwhile; who is busy for longer than `max.poll.interval.ms` leaves the group.
//!
//! Not here: `group.protocol=consumer` (KIP-848), fetching from the nearest replica (KIP-392), fetch sessions, and the check of a position against
//! the leader's epochs (KIP-320): a log that was cut shows as OFFSET_OUT_OF_RANGE.

mod close;
mod commit;
mod committed;
mod config;
mod control;
mod error;
mod event;
mod fetch;
mod heartbeat;
mod join;
mod keys;
mod leader;
mod membership;
mod partitions;
mod poll;
mod portion;
mod rebalance;
mod reset;
mod subscription;
mod sync;
#[cfg(test)]
mod tests;
mod topics;

use ottla_core::sorted::Map;
use ottla_core::{Instant, MemberId, Now, Offset, TopicPartition};

use crate::interface::{Input, Output};
use crate::network::{Arrival, BrokerId, CallId, Network};
pub use crate::properties::ConfigError;
use close::Phase;
pub use commit::CommitId;
use commit::Commits;
pub use config::{ConsumerConfig, IsolationLevel, OffsetReset};
pub use error::{CommitError, ConsumerError};
pub use event::ConsumerEvent;
use membership::Membership;
use partitions::Partitions;
pub use partitions::{CommittedOffset, Place};
pub use portion::Fetched;
use subscription::Source;
pub use subscription::{Pattern, Subscription};

/// A consumer. Made with [`new`](Self::new), told what to read with [`subscribe`](Self::subscribe) or [`assign`](Self::assign), moved by
/// [`handle`](Self::handle), asked for records with [`poll`](Self::poll).
#[derive(Debug, Clone)]
pub struct Consumer {
    config: ConsumerConfig,
    network: Network,
    source: Source,
    partitions: Partitions,
    /// While it wants to be in a group.
    membership: Option<Membership>,
    commits: Commits,
    /// What has been asked and is not answered.
    asked: Map<CallId, Asked>,
    /// The fetch that each broker has.
    fetching: Map<BrokerId, CallId>,
    answers_count: u64,
    user: User,
    phase: Phase,
    fatal: Option<ConsumerError>,
    /// The metadata that has been looked at.
    metadata_epoch: u64,
    /// The earliest moment at which a partition is to be asked about again.
    partitions_due: Option<Instant>,
    /// Something has changed that other parts may wait for.
    is_stirred: bool,
    /// Room for what arrives. Empty between calls.
    arrived: Vec<Arrival>,
}

/// The one who polls.
#[derive(Debug, Clone, Copy, Default)]
struct User {
    /// The last poll returned records.
    is_busy: bool,
    /// By when the next poll has to come.
    poll_until: Option<Instant>,
}

/// Whose answer a call brings.
#[derive(Debug, Clone)]
enum Asked {
    Join,
    Sync,
    Heartbeat,
    Leave,
    Commit(CommitId),
    /// Committed offsets of these partitions, asked at these serials.
    Committed(Map<TopicPartition, u64>),
    /// Offsets for these timestamps.
    Offsets(Map<TopicPartition, (u64, i64)>),
    /// Records from these offsets on.
    Fetch(BrokerId, Map<TopicPartition, (u64, Offset)>),
}

impl Consumer {
    /// A consumer that reads nothing yet. `owner` tells its links from those of other clients of the same shell; `seed` is all the chance there is.
    pub fn new(config: ConsumerConfig, owner: u32, seed: u64) -> Self {
        Self {
            network: Network::new(config.network.clone(), owner, seed),
            config,
            source: Source::Nothing,
            partitions: Partitions::default(),
            membership: None,
            commits: Commits::default(),
            asked: Map::new(),
            fetching: Map::new(),
            answers_count: 0,
            user: User::default(),
            phase: Phase::Open,
            fatal: None,
            metadata_epoch: 0,
            partitions_due: None,
            is_stirred: false,
            arrived: Vec::new(),
        }
    }

    /// Takes what has happened, and does what follows from it.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        if self.is_closed() {
            return;
        }
        let is_tick = input == Input::Tick;
        let mut arrived = std::mem::take(&mut self.arrived);
        self.network.handle(now, input, &mut arrived, out);
        let has_news = !arrived.is_empty() || self.network.metadata().epoch != self.metadata_epoch;
        for arrival in arrived.drain(..) {
            self.arrive(now, arrival, out);
        }
        self.arrived = arrived;
        if is_tick || has_news || self.phase != Phase::Open {
            self.advance(now, out);
        }
    }

    /// When [`Input::Tick`] could next change anything.
    pub fn next_deadline(&self) -> Option<Instant> {
        if self.is_closed() {
            return None;
        }
        let always = [
            self.network.next_deadline(),
            self.commits.next_deadline(),
            self.close_deadline(),
        ];
        let membership = self.membership.as_ref();
        let at_work = [
            membership.and_then(|membership| membership.next_deadline(self.user.is_busy)),
            membership.and(self.user.poll_until),
            self.auto_commit_deadline(),
            self.partitions_due,
        ];
        let at_work = at_work.into_iter().filter(|_| self.is_reading());
        always.into_iter().chain(at_work).flatten().min()
    }

    /// Does everything that can be done now. Each step looks at what there is and may be called at any time.
    fn advance(&mut self, now: Now, out: &mut Vec<Output>) {
        loop {
            self.is_stirred = false;
            if self.fatal.is_none() {
                self.notice_metadata(now, out);
                self.watch_the_user(now, out);
                self.advance_membership(now, out);
                self.send_heartbeat(now, out);
                self.start_auto_commit(now);
            }
            self.send_commits(now, out);
            if self.is_reading() {
                self.ask_for_committed(now, out);
                self.ask_for_offsets(now, out);
                self.fetch(now, out);
            }
            self.advance_close(now, out);
            if !self.is_stirred {
                break;
            }
        }
        self.partitions_due = self
            .partitions
            .iter()
            .filter_map(|(_, partition)| partition.retry_at)
            .filter(|at| *at > now.mono)
            .min();
    }

    fn arrive(&mut self, now: Now, arrival: Arrival, out: &mut Vec<Output>) {
        let Some(asked) = self.asked.remove(&arrival.call) else {
            return;
        };
        let result = arrival.result;
        match asked {
            Asked::Join => self.joined(now, arrival.call, result, out),
            Asked::Sync => self.synced(now, arrival.call, result, out),
            Asked::Heartbeat => self.heartbeat_answered(now, arrival.call, result, out),
            Asked::Leave => self.left(),
            Asked::Commit(id) => self.commit_answered(now, id, result, out),
            Asked::Committed(partitions) => self.committed_arrived(now, partitions, result, out),
            Asked::Offsets(partitions) => self.offsets_arrived(now, partitions, result, out),
            Asked::Fetch(broker, partitions) => self.fetched(now, broker, partitions, result, out),
        }
    }

    /// A user who does not come back holds up the group: it goes on without this member.
    fn watch_the_user(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.membership.is_none() {
            return;
        }
        match self.user.poll_until {
            Some(until) if until <= now.mono && self.phase == Phase::Open => {
                self.user.poll_until = None;
                self.user.is_busy = true;
                let reason = "consumer poll timeout has expired.";
                self.leave(now, reason, out);
                self.want_rejoin(reason, out);
            }
            Some(_) if !self.user.is_busy && !self.partitions.has_ready() => {
                self.user.poll_until = None;
            }
            None if self.partitions.has_ready() => {
                self.user.poll_until = Some(self.poll_deadline(now));
            }
            _ => {}
        }
    }

    fn poll_deadline(&self, now: Now) -> Instant {
        now.mono
            .plus_ms(i64::from(self.config.max_poll_interval_ms))
    }

    fn retry_at(&self, now: Now) -> Instant {
        now.mono.plus_ms(self.config.network.retry_backoff_ms)
    }

    /// Stops for good.
    fn fail(&mut self, error: ConsumerError, out: &mut Vec<Output>) {
        if self.fatal.is_none() {
            out.push(
                ConsumerEvent::Failed {
                    error: error.clone(),
                }
                .into(),
            );
            self.fatal = Some(error);
            self.is_stirred = true;
        }
    }

    /// A partition is not read on until a seek.
    fn fail_partition(
        &mut self,
        partition: &TopicPartition,
        error: ConsumerError,
        out: &mut Vec<Output>,
    ) {
        if let Some(found) = self.partitions.get_mut(partition) {
            found.error = Some(error.clone());
            found.is_asked = false;
            let partition = partition.clone();
            out.push(ConsumerEvent::PartitionFailed { partition, error }.into());
        }
    }

    fn is_reading(&self) -> bool {
        self.fatal.is_none() && self.phase == Phase::Open
    }

    /// Why nothing goes on: an error for good, or the first of a partition that waits for a seek.
    pub fn fatal_error(&self) -> Option<ConsumerError> {
        let of_partition = || {
            self.partitions
                .iter()
                .find_map(|(_, partition)| partition.error.clone())
        };
        self.fatal.clone().or_else(of_partition)
    }

    /// What the coordinator calls this member, and its generation; `None` outside of a group.
    pub fn member(&self) -> Option<(&MemberId, i32)> {
        let membership = self.membership.as_ref()?;
        membership
            .is_member()
            .then_some((&membership.member, membership.generation))
    }

    /// The configuration.
    pub fn config(&self) -> &ConsumerConfig {
        &self.config
    }

    /// The connections, for looking at.
    pub fn network(&self) -> &Network {
        &self.network
    }
}
