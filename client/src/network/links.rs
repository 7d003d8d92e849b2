//! Connections that are made, that answer, that end.

use ottla_core::Instant;

use super::{CallError, CallId, Network, NetworkEvent, Peer};
use crate::connection::Connection;
use crate::interface::{Address, LinkId, LinkInput, LinkOp, Output};

/// Someone to whom a connection can be made, and how that went.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) address: Address,
    pub(super) connection: Option<Connection>,
    /// Failures in a row.
    failures: u32,
    /// When it may be tried again.
    pub(super) retry_at: Instant,
    /// What was wrong the last time, until it works.
    trouble: Option<Trouble>,
}

#[derive(Debug, Clone)]
struct Trouble {
    reason: String,
    /// The other side does not speak the protocol.
    is_garbage: bool,
}

impl Place {
    pub(super) fn new(address: &Address) -> Self {
        Self {
            address: address.clone(),
            connection: None,
            failures: 0,
            retry_at: Instant(0),
            trouble: None,
        }
    }

    /// How many answers the connection owes, if it can be used.
    pub(super) fn in_flight_count(&self) -> Option<usize> {
        let connection = self.connection.as_ref()?;
        connection.is_ready().then(|| connection.in_flight_count())
    }

    /// It could not be reached when that was last tried; perhaps it is being tried again.
    pub(super) fn is_down(&self) -> bool {
        self.trouble.is_some()
    }
}

impl Network {
    /// Why none of the brokers can be reached, if so, for people: each address, and what happened there.
    pub fn why_unreachable(&self) -> Option<String> {
        let candidates = self.candidates();
        let places = candidates.iter().map(|peer| &self.places[peer]);
        let troubles = places.map(|place| {
            let trouble = place.trouble.as_ref()?;
            Some(format!("{}: {}", place.address, trouble.reason))
        });
        let troubles: Vec<String> = troubles.collect::<Option<_>>()?;
        (!troubles.is_empty()).then(|| troubles.join("; "))
    }

    pub(super) fn link(&mut self, now: Instant, input: LinkInput, out: &mut Vec<Output>) {
        match input {
            LinkInput::Connected(link) => {
                let Some(peer) = self.peer(link) else { return };
                let timeout_ms = self.config.setup_timeout_ms();
                let connection = self
                    .places
                    .get_mut(&peer)
                    .and_then(|place| place.connection.as_mut());
                let asked = connection.map(|connection| connection.connected(now, timeout_ms, out));
                if let Some(Err(error)) = asked {
                    self.give_up(now, peer, error, out);
                }
            }
            LinkInput::Received(link, bytes) => {
                let Some(peer) = self.peer(link) else { return };
                if let Some(connection) = self
                    .places
                    .get_mut(&peer)
                    .and_then(|place| place.connection.as_mut())
                {
                    connection.received(bytes);
                }
                self.hear(now, link, out);
            }
            LinkInput::Closed(link, reason) => {
                let Some(peer) = self.peer(link) else { return };
                let place = self.places.get(&peer);
                let connection = place.and_then(|place| place.connection.as_ref());
                let reason =
                    connection.map_or(reason.clone(), |connection| connection.explain(reason));
                self.lose(now, peer, CallError::Disconnected(reason), out);
            }
        }
    }

    /// Takes all answers that have come on a link. One of them may move or end the connection.
    fn hear(&mut self, now: Instant, link: LinkId, out: &mut Vec<Output>) {
        while let Some(peer) = self.peer(link) {
            let Some(place) = self.places.get_mut(&peer) else {
                return;
            };
            let Some(connection) = place.connection.as_mut() else {
                return;
            };
            let was_ready = connection.is_ready();
            match connection.next(now, self.config.setup_timeout_ms(), out) {
                Ok(None) => return,
                Ok(Some(heard)) => {
                    if !was_ready && connection.is_ready() {
                        out.push(Output::Event(NetworkEvent::Ready { link, peer }.into()));
                    }
                    if let Some(call) = heard.call {
                        // Only now: whoever asks for SASL says which versions it speaks, and hangs up at the first request.
                        place.failures = 0;
                        place.trouble = None;
                        self.settle(now, call, peer.broker(), Ok(heard.response), out);
                    }
                }
                Err(reason) => {
                    let due = connection.take_due();
                    self.hear_garbage(now, peer, was_ready, due, reason, out);
                }
            }
        }
    }

    /// Someone who has spoken the protocol before may do so again: only the answer that was due is none.
    fn hear_garbage(
        &mut self,
        now: Instant,
        peer: Peer,
        was_ready: bool,
        due: Option<CallId>,
        reason: String,
        out: &mut Vec<Output>,
    ) {
        if let Some(call) = due {
            let error = CallError::Garbage(reason.clone()).at(&self.places[&peer].address);
            self.settle(now, call, peer.broker(), Err(error), out);
        }
        let error = match was_ready {
            true => CallError::Disconnected(reason),
            false => CallError::Garbage(reason),
        };
        self.give_up(now, peer, error, out);
    }

