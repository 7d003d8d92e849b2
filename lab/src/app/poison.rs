//! Records that cannot be handled, and what becomes of them.

use ottla_client::producer::{Producer, ProducerRecord};
use ottla_client::{Input, LinkInput, Output};
use ottla_core::{Instant, Now, TopicName};

use super::consumer::{Handled, Identity};
use super::{AppEvent, ConsumerApp};
use crate::action::{ActionError, ConsumerSettings, FailurePolicy, ProducerSettings};

impl ConsumerApp {
    /// The time for the first record has passed: it is done, or it turns out that it cannot be handled.
    pub(super) fn finish(&mut self, now: Now, out: &mut Vec<Output>) {
        let first = self.batch.front().expect("a record is in hand");
        let value = first.record.value.as_deref().unwrap_or_default();
        if !value.starts_with(POISON) {
            return self.done(now, Handled::Done, out);
        }
        let (partition, offset) = (first.partition.clone(), first.record.offset.0);
        match &self.settings.on_poison {
            FailurePolicy::Skip => self.done(now, Handled::Skipped, out),
            FailurePolicy::Retry if self.is_leaving => self.give_up(),
            FailurePolicy::Retry => {
                self.told.push(AppEvent::Retrying { partition, offset });
                self.try_again(now);
            }
            FailurePolicy::Crash => {
                self.told.push(AppEvent::Died { partition, offset });
                self.is_dead = true;
            }
            FailurePolicy::Park(_) => {
                let record = first.record.clone();
                if let Some(parker) = &mut self.parker {
                    parker.send(now, record.key, record.value, out);
                }
                self.park();
            }
        }
    }

    pub(super) fn try_again(&mut self, now: Now) {
        self.work(now, RETRY_PAUSE_US);
    }
}

/// Writes records to another topic: a producer beside a consumer, in the same process.
#[derive(Debug, Clone)]
pub(super) struct Parker {
    topic: TopicName,
    producer: Producer,
    owner: u32,
    /// Whether the last record was written; `None` while nobody knows.
    result: Option<bool>,
}

impl Parker {
    /// `None` if the settings need no such thing.
    pub(super) fn of(
        name: &str,
        settings: &ConsumerSettings,
        identity: Identity,
    ) -> Result<Option<Self>, ActionError> {
        let FailurePolicy::Park(topic) = &settings.on_poison else {
            return Ok(None);
        };
        let config = ProducerSettings::new(topic).to_config(name)?;
        Ok(Some(Self {
            topic: topic.as_str().into(),
            producer: Producer::new(config, identity.parker_owner, identity.seed),
            owner: identity.parker_owner,
            result: None,
        }))
    }

    pub(super) fn restart(&mut self, identity: Identity) {
        self.owner = identity.parker_owner;
        self.producer = Producer::new(self.producer.config().clone(), self.owner, identity.seed);
        self.result = None;
    }

    pub(super) fn owns(&self, link: &LinkInput) -> bool {
        link.link().owner == self.owner
    }

    pub(super) fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        let before = out.len();
        self.producer.handle(now, input, out);
        self.listen(before, out);
    }

    fn send(
        &mut self,
        now: Now,
        key: Option<bytes::Bytes>,
        value: Option<bytes::Bytes>,
        out: &mut Vec<Output>,
    ) {
        let record = ProducerRecord {
            key,
            value,
            ..ProducerRecord::new(self.topic.clone(), "")
        };
        self.result = None;
        let before = out.len();
        let sent = self.producer.send(now, record, out);
        self.result = sent.is_err().then_some(false);
        self.listen(before, out);
    }

    pub(super) fn take_result(&mut self) -> Option<bool> {
        self.result.take()
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.producer.next_deadline()
    }

    pub(super) fn close(&mut self, now: Now, out: &mut Vec<Output>) {
        self.producer.close(now, out);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.producer.is_closed()
    }

    /// Deliveries are for this one, not for the world.
    fn listen(&mut self, before: usize, out: &mut Vec<Output>) {
        for output in out.extract_if(before.., |output| matches!(output, Output::Delivered(_))) {
            if let Output::Delivered(delivery) = output {
                self.result = Some(delivery.result.is_ok());
            }
        }
    }
}

const POISON: &[u8] = b"poison";
const RETRY_PAUSE_US: u64 = 1_000_000;
