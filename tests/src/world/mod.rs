//! A world for stories: one broker, its store, named clients, and a clock that stands unless it is told to go.
//!
//! Everything is a value: a world can be cloned, and the copy goes its own way. What happens is kept as lines with the virtual time
//! in front, until [`World::story`] takes them.

mod admin;
mod consumer;
mod disk;
mod groups;
mod records;
mod story;

use ottla_core::sorted::{Map, Set};
use std::collections::VecDeque;

use ottla_core::config::Config;
use ottla_core::{
    Broker, ConnectionId, Input, Instant, LogId, Now, Output, Request, RequestId, Response,
    Timestamp,
};

pub use admin::topic;
pub use consumer::{Consumer, Joining};
pub use disk::Disk;
pub use groups::{Assignments, Who};
pub use records::Fetched;
use story::Story;

/// What the wall clock shows when a world begins.
pub const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);

/// A client, by the order of its coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Client(usize);

/// One broker, its store, its clients.
#[derive(Debug, Clone)]
pub struct World {
    /// The broker, for its views.
    pub broker: Broker,
    /// Its store.
    pub disk: Disk,
    config: Config,
    seed: u64,
    now: Now,
    clients: Vec<Connected>,
    connections_count: u64,
    consumers: Map<Client, Consumer>,
    asked: Set<RequestId>,
    answers: Map<RequestId, Response>,
    story: Story,
    /// Everything that came out of the broker, if that is wanted.
    outputs: Option<Vec<Output>>,
}

#[derive(Debug, Clone)]
struct Connected {
    name: String,
    connection: ConnectionId,
    requests_count: u64,
}

impl Default for World {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl World {
    /// A world whose broker is configured so.
    ///
    /// # Panics
    /// If that is no configuration.
    pub fn new(properties: &[(&str, &str)]) -> World {
        World::seeded(1, properties)
    }

    /// A world with a seed of its own.
    ///
    /// # Panics
    /// If that is no configuration.
    pub fn seeded(seed: u64, properties: &[(&str, &str)]) -> World {
        let (config, _) =
            Config::from_properties(properties.iter().copied()).expect("a configuration");
        let mut world = World {
            broker: Broker::new(config.clone(), seed),
            disk: Disk::default(),
            config,
            seed,
            now: Now {
                mono: Instant(0),
                wall: BEGINNING,
            },
            clients: Vec::new(),
            connections_count: 0,
            consumers: Map::new(),
            asked: Set::new(),
            answers: Map::new(),
            story: Story::default(),
            outputs: None,
        };
        let mut out = Vec::new();
        world.broker.started(world.now, &mut out);
        world.carry_out(out);
        world
    }

    /// A client connects.
    pub fn client(&mut self, name: &str) -> Client {
        let connection = self.connection();
        self.story.connected(connection, name);
        self.clients.push(Connected {
            name: name.to_owned(),
            connection,
            requests_count: 0,
        });
        Client(self.clients.len() - 1)
    }

    /// A client's connection is gone: it will see no answer to what it has asked. Its next request goes over a new one.
    pub fn disconnect(&mut self, client: Client) {
        let connection = self.clients[client.0].connection;
        self.asked.retain(|id| id.connection != connection);
        self.clients[client.0].connection = self.connection();
        let (next, name) = (
            self.clients[client.0].connection,
            self.clients[client.0].name.clone(),
        );
        self.story.connected(next, &name);
        self.input(Input::Disconnected(connection));
    }

    /// Sends a request. Its answer may be there already, or come later: see [`take`](Self::take).
    pub fn send(&mut self, client: Client, request: Request) -> RequestId {
        let client = &mut self.clients[client.0];
        let id = RequestId {
            connection: client.connection,
            sequence: client.requests_count,
        };
        client.requests_count += 1;
        self.asked.insert(id);
        self.input(Input::Request { id, request });
        id
    }

    /// Takes an answer, if it has come.
    pub fn take(&mut self, id: RequestId) -> Option<Response> {
        self.answers.remove(&id)
    }

    /// Sends a request and lets time pass until it is answered.
    ///
    /// # Panics
    /// If nothing more happens, or not within a virtual hour.
    pub fn ask(&mut self, client: Client, request: Request) -> Response {
        let id = self.send(client, request);
        self.wait_for(id)
    }

    /// Lets time pass until a request is answered.
    ///
    /// # Panics
    /// If nothing more happens, or not within a virtual hour.
    pub fn wait_for(&mut self, id: RequestId) -> Response {
        let end = self.now.mono.plus_ms(3_600_000);
        loop {
            if let Some(response) = self.take(id) {
                return response;
            }
            let next = self.next_moment().filter(|next| *next <= end);
            let next = next.unwrap_or_else(|| panic!("{id:?} is not answered\n{}", self.story()));
            self.step(next);
        }
    }

    /// Lets time pass: "10s", "250ms", "7d". Returns what happened.
    ///
    /// # Panics
    /// If that is no duration.
    pub fn advance(&mut self, duration: &str) -> String {
        let end = self.now.mono.plus_ms(duration_ms(duration));
        while let Some(next) = self.next_moment().filter(|next| *next <= end) {
            self.step(next);
        }
        self.set_clock(end);
        self.story()
    }

    /// Lets time pass until the store has nothing left to do and every consumer has its partitions.
    ///
    /// # Panics
    /// If that does not happen within a virtual hour.
    pub fn run_until_quiet(&mut self) {
        let end = self.now.mono.plus_ms(3_600_000);
        while !self.is_quiet() {
            let next = self.next_moment().filter(|next| *next <= end);
            let next = next.unwrap_or_else(|| panic!("no quiet\n{}", self.story()));
            self.step(next);
        }
    }

