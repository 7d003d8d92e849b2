//! A client's process.

use std::sync::Arc;

use ottla_client::consumer::Consumer;
use ottla_client::producer::{Delivery, Producer};
use ottla_client::{Input, LinkInput, Output};
use ottla_core::{Instant, Now};

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
        }
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match &self.client {
            _ if self.is_frozen => None,
            Client::Producer(producer) => producer.next_deadline(),
            Client::Consumer(consumer) => consumer.next_deadline(),
        }
    }

    pub(crate) fn freeze(&mut self) {
        self.is_frozen = true;
    }

    /// Goes on, and finds everything that has come meanwhile.
    pub(crate) fn thaw(&mut self, now: Now, out: &mut Vec<Output>) {
        self.is_frozen = false;
        for input in std::mem::take(&mut self.waiting) {
            self.handle(now, Input::Link(input), out);
        }
    }
}
