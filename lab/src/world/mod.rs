//! The whole of it, and its clock.

mod apply;
mod checks;
mod operator;
mod people;
mod processes;
mod programs;
mod terminal;
#[cfg(test)]
mod tests;
mod trouble;

use std::sync::Arc;

use ottla_client::random::Random;
use ottla_client::{Address, LinkOp, Output};
use ottla_core::config::Config;
use ottla_core::{Broker, Instant, Now, Timestamp};

use crate::action::LIMITS;
use crate::disk::Disk;
use crate::links::{Conditions, Links, Parcel};
use crate::log::{Line, Log, Teller};
use crate::resident::Resident;
use crate::server::{Server, ToLink};
use operator::Operators;
use people::People;

/// A broker, clients, and what is on its way between them.
///
/// A person does something by an [`Action`](crate::action::Action), see [`apply`](Self::apply); what comes of it follows as time passes. Whoever
/// wants to be the user of a client adds it bare, by [`add_producer`](Self::add_producer) or [`add_consumer`](Self::add_consumer), and has it do
/// something by [`with_producer`](Self::with_producer) or [`with_consumer`](Self::with_consumer).
#[derive(Debug, Clone)]
pub struct World {
    now: Instant,
    random: Random,
    pub(crate) server: Server,
    people: People,
    operators: Operators,
    pub(crate) links: Links,
    pub(crate) log: Log,
    broker_name: Arc<str>,
    world_name: Arc<str>,
    /// Room for what clients and the broker put out. Empty between calls.
    outputs: Vec<Output>,
    answers: Vec<ToLink>,
}

impl World {
    /// A broker without topics, at the beginning of time, and links without any latency.
    pub fn new(config: Config, seed: u64) -> Self {
        Self::on(Disk::new(None), config, seed)
    }

    fn on(disk: Disk, config: Config, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let server = Server::new(at(Instant(0)), config, disk, random.next_u64());
        Self {
            now: Instant(0),
            random,
            server,
            people: People::default(),
            operators: Operators::default(),
            links: Links::default(),
            log: Log::default(),
            broker_name: "broker".into(),
            world_name: "world".into(),
            outputs: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// A broker as scenes begin with: groups do not wait for their first members, and frames are 20 ms on their way, so that they can be seen.
    ///
    /// The [`LIMITS`] of a scene are the broker's own, so that they hold for the terminal and for programs too.
    pub fn for_scene(seed: u64) -> Self {
        let properties = [
            ("group.initial.rebalance.delay.ms", "0".to_owned()),
            ("offsets.topic.num.partitions", "1".to_owned()),
            ("num.partitions", "1".to_owned()),
            // Kafka looks every five minutes: nobody would watch for so long.
            ("log.retention.check.interval.ms", "1000".to_owned()),
            ("ottla.max.topics", LIMITS.topics_count.to_string()),
            (
                "ottla.max.partitions.per.topic",
                LIMITS.partitions_count.to_string(),
            ),
            ("group.max.size", LIMITS.consumers_count.to_string()),
        ];
        let (config, _) = Config::from_properties(properties).expect("a configuration");
        let mut world = Self::on(Disk::new(Some(LIMITS.disk_bytes)), config, seed);
        world.links.conditions = Conditions {
            latency_us: SCENE_LATENCY_US,
            ..Conditions::default()
        };
        world
    }

    /// Where clients find the broker.
    pub fn address() -> Address {
        Address {
            host: "broker.lab".into(),
            port: 9092,
        }
    }

    /// Whether the broker is meant: by its own name, or by one that examples have. Nobody listens anywhere else.
    pub(crate) fn is_address(address: &Address) -> bool {
        let own = Self::address();
        let is_host = address.host == own.host || HOSTS.contains(&&*address.host);
        is_host && address.port == own.port
    }

    /// The wall clock at the beginning of time.
    pub fn beginning() -> Timestamp {
        BEGINNING
    }

    /// What both clocks show.
    pub fn now(&self) -> Now {
        at(self.now)
    }

    /// What has happened since this was last asked, oldest first; the newest hundred thousand lines.
    pub fn take_log(&mut self) -> Vec<Line> {
        self.log.take()
    }

    /// The engine's views.
    pub fn broker(&self) -> &Broker {
        self.server.broker()
    }

    /// When something happens next, if nobody interferes.
    pub fn next_event(&self) -> Option<Instant> {
        let next = (self.people.next_due().into_iter())
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
                self.people.who_is_due(self.now).join(", ")
            );
            moment = next;
            self.now = next;
            self.step();
        }
        self.now = self.now.max(to);
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
                    if let Some(client) = self.people.of(&input) {
                        self.with(client, |resident, now, out| resident.link(now, input, out));
                    }
                }
            }
        }
        self.server.tick_if_due(at(self.now), &mut self.answers);
        self.carry_answers();
        for client in self.people.due(self.now) {
            self.with(client, Resident::tick_if_due);
        }
    }

    /// Has a resident do something, and carries what comes of it.
    fn with<R>(
        &mut self,
        client: u32,
        act: impl FnOnce(&mut Resident, Now, &mut Vec<Output>) -> R,
    ) -> Option<R> {
        let now = self.now();
        let resident = self.people.get_mut(client)?;
        let result = act(resident, now, &mut self.outputs);
        self.carry(client);
        Some(result)
    }

    /// Puts on its way what a client has put out.
    fn carry(&mut self, client: u32) {
        let now = self.now();
        let Some(resident) = self.people.get_mut(client) else {
            return;
        };
        for output in self.outputs.drain(..) {
            match output {
                Output::Link(op) => {
                    if let LinkOp::Send(link, bytes) = &op {
                        resident.note_sent(*link, bytes);
                    }
                    let is_listening = !self.server.is_stopped();
                    self.links
                        .operate(self.now, op, is_listening, &mut self.random);
                }
                Output::Event(event) => {
                    self.log
                        .add(self.now, &resident.name, Teller::Client(event))
                }
                Output::Delivered(delivery) => resident.delivered(now, delivery),
            }
        }
        let (told, is_dead) = resident.take_told();
        for event in told {
            self.log.add(self.now, &resident.name, Teller::App(event));
        }
        for written in resident.take_written() {
            let what = Teller::Terminal(written);
            self.log.add(self.now, &resident.name, what);
        }
        for print in resident.take_prints() {
            self.log.add(self.now, &resident.name, Teller::Code(print));
        }
        self.people.reschedule(client);
        if is_dead {
            self.end_process(client);
        }
    }

    /// Puts on its way what the broker has put out.
    fn carry_answers(&mut self) {
        for answer in std::mem::take(&mut self.answers) {
            let Some(answer) = self.operators.take_own(answer) else {
                continue;
            };
            match self.people.loses(&answer) {
                Some(link) => self.links.break_now(self.now, link, &mut self.random),
                None => self.links.answer(self.now, answer, &mut self.random),
            }
        }
        for event in self.server.take_events() {
            self.log
                .add(self.now, &self.broker_name, Teller::Broker(event));
        }
        self.hear_operators();
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

/// The wall clock at the beginning of time.
const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);
/// As whom the broker is known beside its own name: on the learner's machine, in containers.
const HOSTS: [&str; 6] = ["localhost", "127.0.0.1", "::1", "[::1]", "broker", "kafka"];
/// More than this happens at one moment only if something goes round in circles.
const STEPS_MAX: u32 = 10_000;
const SCENE_LATENCY_US: u64 = 20_000;
