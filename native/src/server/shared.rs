//! What all threads share: the gateway behind its lock, and the connections that its answers go to.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use ottla_core::{ConnectionId, Event, Instant as Moment, MemoryStore};
use ottla_wire::{Answer, Call, Chunk, Client, Endpoint, Gateway, Outbox, decode};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::connection::Peer;
use super::limits::Limits;
use super::outgoing::Piece;
use crate::clock::Clock;
use crate::disk::Report;
use crate::store::{AnyStore, Extent};

/// The one piece of state, and what is needed around it.
pub(crate) struct Shared {
    state: Mutex<State>,
    limits: Arc<Limits>,
    clock: Clock,
    advertised: Option<Endpoint>,
    /// Until when the timer's task sleeps, in the clock's microseconds.
    alarm_micros: AtomicU64,
    /// Something is due before that.
    earlier: Notify,
}

pub(crate) struct State {
    pub(crate) gateway: Gateway<AnyStore>,
    peers: HashMap<ConnectionId, Arc<Peer>>,
    outbox: Outbox<Extent>,
    /// The store is closed.
    closed: bool,
}

impl Shared {
    pub(crate) fn new(
        gateway: Gateway<AnyStore>,
        limits: Limits,
        clock: Clock,
        advertised: Option<Endpoint>,
    ) -> Shared {
        let state = State {
            gateway,
            peers: HashMap::new(),
            outbox: Outbox::with_events(),
            closed: false,
        };
        Shared {
            state: Mutex::new(state),
            limits: Arc::new(limits),
            clock,
            advertised,
            alarm_micros: AtomicU64::new(u64::MAX),
            earlier: Notify::new(),
        }
    }

    pub(crate) fn limits(&self) -> &Arc<Limits> {
        &self.limits
    }

    /// What the gateway should know of a client that connects from `address` and has dialled `dialled`.
    pub(crate) fn client(&self, address: SocketAddr, dialled: SocketAddr) -> Client {
        let dialled = Endpoint {
            host: dialled.ip().to_canonical().to_string(),
            port: dialled.port(),
        };
        Client {
            host: format!("/{}", address.ip().to_canonical()),
            broker_address: self.advertised.clone().unwrap_or(dialled),
        }
    }

    pub(crate) fn connect(&self, client: Client, peer: Arc<Peer>) -> ConnectionId {
        let mut state = self.lock();
        let id = state.gateway.connect(client);
        state.peers.insert(id, peer);
        id
    }

    pub(crate) fn disconnect(&self, id: ConnectionId) {
        self.change(|state| {
            state.peers.remove(&id);
            state
                .gateway
                .disconnect(self.clock.now(), id, &mut state.outbox);
        });
    }

    /// Handles a frame; whoever it answers is written to, but for the connection itself: it writes when it has handed in all that has come.
    /// An error says why the connection cannot go on.
    pub(crate) fn receive(
        &self,
        id: ConnectionId,
        client: &Client,
        frame: Bytes,
    ) -> Result<(), ottla_wire::Malformed> {
        // What came before a malformed frame is still answered.
        let (call, outcome) = match decode(frame, client) {
            Ok(call) => (call, Ok(())),
            Err(malformed) => (Call::close(), Err(malformed)),
        };
        self.change_for(Some(id), |state| {
            let State {
                gateway,
                peers,
                outbox,
                ..
            } = state;
            gateway.receive(self.clock.now(), id, call, outbox);
            if let Some(peer) = peers.get(&id) {
                peer.pause(!gateway.wants_more(id));
            }
        });
        outcome
    }

    /// The disk has finished, or failed, what it had put off.
    pub(crate) fn stored(&self, reports: &[Report]) {
        self.change(|state| {
            let now = self.clock.now();
            for report in reports {
                match *report {
                    Report::Stored { log, through } => {
                        state.gateway.stored(now, log, through, &mut state.outbox)
                    }
                    Report::Failed { log, from } => {
                        state
                            .gateway
                            .store_failed(now, log, from, &mut state.outbox)
                    }
                }
            }
        });
    }

