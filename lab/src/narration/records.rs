//! What producers have written: who sent which keys where.

use std::collections::VecDeque;
use std::sync::Arc;

use ottla_client::partitioner::PartitionerKind;
use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, TopicPartition};

use super::known::{Known, Role, Waits, Why};
use super::pace::Pace;
use super::told::{list, told};
use super::{Sentence, Tone};
use crate::World;
use crate::frames::Frame;
use crate::scene::produced_keys;

/// Batches on their way to the broker, and what of the written ones is still to be told.
#[derive(Debug, Clone, Default)]
pub(super) struct Records {
    on_the_way: VecDeque<Sent>,
    untold: Map<Arc<str>, Untold>,
    /// Where each key has been seen to go.
    places: Map<(String, String), i32>,
    /// Partitions of which was told that what is in them waits.
    waiting: Set<TopicPartition>,
    /// Who was told to send something just now.
    asked: Set<String>,
}

/// A batch in a Produce request.
#[derive(Debug, Clone)]
struct Sent {
    client: Arc<str>,
    partition: TopicPartition,
    arrives_at: Instant,
    keys: Vec<Option<String>>,
}

/// What a producer has written since it was last spoken of.
#[derive(Debug, Clone, Default)]
struct Untold {
    pace: Pace,
    /// Some of it was written just now,
    is_fresh: bool,
    /// and something in that is worth a sentence.
    is_news: bool,
    partitions: Map<TopicPartition, Written>,
    keys: Set<Option<String>>,
    /// Where what was written waits, and is told of for the first time.
    waits: Map<TopicPartition, Waits>,
}

/// What of it is in one partition.
#[derive(Debug, Clone, Copy)]
struct Written {
    records_count: usize,
    first_offset: i64,
    last_offset: i64,
}

impl Records {
    /// A frame is on its way.
    pub(super) fn sent(&mut self, world: &World, frame: &Frame) {
        for (partition, keys) in produced_keys(frame, world.broker().metadata(), KEYS_MAX) {
            if self.on_the_way.len() == ON_THE_WAY_MAX {
                self.on_the_way.pop_front();
            }
            self.on_the_way.push_back(Sent {
                client: frame.client.clone(),
                partition,
                arrives_at: frame.arrives_at,
                keys,
            });
        }
    }

    /// A producer was told to send something, or sends it once more: what comes of it is told.
    pub(super) fn asked(&mut self, producer: &str) {
        self.asked.insert(producer.to_owned());
    }

    /// The next batch for a partition has come to the broker.
    fn arrived(&mut self, at: Instant, partition: &TopicPartition) -> Option<Sent> {
        let place = self
            .on_the_way
            .iter()
            .position(|sent| sent.arrives_at <= at && sent.partition == *partition)?;
        self.on_the_way.remove(place)
    }

    /// Whose batch it was that the broker took or refused.
    pub(super) fn whose(&mut self, at: Instant, partition: &TopicPartition) -> Option<Arc<str>> {
        Some(self.arrived(at, partition)?.client)
    }

    /// Records were written.
    pub(super) fn appended(
        &mut self,
        known: &Known,
        at: Instant,
        partition: &TopicPartition,
        base_offset: i64,
        records_count: usize,
    ) {
        let Some(sent) = self.arrived(at, partition) else {
            return;
        };
        let mut is_news = self.asked.contains(&*sent.client);
        for key in sent.keys.iter().flatten() {
            if self.places.len() > PLACES_MAX {
                self.places.clear();
            }
            let key = (partition.topic.to_string(), key.clone());
            is_news |= self.places.insert(key, partition.partition) != Some(partition.partition);
        }
        let waits = known.why_it_waits(partition);
        let is_new = match &waits {
            Some(_) => self.waiting.insert(partition.clone()),
            None => {
                self.waiting.remove(partition);
                false
            }
        };
        let untold = self.untold.entry(sent.client).or_default();
        if let Some(waits) = waits.filter(|_| is_new) {
            untold.waits.insert(partition.clone(), waits);
            is_news = true;
        }
        untold.is_fresh = true;
        untold.is_news |= is_news;
        let written = untold.partitions.entry(partition.clone());
        let written = written.or_insert(Written {
            records_count: 0,
            first_offset: base_offset,
            last_offset: base_offset,
        });
        written.records_count += records_count;
        written.last_offset = base_offset + records_count as i64 - 1;
        if untold.keys.len() <= KEYS_MAX {
            untold.keys.extend(sent.keys);
        }
    }

    /// The moment is over: what is worth it is told.
    pub(super) fn tell(&mut self, known: &Known, at: Instant, sentences: &mut Vec<Sentence>) {
        for (client, untold) in &mut self.untold {
            let is_fresh = std::mem::take(&mut untold.is_fresh);
            if is_fresh && untold.pace.is_due(at, untold.is_news) {
                self.asked.remove(&**client);
                sentences.push(untold.take(known, at, client));
            }
        }
    }

    /// Something is done: what was written before it is told before it.
    pub(super) fn tell_all(&mut self, known: &Known, at: Instant, sentences: &mut Vec<Sentence>) {
        for (client, untold) in &mut self.untold {
            if !untold.partitions.is_empty() {
                sentences.push(untold.take(known, at, client));
            }
        }
    }
}

