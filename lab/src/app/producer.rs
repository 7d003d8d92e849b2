//! A producer's application: what it sends, when, and what became of it.

use std::sync::Arc;

use ottla_client::producer::{Delivery, Producer, ProducerConfig, ProducerRecord};
use ottla_client::{Input, Output};
use ottla_core::sorted::Map;
use ottla_core::{Instant, Now, TopicPartition};

use super::{AppEvent, Journal};
use crate::action::{Keys, ProducerSettings, Rate};

/// A process that sends records: at its rate, and when it is told to.
#[derive(Debug, Clone)]
pub struct ProducerApp {
    settings: ProducerSettings,
    producer: Producer,
    /// When it sends next by itself.
    next_at: Option<Instant>,
    last_at: Option<Instant>,
    /// How many records it has sent by itself.
    scheduled_count: u32,
    /// How many records it has made: keys and values count on.
    records_count: u64,
    deliveries: Journal<Sent>,
    /// Where in `deliveries` those are that are not told about yet, by their tickets.
    awaited: Map<u64, u64>,
    acknowledged_count: u64,
    failed_count: u64,
    is_closing: bool,
    told: Vec<AppEvent>,
}

/// A record that was to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// When.
    pub at: Instant,
    /// Where to.
    pub topic: Arc<str>,
    /// Its key.
    pub key: Option<Arc<str>>,
    /// Its value.
    pub value: Arc<str>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nobody knows yet; if the process has died, nobody ever will.
    Waiting,
    /// The broker has it.
    Acknowledged {
        /// When the producer heard of it.
        at: Instant,
        /// Where it is.
        partition: TopicPartition,
        /// Its offset, as far as the producer knows it: not with `acks=0`, nor where a repeat met its first try.
        offset: Option<i64>,
    },
    /// The producer has given it up.
    Failed {
        /// When.
        at: Instant,
        /// For people.
        reason: Arc<str>,
    },
}

/// Records that are to be sent at once; what is not said is the producer's own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    pub(crate) topic: Option<String>,
    pub(crate) partition: Option<i32>,
    pub(crate) keys: Option<Keys>,
    pub(crate) value: Option<String>,
    pub(crate) count: u32,
}

impl ProducerApp {
    /// `owner` names its links.
    pub(crate) fn new(
        settings: ProducerSettings,
        config: ProducerConfig,
        owner: u32,
        seed: u64,
        now: Instant,
    ) -> Self {
        let mut app = Self {
            settings,
            producer: Producer::new(config, owner, seed),
            next_at: None,
            last_at: None,
            scheduled_count: 0,
            records_count: 0,
            deliveries: Journal::default(),
            awaited: Map::new(),
            acknowledged_count: 0,
            failed_count: 0,
            is_closing: false,
            told: Vec::new(),
        };
        app.plan(now);
        app
    }

    /// The process is started again: a new client, which goes on with keys and values where the old one was.
    pub(crate) fn restart(&mut self, owner: u32, seed: u64, now: Instant) {
        self.producer = Producer::new(self.producer.config().clone(), owner, seed);
        self.awaited.clear();
        self.is_closing = false;
        self.last_at = None;
        self.plan(now);
    }

    /// What it does.
    pub fn settings(&self) -> &ProducerSettings {
        &self.settings
    }

    /// Its client.
    pub fn producer(&self) -> &Producer {
        &self.producer
    }

    /// What it has sent, in this order, and what became of it; also in processes that have died.
    pub fn deliveries(&self) -> &Journal<Sent> {
        &self.deliveries
    }

    /// How many records it has sent, how many of them were acknowledged, and how many given up.
    pub fn counts(&self) -> (u64, u64, u64) {
        let sent_count = self.deliveries.count();
        (sent_count, self.acknowledged_count, self.failed_count)
    }

    /// When it sends next by itself.
    pub fn next_at(&self) -> Option<Instant> {
        self.next_at
    }

    /// Sends records at once.
    pub(crate) fn send(&mut self, now: Now, order: &Order, out: &mut Vec<Output>) {
        for index in 0..order.count {
            let keys = order.keys.as_ref();
            let key = keys.map(|keys| keys.at(u64::from(index)));
            self.send_one(now, order, key, out);
        }
    }

