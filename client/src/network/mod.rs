//! All brokers of a cluster as one: who is there, who leads what, who coordinates whom, and when to try again.
//!
//! An owner asks with [`Network::request`] and gets an [`Arrival`] from [`Network::handle`], exactly one for each call that it has not cancelled. On the
//! way the network connects (and connects again, with back-off), fetches metadata and looks for coordinators, as far as the [`Target`] needs
//! it. It does *not* repeat an owner's request: whether to ask again is for the owner to say, who alone knows what a request has done.
//!
//! | file | what it is |
//! |---|---|
//! | `route` | from a target to a connection; the queue of what cannot be sent yet |
//! | `links` | what happens on links: made, lost, answered, too slow |
//! | `refresh` | metadata: what is watched, when it is fetched, what a new one changes |
//! | `coordinators` | who coordinates a group |

mod call;
mod config;
mod coordinators;
mod event;
mod links;
mod metadata;
mod refresh;
mod route;

use ottla_core::sorted::Map;
use ottla_core::{Instant, Now};

use crate::interface::{Input, LinkOp, Output};
use crate::protocol::Request;
use crate::random::Random;
pub use call::{Arrival, BrokerId, CallError, CallId, CoordinatorKey, Target};
pub use config::NetworkConfig;
use coordinators::Coordinator;
pub use event::{NetworkEvent, Peer};
use links::Place;
pub use metadata::{Broker, Metadata, Partition, Topic};
use refresh::Refresh;
pub use refresh::WatchedTopics;
use route::{Purpose, Queued};

/// A client's view of its cluster, and its connections to it.
#[derive(Debug, Clone)]
pub struct Network {
    config: NetworkConfig,
    owner: u32,
    random: Random,
    links_count: u32,
    calls_count: u64,
    /// Boxed, as is what is queued: a node of a map has room for eleven, and a client is often copied.
    places: Map<Peer, Box<Place>>,
    /// Calls that are not sent yet, in the order in which they were asked.
    queue: Map<CallId, Box<Queued>>,
    /// Who is to be ready to be asked, and the metadata that was there when that was wished for.
    wishes: Map<Target, u64>,
    /// The network's own calls, queued or sent.
    own_calls: Map<CallId, Purpose>,
    metadata: Metadata,
    refresh: Refresh,
    coordinators: Map<CoordinatorKey, Coordinator>,
    /// Results that the owner has not seen yet.
    settled: Vec<Arrival>,
    /// When something that had to wait may be tried again.
    wake_at: Option<Instant>,
}

impl Network {
    /// A network without connections. `owner` marks its links; `seed` decides whom it asks first, and the jitter of its waits.
    pub fn new(config: NetworkConfig, owner: u32, seed: u64) -> Self {
        let places = config.bootstrap.iter().enumerate();
        let places =
            places.map(|(index, address)| (Peer::Bootstrap(index), Box::new(Place::new(address))));
        Self {
            places: places.collect(),
            config,
            owner,
            random: Random::new(seed),
            links_count: 0,
            calls_count: 0,
            queue: Map::new(),
            wishes: Map::new(),
            own_calls: Map::new(),
            metadata: Metadata::default(),
            refresh: Refresh::default(),
            coordinators: Map::new(),
            settled: Vec::new(),
            wake_at: None,
        }
    }

    /// Asks. The request waits until it can be sent, for `request_timeout_ms` at most, and then as long for its answer.
    pub fn request(
        &mut self,
        now: Now,
        to: Target,
        request: Request,
        out: &mut Vec<Output>,
    ) -> CallId {
        self.request_within(now, to, request, self.config.request_timeout_ms, out)
    }

    /// Asks with a time-out of its own, for requests that wait at the broker (JoinGroup).
    pub fn request_within(
        &mut self,
        now: Now,
        to: Target,
        request: Request,
        timeout_ms: i64,
        out: &mut Vec<Output>,
    ) -> CallId {
        let call = self.enqueue(now.mono, to, request, timeout_ms, Purpose::Owner);
        self.pump(now.mono, out);
        call
    }

    /// Takes an input. What became of calls is added to `arrived`. Inputs about others' links do nothing.
    pub fn handle(
        &mut self,
        now: Now,
        input: Input,
        arrived: &mut Vec<Arrival>,
        out: &mut Vec<Output>,
    ) {
        if let Input::Link(input) = input {
            self.link(now.mono, input, out);
        }
        self.expire(now.mono, out);
        self.pump(now.mono, out);
        arrived.append(&mut self.settled);
    }

    /// When [`Input::Tick`] could change something.
    pub fn next_deadline(&self) -> Option<Instant> {
        if !self.settled.is_empty() {
            return Some(Instant(0));
        }
        let connections = self
            .places
            .values()
            .filter_map(|place| place.connection.as_ref());
        let connections = connections.filter_map(|connection| connection.next_deadline());
        let queued = self.queue.values().map(|queued| queued.deadline);
        connections
            .chain(queued)
            .chain(self.wake_at)
            .chain(self.metadata_is_old_at())
            .min()
    }

    /// Forgets a call: no arrival tells of it any more. What was sent cannot be called back.
    pub fn cancel(&mut self, call: CallId) {
        if self.queue.remove(&call).is_some() {
            return;
        }
        let mut connections = self
            .places
            .values_mut()
            .filter_map(|place| place.connection.as_mut());
        if !connections.any(|connection| connection.cancel(call)) {
            self.settled.retain(|arrival| arrival.call != call);
        }
    }

    /// What the cluster has told about itself.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Which topics metadata is to cover from now on, and whether asking for one may create it. Fetches it if there is anything new.
    pub fn watch_topics(
        &mut self,
        now: Now,
        topics: WatchedTopics,
        allow_auto_create: bool,
        out: &mut Vec<Output>,
    ) {
        self.watch(now.mono, topics, allow_auto_create);
        self.pump(now.mono, out);
    }

    /// Asks for new metadata: at once, or when the last time is long enough ago. Requests to the controller wait for it.
    pub fn refresh_metadata(&mut self, now: Now, out: &mut Vec<Output>) {
        self.refresh.wanted = true;
        self.refresh.is_doubted = true;
        self.pump(now.mono, out);
    }

    /// The coordinator said that it is none: the next request to it looks for it anew.
    pub fn forget_coordinator(&mut self, key: &CoordinatorKey, out: &mut Vec<Output>) {
        self.lose_coordinator(key, out);
    }

    /// Closes all connections and forgets everything that was asked.
    pub fn close(&mut self, out: &mut Vec<Output>) {
        for place in self.places.values_mut() {
            if let Some(connection) = place.connection.take() {
                out.push(Output::Link(LinkOp::Close(connection.link)));
            }
        }
        self.queue.clear();
        self.wishes.clear();
        self.own_calls.clear();
        self.settled.clear();
        self.coordinators.clear();
        self.refresh = Refresh::default();
        self.wake_at = None;
    }

    /// Makes sure of being woken at `at`.
    fn wake(&mut self, at: Instant) {
        self.wake_at = Some(self.wake_at.map_or(at, |earlier| earlier.min(at)));
    }
}
