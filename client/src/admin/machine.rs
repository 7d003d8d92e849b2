//! The machine that asks.

use std::sync::Arc;

use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, Instant, Now};

use super::clerk::CallState;
use super::inquiry::Inquiry;
use super::{AdminConfig, AnyQuestion, AskError, Question, Value};
use crate::interface::{Input, Output};
use crate::network::{Arrival, CallId, Network, NetworkConfig, Target};
use crate::random::Random;

/// Asks a cluster [`Question`]s, side by side if one likes, on connections of its own.
///
/// A question is asked again, after a pause, while that may help and `api_timeout_ms` is not over.
#[derive(Debug, Clone)]
pub struct Admin {
    config: AdminConfig,
    network: Network,
    /// For the pauses between tries.
    random: Random,
    inquiries: Map<InquiryId, Inquiry>,
    inquiries_count: u64,
    /// Which request of which inquiry a call of the network is for.
    calls: Map<CallId, (InquiryId, usize)>,
    /// Answers that nobody has taken yet: of questions that needed no request.
    settled: Vec<Answered>,
}

/// A question that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InquiryId(pub u64);

/// What came of a question.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The question.
    pub inquiry: InquiryId,
    /// A `Result<Q::Answer, AskError>`.
    pub value: Value,
}

impl Answered {
    /// The answer, if the question was a `Q`.
    pub fn to<Q: Question>(&self) -> Option<Result<Q::Answer, AskError>> {
        self.value.get()
    }
}

impl Admin {
    /// An admin that has not yet asked anything, and so is not connected.
    pub fn new(config: AdminConfig, owner: u32, seed: u64) -> Self {
        let network = NetworkConfig {
            client_id: config.client_id.clone(),
            connect_timeout_ms: config.connect_timeout_ms,
            request_timeout_ms: config.request_timeout_ms,
            ..NetworkConfig::new(config.bootstrap.clone())
        };
        Self {
            network: Network::new(network, owner, seed),
            config,
            random: Random::new(seed),
            inquiries: Map::new(),
            inquiries_count: 0,
            calls: Map::new(),
            settled: Vec::new(),
        }
    }

    /// Asks. The answer comes out of [`handle`](Self::handle), also where nobody had to be asked.
    pub fn ask(
        &mut self,
        now: Now,
        question: Arc<dyn AnyQuestion>,
        out: &mut Vec<Output>,
    ) -> InquiryId {
        self.inquiries_count += 1;
        let id = InquiryId(self.inquiries_count);
        let inquiry = Inquiry::new(question, now.mono, &self.config);
        self.inquiries.insert(id, inquiry);
        let mut settled = std::mem::take(&mut self.settled);
        self.proceed(now, id, &mut settled, out);
        self.settled = settled;
        id
    }

    /// Takes an input. Answers go into `answered`, each once.
    pub fn handle(
        &mut self,
        now: Now,
        input: Input,
        answered: &mut Vec<Answered>,
        out: &mut Vec<Output>,
    ) {
        let mut arrived = Vec::new();
        self.network.handle(now, input, &mut arrived, out);
        for arrival in arrived {
            self.arrive(now, arrival);
        }
        answered.append(&mut self.settled);
        let inquiries: Vec<InquiryId> = self.inquiries.keys().copied().collect();
        for id in inquiries {
            self.proceed(now, id, answered, out);
        }
    }

    /// When it wants an [`Input::Tick`].
    pub fn next_deadline(&self) -> Option<Instant> {
        if !self.settled.is_empty() {
            return Some(Instant(0));
        }
        let is_unreachable = self.network.why_unreachable().is_some();
        let inquiries = self.inquiries.values();
        let own = inquiries.map(|inquiry| inquiry.next_deadline(is_unreachable));
        own.chain(self.network.next_deadline()).min()
    }

    /// Ends all connections. What is not answered will not be.
    pub fn close(&mut self, out: &mut Vec<Output>) {
        self.inquiries.clear();
        self.calls.clear();
        self.settled.clear();
        self.network.close(out);
    }

    fn arrive(&mut self, now: Now, arrival: Arrival) {
        let Some((id, place)) = self.calls.remove(&arrival.call) else {
            return;
        };
        if let Some(inquiry) = self.inquiries.get_mut(&id) {
            inquiry.arrive(now.mono, place, arrival.result, &mut self.random);
        }
    }

    /// Does what can be done for an inquiry now.
    fn proceed(
        &mut self,
        now: Now,
        id: InquiryId,
        answered: &mut Vec<Answered>,
        out: &mut Vec<Output>,
    ) {
        let Some(inquiry) = self.inquiries.get_mut(&id) else {
            return;
        };
        if let Some(value) = inquiry.turn(now.mono, self.network.why_unreachable()) {
            self.inquiries.remove(&id);
            self.calls.retain(|call, (of, _)| {
                if *of == id {
                    self.network.cancel(*call);
                }
                *of != id
            });
            answered.push(Answered { inquiry: id, value });
            return;
        }
        for (target, error) in inquiry.rest(now.mono, &mut self.random) {
            forget(&mut self.network, now, target, error, out);
        }
        for (place, call) in inquiry.due(now.mono) {
            let (target, request) = (call.target.clone(), call.request.clone());
            let call_id = self.network.request(now, target, request, out);
            call.state = CallState::Sent;
            self.calls.insert(call_id, (id, place));
        }
    }
}

/// An error that says "not me": whoever it is has to be looked up again.
fn forget(
    network: &mut Network,
    now: Now,
    target: Target,
    error: ErrorCode,
    out: &mut Vec<Output>,
) {
    match (target, error) {
        (
            Target::Coordinator(key),
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable,
        ) => network.forget_coordinator(&key, out),
        (Target::Controller, ErrorCode::NotController) | (Target::Any, _) => {
            network.refresh_metadata(now, out)
        }
        _ => {}
    }
}
