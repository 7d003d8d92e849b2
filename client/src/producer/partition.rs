//! The batches of one partition, in their order.

use std::collections::VecDeque;

use ottla_core::batch::Compression;
use ottla_core::{Instant, TopicPartition};

use super::ProducerConfig;
use super::batch::{Flight, OpenBatch, Room, SealedBatch};
use super::sequences::{Identity, Sequence, Sequences, after};
use crate::network::BrokerId;

/// One partition of a topic.
///
/// ```text
///   records ─▶ open: filling, full ──seal──▶ sent: on the wire, or waiting to be sent again ──▶ answered
/// ```
#[derive(Debug, Clone)]
pub(super) struct Partition {
    pub(super) name: TopicPartition,
    pub(super) leader: Option<BrokerId>,
    pub(super) leader_epoch: i32,
    /// Never sent; only the last one takes records.
    pub(super) open: VecDeque<OpenBatch>,
    /// In the order of their first sending, which is that of their sequence numbers.
    pub(super) sent: VecDeque<SealedBatch>,
    pub(super) sequences: Sequences,
    /// How many batches there have been.
    sealed_count: u64,
}

/// Which batch comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Candidate {
    /// The how many-th of those that were sent.
    Again(usize),
    /// The first of those that were not.
    New,
}

/// When it may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    /// Now.
    Ready,
    /// It waits for more records, until then; it goes along if something else goes to the same broker.
    Lingers(Instant),
    /// It has failed, and is not tried again before then.
    BacksOff(Instant),
}

/// What is the same for all partitions of a topic while batches are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) now: Instant,
    pub(super) room: Room,
    pub(super) linger_ms: i64,
    /// Nothing lingers: somebody flushes, or the buffer is full.
    pub(super) hurry: bool,
    pub(super) max_in_flight: usize,
    /// With idempotence, who the producer is.
    pub(super) identity: Option<Identity>,
}

impl Rules {
    pub(super) fn new(config: &ProducerConfig, now: Instant, ratio: f32) -> Self {
        Self {
            now,
            room: room(config, ratio),
            linger_ms: config.linger_ms,
            hurry: false,
            max_in_flight: config.network.max_in_flight,
            identity: None,
        }
    }
}

pub(super) fn room(config: &ProducerConfig, ratio: f32) -> Room {
    Room {
        limit_bytes: config.batch_size,
        compression: config.compression,
        ratio: if config.compression == Compression::None {
            1.0
        } else {
            ratio
        },
    }
}

