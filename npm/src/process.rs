//! A broker's process: connections by numbers, time, crash and restart on the same store.

use std::collections::VecDeque;

use bytes::Bytes;
use ottla_core::config::Config;
use ottla_core::sorted::Map;
use ottla_core::{
    Broker, ConnectionId, Event, Image, Instant, MemoryStore, Now, Request, Response, Timestamp,
};
use ottla_wire::{Client, Endpoint, Gateway, Streams, Written};

use crate::faults::Faults;
use crate::options::quoted;
use crate::{Failure, FaultOptions, StartOptions};

/// A broker's process, or the lack of one: what it stores stays.
#[derive(Debug, Clone)]
pub struct Process {
    config: Config,
    /// Each start has another one.
    seed: u64,
    now: Now,
    streams: Streams<MemoryStore>,
    is_running: bool,
    faults: Faults,
    /// A connection's number is never used again, whatever process it belonged to.
    connections: Map<u32, ConnectionId>,
    numbers: Map<ConnectionId, u32>,
    connections_count: u32,
    output: Vec<(u32, Option<Bytes>)>,
    events: VecDeque<(Timestamp, Event)>,
}

impl Process {
    /// A broker with an empty store and the topics of the options.
    ///
    /// # Errors
    /// `ERR_OPTION`: a topic cannot be created so.
    pub fn start(options: StartOptions, now: Now) -> Result<Self, Failure> {
        let mut store = MemoryStore::new();
        let mut broker = store
            .start(options.config.clone(), options.seed, now)
            .expect("an empty store has no records");
        let mut events = Vec::new();
        let notes = options.notes.into_iter();
        events.extend(notes.map(|text| Event::Note { text }));
        if !options.topics.topics.is_empty() {
            let request = Request::CreateTopics(options.topics);
            let answer = store.ask(&mut broker, now, request, &mut events);
            let Some(Response::CreateTopics(created)) = answer else {
                unreachable!("topics wait for the store alone");
            };
            for topic in created {
                if let Err(error) = topic.outcome {
                    let why = format!("topics[{}]: {}", quoted(&topic.name), error.message);
                    return Err(Failure::option(why));
                }
            }
        }
        let mut process = Self::on(options.config, options.seed, broker, store, now);
        process.note(events);
        Ok(process)
    }

    /// A broker on what a [snapshot](Self::snapshot) holds.
    ///
    /// # Errors
    /// `ERR_SNAPSHOT`: the bytes are no snapshot, or damaged; the message says where.
    pub fn restore(bytes: &[u8], now: Now) -> Result<Self, Failure> {
        let image = Image::from_bytes(bytes).map_err(|error| Failure::snapshot(&error))?;
        let (config, _) = Config::from_properties(&image.properties)
            .map_err(|error| Failure::snapshot(&error))?;
        let seed = image.seed.wrapping_add(1);
        let mut store = image.store;
        let broker = store
            .start(config.clone(), seed, now)
            .map_err(|error| Failure::snapshot(&error))?;
        Ok(Self::on(config, seed, broker, store, now))
    }

