//! The broker's process.

use std::collections::BTreeMap;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ottla_client::{Address, LinkId};
use ottla_core::config::Config;
use ottla_core::{Broker, ConnectionId, Event, Instant, LogId, MemoryStore, Now, Output};
use ottla_wire::{Answer, Call, Client, Endpoint, Gateway, Outbox, decode};

use crate::authors::Authors;
use crate::disk::Disk;
use crate::scene::Life;

/// The broker's process: its gateway, and the broker's ends of the links.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    config: Config,
    /// Each start has another one.
    seed: u64,
    starts_count: u64,
    gateway: Gateway<Disk>,
    outbox: Outbox<Vec<Bytes>>,
    /// What has happened and was not taken yet.
    events: Vec<Event>,
    authors: Authors,
    sockets: BTreeMap<LinkId, Socket>,
    links: BTreeMap<ConnectionId, LinkId>,
    /// How the process is, and since when.
    life: Life,
    /// What came while it stood still.
    waiting: Vec<FromLink>,
}

/// How the broker's process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It runs.
    Running,
    /// The process stands still; the system goes on taking connections and bytes for it.
    Frozen,
    /// There is no process.
    Stopped,
}

#[derive(Debug, Clone)]
struct Socket {
    connection: ConnectionId,
    client: Client,
    received: BytesMut,
}

/// What comes from a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FromLink {
    Opened(LinkId, Address),
    Bytes(LinkId, Bytes),
    Closed(LinkId),
}

/// What goes to a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ToLink {
    Bytes(LinkId, Bytes),
    Close(LinkId),
}

impl Server {
    /// A broker with an empty disk, running.
    pub(crate) fn new(now: Now, config: Config, disk: Disk, seed: u64) -> Self {
        let mut server = Self {
            gateway: Gateway::new(Broker::new(config.clone(), seed), Disk::default()),
            config,
            seed,
            starts_count: 1,
            outbox: Outbox::with_events(),
            events: Vec::new(),
            authors: Authors::default(),
            sockets: BTreeMap::new(),
            links: BTreeMap::new(),
            life: Life::Running,
            waiting: Vec::new(),
        };
        server.begin(now, disk);
        server
    }

    pub(crate) fn broker(&self) -> &Broker {
        self.gateway.broker()
    }

    pub(crate) fn store(&self) -> &MemoryStore {
        self.gateway.store().memory()
    }

    pub(crate) fn life(&self) -> Life {
        self.life
    }

    /// Another number for each process that there was.
    pub(crate) fn starts_count(&self) -> u64 {
        self.starts_count
    }

    pub(crate) fn state(&self) -> State {
        match self.life {
            Life::Running => State::Running,
            Life::Frozen(_) => State::Frozen,
            Life::Crashed(_) | Life::Left(_) => State::Stopped,
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.state() == State::Stopped
    }

    /// How long a write takes from now on until it is stored.
    pub(crate) fn set_disk_delay(&mut self, delay_us: u64) {
        self.gateway.store_mut().delay_us = delay_us;
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match self.state() {
            State::Running => {
                let engine = self.gateway.next_deadline();
                engine
                    .into_iter()
                    .chain(self.gateway.store().next_deadline())
                    .min()
            }
            State::Frozen | State::Stopped => None,
        }
    }

    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        self.note_events();
        std::mem::take(&mut self.events)
    }

    /// Who has written which records.
    pub(crate) fn authors(&self) -> &Authors {
        &self.authors
    }

    /// Keeps what has happened, as long as it is known whose links its connections are.
    fn note_events(&mut self) {
        for event in self.outbox.drain_events() {
            let owner_of = |connection| Some(self.links.get(&connection)?.owner);
            self.authors.note(&event, owner_of);
            self.events.push(event);
        }
    }

    pub(crate) fn tick_if_due(&mut self, now: Now, out: &mut Vec<ToLink>) {
        if self
            .next_deadline()
            .is_some_and(|deadline| deadline <= now.mono)
        {
            self.gateway.store_mut().set_now(now.mono);
            while let Some((log, through)) = self.gateway.store_mut().take_stored() {
                self.gateway.stored(now, log, through, &mut self.outbox);
            }
            self.gateway.tick(now, &mut self.outbox);
            self.answer(now, out);
        }
    }

    pub(crate) fn handle(&mut self, now: Now, what: FromLink, out: &mut Vec<ToLink>) {
        self.gateway.store_mut().set_now(now.mono);
        match (self.state(), what) {
            (State::Stopped, FromLink::Opened(link, _)) => out.push(ToLink::Close(link)),
            (State::Stopped, _) => {}
            (State::Frozen, what) => self.waiting.push(what),
            (State::Running, FromLink::Opened(link, address)) => {
                let client = Client {
                    host: host_of(link.owner),
                    broker_address: Endpoint {
                        host: address.host,
                        port: address.port,
                    },
                };
                let connection = self.gateway.connect(client.clone());
                self.links.insert(connection, link);
                let received = BytesMut::new();
                self.sockets.insert(
                    link,
                    Socket {
                        connection,
                        client,
                        received,
                    },
                );
            }
            (State::Running, FromLink::Bytes(link, bytes)) => {
                if let Some(socket) = self.sockets.get_mut(&link) {
                    socket.received.put(bytes);
                    self.read(now, link);
                    self.answer(now, out);
                }
            }
            (State::Running, FromLink::Closed(link)) => {
                if let Some(socket) = self.forget(link) {
                    self.gateway
                        .disconnect(now, socket.connection, &mut self.outbox);
                    self.answer(now, out);
                }
            }
        }
    }