    /// Whether the store has nothing left to do and every consumer has its partitions.
    pub fn is_quiet(&self) -> bool {
        self.disk.is_idle() && self.consumers.values().all(|c| c.is_settled(&self.broker))
    }

    /// The broker's process is killed and started again on what its store has. All connections are gone.
    ///
    /// # Panics
    /// If the broker cannot read its own records.
    pub fn restart(&mut self) {
        self.disk.lose_pending();
        self.seed += 1;
        self.broker = Broker::new(self.config.clone(), self.seed);
        for index in 0..self.clients.len() {
            let connection = self.connection();
            self.clients[index].connection = connection;
            self.story.connected(connection, &self.clients[index].name);
        }
        self.asked.clear();
        self.story.line(self.now, "the broker starts again".into());
        self.recover();
        let restarted: Vec<Client> = self.consumers.keys().copied().collect();
        for client in restarted {
            self.lost_connection(client);
        }
        self.consumers_act();
    }

    /// The broker stops in an orderly way and is started again.
    pub fn stop_and_start(&mut self) {
        let mut out = Vec::new();
        self.broker.stopping(&mut out);
        self.carry_out(out);
        self.restart();
    }

    fn recover(&mut self) {
        let mut out = Vec::new();
        let found = self.disk.store.recover(LogId::METADATA);
        self.broker
            .recover(LogId::METADATA, found.expect("it is always there"));
        self.replay(LogId::METADATA, &mut out);
        self.carry_out(out);
        let logs: Vec<LogId> = self.broker.logs().map(|log| log.id()).collect();
        for log in logs.into_iter().filter(|log| *log != LogId::METADATA) {
            if let Some(found) = self.disk.store.recover(log) {
                self.broker.recover(log, found);
            }
        }
        let mut out = Vec::new();
        for log in self.broker.logs_to_replay() {
            self.replay(log, &mut out);
        }
        self.broker.started(self.now, &mut out);
        self.carry_out(out);
    }

    fn replay(&mut self, log: LogId, out: &mut Vec<Output>) {
        let start = self.broker.log(log).expect("it exists").start_offset();
        for batch in self.disk.store.read(log, start) {
            self.broker
                .replay(self.now, log, &batch, out)
                .expect("the broker's own records");
        }
    }

    /// The time.
    pub fn now(&self) -> Now {
        self.now
    }

    /// A client's name.
    pub fn name(&self, client: Client) -> &str {
        &self.clients[client.0].name
    }

    /// Requests that are not answered yet.
    pub fn unanswered(&self) -> impl Iterator<Item = RequestId> + '_ {
        self.asked.iter().copied()
    }

    /// What happened since the last look, a line each.
    pub fn story(&mut self) -> String {
        self.story.take()
    }

    /// From now on everything that comes out of the broker is kept.
    pub fn keep_outputs(&mut self) {
        self.outputs = Some(Vec::new());
    }

    /// Everything that came out of the broker since the last look, if it is kept.
    pub fn outputs(&mut self) -> Vec<Output> {
        self.outputs
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Hands an input to the broker, and does what follows from it.
    pub fn input(&mut self, input: Input) {
        let mut out = Vec::new();
        self.broker.handle(self.now, input, &mut out);
        self.carry_out(out);
        self.consumers_act();
    }

    fn carry_out(&mut self, out: Vec<Output>) {
        let mut outputs = VecDeque::from(out);
        while let Some(output) = outputs.pop_front() {
            if let Some(kept) = &mut self.outputs {
                kept.push(output.clone());
            }
            let report = match output {
                Output::Reply { id, response } => {
                    self.answered(id, response);
                    None
                }
                Output::Store(op) => self.disk.apply(self.now.mono, op),
                Output::Event(event) => {
                    self.story.event(self.now, &event);
                    None
                }
            };
            if let Some(input) = report {
                let mut out = Vec::new();
                self.broker.handle(self.now, input, &mut out);
                outputs.extend(out);
            }
        }
    }

    fn answered(&mut self, id: RequestId, response: Response) {
        // A member that was parked when its connection closed is answered all the same; nobody is there to hear it.
        let is_gone = !self.clients.iter().any(|c| c.connection == id.connection);
        if is_gone {
            return;
        }
        assert!(self.asked.remove(&id), "{id:?} is answered twice");
        self.answers.insert(id, response);
    }

    /// When something happens next by itself.
    fn next_moment(&self) -> Option<Instant> {
        let deadline = self.broker.next_deadline().map(|(at, _)| at);
        let consumers = self.consumers.values().filter_map(Consumer::next_moment);
        deadline
            .into_iter()
            .chain(self.disk.next_moment())
            .chain(consumers)
            .min()
    }

    fn step(&mut self, at: Instant) {
        self.set_clock(at);
        if let Some(report) = self.disk.next_report(self.now.mono) {
            return self.input(report);
        }
        let due = self.broker.next_deadline().map(|(at, _)| at);
        if due.is_some_and(|due| due <= self.now.mono) {
            return self.input(Input::Tick);
        }
        self.consumers_act();
    }

    fn set_clock(&mut self, at: Instant) {
        self.now.mono = self.now.mono.max(at);
        let passed_ms = i64::try_from(self.now.mono.0 / 1000).expect("a short time");
        self.now.wall = Timestamp(BEGINNING.0 + passed_ms);
    }

    fn connection(&mut self) -> ConnectionId {
        self.connections_count += 1;
        ConnectionId(self.connections_count)
    }
}

fn duration_ms(text: &str) -> i64 {
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit_ms = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        other => panic!("{other} is no unit of time"),
    };
    digits
        .parse::<i64>()
        .expect("a number in front of its unit")
        * unit_ms
}
