use ottla_core::sorted::Map;

use ottla_core::{Input, Instant, LogId, MemoryStore, Offset, StoreOp};

/// A store in memory that can be slow, and can fail.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    /// What is stored.
    pub store: MemoryStore,
    delay_us: u64,
    /// The logs that take longer than others.
    slow: Map<LogId, u64>,
    /// What is on its way: each log in its order, the logs side by side.
    pending: Map<(Instant, u64), StoreOp>,
    ops_count: u64,
    /// The logs of which appends fail, until told otherwise.
    failing: Vec<LogId>,
    /// Where a log has lost an append: the broker does not know it yet, and what follows is lost too.
    torn: Map<LogId, Offset>,
}

impl Disk {
    /// From now on everything takes so long.
    pub fn takes_ms(&mut self, ms: u64) {
        self.delay_us = ms * 1000;
    }

    /// From now on everything about this log takes so long.
    pub fn log_takes_ms(&mut self, log: LogId, ms: u64) {
        self.slow.insert(log, ms * 1000);
    }

    /// From now on appends to this log fail, or no longer do.
    pub fn fails(&mut self, log: LogId, fails: bool) {
        self.failing.retain(|failing| *failing != log);
        if fails {
            self.failing.push(log);
        }
    }

    /// Whether nothing is on its way.
    pub fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    /// Takes an effect. If it is done at once, that is reported.
    pub(super) fn apply(&mut self, now: Instant, op: StoreOp) -> Option<Input> {
        let log = log_of(&op);
        let before = self.pending.iter().rev().find(|(_, op)| log_of(op) == log);
        let before = before.map(|((at, _), _)| *at);
        let delay_us = self.slow.get(&log).copied().unwrap_or(self.delay_us);
        if delay_us == 0 && before.is_none() {
            return self.perform(op);
        }
        let at = before.unwrap_or(now).max(now + delay_us);
        self.ops_count += 1;
        self.pending.insert((at, self.ops_count), op);
        None
    }

    pub(super) fn next_moment(&self) -> Option<Instant> {
        self.pending.keys().next().map(|(at, _)| *at)
    }

    /// Works until there is something to report.
    pub(super) fn next_report(&mut self, now: Instant) -> Option<Input> {
        while self.next_moment().is_some_and(|at| at <= now) {
            let (_, op) = self.pending.pop_first()?;
            let report = self.perform(op);
            if report.is_some() {
                return report;
            }
        }
        None
    }

    /// The process is killed.
    pub(super) fn lose_pending(&mut self) {
        self.pending.clear();
        self.torn.clear();
    }

    fn perform(&mut self, op: StoreOp) -> Option<Input> {
        let (log, from, through) = match &op {
            StoreOp::Append {
                log,
                base_offset,
                header,
                ..
            } => {
                let through = *base_offset + i64::from(header.last_offset_delta) + 1;
                (*log, *base_offset, through)
            }
            StoreOp::Producers { log, offset, .. } if self.is_lost(*log, *offset) => return None,
            StoreOp::Epoch {
                log, start_offset, ..
            } if self.failing.contains(log) || self.is_lost(*log, *start_offset) => return None,
            _ => {
                self.store.apply(op);
                return None;
            }
        };
        if self.is_lost(log, from) {
            return None;
        }
        if self.failing.contains(&log) {
            self.torn.insert(log, from);
            return Some(Input::StoreFailed { log, from });
        }
        self.torn.remove(&log);
        self.store.apply(op);
        Some(Input::Stored { log, through })
    }

    /// What the broker wanted behind an append that failed, before it knew.
    fn is_lost(&self, log: LogId, offset: Offset) -> bool {
        self.torn.get(&log).is_some_and(|from| offset > *from)
    }
}

fn log_of(op: &StoreOp) -> LogId {
    match op {
        StoreOp::Create { log, .. }
        | StoreOp::Append { log, .. }
        | StoreOp::Flush { log }
        | StoreOp::DeleteSegments { log, .. }
        | StoreOp::LogStart { log, .. }
        | StoreOp::Epoch { log, .. }
        | StoreOp::Producers { log, .. }
        | StoreOp::Delete { log } => *log,
    }
}