    /// What is stored, and what the broker was started with, as bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let image = Image {
            seed: self.seed,
            properties: self.config.start_values().clone(),
            store: self.store().clone(),
        };
        image.to_bytes()
    }

    fn on(config: Config, seed: u64, broker: Broker, store: MemoryStore, now: Now) -> Self {
        Self {
            config,
            seed,
            now,
            streams: Streams::new(Gateway::new(broker, store)),
            is_running: true,
            faults: Faults::default(),
            connections: Map::new(),
            numbers: Map::new(),
            connections_count: 0,
            output: Vec::new(),
            events: VecDeque::new(),
        }
    }

    /// A copy that goes on by itself. Connections and faults stay with the original: to the copy's broker its connections have broken.
    pub fn fork(&self) -> Self {
        let mut fork = self.clone();
        fork.output.clear();
        fork.events.clear();
        fork.faults = Faults::default();
        for connection in std::mem::take(&mut fork.numbers).into_keys() {
            fork.streams.disconnect(fork.now, connection);
        }
        fork.connections.clear();
        fork.carry_on();
        fork
    }

    /// What the clocks show from now on. The monotonic one does not go back.
    pub fn set_time(&mut self, now: Now) {
        if now.mono >= self.now.mono {
            self.now = now;
        }
    }

    /// What the clocks show.
    pub fn now(&self) -> Now {
        self.now
    }

    /// When [`tick`](Self::tick) could next change anything.
    pub fn next_deadline(&self) -> Option<Instant> {
        let engine = self.streams.next_deadline().filter(|_| self.is_running);
        engine.into_iter().chain(self.faults.next_deadline()).min()
    }

    /// Does what is due.
    pub fn tick(&mut self) {
        if self.next_deadline().is_none_or(|at| at > self.now.mono) {
            return;
        }
        while let Some(delayed) = self.faults.take_due(self.now.mono) {
            let connection = delayed.connection;
            if let Some(client) = self.streams.client(connection) {
                let call = self.faults.after(delayed, client);
                self.streams.call(self.now, connection, call);
            }
        }
        self.streams.tick(self.now);
        self.carry_on();
    }

    /// A client connects; `None` while there is no process to answer it.
    ///
    /// `client_host` is where it comes from; `broker_address` what it has dialled, under which it is told to find this broker.
    pub fn connect(&mut self, client_host: &str, broker_address: Endpoint) -> Option<u32> {
        if !self.is_running {
            return None;
        }
        let client = Client {
            host: format!("/{client_host}"),
            broker_address,
        };
        let connection = self.streams.connect(client);
        self.connections_count += 1;
        let number = self.connections_count;
        self.connections.insert(number, connection);
        self.numbers.insert(connection, number);
        Some(number)
    }

    /// Bytes of a client. Those of a connection that is closed are dropped.
    pub fn receive(&mut self, connection: u32, bytes: &[u8]) {
        if let Some(connection) = self.connections.get(&connection) {
            self.streams.received(*connection, bytes);
            self.carry_on();
        }
    }

    /// A client is gone.
    pub fn disconnect(&mut self, connection: u32) {
        if let Some(connection) = self.connections.remove(&connection) {
            self.numbers.remove(&connection);
            self.streams.disconnect(self.now, connection);
            self.carry_on();
        }
    }

    /// What is to be written, in order; `None`: the end of the connection, which is forgotten.
    pub fn take_output(&mut self) -> Vec<(u32, Option<Bytes>)> {
        std::mem::take(&mut self.output)
    }

    /// What has happened and when, the newest if there is more than anybody takes.
    pub fn take_events(&mut self) -> impl Iterator<Item = (Timestamp, Event)> {
        self.events.drain(..)
    }

    /// Lets requests go wrong from now on. Returns the fault's number.
    pub fn add_fault(&mut self, options: FaultOptions) -> u32 {
        self.faults.add(options)
    }

    /// How many requests a fault has met, also when it was removed since; `None` of one that never was.
    pub fn fault_hits(&self, fault: u32) -> Option<u32> {
        self.faults.hits(fault)
    }

    /// Ends a fault. A request that it delays goes on waiting.
    pub fn remove_fault(&mut self, fault: u32) {
        self.faults.remove(fault);
    }

    /// Ends the process as a power failure would: the connections end, what is stored stays.
    pub fn crash(&mut self) {
        self.is_running = false;
        self.faults.forget_delayed();
        self.numbers.clear();
        let connections = std::mem::take(&mut self.connections);
        self.output
            .extend(connections.into_keys().map(|number| (number, None)));
    }

    /// Starts a process on what the store holds. One that still runs crashes first.
    pub fn restart(&mut self) {
        self.crash();
        self.seed = self.seed.wrapping_add(1);
        let mut store = self.store().clone();
        let broker = store
            .start(self.config.clone(), self.seed, self.now)
            .expect("a broker can read what one has written");
        self.streams = Streams::new(Gateway::new(broker, store));
        self.is_running = true;
    }

    /// Whether there is a process.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// The engine's views; of a process that has crashed, as it was last.
    pub fn broker(&self) -> &Broker {
        self.streams.gateway().broker()
    }

    /// What is stored.
    pub fn store(&self) -> &MemoryStore {
        self.streams.gateway().store()
    }

    /// Answers what can be answered.
    fn carry_on(&mut self) {
        while let Some((connection, frame)) = self.streams.next_frame(self.now) {
            let Some(client) = self.streams.client(connection) else {
                continue;
            };
            let met = self.faults.meet(self.now.mono, connection, frame, client);
            if let Some(call) = met {
                self.streams.call(self.now, connection, call);
            }
        }
        for (connection, written) in self.streams.take_output() {
            let Some(number) = self.numbers.get(&connection).copied() else {
                continue;
            };
            self.output.push(match written {
                Written::Bytes(bytes) => (number, Some(bytes)),
                Written::Close => {
                    self.numbers.remove(&connection);
                    self.connections.remove(&number);
                    (number, None)
                }
            });
        }
        let events: Vec<Event> = self.streams.take_events().collect();
        self.note(events);
    }

    fn note(&mut self, events: Vec<Event>) {
        let at = self.now.wall;
        self.events
            .extend(events.into_iter().map(|event| (at, event)));
        let excess = self.events.len().saturating_sub(EVENTS_MAX);
        self.events.drain(..excess);
    }
}

/// So many events wait for somebody to take them.
const EVENTS_MAX: usize = 100_000;