    /// Ends what has taken too long: connections that owe an answer, and calls in the queue.
    pub(super) fn expire(&mut self, now: Instant, out: &mut Vec<Output>) {
        let peers: Vec<Peer> = self.places.keys().copied().collect();
        for peer in peers {
            let Some(place) = self.places.get_mut(&peer) else {
                continue;
            };
            let Some(connection) = place.connection.as_mut() else {
                continue;
            };
            let Some(late) = connection.overdue(now) else {
                continue;
            };
            for (call, after_ms) in late.calls {
                self.settle(
                    now,
                    call,
                    peer.broker(),
                    Err(CallError::TimedOut { after_ms }),
                    out,
                );
            }
            self.give_up(now, peer, CallError::Disconnected(late.reason), out);
        }
        let overdue = self
            .queue
            .iter()
            .filter(|(_, queued)| queued.deadline <= now);
        let overdue: Vec<_> = overdue
            .map(|(call, queued)| (*call, queued.timeout_ms()))
            .collect();
        for (call, timeout_ms) in overdue {
            let reason = self.why_unreachable();
            let reason = reason
                .unwrap_or_else(|| format!("the request could not be sent within {timeout_ms} ms"));
            self.fail(now, call, CallError::NoBroker(reason), out);
        }
    }

    /// Ends a connection that is of no use any more.
    pub(super) fn give_up(
        &mut self,
        now: Instant,
        peer: Peer,
        error: CallError,
        out: &mut Vec<Output>,
    ) {
        let connection = self
            .places
            .get(&peer)
            .and_then(|place| place.connection.as_ref());
        if let Some(connection) = connection {
            out.push(Output::Link(LinkOp::Close(connection.link)));
            self.lose(now, peer, error, out);
        }
    }

    /// A connection has ended, or could not be made. Whoever waits for an answer on it hears of it, and whoever waits to be sent there and
    /// nowhere else, if it was never ready.
    fn lose(&mut self, now: Instant, peer: Peer, error: CallError, out: &mut Vec<Output>) {
        let Some(place) = self.places.get_mut(&peer) else {
            return;
        };
        let Some(connection) = place.connection.take() else {
            return;
        };
        let (link, was_ready) = (connection.link, connection.is_ready());
        let was_of_use = connection.has_answered();
        place.failures = place.failures.saturating_add(1);
        let backoff_ms = self
            .config
            .reconnect_backoff()
            .after(place.failures, &mut self.random);
        place.retry_at = now.plus_ms(backoff_ms);
        let reason = error.to_string();
        let is_garbage = matches!(error, CallError::Garbage(_));
        let error = error.at(&place.address);
        // One that was of use until now is not out of reach before another attempt has failed.
        place.trouble = (!was_of_use).then(|| Trouble {
            reason: reason.clone(),
            is_garbage,
        });
        let event = NetworkEvent::Disconnected {
            link,
            peer,
            address: place.address.clone(),
            reason,
            backoff_ms,
        };
        out.push(Output::Event(event.into()));

        let bound = match was_ready {
            true => Vec::new(),
            false => self.bound_for(peer),
        };
        self.forget_wishes(peer);
        match peer {
            Peer::Coordinator(broker) => self.lose_coordinators_at(broker, out),
            Peer::Broker(_) => self.refresh.wanted = true,
            Peer::Bootstrap(_) => {}
        }
        for call in connection.unanswered().into_iter() {
            self.settle(now, call, peer.broker(), Err(error.clone()), out);
        }
        for call in bound {
            self.fail(now, call, error.clone(), out);
        }
        if is_garbage && self.is_hopeless() {
            let calls: Vec<_> = self.queue.keys().copied().collect();
            for call in calls {
                self.fail(now, call, error.clone(), out);
            }
        }
    }

    /// Nobody speaks the protocol: waiting will not help.
    fn is_hopeless(&self) -> bool {
        let candidates = self.candidates();
        candidates.iter().all(|peer| {
            let trouble = self.places[peer].trouble.as_ref();
            trouble.is_some_and(|trouble| trouble.is_garbage)
        })
    }

    /// Makes a connection, unless there is one or it is too early for another attempt.
    pub(super) fn connect_if_due(&mut self, now: Instant, peer: Peer, out: &mut Vec<Output>) {
        let Some(place) = self.places.get_mut(&peer) else {
            return;
        };
        if place.connection.is_some() {
            return;
        }
        if place.retry_at > now {
            let retry_at = place.retry_at;
            return self.wake(retry_at);
        }
        self.links_count += 1;
        let link = LinkId {
            owner: self.owner,
            serial: self.links_count,
        };
        let deadline = now.plus_ms(self.config.connect_timeout_ms);
        place.connection = Some(Connection::new(link, peer, &self.config, deadline));
        let address = place.address.clone();
        out.push(Output::Link(LinkOp::Connect(link, address.clone())));
        out.push(Output::Event(
            NetworkEvent::Connecting {
                link,
                peer,
                address,
            }
            .into(),
        ));
    }

    fn peer(&self, link: LinkId) -> Option<Peer> {
        let mut places = self.places.iter();
        let (peer, _) = places.find(|(_, place)| {
            place
                .connection
                .as_ref()
                .is_some_and(|connection| connection.link == link)
        })?;
        Some(*peer)
    }
}
