//! The whole of it, and its clock.

mod programs;

use std::collections::BTreeMap;
use std::sync::Arc;

use ottla_client::consumer::{Consumer, ConsumerConfig};
use ottla_client::producer::{Delivery, Producer, ProducerConfig};
use ottla_client::random::Random;
use ottla_client::{Address, LinkId, Output};
use ottla_core::config::Config;
use ottla_core::{Broker, Instant, Now, Timestamp};

use crate::links::{Conditions, Direction, Links, Parcel};
use crate::log::{Line, Log, Teller};
use crate::resident::{Client, Resident};
use crate::server::{Server, ToLink};

/// A broker, clients, and what is on its way between them.
///
/// Clients are named by the number under which they were added. Whoever wants something of a client says so with
/// [`with_producer`](Self::with_producer) or [`with_consumer`](Self::with_consumer); what comes of it is carried as time passes.
#[derive(Debug, Clone)]
pub struct World {
    now: Instant,
    random: Random,
    pub(crate) server: Server,
    pub(crate) residents: BTreeMap<u32, Resident>,
    clients_count: u32,
    pub(crate) links: Links,
    pub(crate) log: Log,
    broker_name: Arc<str>,
    world_name: Arc<str>,
    /// Room for what clients and the broker put out. Empty between calls.
    outputs: Vec<Output>,
    answers: Vec<ToLink>,
}