impl Untold {
    fn take(&mut self, known: &Known, at: Instant, client: &str) -> Sentence {
        let sentence = self.sentence(known, at, client);
        *self = Self {
            pace: std::mem::take(&mut self.pace),
            ..Self::default()
        };
        sentence
    }

    fn sentence(&self, known: &Known, at: Instant, client: &str) -> Sentence {
        let count: usize = self
            .partitions
            .values()
            .map(|written| written.records_count)
            .sum();
        let key = match self.keys.len() {
            1 => self.keys.first(),
            _ => None,
        };
        let mut sentence = match (count, key) {
            (1, Some(Some(key))) => told(at, Tone::Plain, "{} sent key *{}*", &[client, key]),
            (1, _) => told(at, Tone::Plain, "{} sent a record without a key", &[client]),
            (_, Some(Some(key))) => {
                let count = count.to_string();
                told(
                    at,
                    Tone::Plain,
                    "{} sent {} records with key *{}*",
                    &[client, &count, key],
                )
            }
            (_, Some(None)) => {
                let count = count.to_string();
                told(
                    at,
                    Tone::Plain,
                    "{} sent {} records without a key",
                    &[client, &count],
                )
            }
            (_, None) => {
                let count = count.to_string();
                told(at, Tone::Plain, "{} sent {} records", &[client, &count])
            }
        };
        self.add_places(
            known,
            client,
            count,
            matches!(key, Some(Some(_))),
            &mut sentence,
        );
        self.add_why_it_waits(known, &mut sentence);
        sentence
    }

    fn add_places(
        &self,
        known: &Known,
        client: &str,
        count: usize,
        has_one_key: bool,
        sentence: &mut Sentence,
    ) {
        let naming = known.naming();
        let mut partitions = self.partitions.iter();
        if let (Some((partition, written)), None) = (partitions.next(), partitions.next()) {
            let client = known.clients.get(client);
            match client
                .and_then(|client| hash(&client.role))
                .filter(|_| has_one_key)
            {
                Some(hash) => sentence.add(": {} →", &[hash]),
                None => sentence.add(" to", &[]),
            }
            let name = naming.one(partition);
            let [first, last] = [written.first_offset, written.last_offset];
            let is_run = last - first + 1 == count as i64;
            let [first, last] = [first, last].map(|offset| offset.to_string());
            match (count, is_run) {
                (1, _) => sentence.add(" {}, offset *{}*.", &[&name, &first]),
                (2, true) => {
                    sentence.add(" {}, offsets *{}* and *{}*.", &[&name, &first, &last]);
                }
                (_, true) => {
                    sentence.add(" {}, offsets *{}* to *{}*.", &[&name, &first, &last]);
                }
                (_, false) => sentence.add(" {}, from offset *{}* on.", &[&name, &first]),
            }
            return;
        }
        let place = |(partition, written): (&TopicPartition, &Written)| {
            format!("{} to {}", written.records_count, naming.one(partition))
        };
        let places: Vec<String> = self.partitions.iter().map(place).collect();
        sentence.add(": {}.", &[&list(&places)]);
    }

    fn add_why_it_waits(&self, known: &Known, sentence: &mut Sentence) {
        let Some((partition, waits)) = self.waits.first_key_value() else {
            return;
        };
        let name = known.naming().one(partition);
        let group = waits.group.to_string();
        match (
            &waits.why,
            self.partitions.len(),
            known.has_several_groups(),
        ) {
            (Why::OwnerIsDead(_), 1, false) => {
                sentence.add(" Its owner is dead, so it waits.", &[])
            }
            (Why::OwnerIsDead(owner), 1, true) => {
                sentence.add(" For group {} it waits: {} is dead.", &[&group, owner]);
            }
            (Why::OwnerIsDead(owner), ..) => {
                sentence.add(" What is in {} waits: {} is dead.", &[&name, owner]);
            }
            (Why::OwnerIsFrozen(owner), ..) => {
                sentence.add(" What is in {} waits: {} stands still.", &[&name, owner]);
            }
        }
    }
}

/// By what a producer finds the partition of a key.
fn hash(role: &Role) -> Option<&'static str> {
    use PartitionerKind::{
        Consistent, ConsistentRandom, Default, Fnv1a, Fnv1aRandom, KafkaGo, KafkaJs, KafkaJsLegacy,
        Murmur2, Murmur2Random, Random, RoundRobin,
    };
    let Role::Producer { partitioner, .. } = role else {
        return None;
    };
    match partitioner {
        Default | Murmur2 | Murmur2Random | KafkaJs => Some("murmur2"),
        Consistent | ConsistentRandom => Some("CRC-32"),
        Fnv1a | Fnv1aRandom | KafkaGo => Some("FNV-1a"),
        KafkaJsLegacy => Some("KafkaJS 1's own murmur2"),
        Random | RoundRobin => None,
    }
}

const KEYS_MAX: usize = 16;
const ON_THE_WAY_MAX: usize = 4096;
const PLACES_MAX: usize = 4096;
