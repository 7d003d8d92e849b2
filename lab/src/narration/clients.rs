//! What clients tell of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ottla_client::Event;
use ottla_client::consumer::{CommitError, CommittedOffset, ConsumerEvent};
use ottla_client::network::NetworkEvent;
use ottla_client::producer::ProducerEvent;
use ottla_core::{Instant, Offset, TopicPartition};

use super::known::{Known, Life, Role};
use super::told::{Naming, counted, list, span, told};
use super::{Sentence, Tone};

/// What clients have told at one moment that makes one sentence together.
#[derive(Debug, Clone, Default)]
pub(super) struct Reports {
    /// Where reading begins: because it was committed, or because the log was asked.
    positioned: BTreeMap<(Arc<str>, bool), Places>,
    committed: BTreeMap<Arc<str>, Places>,
    cut_off: BTreeSet<Arc<str>>,
}

type Places = BTreeMap<TopicPartition, Offset>;

impl Reports {
    /// Notes an event; some make a sentence at once.
    pub(super) fn hear(
        &mut self,
        known: &mut Known,
        at: Instant,
        who: &Arc<str>,
        event: &Event,
    ) -> Option<Sentence> {
        match event {
            Event::Network(event) => {
                self.network(known, who, event);
                None
            }
            Event::Producer(event) => producer(known, at, who, event),
            Event::Consumer(event) => self.consumer(known, at, who, event),
        }
    }

    fn network(&mut self, known: &mut Known, who: &Arc<str>, event: &NetworkEvent) {
        let Some(client) = known.clients.get_mut(who) else {
            return;
        };
        match event {
            NetworkEvent::Disconnected { .. }
                if client.life == Life::Running && !client.is_cut_off =>
            {
                client.is_cut_off = true;
                self.cut_off.insert(who.clone());
            }
            NetworkEvent::Ready { .. } => client.is_cut_off = false,
            _ => {}
        }
    }

    fn consumer(
        &mut self,
        known: &mut Known,
        at: Instant,
        who: &Arc<str>,
        event: &ConsumerEvent,
    ) -> Option<Sentence> {
        let loss = |template, values: &[&str]| Some(told(at, Tone::Loss, template, values));
        match event {
            ConsumerEvent::Positioned {
                partition,
                offset,
                is_reset,
            } => {
                let place = self.positioned.entry((who.clone(), *is_reset));
                place.or_default().insert(partition.clone(), *offset);
                None
            }
            ConsumerEvent::Committed {
                offsets,
                result: Ok(()),
                ..
            } => {
                let committed = self.committed.entry(who.clone()).or_default();
                let places = offsets.iter();
                committed.extend(places.map(|(place, offset)| (place.clone(), offset.offset)));
                None
            }
            ConsumerEvent::Committed {
                offsets,
                result: Err(error),
                ..
            } => Some(refused_commit(known.naming(), at, who, offsets, error)),
            ConsumerEvent::Revoked { partitions } if is_cooperative(known, who) => {
                let partitions: Vec<TopicPartition> = partitions.iter().cloned().collect();
                let partitions = known.naming().all(&partitions);
                let template = "{} gives up {} for another member, and reads on in the others.";
                Some(told(at, Tone::Plain, template, &[who, &partitions]))
            }
            ConsumerEvent::Lost { partitions } if !partitions.is_empty() => {
                let partitions: Vec<TopicPartition> = partitions.iter().cloned().collect();
                loss(
                    "*{}* learns that its group went on without it. It has lost {}, and joins again.",
                    &[who, &known.naming().all(&partitions)],
                )
            }
            ConsumerEvent::Left { reason } if reason.contains("poll timeout") => {
                let limit = match known.clients.get(who).map(|client| &client.role) {
                    Some(Role::Consumer {
                        max_poll_interval_ms,
                        ..
                    }) => span(*max_poll_interval_ms),
                    _ => "its limit".to_owned(),
                };
                loss(
                    "*{}* has worked for longer than max.poll.interval.ms ({}): it leaves its group.",
                    &[who, &limit],
                )
            }
            ConsumerEvent::PartitionFailed { partition, error } => {
                let name = known.naming().one(partition);
                loss("*{}* cannot read {}: {}", &[who, &name, &error.to_string()])
            }
            ConsumerEvent::Failed { error } => {
                loss("*{}* has failed: {}", &[who, &error.to_string()])
            }
            _ => None,
        }
    }

    /// The moment is over: it is told.
    pub(super) fn tell(&mut self, known: &mut Known, at: Instant, sentences: &mut Vec<Sentence>) {
        let naming = known.naming();
        if !self.cut_off.is_empty() {
            let names: Vec<Arc<str>> = std::mem::take(&mut self.cut_off).into_iter().collect();
            let template = match names.len() {
                1 => "{} has lost its connection, and tries to connect again.",
                _ => "{} have lost their connections, and try to connect again.",
            };
            sentences.push(told(at, Tone::Plain, template, &[&list(&names)]));
        }
        for ((who, is_reset), mut places) in std::mem::take(&mut self.positioned) {
            if let Some(client) = known.clients.get_mut(&who) {
                let mut new = places.clone();
                client.note_committed(&mut new);
                // Who has a partition again goes on where it was.
                if !is_reset {
                    places = new;
                }
            }
            if !places.is_empty() {
                sentences.push(positioned(naming, at, &who, is_reset, &places));
            }
        }
        for (who, mut places) in std::mem::take(&mut self.committed) {
            if let Some(client) = known.clients.get_mut(&who) {
                client.note_committed(&mut places);
                let is_quiet = client
                    .commit_told_at
                    .is_some_and(|last| at - last < QUIET_US);
                if places.is_empty() || is_quiet {
                    continue;
                }
                client.commit_told_at = Some(at);
            }
            sentences.push(committed(naming, at, &who, &places));
        }
    }
}