    pub(crate) fn set_rate(&mut self, rate: Rate, now: Instant) {
        self.settings.rate = rate;
        self.plan(now);
    }

    /// Ends in order: sends what it has, then closes.
    pub(crate) fn leave(&mut self, now: Now, out: &mut Vec<Output>) {
        self.is_closing = true;
        self.next_at = None;
        self.producer.close(now, out);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.producer.is_closed()
    }

    pub(crate) fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        self.producer.handle(now, input, out);
        while self.next_at.is_some_and(|at| at <= now.mono) {
            self.scheduled_count += 1;
            self.last_at = Some(now.mono);
            let order = Order {
                count: 1,
                ..Order::default()
            };
            self.send(now, &order, out);
            self.plan(now.mono);
        }
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let own = self.producer.next_deadline();
        own.into_iter().chain(self.next_at).min()
    }

    /// Takes in what became of records.
    pub(crate) fn delivered(&mut self, now: Instant, delivery: &Delivery) {
        for (index, ticket) in (0..).zip(delivery.tickets.iter()) {
            let outcome = match &delivery.result {
                Ok(acknowledged) => Outcome::Acknowledged {
                    at: now,
                    partition: delivery.partition.clone(),
                    offset: acknowledged.base_offset.map(|base| base.0 + index),
                },
                Err(error) => Outcome::Failed {
                    at: now,
                    reason: error.message.as_str().into(),
                },
            };
            match &outcome {
                Outcome::Acknowledged { .. } => self.acknowledged_count += 1,
                _ => self.failed_count += 1,
            }
            if let Some(entry) = self.awaited.remove(&ticket.0) {
                self.deliveries.change(entry, |sent| sent.outcome = outcome);
            }
        }
    }

    pub(crate) fn take_told(&mut self) -> Vec<AppEvent> {
        std::mem::take(&mut self.told)
    }

    fn send_one(
        &mut self,
        now: Now,
        order: &Order,
        key: Option<Option<String>>,
        out: &mut Vec<Output>,
    ) {
        let key = key.unwrap_or_else(|| self.settings.keys.at(self.records_count));
        self.records_count += 1;
        let value = order.value.clone().or_else(|| self.settings.value.clone());
        let value = value.unwrap_or_else(|| format!("value-{}", self.records_count));
        let topic = order.topic.as_deref().unwrap_or(&self.settings.topic);
        let mut record = ProducerRecord::new(topic.into(), value.clone());
        record.key = key.clone().map(Into::into);
        record.partition = order.partition;
        let mut sent = Sent {
            at: now.mono,
            topic: topic.into(),
            key: key.map(Into::into),
            value: value.into(),
            outcome: Outcome::Waiting,
        };
        match self.producer.send(now, record, out) {
            Ok(ticket) => {
                let entry = self.deliveries.push(sent);
                self.awaited.insert(ticket.0, entry);
            }
            Err((error, _)) => {
                self.failed_count += 1;
                self.told.push(AppEvent::NotSent(error.to_string()));
                sent.outcome = Outcome::Failed {
                    at: now.mono,
                    reason: error.to_string().into(),
                };
                self.deliveries.push(sent);
            }
        }
    }

    /// Who begins sends at once, and then at the rate. What a process that stood still has missed is not made up for.
    fn plan(&mut self, now: Instant) {
        let is_done = (self.settings.count).is_some_and(|count| self.scheduled_count >= count);
        let rate = u64::from(self.settings.rate.per_1000_s);
        self.next_at = match MICROS_PER_1000_S.checked_div(rate) {
            Some(interval_us) if !is_done && !self.is_closing => {
                let next = self.last_at.map_or(now, |last| last + interval_us);
                Some(next.max(now))
            }
            _ => None,
        };
    }
}

impl Keys {
    /// The key of the record with this number, counted from 0.
    fn at(&self, number: u64) -> Option<String> {
        match self {
            Self::None => None,
            Self::Of(keys) => {
                let index = number.checked_rem(keys.len() as u64)?;
                keys.get(index as usize).cloned()
            }
            Self::Range(first, last) => {
                let count = u64::from(last.saturating_sub(*first)) + 1;
                Some((u64::from(*first) + number % count).to_string())
            }
        }
    }
}

const MICROS_PER_1000_S: u64 = 1_000_000_000;
