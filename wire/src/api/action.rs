use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::protocol::{Encodable, HeaderVersion};
use ottla_core::{Broker, LogId, Offset, Request, Response, Timestamp};

use super::p01_fetch::FetchCall;
use crate::frame::{self, Client, Header};
use crate::store::{Store, StoreError};

/// What it takes to answer a request. A value, so that a gateway with all that waits in it can be copied.
#[derive(Clone)]
pub(crate) enum Action {
    /// Look at the engine.
    View(View),
    /// Ask the engine, then write the answer.
    Engine(Request, Then),
    /// Fetch records: the gateway knows the session, and where its store has them.
    Fetch(Box<FetchCall>),
    /// This is the answer: a frame.
    Answer(Bytes),
    /// There is none (a produce with `acks=0`).
    Nothing,
    /// There is none, and the connection is closed.
    Close,
}

type View = Arc<dyn Fn(&mut World<'_>) -> Action + Send + Sync>;

/// How an answer is made out of the engine's response.
#[derive(Clone)]
pub(crate) enum Then {
    /// The response says it all.
    Response(fn(Response, &mut World<'_>) -> Action),
    /// Something of the request is needed too.
    With(Answering),
}

type Answering = Arc<dyn Fn(Response, &mut World<'_>) -> Action + Send + Sync>;

impl Action {
    /// Answers with `body`, in the request's version. Only what this version knows may be set in it.
    pub(crate) fn answer<T: Encodable + HeaderVersion>(header: &Header, body: &T) -> Action {
        match frame::encode(header, body) {
            Ok(frame) => Action::Answer(frame),
            Err(error) => {
                // A mistake of this crate, which costs one client its connection and not everybody the broker.
                debug_assert!(false, "{header:?} cannot be answered: {error}");
                Action::Close
            }
        }
    }

    /// Answers out of the engine's views.
    pub(crate) fn view(look: impl Fn(&mut World<'_>) -> Action + Send + Sync + 'static) -> Action {
        Action::View(Arc::new(look))
    }

    /// Answers out of the engine's response.
    pub(crate) fn engine(request: Request, then: fn(Response, &mut World<'_>) -> Action) -> Action {
        Action::Engine(request, Then::Response(then))
    }

    /// Answers out of the engine's response and what `then` has kept of the request.
    pub(crate) fn engine_with(
        request: Request,
        then: impl Fn(Response, &mut World<'_>) -> Action + Send + Sync + 'static,
    ) -> Action {
        Action::Engine(request, Then::With(Arc::new(then)))
    }
}

impl Then {
    pub(crate) fn answer(&self, response: Response, world: &mut World<'_>) -> Action {
        match self {
            Then::Response(then) => then(response, world),
            Then::With(then) => then(response, world),
        }
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::View(_) => f.write_str("View"),
            Action::Fetch(call) => f.debug_tuple("Fetch").field(call).finish(),
            Action::Engine(request, _) => f.debug_tuple("Engine").field(request).finish(),
            Action::Answer(frame) => f.debug_tuple("Answer").field(&frame.len()).finish(),
            Action::Nothing => f.write_str("Nothing"),
            Action::Close => f.write_str("Close"),
        }
    }
}

impl fmt::Debug for Then {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Then")
    }
}

/// What an answer may be made of.
pub(crate) struct World<'a> {
    /// The engine's views.
    pub(crate) broker: &'a Broker,
    /// The store, for a search in records.
    pub(crate) store: &'a mut dyn Search,
    /// The request's header.
    pub(crate) header: &'a Header,
    /// Who asks.
    pub(crate) client: &'a Client,
}

impl World<'_> {
    /// The version in which the request is written and the answer is to be.
    pub(crate) fn version(&self) -> i16 {
        self.header.version
    }

    /// Answers with `body`, in the request's version. Only what this version knows may be set in it.
    pub(crate) fn answer<T: Encodable + HeaderVersion>(&self, body: &T) -> Action {
        Action::answer(self.header, body)
    }
}

/// The part of a [`Store`] that needs no type of its own.
pub(crate) trait Search {
    /// See [`Store::find_timestamp`].
    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError>;
}

impl<S: Store> Search for S {
    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError> {
        Store::find_timestamp(self, log, segment, from, timestamp)
    }
}

/// The engine has answered with a response of another kind: a bug.
pub(crate) fn mismatch(response: &Response) -> ! {
    unreachable!("the engine's response is of another kind than its request: {response:?}")
}
