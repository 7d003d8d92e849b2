//! Where a call goes, and when: the queue in front of the connections.

use std::ops::Bound::{Excluded, Unbounded};

use ottla_core::sorted::Set;
use ottla_core::{Instant, Now};

use super::{Arrival, BrokerId, CallError, CallId, CoordinatorKey, Network, Peer, Target};
use crate::interface::Output;
use crate::protocol::{Request, Response};

/// A call that is not sent yet.
#[derive(Debug, Clone)]
pub(super) struct Queued {
    target: Target,
    request: Request,
    timeout_ms: i64,
    pub(super) deadline: Instant,
    /// The metadata that was there when it was asked: what is missing in newer metadata is really not there.
    epoch: u64,
}

impl Queued {
    /// How long it waits in the queue, and then for its answer.
    pub(super) fn timeout_ms(&self) -> i64 {
        self.timeout_ms
    }
}

/// Whose call it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    Owner,
    Metadata,
    Coordinator(CoordinatorKey),
}

/// Where a call goes.
enum Route {
    To(Peer),
    /// Something has to be found out first, and is being asked for.
    Wait,
    Fail(CallError),
}

impl Network {
    /// Whether a request to this target would be sent at once. See also [`prepare`](Self::prepare).
    pub fn can_send(&self, to: &Target) -> bool {
        let peers = match to {
            Target::Any => self.candidates(),
            _ => self.place_of(to).into_iter().collect(),
        };
        peers.iter().any(|peer| {
            let waiting = self
                .queue
                .values()
                .filter(|queued| self.place_of(&queued.target) == Some(*peer));
            let taken = self
                .in_flight_count(*peer)
                .map(|count| count + waiting.count());
            taken.is_some_and(|taken| taken < self.config.max_in_flight)
        })
    }

    /// Does what is needed before something can be sent to this target: connects, fetches metadata, looks for the coordinator. An attempt that
    /// fails is not made again by itself.
    pub fn prepare(&mut self, now: Now, to: &Target, out: &mut Vec<Output>) {
        self.wishes.insert(to.clone(), self.metadata.epoch);
        self.pump(now.mono, out);
    }

    pub(super) fn enqueue(
        &mut self,
        now: Instant,
        target: Target,
        request: Request,
        timeout_ms: i64,
        purpose: Purpose,
    ) -> CallId {
        self.calls_count += 1;
        let call = CallId(self.calls_count);
        if purpose != Purpose::Owner {
            self.own_calls.insert(call, purpose);
        }
        let queued = Queued {
            target,
            request,
            timeout_ms,
            deadline: now.plus_ms(timeout_ms),
            epoch: self.metadata.epoch,
        };
        self.queue.insert(call, Box::new(queued));
        call
    }

    /// Sends what can be sent, and sees to it that the rest can be.
    pub(super) fn pump(&mut self, now: Instant, out: &mut Vec<Output>) {
        self.wake_at = None;
        self.refresh_if_due(now);
        // What waits for a connection keeps its order: nothing behind it is tried.
        let mut blocked: Set<Peer> = Set::new();
        let mut last = CallId(0);
        while let Some((call, queued)) = self.queue.range((Excluded(last), Unbounded)).next() {
            last = *call;
            let (target, epoch) = (queued.target.clone(), queued.epoch);
            match self.route(now, &target, epoch) {
                Route::To(peer) if blocked.contains(&peer) => {}
                Route::To(peer) if self.has_room(peer) => self.send(now, last, peer, out),
                Route::To(peer) => {
                    blocked.insert(peer);
                    self.connect_if_due(now, peer, out);
                }
                Route::Wait => {}
                Route::Fail(error) => self.fail(now, last, error, out),
            }
        }
        self.grant_wishes(now, out);
    }

    /// Sees to it that one can send to those who were asked for by [`prepare`](Self::prepare).
    fn grant_wishes(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mut wishes = std::mem::take(&mut self.wishes);
        wishes.retain(|target, epoch| match self.route(now, target, *epoch) {
            Route::To(peer) => {
                self.connect_if_due(now, peer, out);
                self.in_flight_count(peer).is_none()
            }
            Route::Wait => true,
            Route::Fail(_) => false,
        });
        self.wishes = wishes;
    }

    /// A connection has ended: nobody is known to want it any more.
    pub(super) fn forget_wishes(&mut self, peer: Peer) {
        let wishes = std::mem::take(&mut self.wishes).into_iter();
        let others = wishes
            .filter(|(target, _)| *target != Target::Any && self.place_of(target) != Some(peer));
        self.wishes = others.collect();
    }

    fn send(&mut self, now: Instant, call: CallId, peer: Peer, out: &mut Vec<Output>) {
        let (Some(queued), Some(place)) = (self.queue.remove(&call), self.places.get_mut(&peer))
        else {
            return;
        };
        let Some(connection) = place.connection.as_mut() else {
            return;
        };
        let silent = (!queued.request.is_answered()).then(|| Response::Produce(Default::default()));
        let sent = connection.send(now, call, queued.request, queued.timeout_ms, out);
        match (sent, silent) {
            (Err(error), _) => self.settle(now, call, peer.broker(), Err(error), out),
            (Ok(()), Some(response)) => self.settle(now, call, peer.broker(), Ok(response), out),
            (Ok(()), None) => {}
        }
    }

    /// A call is over that was never sent.
    pub(super) fn fail(
        &mut self,
        now: Instant,
        call: CallId,
        error: CallError,
        out: &mut Vec<Output>,
    ) {
        self.queue.remove(&call);
        self.settle(now, call, None, Err(error), out);
    }

