//! A client's process.

use std::sync::Arc;

use ottla_client::consumer::Consumer;
use ottla_client::producer::{Delivery, Producer};
use ottla_client::{Input, LinkInput, Output};
use ottla_core::{Instant, Now};

use crate::code::{Print, Program, Question};

/// Someone who lives in a world beside the broker.
#[derive(Debug, Clone)]
pub(crate) struct Resident {
    pub(crate) name: Arc<str>,
    pub(crate) client: Client,
    /// What its producer has been told and nobody has looked at.
    pub(crate) deliveries: Vec<Delivery>,
    /// A process that stands still: what comes for it waits.
    is_frozen: bool,
    waiting: Vec<LinkInput>,
}

#[derive(Debug, Clone)]
pub(crate) enum Client {
    Producer(Box<Producer>),
    Consumer(Box<Consumer>),
    Program(Box<Program>),
}

impl Resident {
    pub(crate) fn new(name: &str, client: Client) -> Self {
        Self {
            name: name.into(),
            client,
            deliveries: Vec::new(),
            is_frozen: false,
            waiting: Vec::new(),
        }
    }

    pub(crate) fn link(&mut self, now: Now, input: LinkInput, out: &mut Vec<Output>) {
        match self.is_frozen {
            true => self.waiting.push(input),
            false => self.handle(now, Input::Link(input), out),
        }
    }

    pub(crate) fn tick_if_due(&mut self, now: Now, out: &mut Vec<Output>) {
        if self
            .next_deadline()
            .is_some_and(|deadline| deadline <= now.mono)
        {
            self.handle(now, Input::Tick, out);
        }
    }

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        match &mut self.client {
            Client::Producer(producer) => producer.handle(now, input, out),
            Client::Consumer(consumer) => consumer.handle(now, input, out),
            Client::Program(program) => match input {
                Input::Link(input) => program.link(now.mono, input),
                Input::Tick => program.turn_if_due(now.mono, out),
            },
        }
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match &self.client {
            _ if self.is_frozen => None,
            Client::Producer(producer) => producer.next_deadline(),
            Client::Consumer(consumer) => consumer.next_deadline(),
            Client::Program(program) => program.next_turn_at(),
        }
    }

    /// What it waits for, if its next turn is at this moment.
    pub(crate) fn question(&self, at: Instant) -> Option<Question> {
        match &self.client {
            Client::Program(program) if !self.is_frozen && program.next_turn_at() == Some(at) => {
                program.question(&self.name)
            }
            _ => None,
        }
    }

    /// What a program has printed since this was last asked.
    pub(crate) fn take_prints(&mut self) -> Vec<Print> {
        match &mut self.client {
            Client::Program(program) => program.take_prints(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn freeze(&mut self) {
        self.is_frozen = true;
    }

    /// Goes on, and finds everything that has come meanwhile.
    pub(crate) fn thaw(&mut self, now: Now, out: &mut Vec<Output>) {
        self.is_frozen = false;
        if let Client::Program(program) = &mut self.client {
            program.wake(now.mono);
        }
        for input in std::mem::take(&mut self.waiting) {
            self.handle(now, Input::Link(input), out);
        }
    }
}
