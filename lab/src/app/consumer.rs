//! A consumer's application: it polls, works on one record after the other, and commits.

use std::collections::VecDeque;
use std::sync::Arc;

use ottla_client::consumer::{
    CommitError, CommitId, CommittedOffset, Consumer, ConsumerConfig, ConsumerEvent, Fetched,
    Subscription,
};
use ottla_client::{Event, Input, Output};
use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, Now, Offset, TopicName, TopicPartition};

use super::poison::Parker;
use super::{AppEvent, Journal};
use crate::action::{ActionError, ConsumerSettings, Millis, SeekTo};

/// A process with a poll loop: while it works on records it does not poll; its client's heartbeats go on meanwhile.
#[derive(Debug, Clone)]
pub struct ConsumerApp {
    pub(super) settings: ConsumerSettings,
    pub(super) consumer: Consumer,
    pub(super) step: Step,
    /// Records of the last poll that are not worked on; the first is in hand.
    pub(super) batch: VecDeque<Fetched>,
    /// The loop comes by a poll, whether there are records or not.
    pub(super) must_poll: bool,
    pub(super) committed_through: Option<CommitId>,
    /// A commit that met a rebalance is to be done again when that is over.
    pub(super) owes_commit: Owes,
    pub(super) parker: Option<Parker>,
    pub(super) journal: Journal<Processed>,
    pub(super) is_leaving: bool,
    /// It has died of a record.
    pub(crate) is_dead: bool,
    pub(super) told: Vec<AppEvent>,
}

/// A record that a consumer is done with.
#[derive(Debug, Clone, PartialEq)]
pub struct Processed {
    /// When.
    pub at: Instant,
    /// Where it is.
    pub partition: TopicPartition,
    /// Its offset.
    pub offset: i64,
    /// Its key, as text.
    pub key: Option<Arc<str>>,
    /// Its value, as text; empty for a tombstone.
    pub value: Arc<str>,
    /// What came of it.
    pub result: Handled,
}

/// What came of the work on a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// It is done.
    Done,
    /// It could not be handled, and was passed over.
    Skipped,
    /// It could not be handled, and was written to another topic.
    Parked,
}

/// The record that a consumer has in hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Working {
    /// Where it is.
    pub partition: TopicPartition,
    /// Its offset.
    pub offset: i64,
    /// When the work began.
    pub since: Instant,
    /// When it will be done.
    pub until: Instant,
}

/// Where the loop is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Records are awaited.
    Polling,
    /// A commit is awaited (`commitSync`).
    Committing(CommitId),
    /// The first record of the batch is in hand.
    Working { since: Instant, until: Instant },
    /// It is being written to another topic.
    Parking,
}

/// Whether a commit is to be done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owes {
    Nothing,
    /// After the rebalance that goes on.
    Later,
    Now,
}

/// What a process needs of its world: numbers for its links, and chance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    pub(crate) owner: u32,
    pub(crate) parker_owner: u32,
    pub(crate) seed: u64,
}

impl ConsumerApp {
    /// # Errors
    /// If its parker cannot be configured.
    pub(crate) fn new(
        name: &str,
        settings: ConsumerSettings,
        config: ConsumerConfig,
        identity: Identity,
    ) -> Result<Self, ActionError> {
        Ok(Self {
            parker: Parker::of(name, &settings, identity)?,
            consumer: Consumer::new(config, identity.owner, identity.seed),
            settings,
            step: Step::Polling,
            batch: VecDeque::new(),
            must_poll: false,
            committed_through: None,
            owes_commit: Owes::Nothing,
            journal: Journal::default(),
            is_leaving: false,
            is_dead: false,
            told: Vec::new(),
        })
    }

    /// Begins to read: as a member of its group, or by itself all of these partitions.
    pub(crate) fn begin(
        &mut self,
        now: Now,
        partitions: Vec<TopicPartition>,
        out: &mut Vec<Output>,
    ) {
        match &self.settings.group {
            Some(_) => {
                let topics = self.settings.topics.iter();
                let topics: Set<TopicName> = topics.map(|name| name.as_str().into()).collect();
                let subscription = Subscription::Topics(topics);
                let subscribed = self.tell(out, |consumer, out| {
                    consumer.subscribe(now, subscription, out)
                });
                subscribed.expect("it has a group");
            }
            None => self.tell(out, |consumer, out| consumer.assign(now, partitions, out)),
        }
    }

    /// The process is started again, with nothing in hand.
    pub(crate) fn restart(&mut self, identity: Identity) {
        self.consumer = Consumer::new(
            self.consumer.config().clone(),
            identity.owner,
            identity.seed,
        );
        if let Some(parker) = &mut self.parker {
            parker.restart(identity);
        }
        self.step = Step::Polling;
        self.batch.clear();
        self.must_poll = false;
        self.committed_through = None;
        self.owes_commit = Owes::Nothing;
        (self.is_leaving, self.is_dead) = (false, false);
    }

    /// What it does.
    pub fn settings(&self) -> &ConsumerSettings {
        &self.settings
    }

    /// Its client.
    pub fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// What it has worked on, in this order; also in processes that have died.
    pub fn journal(&self) -> &Journal<Processed> {
        &self.journal
    }

    /// The record in hand.
    pub fn working(&self) -> Option<Working> {
        let Step::Working { since, until } = self.step else {
            return None;
        };
        let first = self.batch.front()?;
        Some(Working {
            partition: first.partition.clone(),
            offset: first.record.offset.0,
            since,
            until,
        })
    }

