//! One link to a broker: it learns which versions the broker speaks, numbers requests, and gives answers back to those who asked.

mod frames;
mod versions;

use std::collections::VecDeque;

use bytes::Bytes;
use kafka_protocol::messages::ApiVersionsRequest;
use kafka_protocol::protocol::StrBytes;
use ottla_core::Instant;

use crate::interface::{LinkId, LinkOp, Output};
use crate::network::{CallError, CallId, NetworkConfig, NetworkEvent, Peer};
use crate::protocol::{Request, Response};
use frames::Frames;
use versions::Versions;

/// A link that is there or is being made.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) link: LinkId,
    /// Whose it is, for events.
    pub(crate) peer: Peer,
    client_id: String,
    state: State,
    frames: Frames,
    /// Sent and not answered yet, in the order of sending, which is that of the answers.
    in_flight: VecDeque<InFlight>,
    last_correlation_id: i32,
    answers_count: u64,
    /// How often it was asked for its versions.
    questions_count: u64,
}

#[derive(Debug, Clone)]
enum State {
    /// The link is not there yet.
    Connecting {
        deadline: Instant,
    },
    /// ApiVersions has been asked.
    Negotiating,
    Ready(Versions),
}

#[derive(Debug, Clone)]
struct InFlight {
    /// `None` for the connection's own question, and for a call that was cancelled.
    call: Option<CallId>,
    request: Request,
    version: i16,
    correlation_id: i32,
    sent_at: Instant,
    timeout_ms: i64,
}

impl InFlight {
    fn deadline(&self) -> Instant {
        self.sent_at.plus_ms(self.timeout_ms)
    }
}

/// An answer that has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    /// `None` if nobody waits for it.
    pub(crate) call: Option<CallId>,
    pub(crate) response: Response,
}

/// A connection that has not kept its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Late {
    /// What took too long, for people.
    pub(crate) reason: String,
    /// The calls whose own time is up, and how long they have waited, in milliseconds.
    pub(crate) calls: Vec<(CallId, i64)>,
}

impl Connection {
    /// A link that is asked for and should be there by `deadline`.
    pub(crate) fn new(link: LinkId, peer: Peer, config: &NetworkConfig, deadline: Instant) -> Self {
        Self {
            link,
            peer,
            client_id: config.client_id.clone(),
            state: State::Connecting { deadline },
            frames: Frames::new(config.frame_max_bytes),
            in_flight: VecDeque::new(),
            last_correlation_id: -1,
            answers_count: 0,
            questions_count: 0,
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(_))
    }

    /// Whether it has answered more than which versions it speaks.
    pub(crate) fn has_answered(&self) -> bool {
        self.is_ready() && self.answers_count > self.questions_count
    }

    pub(crate) fn in_flight_count(&self) -> usize {
        self.in_flight.len()
    }

    /// The link is there: asks which versions the broker speaks.
    pub(crate) fn connected(
        &mut self,
        now: Instant,
        timeout_ms: i64,
        out: &mut Vec<Output>,
    ) -> Result<(), CallError> {
        self.state = State::Negotiating;
        self.ask_versions(now, API_VERSIONS_FIRST, timeout_ms, out)
    }

    fn ask_versions(
        &mut self,
        now: Instant,
        version: i16,
        timeout_ms: i64,
        out: &mut Vec<Output>,
    ) -> Result<(), CallError> {
        let request = ApiVersionsRequest::default()
            .with_client_software_name(StrBytes::from_static_str("ottla"))
            .with_client_software_version(StrBytes::from_static_str(env!("CARGO_PKG_VERSION")));
        self.questions_count += 1;
        self.put(now, None, request.into(), version, timeout_ms, out)
    }

    /// Sends a request in the best version that both sides speak.
    pub(crate) fn send(
        &mut self,
        now: Instant,
        call: CallId,
        request: Request,
        timeout_ms: i64,
        out: &mut Vec<Output>,
    ) -> Result<(), CallError> {
        let State::Ready(versions) = &self.state else {
            return Err(CallError::Disconnected(
                "the connection is not ready".into(),
            ));
        };
        let version = versions.choose(request.api())?;
        self.put(now, Some(call), request, version, timeout_ms, out)
    }

    fn put(
        &mut self,
        now: Instant,
        call: Option<CallId>,
        request: Request,
        version: i16,
        timeout_ms: i64,
        out: &mut Vec<Output>,
    ) -> Result<(), CallError> {
        let correlation_id = self.last_correlation_id.checked_add(1).unwrap_or(0);
        let frame = request.encode(version, correlation_id, &self.client_id)?;
        self.last_correlation_id = correlation_id;
        let event = NetworkEvent::RequestSent {
            link: self.link,
            peer: self.peer,
            api: request.api(),
            version,
            correlation_id,
            size_bytes: frame.len(),
        };
        out.push(Output::Event(event.into()));
        out.push(Output::Link(LinkOp::Send(self.link, frame)));
        if request.is_answered() {
            self.in_flight.push_back(InFlight {
                call,
                request,
                version,
                correlation_id,
                sent_at: now,
                timeout_ms,
            });
        }
        Ok(())
    }