impl World {
    /// A broker without topics, at the beginning of time.
    pub fn new(config: Config, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let server = Server::new(at(Instant(0)), config, random.next_u64());
        Self {
            now: Instant(0),
            random,
            server,
            residents: BTreeMap::new(),
            clients_count: 0,
            links: Links::default(),
            log: Log::default(),
            broker_name: "broker".into(),
            world_name: "world".into(),
            outputs: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// Where clients find the broker.
    pub fn address() -> Address {
        Address {
            host: "broker.lab".into(),
            port: 9092,
        }
    }

    /// What both clocks show.
    pub fn now(&self) -> Now {
        at(self.now)
    }

    /// Adds a producer, which is told where the broker is.
    pub fn add_producer(&mut self, name: &str, mut config: ProducerConfig) -> u32 {
        config.network.bootstrap = vec![Self::address()];
        let (owner, seed) = (self.clients_count + 1, self.random.next_u64());
        let producer = Producer::new(config, owner, seed);
        self.add(name, Client::Producer(Box::new(producer)))
    }

    /// Adds a consumer, which is told where the broker is.
    pub fn add_consumer(&mut self, name: &str, mut config: ConsumerConfig) -> u32 {
        config.network.bootstrap = vec![Self::address()];
        let (owner, seed) = (self.clients_count + 1, self.random.next_u64());
        let consumer = Consumer::new(config, owner, seed);
        self.add(name, Client::Consumer(Box::new(consumer)))
    }

    fn add(&mut self, name: &str, client: Client) -> u32 {
        self.clients_count += 1;
        let resident = Resident::new(name, client);
        let name = resident.name.clone();
        self.links.tap.introduce(self.clients_count, name);
        self.residents.insert(self.clients_count, resident);
        self.clients_count
    }

    /// A client ends without a word: its links close.
    pub fn kill(&mut self, client: u32) {
        if let Some(resident) = self.residents.remove(&client) {
            self.tell(format!("{} is killed", resident.name));
            self.links.break_all_of(self.now, client, &mut self.random);
        }
    }

    /// A producer, to be looked at.
    ///
    /// # Panics
    /// If there is no such producer.
    pub fn producer(&self, client: u32) -> &Producer {
        match self.residents.get(&client).map(|resident| &resident.client) {
            Some(Client::Producer(producer)) => producer,
            _ => panic!("client {client} is no producer"),
        }
    }

    /// A consumer, to be looked at.
    ///
    /// # Panics
    /// If there is no such consumer.
    pub fn consumer(&self, client: u32) -> &Consumer {
        match self.residents.get(&client).map(|resident| &resident.client) {
            Some(Client::Consumer(consumer)) => consumer,
            _ => panic!("client {client} is no consumer"),
        }
    }

    /// Has a producer do something.
    ///
    /// # Panics
    /// If there is no such producer.
    pub fn with_producer<R>(
        &mut self,
        client: u32,
        act: impl FnOnce(&mut Producer, Now, &mut Vec<Output>) -> R,
    ) -> R {
        let now = self.now();
        let resident = self.residents.get_mut(&client);
        let result = match resident.map(|resident| &mut resident.client) {
            Some(Client::Producer(producer)) => act(producer, now, &mut self.outputs),
            _ => panic!("client {client} is no producer"),
        };
        self.carry(client);
        result
    }

    /// Has a consumer do something.
    ///
    /// # Panics
    /// If there is no such consumer.
    pub fn with_consumer<R>(
        &mut self,
        client: u32,
        act: impl FnOnce(&mut Consumer, Now, &mut Vec<Output>) -> R,
    ) -> R {
        let now = self.now();
        let resident = self.residents.get_mut(&client);
        let result = match resident.map(|resident| &mut resident.client) {
            Some(Client::Consumer(consumer)) => act(consumer, now, &mut self.outputs),
            _ => panic!("client {client} is no consumer"),
        };
        self.carry(client);
        result
    }

    /// What a producer has been told of its records since this was last asked.
    pub fn take_deliveries(&mut self, client: u32) -> Vec<Delivery> {
        let resident = self.residents.get_mut(&client);
        resident
            .map(|resident| std::mem::take(&mut resident.deliveries))
            .unwrap_or_default()
    }

    /// What has happened since this was last asked, oldest first; the newest hundred thousand lines.
    pub fn take_log(&mut self) -> Vec<Line> {
        self.log.take()
    }

    /// The engine's views.
    pub fn broker(&self) -> &Broker {
        self.server.broker()
    }

    /// What all links are like from now on. What is on its way arrives as it would have.
    pub fn set_conditions(&mut self, conditions: Conditions) {
        self.tell(format!("{conditions:?}"));
        self.links.conditions = conditions;
    }

    /// A client's links break, and both ends hear of it.
    pub fn break_links(&mut self, client: u32) {
        self.tell(format!("the links of client {client} break"));
        self.links.break_all_of(self.now, client, &mut self.random);
    }

    /// Nothing arrives on a client's present links any more, and neither end is told.
    pub fn deaden_links(&mut self, client: u32) {
        self.tell(format!("the links of client {client} are dead"));
        self.links.deaden_all_of(client);
    }

    /// Plans that a client's link, counted from 1, breaks when so many bytes have gone in one direction.
    pub fn plan_break(
        &mut self,
        client: u32,
        serial: u32,
        direction: Direction,
        after_bytes: usize,
    ) {
        let link = LinkId {
            owner: client,
            serial,
        };
        self.links.plan_break(link, direction, after_bytes);
    }

    /// How many bytes a client's link, counted from 1, has carried.
    pub fn carried_bytes(&self, client: u32, serial: u32, direction: Direction) -> usize {
        let link = LinkId {
            owner: client,
            serial,
        };
        self.links.carried_bytes(link, direction)
    }

    /// A client's process stands still until it is [thawed](Self::thaw).
    pub fn freeze(&mut self, client: u32) {
        if let Some(resident) = self.residents.get_mut(&client) {
            resident.freeze();
            self.tell(format!("client {client} stands still"));
        }
    }

    /// A client's process goes on.
    pub fn thaw(&mut self, client: u32) {
        let now = self.now();
        if let Some(resident) = self.residents.get_mut(&client) {
            resident.thaw(now, &mut self.outputs);
            self.tell(format!("client {client} goes on"));
            self.carry(client);
        }
    }

    /// The broker's process stands still until it is [thawed](Self::thaw_broker).
    pub fn freeze_broker(&mut self) {
        self.tell("the broker stands still".into());
        self.server.freeze();
    }

    /// The broker's process goes on.
    pub fn thaw_broker(&mut self) {
        self.tell("the broker goes on".into());
        self.server.thaw(at(self.now), &mut self.answers);
        self.carry_answers();
    }

    /// The broker's process ends, in order or killed. What it has stored stays.
    pub fn stop_broker(&mut self, is_orderly: bool) {
        let how = if is_orderly { "stops" } else { "is killed" };
        self.tell(format!("the broker {how}"));
        self.server.stop(is_orderly, &mut self.answers);
        self.carry_answers();
    }

    /// The broker starts on what it has stored.
    pub fn start_broker(&mut self) {
        self.tell("the broker starts".into());
        self.server.start(at(self.now));
    }

    /// When something happens next, if nobody interferes.
    pub fn next_event(&self) -> Option<Instant> {
        let deadlines = self.residents.values().filter_map(Resident::next_deadline);
        let next = deadlines
            .chain(self.links.next_arrival())
            .chain(self.server.next_deadline())
            .min();
        next.map(|next| next.max(self.now))
    }

    /// Lets time pass up to this moment, or up to just before a turn that a program has [not answered](Self::questions).
    pub fn advance(&mut self, to: Instant) {
        let (mut moment, mut steps_count) = (self.now, 0);
        while let Some(next) = self.next_event().filter(|next| *next <= to) {
            if !self.questions_at(next).is_empty() {
                self.now = self.now.max(Instant(next.0 - 1));
                return;
            }
            steps_count = if next == moment { steps_count + 1 } else { 0 };
            assert!(
                steps_count < STEPS_MAX,
                "time stands still: {}",
                self.who_is_due()
            );
            moment = next;
            self.now = next;
            self.step();
        }
        self.now = self.now.max(to);
    }

    fn who_is_due(&self) -> String {
        let due = self.residents.values();
        let due = due.filter(|resident| resident.next_deadline().is_some_and(|at| at <= self.now));
        let names: Vec<&str> = due.map(|resident| &*resident.name).collect();
        names.join(", ")
    }

    /// What is due, once.
    fn step(&mut self) {
        while let Some(parcel) = self.links.take_due(self.now) {
            match parcel {
                Parcel::ToBroker(what) => {
                    self.server.handle(at(self.now), what, &mut self.answers);
                    self.carry_answers();
                }
                Parcel::ToClient(input) => {
                    let now = self.now();
                    let client = owner(&input);
                    if let Some(resident) = self.residents.get_mut(&client) {
                        resident.link(now, input, &mut self.outputs);
                        self.carry(client);
                    }
                }
            }
        }
        self.server.tick_if_due(at(self.now), &mut self.answers);
        self.carry_answers();
        let clients: Vec<u32> = self.residents.keys().copied().collect();
        for client in clients {
            let now = self.now();
            if let Some(resident) = self.residents.get_mut(&client) {
                resident.tick_if_due(now, &mut self.outputs);
                self.carry(client);
            }
        }
    }

    /// Puts on its way what a client has put out.
    fn carry(&mut self, client: u32) {
        let Some(resident) = self.residents.get_mut(&client) else {
            return;
        };
        for output in self.outputs.drain(..) {
            match output {
                Output::Link(op) => {
                    let is_listening = !self.server.is_stopped();
                    self.links
                        .operate(self.now, op, is_listening, &mut self.random);
                }
                Output::Event(event) => {
                    self.log
                        .add(self.now, &resident.name, Teller::Client(event))
                }
                Output::Delivered(delivery) => resident.deliveries.push(delivery),
            }
        }
        for print in resident.take_prints() {
            self.log.add(self.now, &resident.name, Teller::Code(print));
        }
    }

    /// Puts on its way what the broker has put out.
    fn carry_answers(&mut self) {
        for answer in self.answers.drain(..) {
            self.links.answer(self.now, answer, &mut self.random);
        }
        for event in self.server.take_events() {
            self.log
                .add(self.now, &self.broker_name, Teller::Broker(event));
        }
    }

    fn tell(&mut self, what: String) {
        self.log
            .add(self.now, &self.world_name, Teller::World(what));
    }
}

/// What both clocks show at a moment of the monotonic one.
fn at(mono: Instant) -> Now {
    let passed_ms = i64::try_from(mono.0 / 1000).unwrap_or(i64::MAX);
    Now {
        mono,
        wall: Timestamp(BEGINNING.0.saturating_add(passed_ms)),
    }
}

fn owner(input: &ottla_client::LinkInput) -> u32 {
    use ottla_client::LinkInput::{Closed, Connected, Received};
    match input {
        Connected(link) | Received(link, _) | Closed(link, _) => link.owner,
    }
}

/// The wall clock at the beginning of time.
const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);
/// More than this happens at one moment only if something goes round in circles.
const STEPS_MAX: u32 = 10_000;