fn is_cooperative(known: &Known, who: &str) -> bool {
    let role = known.clients.get(who).map(|client| &client.role);
    matches!(
        role,
        Some(Role::Consumer {
            is_cooperative: true,
            ..
        })
    )
}

fn positioned(naming: Naming, at: Instant, who: &str, is_reset: bool, places: &Places) -> Sentence {
    let mut sentence = match is_reset {
        true => told(
            at,
            Tone::Plain,
            "{} finds nothing committed and begins",
            &[who],
        ),
        false => told(
            at,
            Tone::Plain,
            "{} goes on where the group has committed:",
            &[who],
        ),
    };
    add_places(
        naming,
        places.iter().map(|(place, offset)| (place, *offset)),
        &mut sentence,
    );
    sentence
}

fn committed(naming: Naming, at: Instant, who: &str, places: &Places) -> Sentence {
    let mut sentence = told(at, Tone::Plain, "{} *commits*: its group goes on", &[who]);
    add_places(
        naming,
        places.iter().map(|(place, offset)| (place, *offset)),
        &mut sentence,
    );
    sentence
}

/// `at offset 5 of partition 0`, `at offsets 5 and 7 of partitions 0 and 1`.
fn add_places<'a>(
    naming: Naming,
    places: impl Iterator<Item = (&'a TopicPartition, Offset)>,
    sentence: &mut Sentence,
) {
    let places: Vec<(TopicPartition, Offset)> = places
        .map(|(place, offset)| (place.clone(), offset))
        .collect();
    let is_same = places.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let partitions: Vec<TopicPartition> = places.iter().map(|(place, _)| place.clone()).collect();
    match places.as_slice() {
        [(_, offset), ..] if is_same => {
            let offset = offset.to_string();
            sentence.add(
                " at offset *{}* of {}.",
                &[&offset, &naming.all(&partitions)],
            );
        }
        all => {
            let place = |(place, offset): &(TopicPartition, Offset)| {
                format!("{offset} of {}", naming.one(place))
            };
            let all: Vec<String> = all.iter().map(place).collect();
            sentence.add(" at offset {}.", &[&list(&all)]);
        }
    }
}

fn refused_commit(
    naming: Naming,
    at: Instant,
    who: &str,
    offsets: &BTreeMap<TopicPartition, CommittedOffset>,
    error: &CommitError,
) -> Sentence {
    let mut sentence = told(at, Tone::Loss, "*{}* wants to commit", &[who]);
    let places = offsets
        .iter()
        .map(|(place, committed)| (place, committed.offset));
    add_places(naming, places, &mut sentence);
    match error {
        CommitError::NotMember => sentence.add(
            " The coordinator refuses it: the group has gone on without this member.",
            &[],
        ),
        CommitError::RebalanceInProgress => {
            sentence.add(" The coordinator refuses it: a rebalance is going on.", &[]);
        }
        CommitError::Refused { code } => {
            sentence.add(" The coordinator refuses it ({}).", &[code.name()]);
        }
        CommitError::TimedOut { reason } | CommitError::Failed(reason) => {
            sentence.add(" It fails: {}.", &[reason]);
        }
    }
    sentence
}

fn producer(known: &Known, at: Instant, who: &str, event: &ProducerEvent) -> Option<Sentence> {
    let naming = known.naming();
    Some(match event {
        ProducerEvent::BatchRetried {
            partition, error, ..
        } => told(
            at,
            Tone::Turn,
            "*{}* does not know whether its batch for {} was written ({}). It will send it again.",
            &[who, &naming.one(partition), error.name()],
        ),
        ProducerEvent::BatchSplit {
            partition,
            batches_count,
        } => told(
            at,
            Tone::Turn,
            "The batch of {} for {} was too large for the broker. It sends it in {} pieces.",
            &[who, &naming.one(partition), &batches_count.to_string()],
        ),
        ProducerEvent::BatchFailed {
            partition,
            records_count,
            error,
            ..
        } => told(
            at,
            Tone::Loss,
            "*{}* gives up {} for {} ({}).",
            &[
                who,
                &counted(*records_count, "record"),
                &naming.one(partition),
                error.name(),
            ],
        ),
        ProducerEvent::BufferFull { .. } => told(
            at,
            Tone::Turn,
            "The buffer of {} is full: it takes no more records for now.",
            &[who],
        ),
        _ => return None,
    })
}

/// How long a client's further commits are not told.
const QUIET_US: u64 = 1_000_000;