    /// Lets time pass whenever the engine waits for it. Never ends.
    pub(crate) async fn keep_time(&self) {
        loop {
            let deadline = self.set_alarm();
            let sleep = async {
                match deadline {
                    Some(moment) => {
                        tokio::time::sleep_until(Instant::from_std(self.clock.instant(moment)))
                            .await
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = sleep => self.change(|state| state.gateway.tick(self.clock.now(), &mut state.outbox)),
                () = self.earlier.notified() => {}
            }
        }
    }

    /// Notes until when the timer's task may sleep: under the lock, so that nobody can miss it who makes something due earlier.
    fn set_alarm(&self) -> Option<Moment> {
        let state = self.lock();
        let deadline = state.gateway.next_deadline();
        let micros = deadline.map_or(u64::MAX, |moment| moment.0);
        self.alarm_micros.store(micros, Ordering::Relaxed);
        deadline
    }

    /// Stops for good: nothing is answered any more, and what saves time at the next start is written.
    pub(crate) fn close(&self) -> io::Result<()> {
        let mut state = self.lock();
        state.closed = true;
        state.gateway.close();
        match std::mem::replace(
            state.gateway.store_mut(),
            AnyStore::Memory(MemoryStore::new()),
        ) {
            AnyStore::Disk(store) => store.close(),
            AnyStore::Memory(_) => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("a bug in the engine has ended another thread")
    }

    /// Changes the state, queues the answers in their order, and writes them when the lock is free again.
    fn change(&self, change: impl FnOnce(&mut State)) {
        self.change_for(None, change);
    }

    /// The same, but leaves it to `own` to write what it is answered.
    fn change_for(&self, own: Option<ConnectionId>, change: impl FnOnce(&mut State)) {
        let mut answered: Vec<Arc<Peer>> = Vec::new();
        let deadline = {
            let mut guard = self.lock();
            let state = &mut *guard;
            if state.closed {
                return;
            }
            change(state);
            state.outbox.drain_events().for_each(|event| tell(&event));
            for (id, answer) in state.outbox.drain() {
                let Some(peer) = state.peers.get(&id) else {
                    continue;
                };
                queue(peer, answer);
                peer.pause(!state.gateway.wants_more(id));
                let is_known = answered.last().is_some_and(|last| Arc::ptr_eq(last, peer));
                if own != Some(id) && !is_known {
                    answered.push(Arc::clone(peer));
                }
            }
            state.gateway.next_deadline()
        };
        if deadline.is_some_and(|moment| moment.0 < self.alarm_micros.load(Ordering::Relaxed)) {
            self.earlier.notify_one();
        }
        for peer in answered {
            peer.flush();
        }
    }
}

/// Notes are for everybody, the rest of the story for those who ask for it (`--log info,ottla::events=debug`).
fn tell(event: &Event) {
    match event {
        Event::Note { text } => tracing::info!("{text}"),
        event => tracing::debug!(target: "ottla::events", "{event}"),
    }
}

/// Puts an answer into the connection's queue.
fn queue(peer: &Peer, answer: Answer<Extent>) {
    match answer {
        Answer::Frame(frame) => {
            let mut outgoing = peer.outgoing();
            for chunk in frame.chunks {
                match chunk {
                    Chunk::Bytes(bytes) => outgoing.push(Piece::Memory(bytes)),
                    Chunk::Stored(Extent::File(range)) => outgoing.push(Piece::File(range)),
                    Chunk::Stored(Extent::Memory(pieces)) => {
                        pieces
                            .into_iter()
                            .for_each(|bytes| outgoing.push(Piece::Memory(bytes)));
                    }
                }
            }
        }
        Answer::Close => peer.outgoing().close(),
        Answer::Nothing => {}
    }
}
