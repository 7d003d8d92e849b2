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
    /// The calls of the round before the pause, for when there is no time for another one.
    last_round: Vec<Call>,
    /// Why the last try failed.
    why: Option<String>,
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
            last_round: Vec::new(),
            why: None,
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
        match result {
            Ok(response) => call.state = CallState::Answered(Ok(response)),
            Err(error) if error.is_retriable() => {
                call.lose(error.to_string(), |failures| pause(now, failures, random));
                self.why.clone_from(&call.why);
            }
            Err(error) => {
                let error = AskError::from_call(self.question.call(), error);
                call.state = CallState::Answered(Err(error));
            }
        }
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
        let mut are_lost = false;
        for call in &self.file.calls {
            match call.state {
                CallState::Answered(_) => {}
                CallState::Lost => are_lost = true,
                _ => return None,
            }
        }
        if are_lost {
            self.file.start_over = Some(ErrorCode::NetworkException);
            return None;
        }
        self.question.turn(&mut Clerk::new(&mut self.file, true))
    }

    /// The question's time is over: it makes of the responses that there are what can be made.
    fn last_turn(&mut self) -> Value {
        let rounds = [
            std::mem::take(&mut self.file.calls),
            std::mem::take(&mut self.last_round),
        ];
        for calls in rounds.into_iter().filter(|calls| !calls.is_empty()) {
            self.file.calls = calls;
            for place in 0..self.file.calls.len() {
                self.close_call(place);
            }
            let value = self.question.turn(&mut Clerk::new(&mut self.file, false));
            if let Some(value) = value {
                return value;
            }
        }
        self.question.give_up(self.timed_out(self.why.clone()))
    }

    fn close_call(&mut self, place: usize) {
        let call = &self.file.calls[place];
        if matches!(call.state, CallState::Answered(_)) {
            return;
        }
        let answer = match &call.last {
            Some(response) => Ok(response.clone()),
            None => Err(self.timed_out(call.why.clone())),
        };
        self.file.calls[place].state = CallState::Answered(answer);
    }

    fn timed_out(&self, why: Option<String>) -> AskError {
        AskError::TimedOut {
            call: self.question.call(),
            after_ms: self.api_timeout_ms,
            why,
        }
    }

    /// Lets what was refused rest until it is sent again. Whom was asked, and what for they refused.
    pub(super) fn rest(&mut self, now: Instant, random: &mut Random) -> Vec<(Target, ErrorCode)> {
        let mut refused = Vec::new();
        if let Some(error) = self.file.start_over.take() {
            if error != ErrorCode::NetworkException {
                self.why = Some(error.message().to_owned());
            }
            self.restarts_count += 1;
            self.start_again = Some(pause(now, self.restarts_count, random));
            self.last_round = std::mem::take(&mut self.file.calls);
            refused.push((Target::Any, error));
        }
        for call in &mut self.file.calls {
            if let CallState::Refused(error) = call.state {
                self.why = Some(error.message().to_owned());
                call.failures_count += 1;
                call.state = CallState::Resting(pause(now, call.failures_count, random));
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
            CallState::Refused(_) | CallState::Sent | CallState::Lost | CallState::Answered(_) => {
                false
            }
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

/// The end of the pause after so many failures.
fn pause(now: Instant, failures_count: u32, random: &mut Random) -> Instant {
    now.plus_ms(BACKOFF.after(failures_count, random))
}

#[cfg(test)]
mod tests;