impl Partition {
    pub(super) fn new(name: TopicPartition) -> Self {
        Self {
            name,
            leader: None,
            leader_epoch: -1,
            open: VecDeque::new(),
            sent: VecDeque::new(),
            sequences: Sequences::default(),
            sealed_count: 0,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty() && self.sent.is_empty()
    }

    /// No batch takes another record (Java's `allBatchesFull`).
    pub(super) fn is_full(&self, room: Room) -> bool {
        self.open.back().is_none_or(|last| last.is_full(room))
    }

    /// The batch that would be sent next, if any may be sent before others are answered.
    pub(super) fn candidate(&self, rules: &Rules) -> Option<Candidate> {
        if rules.max_in_flight == 1 && self.sent.iter().any(SealedBatch::is_on_wire) {
            return None;
        }
        let waiting = self.sent.iter().position(|batch| !batch.is_on_wire());
        if let Some(index) = waiting {
            let may_go = match self.sent[index].sequence() {
                // Behind one that is not answered yet, it might be refused as out of order.
                Some(sequence) => index == 0 && !self.is_cut_off(sequence.base),
                None => true,
            };
            return may_go.then_some(Candidate::Again(index));
        }
        if self.open.is_empty() {
            return None;
        }
        if let Some(identity) = rules.identity {
            // A broker takes any number from a producer that it does not know: the first batch must be written before a second one comes.
            let is_first_pending =
                self.sequences.last_acknowledged.is_none() && !self.sent.is_empty();
            let is_stale = self.sequences.identity != Some(identity) && !self.sent.is_empty();
            if is_stale
                || is_first_pending
                || self.sequences.unresolved.is_some()
                || self.sequences.restart_from.is_some()
                || self.has_filled_the_brokers_memory()
            {
                return None;
            }
        }
        Some(Candidate::New)
    }

    pub(super) fn readiness(&self, candidate: Candidate, rules: &Rules) -> Readiness {
        match candidate {
            Candidate::Again(index) => match self.sent[index].flight {
                Flight::Waiting {
                    not_before,
                    leader_epoch,
                } if not_before > rules.now && self.leader_epoch <= leader_epoch => {
                    Readiness::BacksOff(not_before)
                }
                _ => Readiness::Ready,
            },
            Candidate::New => {
                let first = &self.open[0];
                let until = first.created.plus_ms(rules.linger_ms);
                let is_due = rules.hurry || until <= rules.now;
                match is_due || self.open.len() > 1 || first.is_full(rules.room) {
                    true => Readiness::Ready,
                    false => Readiness::Lingers(until),
                }
            }
        }
    }

    /// Makes the first open batch's bytes, with the next sequence number, and puts it behind those that were sent.
    pub(super) fn seal(&mut self, serial: u64, identity: Option<Identity>) {
        if identity.is_some() && self.sequences.identity != identity {
            self.restart(identity);
        }
        let open = self.open.pop_front().expect("the candidate is there");
        let sequence = identity.map(|identity| Sequence {
            identity,
            base: self.sequences.next,
        });
        self.sequences.next = after(self.sequences.next, open.records_count() as i32);
        let mut batch = open.seal(serial, sequence);
        batch.sealed_before = self.sealed_count;
        self.sealed_count += 1;
        self.sent.push_back(batch);
    }

    /// A broker remembers the last five batches of a producer: a repeat of an older one would be taken for a mistake.
    fn has_filled_the_brokers_memory(&self) -> bool {
        let oldest = self.sent.front().map(|batch| batch.sealed_before);
        oldest.is_some_and(|oldest| self.sealed_count - oldest >= 5)
    }

    /// There is a gap before a batch with this first number: it is not written, and cannot be under this number.
    fn is_cut_off(&self, base: i32) -> bool {
        self.sequences.restart_from.is_some() && !self.sequences.is_before_gap(base)
    }

    /// Whether sequence numbers have to begin again, and can: nothing that may be written would get another number and be written twice.
    pub(super) fn is_due_to_restart(&self) -> bool {
        let is_cut_off = |batch: &SealedBatch| {
            let sequence = batch.sequence();
            !batch.is_on_wire() && sequence.is_some_and(|sequence| self.is_cut_off(sequence.base))
        };
        self.sequences.restart_from.is_some() && self.sent.iter().all(is_cut_off)
    }

    /// Whether nothing but a look at it keeps it from going on: what was given up is all that had not been answered.
    pub(super) fn waits_for_resolution(&self) -> bool {
        self.is_due_to_restart() || (self.sequences.unresolved.is_some() && self.sent.is_empty())
    }

    /// Sequence numbers begin again at 0 under this identity, also those of batches that were sent.
    pub(super) fn restart(&mut self, identity: Option<Identity>) {
        let mut base = 0;
        for batch in &mut self.sent {
            if let Some(identity) = identity {
                batch.reset_sequence(Sequence { identity, base });
            }
            base = after(base, batch.records_count() as i32);
        }
        self.sequences = Sequences {
            identity,
            next: base,
            last_acknowledged: None,
            unresolved: None,
            restart_from: None,
            ..self.sequences
        };
    }

    /// Puts batches in the place of the one at `index`.
    pub(super) fn replace(&mut self, index: usize, batches: Vec<SealedBatch>) {
        let sealed_before = self.sent.remove(index).map_or(0, |old| old.sealed_before);
        self.sealed_count += batches.len() as u64 - 1;
        for (at, mut batch) in batches.into_iter().enumerate() {
            batch.sealed_before = sealed_before;
            self.sent.insert(index + at, batch);
        }
    }

    /// When the first of the batches that nobody has answered was begun.
    pub(super) fn oldest(&self) -> Option<Instant> {
        let sent = self.sent.iter().map(|batch| batch.created).min();
        let open = self.open.front().map(|batch| batch.created);
        sent.into_iter().chain(open).min()
    }
}
