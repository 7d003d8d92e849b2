//! The requests of one connection, from their arrival to their answers.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::ConnectionId;

use super::fetch::FetchContext;
use super::outbox::{Answer, Outbox};
use crate::api::{Action, Then};
use crate::frame::{Call, Client, Header};

/// A connection: what runs, in the order of the answers, and what waits to be started.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) client: Arc<Client>,
    running: VecDeque<Running>,
    /// The sequence of the first of `running`, and of the next to be started if there is none.
    first_sequence: u64,
    waiting: VecDeque<Call>,
    bytes_in_flight: usize,
    /// The last of `waiting` closes the connection.
    closes: bool,
    closed: bool,
}

/// A request that has been started.
#[derive(Debug, Clone)]
struct Running {
    header: Header,
    size_bytes: usize,
    is_produce: bool,
    step: Step,
}

/// How far a request has come.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// It is being looked at.
    Started,
    /// The engine was asked; this turns its response into the answer.
    Asked(Then),
    /// The engine was asked for records.
    Fetching(Box<FetchContext>),
    /// It is answered, but an earlier one is not.
    Done(Done),
}

/// An answer that may have to wait for earlier ones.
#[derive(Debug, Clone)]
pub(super) enum Done {
    Frame(Bytes),
    Nothing,
    Close,
}

impl Connection {
    pub(super) fn new(client: Client) -> Connection {
        Connection {
            client: Arc::new(client),
            running: VecDeque::new(),
            first_sequence: 0,
            waiting: VecDeque::new(),
            bytes_in_flight: 0,
            closes: false,
            closed: false,
        }
    }

    pub(super) fn wants_more(&self) -> bool {
        !self.closed
            && !self.closes
            && self.bytes_in_flight < BYTES_IN_FLIGHT_MAX
            && self.running.len() + self.waiting.len() < REQUESTS_IN_FLIGHT_MAX
    }

    /// Nothing is taken behind a request that closes the connection.
    pub(super) fn push(&mut self, call: Call) {
        if !self.closed && !self.closes {
            self.closes = matches!(call.action, Action::Close);
            self.bytes_in_flight += call.size_bytes;
            self.waiting.push_back(call);
        }
    }

    /// Starts the next request if it may run beside those that do: only produces run beside each other, everything else runs alone.
    pub(super) fn start(&mut self) -> Option<(u64, Action)> {
        let is_produce = self.waiting.front()?.is_produce();
        let alone = !is_produce || self.running.back().is_some_and(|last| !last.is_produce);
        if alone && !self.running.is_empty() {
            return None;
        }
        let call = self.waiting.pop_front()?;
        let sequence = self.first_sequence + self.running.len() as u64;
        self.running.push_back(Running {
            header: call.header,
            size_bytes: call.size_bytes,
            is_produce,
            step: Step::Started,
        });
        Some((sequence, call.action))
    }

    pub(super) fn header(&self, sequence: u64) -> Option<&Header> {
        self.running
            .get(self.index(sequence)?)
            .map(|running| &running.header)
    }

    /// Sets how far a request has come, and says how far it was.
    pub(super) fn set(&mut self, sequence: u64, step: Step) -> Option<Step> {
        let index = self.index(sequence)?;
        let running = self.running.get_mut(index)?;
        Some(std::mem::replace(&mut running.step, step))
    }

    /// Sends the answers whose turn it is.
    pub(super) fn flush<E>(&mut self, id: ConnectionId, out: &mut Outbox<E>) {
        while let Some(Running {
            step: Step::Done(done),
            size_bytes,
            ..
        }) = self
            .running
            .pop_front_if(|running| matches!(running.step, Step::Done(_)))
        {
            self.first_sequence += 1;
            self.bytes_in_flight -= size_bytes;
            out.answer(
                id,
                match done {
                    Done::Frame(frame) => Answer::Frame(frame.into()),
                    Done::Nothing => Answer::Nothing,
                    Done::Close => {
                        self.close();
                        Answer::Close
                    }
                },
            );
        }
    }

    /// Takes out a request that is answered at once. It must be the only one that runs.
    pub(super) fn finish_alone(&mut self, sequence: u64) {
        debug_assert_eq!((self.first_sequence, self.running.len()), (sequence, 1));
        if let Some(running) = self.running.pop_front() {
            self.first_sequence += 1;
            self.bytes_in_flight -= running.size_bytes;
        }
    }

    /// Nothing is answered any more.
    fn close(&mut self) {
        self.closed = true;
        self.first_sequence += self.running.len() as u64;
        self.running.clear();
        self.waiting.clear();
        self.bytes_in_flight = 0;
    }

    fn index(&self, sequence: u64) -> Option<usize> {
        usize::try_from(sequence.checked_sub(self.first_sequence)?).ok()
    }
}

/// So many bytes of requests may be unanswered before the shell is asked to stop reading; one request more may come, of any size.
const BYTES_IN_FLIGHT_MAX: usize = 16 << 20;
/// So many requests may be unanswered.
const REQUESTS_IN_FLIGHT_MAX: usize = 64;
