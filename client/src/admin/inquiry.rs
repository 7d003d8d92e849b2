//! A question on its way: sent, sent again, given up.

use std::sync::Arc;

use ottla_core::{ErrorCode, Instant};

use super::clerk::{Call, CallFile, CallState, Clerk};
use super::{AdminConfig, AnyQuestion, AskError, Value};
use crate::backoff::Backoff;
use crate::network::{CallError, Target};
use crate::protocol::Response;
use crate::random::Random;

/// The pauses between tries: `retry.backoff.ms` and `retry.backoff.max.ms`.
const BACKOFF: Backoff = Backoff {
    base_ms: 100,
    max_ms: 1000,
};

/// A question with its requests.
#[derive(Debug, Clone)]
pub(super) struct Inquiry {
    question: Arc<dyn AnyQuestion>,
    file: CallFile,
    api_timeout_ms: i64,
    /// When it is given up.
    deadline: Instant,
    /// When it is given up if no broker can be reached.
    patience_ends: Instant,
    /// The pause before all is asked again, and how many there were.
    start_again: Option<Instant>,
    restarts_count: u32,
    /// What came of the last try that failed.
    last_failure: Option<String>,
}

impl Inquiry {
    pub(super) fn new(question: Arc<dyn AnyQuestion>, now: Instant, config: &AdminConfig) -> Self {
        Self {
            question,
            file: CallFile::default(),
            api_timeout_ms: config.api_timeout_ms,
            deadline: now.plus_ms(config.api_timeout_ms),
            patience_ends: now.plus_ms(config.patience_ms),
            start_again: None,
            restarts_count: 0,
            last_failure: None,
        }
    }

    /// Takes what came of a call.
    pub(super) fn arrive(
        &mut self,
        now: Instant,
        place: usize,
        result: Result<Response, CallError>,
        random: &mut Random,
    ) {
        let Some(call) = self.file.calls.get_mut(place) else {
            return;
        };
        call.state = match result {
            Ok(response) => CallState::Answered(Ok(response)),
            Err(error) if error.is_retriable() => {
                self.last_failure = Some(error.to_string());
                pause(call, now, random)
            }
            Err(error) => {
                CallState::Answered(Err(AskError::from_call(self.question.call(), error)))
            }
        };
    }

    /// Runs the question if it can go on. The value, if that was the end; `unreachable` says why no broker can be reached.
    pub(super) fn turn(&mut self, now: Instant, unreachable: Option<String>) -> Option<Value> {
        match unreachable {
            Some(why) if now >= self.patience_ends => {
                let call = self.question.call();
                return Some(self.question.give_up(AskError::Unreachable { call, why }));
            }
            _ if now >= self.deadline => return Some(self.last_turn()),
            _ => {}
        }
        if self.start_again.is_some_and(|moment| now < moment) {
            return None;
        }
        self.start_again = None;
        let mut calls = self.file.calls.iter();
        if !calls.all(|call| matches!(call.state, CallState::Answered(_))) {
            return None;
        }
        self.question.turn(&mut Clerk::new(&mut self.file, true))
    }

    /// The question's time is over: it makes of the responses that there are what can be made.
    fn last_turn(&mut self) -> Value {
        let error = AskError::TimedOut {
            call: self.question.call(),
            after_ms: self.api_timeout_ms,
            why: self.last_failure.take(),
        };
        for call in &mut self.file.calls {
            if !matches!(call.state, CallState::Answered(_)) {
                let last = call.last.take().ok_or_else(|| error.clone());
                call.state = CallState::Answered(last);
            }
        }
        let value = match self.file.calls.is_empty() {
            true => None,
            false => self.question.turn(&mut Clerk::new(&mut self.file, false)),
        };
        value.unwrap_or_else(|| self.question.give_up(error))
    }

    /// Lets what was refused rest until it is sent again. Whom was asked, and what for they refused.
    pub(super) fn rest(&mut self, now: Instant, random: &mut Random) -> Vec<(Target, ErrorCode)> {
        let mut refused = Vec::new();
        if let Some(error) = self.file.start_over.take() {
            self.last_failure = Some(error.message().to_owned());
            self.restarts_count += 1;
            let pause_ms = BACKOFF.after(self.restarts_count, random);
            self.start_again = Some(now.plus_ms(pause_ms));
            self.file.calls.clear();
            refused.push((Target::Any, error));
        }
        for call in &mut self.file.calls {
            if let CallState::Refused(error) = call.state {
                self.last_failure = Some(error.message().to_owned());
                call.state = pause(call, now, random);
                refused.push((call.target.clone(), error));
            }
        }
        refused
    }

    /// The calls that are to be sent now, with their places.
    pub(super) fn due(&mut self, now: Instant) -> impl Iterator<Item = (usize, &mut Call)> {
        let calls = self.file.calls.iter_mut().enumerate();
        calls.filter(move |(_, call)| match call.state {
            CallState::Wanted => true,
            CallState::Resting(until) => until <= now,
            CallState::Refused(_) | CallState::Sent | CallState::Answered(_) => false,
        })
    }

    pub(super) fn next_deadline(&self, is_unreachable: bool) -> Instant {
        let resting = self.file.calls.iter().filter_map(|call| match call.state {
            CallState::Resting(until) => Some(until),
            _ => None,
        });
        let patience = is_unreachable.then_some(self.patience_ends);
        let moments = resting.chain(self.start_again).chain(patience);
        moments.fold(self.deadline, Instant::min)
    }
}

fn pause(call: &mut Call, now: Instant, random: &mut Random) -> CallState {
    call.failures_count += 1;
    CallState::Resting(now.plus_ms(BACKOFF.after(call.failures_count, random)))
}
