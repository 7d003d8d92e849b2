//! The two clocks, both arguments, and everything that the engine waits for.

use std::fmt;
use std::ops::{Add, Sub};

use crate::sorted::{Map, Set};
use crate::{GroupId, LogId, MemberId, RequestId};

/// A moment of the monotonic clock, in microseconds from an arbitrary start. Sessions and waits use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub u64);

impl Instant {
    /// This moment and `ms` milliseconds; a negative number counts as 0.
    pub fn plus_ms(self, ms: i64) -> Instant {
        Instant(
            self.0
                .saturating_add(u64::try_from(ms).unwrap_or(0).saturating_mul(1000)),
        )
    }
}

impl Add<u64> for Instant {
    type Output = Instant;
    fn add(self, micros: u64) -> Instant {
        Instant(self.0.saturating_add(micros))
    }
}

impl Sub for Instant {
    type Output = u64;
    fn sub(self, earlier: Instant) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A moment of the wall clock, in milliseconds since 1970 (UTC). Records and retention use it; it may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Kafka's "no timestamp".
    pub const NONE: Timestamp = Timestamp(-1);
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What both clocks show while an input is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// The monotonic clock.
    pub mono: Instant,
    /// The wall clock.
    pub wall: Timestamp,
}

/// Everything that the engine waits for. One variant, one promise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Remove a member that has sent neither heartbeat nor commit for its session timeout.
    Session {
        /// The member's group.
        group: GroupId,
        /// The silent member.
        member: MemberId,
    },
    /// Forget a member id that was handed out and never used to join.
    PendingMember {
        /// The group whose coordinator made the id.
        group: GroupId,
        /// The id.
        member: MemberId,
    },
    /// Stop waiting for members that have not joined again.
    Rebalance {
        /// The group that gathers.
        group: GroupId,
    },
    /// Remove members that have joined but not asked for their assignment.
    PendingSync {
        /// The group that waits.
        group: GroupId,
    },
    /// Answer a fetch that has waited `max_wait_ms` with what there is.
    FetchWait {
        /// The parked fetch.
        request: RequestId,
    },
    /// Answer a produce that has waited `timeout_ms` for its records to be stored with REQUEST_TIMED_OUT.
    ProduceWait {
        /// The parked produce.
        request: RequestId,
    },
    /// Force a log to disk, `flush.ms` after its first unflushed record.
    Flush {
        /// The log.
        log: LogId,
    },
    /// Delete segments that are past `retention.ms` or `retention.bytes`, in all logs.
    Retention,
    /// Drop committed offsets of groups that have long been empty.
    OffsetExpiry,
    /// Forget idempotent producers that have been silent for `producer.id.expiration.ms`.
    ProducerExpiry,
}

/// The pending timers: at most one moment for each [`Timer`].
#[derive(Debug, Clone, Default)]
pub struct Timers {
    queue: Set<(Instant, Timer)>,
    moments: Map<Timer, Instant>,
}

impl Timers {
    /// Sets `timer` to `at`, in place of an earlier setting.
    pub fn set(&mut self, timer: Timer, at: Instant) {
        if let Some(old) = self.moments.insert(timer.clone(), at) {
            if old == at {
                return;
            }
            self.queue.remove(&(old, timer.clone()));
        }
        self.queue.insert((at, timer));
    }

    /// Forgets `timer`; no harm if it is not set.
    pub fn cancel(&mut self, timer: &Timer) {
        if let Some(old) = self.moments.remove(timer) {
            self.queue.remove(&(old, timer.clone()));
        }
    }

    /// The moment that `timer` is set to.
    pub fn deadline(&self, timer: &Timer) -> Option<Instant> {
        self.moments.get(timer).copied()
    }

    /// The earliest timer.
    pub fn next(&self) -> Option<(Instant, Timer)> {
        self.queue.first().cloned()
    }

    /// Takes the earliest timer if it is due at `now`.
    pub fn pop_due(&mut self, now: Instant) -> Option<Timer> {
        if self.queue.first()?.0 > now {
            return None;
        }
        let (_, timer) = self.queue.pop_first()?;
        self.moments.remove(&timer);
        Some(timer)
    }
}
