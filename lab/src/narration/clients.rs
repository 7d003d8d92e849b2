//! What clients tell of themselves.

use std::sync::Arc;

use ottla_client::Event;
use ottla_client::consumer::{CommitError, CommittedOffset, ConsumerEvent};
use ottla_client::network::NetworkEvent;
use ottla_client::producer::ProducerEvent;
use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, TopicPartition};

use super::known::{Known, Life, Role};
use super::positions::{Places, Positions, add_places};
use super::told::{Naming, counted, list, span, told};
use super::{Sentence, Tone};

/// What clients have told at one moment that makes one sentence together.
#[derive(Debug, Clone, Default)]
pub(super) struct Reports {
    positions: Positions,
    committed: Map<Arc<str>, Places>,
    cut_off: Set<Arc<str>>,
    /// Sentences that need no others.
    ready: Vec<Sentence>,
}

impl Reports {
    /// Notes an event.
    pub(super) fn hear(&mut self, known: &mut Known, at: Instant, who: &Arc<str>, event: &Event) {
        let sentence = match event {
            Event::Network(event) => {
                self.network(known, who, event);
                None
            }
            Event::Producer(event) => producer(known, at, who, event),
            Event::Consumer(event) => self.consumer(known, at, who, event),
        };
        self.ready.extend(sentence);
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
                (self.positions).hear(known, who, partition, *offset, *is_reset);
                None
            }
            ConsumerEvent::Assigned { added, .. } => {
                if let Some(client) = known.clients.get_mut(who) {
                    client.places.retain(|place| !added.contains(place));
                }
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
                let name = known.naming().all(&partitions);
                let client = known.clients.get_mut(who);
                match client.is_some_and(|client| std::mem::take(&mut client.has_given_up)) {
                    true => loss(
                        "*{}* is done, finds that it has lost {}, and joins again.",
                        &[who, &name],
                    ),
                    false => loss(
                        "*{}* learns that its group went on without it. It has lost {}, and joins again.",
                        &[who, &name],
                    ),
                }
            }
            ConsumerEvent::Left { reason } if reason.contains("poll timeout") => {
                if let Some(client) = known.clients.get_mut(who) {
                    client.has_given_up = true;
                }
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
        sentences.append(&mut self.ready);
        self.positions.tell(known, at, sentences);
        for (who, places) in self.take_committed(known, at) {
            sentences.push(committed_sentence(naming, at, &who, &places));
        }
    }

    /// What was committed, by those who did it: the members of a group together. Of those who commit often not everything.
    fn take_committed(&mut self, known: &mut Known, at: Instant) -> Vec<(Vec<Arc<str>>, Places)> {
        let mut together: Map<Option<String>, (Vec<Arc<str>>, Places)> = Map::new();
        for (who, mut places) in std::mem::take(&mut self.committed) {
            if let Some(client) = known.clients.get_mut(&who) {
                client.note_committed(&mut places);
                if places.is_empty() || !client.commits.is_due(at, false) {
                    continue;
                }
            }
            let group = known.group_of(&who).map(str::to_owned);
            let (names, all) = together.entry(group).or_default();
            names.push(who);
            all.append(&mut places);
        }
        together.into_values().collect()
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

fn committed_sentence(naming: Naming, at: Instant, who: &[Arc<str>], places: &Places) -> Sentence {
    let template = match who.len() {
        1 => "{} *commits*: its group goes on",
        _ => "{} *commit*: their group goes on",
    };
    let mut sentence = told(at, Tone::Plain, template, &[&list(who)]);
    add_places(naming, places, &mut sentence);
    sentence
}

fn refused_commit(
    naming: Naming,
    at: Instant,
    who: &str,
    offsets: &Map<TopicPartition, CommittedOffset>,
    error: &CommitError,
) -> Sentence {
    let mut sentence = told(at, Tone::Loss, "*{}* wants to commit", &[who]);
    let place = |(place, committed): (&TopicPartition, &CommittedOffset)| {
        format!("offset {} of {}", committed.offset, naming.one(place))
    };
    let places: Vec<String> = offsets.iter().map(place).collect();
    sentence.add(" {}.", &[&list(&places)]);
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