    /// A call is over.
    pub(super) fn settle(
        &mut self,
        now: Instant,
        call: CallId,
        broker: Option<BrokerId>,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        match self.own_calls.remove(&call) {
            Some(Purpose::Metadata) => self.metadata_arrived(now, result, out),
            Some(Purpose::Coordinator(key)) => self.coordinator_arrived(now, key, result, out),
            Some(Purpose::Owner) | None => self.settled.push(Arrival {
                call,
                broker,
                result,
            }),
        }
    }

    /// Where a call goes that was asked when metadata was at `epoch`.
    fn route(&mut self, now: Instant, target: &Target, epoch: u64) -> Route {
        match target {
            Target::Any => self.route_to_any(now),
            Target::Controller if self.metadata.epoch == 0 || self.refresh.is_doubted => {
                self.wait_for_metadata(now)
            }
            Target::Controller => match self.metadata.controller {
                Some(id) => Route::To(Peer::Broker(id)),
                None => self.route_to_any(now),
            },
            Target::Broker(id) if self.metadata.brokers.contains_key(id) => {
                Route::To(Peer::Broker(*id))
            }
            Target::Broker(id) if self.metadata.epoch > epoch => {
                Route::Fail(CallError::UnknownBroker(*id))
            }
            Target::Broker(_) => self.wait_for_metadata(now),
            Target::Coordinator(key) => match self.coordinator(now, key) {
                Some(broker) => Route::To(Peer::Coordinator(broker)),
                None => Route::Wait,
            },
        }
    }

    fn wait_for_metadata(&mut self, now: Instant) -> Route {
        self.refresh.wanted = true;
        self.refresh_if_due(now);
        Route::Wait
    }

    /// The connection with the least to do; or the one that will be there first; or a new one to whoever may be tried.
    fn route_to_any(&mut self, now: Instant) -> Route {
        let candidates = self.candidates();
        let ready = candidates
            .iter()
            .filter_map(|peer| Some((self.in_flight_count(*peer)?, *peer)));
        if let Some((_, peer)) = ready.min() {
            return Route::To(peer);
        }
        if let Some(peer) = candidates
            .iter()
            .find(|peer| self.places[peer].connection.is_some())
        {
            return Route::To(*peer);
        }
        let due: Vec<Peer> = candidates
            .iter()
            .copied()
            .filter(|peer| self.places[peer].retry_at <= now)
            .collect();
        match due.is_empty() {
            false => Route::To(due[self.random.below(due.len() as u64) as usize]),
            true => {
                let soonest = candidates
                    .into_iter()
                    .min_by_key(|peer| self.places[peer].retry_at);
                soonest.map_or(Route::Wait, Route::To)
            }
        }
    }

    /// Who may answer what anybody can answer: the brokers; and if none of them can be reached, those that were named at the start
    /// (KIP-899).
    pub(super) fn candidates(&self) -> Vec<Peer> {
        let brokers = self.metadata.brokers.keys().map(|id| Peer::Broker(*id));
        let mut candidates: Vec<Peer> = brokers
            .filter(|peer| self.places.contains_key(peer))
            .collect();
        if candidates.iter().all(|peer| self.places[peer].is_down()) {
            let known: Set<_> = candidates
                .iter()
                .map(|peer| &self.places[peer].address)
                .collect();
            let named = self.places.iter().filter(|(peer, place)| {
                matches!(peer, Peer::Bootstrap(_)) && !known.contains(&place.address)
            });
            let named: Vec<Peer> = named.map(|(peer, _)| *peer).collect();
            candidates.extend(named);
        }
        candidates
    }

    /// Where a target is, as far as it is known.
    pub(super) fn place_of(&self, target: &Target) -> Option<Peer> {
        let broker = match target {
            Target::Any => return None,
            Target::Broker(id) => Some(*id),
            Target::Controller => self.metadata.controller,
            Target::Coordinator(key) => return self.known_coordinator(key).map(Peer::Coordinator),
        };
        broker.map(Peer::Broker)
    }

    /// The queued calls that go to this place and nowhere else.
    pub(super) fn bound_for(&self, peer: Peer) -> Vec<CallId> {
        let bound = self
            .queue
            .iter()
            .filter(|(_, queued)| self.place_of(&queued.target) == Some(peer));
        bound.map(|(call, _)| *call).collect()
    }

    /// The queued calls that were asked of this target.
    pub(super) fn calls_to(&self, target: &Target) -> Vec<CallId> {
        let calls = self
            .queue
            .iter()
            .filter(|(_, queued)| queued.target == *target);
        calls.map(|(call, _)| *call).collect()
    }

    /// The queued calls that cannot be sent before metadata has come.
    pub(super) fn calls_without_metadata(&self) -> Vec<CallId> {
        let needy = self.queue.iter().filter(|(_, queued)| match queued.target {
            Target::Any | Target::Coordinator(_) => false,
            Target::Controller | Target::Broker(_) => self
                .place_of(&queued.target)
                .is_none_or(|peer| !self.places.contains_key(&peer)),
        });
        needy.map(|(call, _)| *call).collect()
    }

    /// How many answers a ready connection owes; `None` if there is none.
    fn in_flight_count(&self, peer: Peer) -> Option<usize> {
        self.places.get(&peer)?.in_flight_count()
    }

    fn has_room(&self, peer: Peer) -> bool {
        let count = self.in_flight_count(peer);
        count.is_some_and(|count| count < self.config.max_in_flight)
    }
}