    /// Gives the gateway as many whole requests as it wants.
    fn read(&mut self, now: Now, link: LinkId) {
        while let Some(socket) = self.sockets.get_mut(&link) {
            if !self.gateway.wants_more(socket.connection) {
                return;
            }
            let Some(frame) = take_frame(&mut socket.received) else {
                return;
            };
            let call = frame.and_then(|frame| decode(frame, &socket.client).ok());
            let call = call.unwrap_or_else(Call::close);
            self.gateway
                .receive(now, socket.connection, call, &mut self.outbox);
        }
    }

    /// Writes the answers; each may let its connection's next request begin.
    fn answer(&mut self, now: Now, out: &mut Vec<ToLink>) {
        loop {
            self.note_events();
            let answers: Vec<_> = self.outbox.drain().collect();
            if answers.is_empty() {
                return;
            }
            for (connection, answer) in answers {
                let Some(link) = self.links.get(&connection).copied() else {
                    continue;
                };
                match answer {
                    Answer::Frame(frame) => out.push(ToLink::Bytes(link, frame.into_bytes())),
                    Answer::Nothing => {}
                    Answer::Close => {
                        self.forget(link);
                        self.gateway.disconnect(now, connection, &mut self.outbox);
                        out.push(ToLink::Close(link));
                    }
                }
                self.read(now, link);
            }
        }
    }

    fn forget(&mut self, link: LinkId) -> Option<Socket> {
        let socket = self.sockets.remove(&link)?;
        self.links.remove(&socket.connection);
        Some(socket)
    }

    pub(crate) fn freeze(&mut self, now: Now) {
        if self.state() == State::Running {
            self.life = Life::Frozen(now.mono);
        }
    }

    pub(crate) fn thaw(&mut self, now: Now, out: &mut Vec<ToLink>) {
        if self.state() == State::Frozen {
            self.life = Life::Running;
            for what in std::mem::take(&mut self.waiting) {
                self.handle(now, what, out);
            }
        }
    }

    /// Ends the process: its links close, its store stays. An orderly end writes what saves time at the next start.
    pub(crate) fn stop(&mut self, now: Now, is_orderly: bool, out: &mut Vec<ToLink>) {
        if is_orderly && self.state() == State::Running {
            self.gateway.close();
        }
        self.life = match is_orderly {
            true => Life::Left(now.mono),
            false => Life::Crashed(now.mono),
        };
        let waiting = std::mem::take(&mut self.waiting);
        out.extend(waiting.into_iter().filter_map(|what| match what {
            FromLink::Opened(link, _) => Some(ToLink::Close(link)),
            FromLink::Bytes(..) | FromLink::Closed(_) => None,
        }));
        self.links.clear();
        out.extend(
            std::mem::take(&mut self.sockets)
                .into_keys()
                .map(ToLink::Close),
        );
    }

    /// Starts the process on what its store holds.
    pub(crate) fn start(&mut self, now: Now) {
        if self.state() == State::Stopped {
            self.life = Life::Running;
            self.seed += 1;
            self.starts_count += 1;
            let mut store = self.gateway.store().clone();
            store.forget_pending();
            self.begin(now, store);
        }
    }

    /// The steps are explained at [`Broker::recover`].
    fn begin(&mut self, now: Now, mut disk: Disk) {
        let store = disk.memory_mut();
        let mut broker = Broker::new(self.config.clone(), self.seed);
        if let Some(found) = store.recover(LogId::METADATA) {
            broker.recover(LogId::METADATA, found);
        }
        replay(&mut broker, store, LogId::METADATA, now);
        let logs: Vec<LogId> = broker.logs().map(|log| log.id()).collect();
        for log in logs.into_iter().filter(|log| *log != LogId::METADATA) {
            if let Some(found) = store.recover(log) {
                broker.recover(log, found);
            }
        }
        for log in broker.logs_to_replay() {
            replay(&mut broker, store, log, now);
        }
        let mut outputs = Vec::new();
        broker.started(now, &mut outputs);
        carry_out(outputs, store);
        self.gateway = Gateway::new(broker, disk);
    }
}

fn replay(broker: &mut Broker, store: &mut MemoryStore, log: LogId, now: Now) {
    let start = broker.log(log).map(|log| log.start_offset());
    let batches: Vec<Bytes> = start
        .map(|start| store.read(log, start).collect())
        .unwrap_or_default();
    let mut outputs = Vec::new();
    for batch in batches {
        broker
            .replay(now, log, &batch, &mut outputs)
            .expect("the broker's own records");
    }
    carry_out(outputs, store);
}

fn carry_out(outputs: Vec<Output>, store: &mut MemoryStore) {
    for output in outputs {
        if let Output::Store(op) = output {
            store.apply(op);
        }
    }
}

/// A client's address, as the broker sees it.
fn host_of(owner: u32) -> String {
    format!("{NETWORK}{}.{}", owner / 256, owner % 256)
}

/// Whose address this is.
pub(crate) fn owner_behind(host: &str) -> Option<u32> {
    let (high, low) = host.strip_prefix(NETWORK)?.split_once('.')?;
    Some(high.parse::<u32>().ok()? * 256 + low.parse::<u32>().ok()?)
}

/// The next whole request; `Some(None)` if the size in front of it is none.
fn take_frame(received: &mut BytesMut) -> Option<Option<Bytes>> {
    let size = received.get(..4)?.try_into().map(i32::from_be_bytes).ok()?;
    let Some(size) = usize::try_from(size)
        .ok()
        .filter(|size| *size <= FRAME_MAX_BYTES)
    else {
        return Some(None);
    };
    (received.len() >= 4 + size).then(|| {
        received.advance(4);
        Some(received.split_to(size).freeze())
    })
}

/// `socket.request.max.bytes`.
const FRAME_MAX_BYTES: usize = 100 << 20;
const NETWORK: &str = "/10.0.";
