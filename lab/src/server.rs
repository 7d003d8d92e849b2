//! The broker's process.

use bytes::Bytes;
use ottla_client::{Address, LinkId};
use ottla_core::config::Config;
use ottla_core::sorted::Map;
use ottla_core::{Broker, ConnectionId, Event, Instant, MemoryStore, Now};
use ottla_wire::{Call, Client, Endpoint, Gateway, Streams, Written, decode};

use crate::authors::Authors;
use crate::disk::Disk;
use crate::scene::Life;

/// The broker's process: its engine, and the broker's ends of the links.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    config: Config,
    /// Each start has another one.
    seed: u64,
    starts_count: u64,
    streams: Streams<Disk>,
    /// What has happened and was not taken yet.
    events: Vec<Event>,
    authors: Authors,
    connections: Map<LinkId, ConnectionId>,
    links: Map<ConnectionId, LinkId>,
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
        Self {
            streams: begin(now, config.clone(), seed, disk),
            config,
            seed,
            starts_count: 1,
            events: Vec::new(),
            authors: Authors::default(),
            connections: Map::new(),
            links: Map::new(),
            life: Life::Running,
            waiting: Vec::new(),
        }
    }

    pub(crate) fn broker(&self) -> &Broker {
        self.streams.gateway().broker()
    }

    pub(crate) fn store(&self) -> &MemoryStore {
        self.disk().memory()
    }

    fn disk(&self) -> &Disk {
        self.streams.gateway().store()
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
        self.streams.store_mut().delay_us = delay_us;
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match self.state() {
            State::Running => {
                let engine = self.streams.next_deadline();
                engine.into_iter().chain(self.disk().next_deadline()).min()
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
        for event in self.streams.take_events() {
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
            self.streams.store_mut().set_now(now.mono);
            while let Some((log, through)) = self.streams.store_mut().take_stored() {
                self.streams.stored(now, log, through);
            }
            self.streams.tick(now);
            self.carry_on(now, out);
        }
    }

    pub(crate) fn handle(&mut self, now: Now, what: FromLink, out: &mut Vec<ToLink>) {
        self.streams.store_mut().set_now(now.mono);
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
                let connection = self.streams.connect(client);
                self.links.insert(connection, link);
                self.connections.insert(link, connection);
            }
            (State::Running, FromLink::Bytes(link, bytes)) => {
                if let Some(connection) = self.connections.get(&link) {
                    self.streams.received(*connection, &bytes);
                    self.carry_on(now, out);
                }
            }
            (State::Running, FromLink::Closed(link)) => {
                if let Some(connection) = self.connections.remove(&link) {
                    self.links.remove(&connection);
                    self.streams.disconnect(now, connection);
                    self.carry_on(now, out);
                }
            }
        }
    }

    /// Answers what can be answered.
    fn carry_on(&mut self, now: Now, out: &mut Vec<ToLink>) {
        while let Some((connection, frame)) = self.streams.next_frame(now) {
            let client = self.streams.client(connection);
            let call = client.and_then(|client| decode(frame, client).ok());
            self.streams
                .call(now, connection, call.unwrap_or_else(Call::close));
            self.note_events();
        }
        self.note_events();
        for (connection, written) in self.streams.take_output() {
            let Some(link) = self.links.get(&connection).copied() else {
                continue;
            };
            out.push(match written {
                Written::Bytes(bytes) => ToLink::Bytes(link, bytes),
                Written::Close => {
                    self.links.remove(&connection);
                    self.connections.remove(&link);
                    ToLink::Close(link)
                }
            });
        }
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
            self.streams.close();
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
            std::mem::take(&mut self.connections)
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
            let mut disk = self.disk().clone();
            disk.forget_pending();
            self.streams = begin(now, self.config.clone(), self.seed, disk);
        }
    }
}

/// A broker on what a disk holds.
fn begin(now: Now, config: Config, seed: u64, mut disk: Disk) -> Streams<Disk> {
    let broker = disk.memory_mut().start(config, seed, now);
    let broker = broker.expect("the broker's own records");
    Streams::new(Gateway::new(broker, disk))
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

const NETWORK: &str = "/10.0.";
