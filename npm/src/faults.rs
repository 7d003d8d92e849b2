//! What a test lets go wrong: requests that fail, wait, or end their connection.

mod rule;

use bytes::Bytes;
use ottla_core::sorted::Map;
use ottla_core::{ConnectionId, ErrorCode, Instant};
use ottla_wire::{Call, Client, decode, refuse};

pub use rule::FaultOptions;
use rule::{Effect, Rule};

/// The faults of one broker, and the requests that they hold up.
///
/// A request meets at most two of them: the first that delays it, and then, when it is due, the first that fails it or ends its connection.
/// A request that is delayed delays those behind it on its connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    /// A fault's number is its place here.
    rules: Vec<Rule>,
    delayed: Map<(Instant, u64), Delayed>,
    delayed_count: u64,
}

/// A request that waits.
#[derive(Debug, Clone)]
pub(crate) struct Delayed {
    pub(crate) connection: ConnectionId,
    frame: Bytes,
    call: Call,
}

impl Faults {
    /// Adds a fault, and returns its number.
    pub(crate) fn add(&mut self, options: FaultOptions) -> u32 {
        self.rules.push(Rule::new(options));
        u32::try_from(self.rules.len() - 1).unwrap_or(u32::MAX)
    }

    /// How many requests a fault has met.
    pub(crate) fn hits(&self, fault: u32) -> Option<u32> {
        Some(self.rules.get(fault as usize)?.hits)
    }

    /// Ends a fault. What it delays goes on waiting.
    pub(crate) fn remove(&mut self, fault: u32) {
        if let Some(rule) = self.rules.get_mut(fault as usize) {
            rule.end();
        }
    }

    /// The call that becomes of a frame; `None` if it has to wait.
    pub(crate) fn meet(
        &mut self,
        now: Instant,
        connection: ConnectionId,
        frame: Bytes,
        client: &Client,
    ) -> Option<Call> {
        let Ok(call) = decode(frame.clone(), client) else {
            return Some(Call::close());
        };
        let delay_us = self.rules.iter_mut().find_map(|rule| match rule.effect {
            Effect::Delay { delay_us } => rule.meets(&call.header).then_some(delay_us),
            _ => None,
        });
        let Some(delay_us) = delay_us else {
            return Some(self.outcome(frame, call, client));
        };
        self.delayed_count += 1;
        let delayed = Delayed {
            connection,
            frame,
            call,
        };
        self.delayed
            .insert((now + delay_us, self.delayed_count), delayed);
        None
    }

    /// When the first request that waits is due.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let ((due, _), _) = self.delayed.first_key_value()?;
        Some(*due)
    }

    /// A request that has waited long enough.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Delayed> {
        if self.next_deadline()? > now {
            return None;
        }
        self.delayed.pop_first().map(|(_, delayed)| delayed)
    }

    /// The call that becomes of a request that has waited.
    pub(crate) fn after(&mut self, delayed: Delayed, client: &Client) -> Call {
        self.outcome(delayed.frame, delayed.call, client)
    }

    /// Nobody waits for an answer any more.
    pub(crate) fn forget_delayed(&mut self) {
        self.delayed.clear();
    }

    fn outcome(&mut self, frame: Bytes, call: Call, client: &Client) -> Call {
        let error = self.rules.iter_mut().find_map(|rule| match rule.effect {
            Effect::Delay { .. } => None,
            Effect::Fail { error } => rule.meets(&call.header).then_some(Some(error)),
            Effect::Disconnect => rule.meets(&call.header).then_some(None),
        });
        match error {
            None => call,
            Some(Some(error)) => refused(frame, client, error),
            Some(None) => Call::close(),
        }
    }
}

fn refused(frame: Bytes, client: &Client, error: ErrorCode) -> Call {
    refuse(frame, client, error).unwrap_or_else(|_| Call::close())
}