    pub(crate) fn set_work(&mut self, work: Millis) {
        self.settings.work = work;
    }

    pub(crate) fn pause(&mut self, partitions: &[TopicPartition]) {
        self.consumer.pause(partitions);
    }

    pub(crate) fn resume(
        &mut self,
        now: Now,
        partitions: &[TopicPartition],
        out: &mut Vec<Output>,
    ) {
        self.tell(out, |consumer, out| consumer.resume(now, partitions, out));
        self.run(now, out);
    }

    /// Goes on elsewhere. What was polled there and is not in hand yet is dropped.
    pub(crate) fn seek(
        &mut self,
        now: Now,
        partition: &TopicPartition,
        to: SeekTo,
        out: &mut Vec<Output>,
    ) {
        let in_hand_count = usize::from(self.step != Step::Polling);
        let mut index = 0;
        self.batch.retain(|record| {
            index += 1;
            index <= in_hand_count || record.partition != *partition
        });
        self.tell(out, |consumer, out| match to {
            SeekTo::Beginning => consumer.seek_to_beginning(now, partition, out),
            SeekTo::End => consumer.seek_to_end(now, partition, out),
            SeekTo::Offset(offset) => consumer.seek(now, partition, Offset(offset), out),
        });
        self.run(now, out);
    }

    /// Commits what is worked on, without waiting for it.
    pub(crate) fn commit(&mut self, now: Now, out: &mut Vec<Output>) {
        let places = self.places();
        // Only a consumer without a group is refused, and that one is not asked.
        let _ = self.tell(out, |consumer, out| consumer.commit(now, Some(places), out));
    }

    /// Ends in order: when it is done with the record in hand.
    pub(crate) fn leave(&mut self, now: Now, out: &mut Vec<Output>) {
        self.is_leaving = true;
        self.run(now, out);
    }

    pub(crate) fn is_closed(&self) -> bool {
        let parker = self.parker.as_ref();
        self.consumer.is_closed() && parker.is_none_or(Parker::is_closed)
    }

    /// It stood still for so long: its work has not gone on meanwhile.
    pub(crate) fn stood_still(&mut self, micros: u64) {
        if let Step::Working { since, until } = &mut self.step {
            (*since, *until) = (*since + micros, *until + micros);
        }
    }

    pub(crate) fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        match (&input, &mut self.parker) {
            (Input::Link(link), Some(parker)) if parker.owns(link) => {
                parker.handle(now, input, out);
            }
            (Input::Tick, Some(parker)) => {
                parker.handle(now, Input::Tick, out);
                self.tell(out, |consumer, out| consumer.handle(now, input, out));
            }
            _ => self.tell(out, |consumer, out| consumer.handle(now, input, out)),
        }
        self.run(now, out);
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let work = match self.step {
            Step::Working { until, .. } => Some(until),
            _ => None,
        };
        let parker = self.parker.as_ref().and_then(Parker::next_deadline);
        let all = [self.consumer.next_deadline(), work, parker];
        all.into_iter().flatten().min()
    }

    pub(crate) fn take_told(&mut self) -> Vec<AppEvent> {
        std::mem::take(&mut self.told)
    }

    /// Whoever comes next begins with what was not worked on.
    pub(super) fn close(&mut self, now: Now, out: &mut Vec<Output>) {
        let places = self.places();
        let in_hand: Set<TopicPartition> = (self.batch.drain(..))
            .map(|record| record.partition)
            .collect();
        for partition in in_hand {
            if let Some(place) = places.get(&partition) {
                let offset = place.offset;
                self.tell(out, |consumer, out| {
                    consumer.seek(now, &partition, offset, out)
                });
            }
        }
        self.tell(out, |consumer, out| consumer.close(now, out));
        if let Some(parker) = &mut self.parker {
            parker.close(now, out);
        }
    }

    /// The next record to be worked on, of each partition that is read.
    fn places(&self) -> Map<TopicPartition, CommittedOffset> {
        let mut places = Map::new();
        for partition in self.consumer.assignment() {
            let in_hand = (self.batch.iter())
                .find(|record| record.partition == partition)
                .map(|record| record.record.offset);
            let Some(offset) = in_hand.or_else(|| self.consumer.position(&partition)) else {
                continue;
            };
            let place = CommittedOffset {
                offset,
                leader_epoch: None,
                metadata: String::new(),
            };
            places.insert(partition, place);
        }
        places
    }

    /// Has the client do something, and listens to what it tells.
    pub(super) fn tell<R>(
        &mut self,
        out: &mut Vec<Output>,
        act: impl FnOnce(&mut Consumer, &mut Vec<Output>) -> R,
    ) -> R {
        let before = out.len();
        let result = act(&mut self.consumer, out);
        for output in &out[before..] {
            let Output::Event(Event::Consumer(event)) = output else {
                continue;
            };
            match event {
                ConsumerEvent::Committed { id, result, .. } => {
                    self.committed_through = self.committed_through.max(Some(*id));
                    if *result == Err(CommitError::RebalanceInProgress) {
                        self.owes_commit = Owes::Later;
                    }
                }
                ConsumerEvent::Assigned { .. } if self.owes_commit == Owes::Later => {
                    self.owes_commit = Owes::Now;
                }
                _ => {}
            }
        }
        result
    }
}