    /// Takes bytes that came. What they hold is given out one by one by [`next`](Self::next).
    pub(crate) fn received(&mut self, bytes: Bytes) {
        self.frames.push(bytes);
    }

    /// The next answer, if it is there as a whole. An error is the end of the link: what the other side sends is no Kafka.
    pub(crate) fn next(
        &mut self,
        now: Instant,
        timeout_ms: i64,
        out: &mut Vec<Output>,
    ) -> Result<Option<Heard>, String> {
        let Some((correlation_id, answer)) = self.frames.next()? else {
            return Ok(None);
        };
        let size_bytes = 8 + answer.len();
        let Some(asked) = self.in_flight.front() else {
            return Err(format!(
                "the broker sent {size_bytes} bytes that nobody has asked for"
            ));
        };
        if asked.correlation_id != correlation_id {
            return Err(format!(
                "the broker answered request {correlation_id} where the answer to request {} was due",
                asked.correlation_id
            ));
        }
        let api = asked.request.api();
        let version = match versions::is_refusal(api, &answer) {
            true => 0,
            false => asked.version,
        };
        let response = Response::decode(&asked.request, version, answer);
        let response = response.map_err(|error| error.to_string())?;
        let event = NetworkEvent::ResponseReceived {
            link: self.link,
            peer: self.peer,
            api,
            version,
            correlation_id,
            size_bytes,
            waited_us: now - asked.sent_at,
        };
        out.push(Output::Event(event.into()));
        let (call, asked_version) = (asked.call, asked.version);
        self.in_flight.pop_front();
        self.answers_count += 1;
        if let (State::Negotiating, Response::ApiVersions(body)) = (&self.state, &response) {
            match Versions::learn(body, asked_version)? {
                versions::Learned::All(versions) => self.state = State::Ready(versions),
                versions::Learned::AskAgain(version) => {
                    self.ask_versions(now, version, timeout_ms, out)
                        .map_err(|error| error.to_string())?;
                }
            }
        }
        Ok(Some(Heard { call, response }))
    }

    /// Whose answer was due when what came was none. It is not among the [`unanswered`](Self::unanswered) then.
    pub(crate) fn take_due(&mut self) -> Option<CallId> {
        self.in_flight.pop_front()?.call
    }

    /// Nobody waits for this call's answer any more.
    pub(crate) fn cancel(&mut self, call: CallId) -> bool {
        let found = self
            .in_flight
            .iter_mut()
            .find(|asked| asked.call == Some(call));
        found.map(|asked| asked.call = None).is_some()
    }

    /// When something will have taken too long.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match self.state {
            State::Connecting { deadline } => Some(deadline),
            _ => self.in_flight.iter().map(InFlight::deadline).min(),
        }
    }

    /// What has taken too long, if anything has. Those calls are not among the [`unanswered`](Self::unanswered) then.
    pub(crate) fn overdue(&mut self, now: Instant) -> Option<Late> {
        if self.next_deadline().is_none_or(|deadline| deadline > now) {
            return None;
        }
        let late = |asked: &InFlight| asked.deadline() <= now;
        let reason = match self.in_flight.iter().find(|asked| late(asked)) {
            Some(asked) => format!(
                "no answer to {:?} within {} ms",
                asked.request.api(),
                asked.timeout_ms
            ),
            None => "the connection could not be made in time".into(),
        };
        let calls = self.in_flight.iter().filter(|asked| late(asked));
        let calls = calls
            .filter_map(|asked| Some((asked.call?, asked.timeout_ms)))
            .collect();
        self.in_flight.retain(|asked| !late(asked));
        Some(Late { reason, calls })
    }

    /// Whoever waits for an answer that will not come now.
    pub(crate) fn unanswered(self) -> Vec<CallId> {
        self.in_flight
            .into_iter()
            .filter_map(|asked| asked.call)
            .collect()
    }

    /// Why the other side has ended the link, and what that most likely means.
    pub(crate) fn explain(&self, reason: String) -> String {
        match self.state {
            State::Negotiating if self.answers_count == 0 => {
                format!("{reason}, before it said which versions it speaks; does it ask for TLS?")
            }
            State::Ready(_) if !self.has_answered() && !self.in_flight.is_empty() => {
                format!("{reason}, at the first request; does it ask for SASL?")
            }
            _ => reason,
        }
    }
}

/// The version in which ApiVersions is asked first: a broker that does not know it names those that it knows (KIP-511).
const API_VERSIONS_FIRST: i16 = 3;
