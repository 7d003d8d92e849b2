//! Which partition a record belongs to, as each of Kafka's clients decides it.
//!
//! Clients agree less than one would think: the same key goes to one partition from Java (and KafkaJS 2), to another from librdkafka's
//! default, to a third from kafka-go. The vectors in `tests/vectors/partitioners` come from the clients themselves.
//!
//! Left out of Java's: its adaptive mode, which prefers partitions with short queues (`partitioner.adaptive.partitioning.enable`), because
//! it depends on how fast the network was; with equal queues both modes are the same.

mod hash;
mod name;
#[cfg(test)]
mod tests;

pub use hash::{fnv1a, kafkajs_legacy_murmur2, murmur2};
pub use name::UnknownPartitioner;

use ottla_core::Instant;

/// Whose rules decide, when a record names no partition itself. Parsed from, and shown as, the name in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PartitionerKind {
    /// "default": Java's. Keys by murmur2; without a key to one partition until `batch.size` bytes went there (KIP-794).
    #[default]
    Default,
    /// "round_robin": Java's `RoundRobinPartitioner`. Each partition with a leader in turn, whatever the key.
    RoundRobin,
    /// "consistent": librdkafka's. Keys by CRC-32; none and the empty one are the same key.
    Consistent,
    /// "consistent_random": librdkafka's default. Keys by CRC-32; records with none or the empty one stick to a random partition for a while.
    ConsistentRandom,
    /// "murmur2": librdkafka's. Keys as in Java; no key is hashed as the empty one.
    Murmur2,
    /// "murmur2_random": librdkafka's. Keys as in Java; records without one stick to a random partition for a while.
    Murmur2Random,
    /// "fnv1a": librdkafka's. Keys as in Sarama; no key is hashed as the empty one.
    Fnv1a,
    /// "fnv1a_random": librdkafka's. Keys as in Sarama; records without one stick to a random partition for a while.
    Fnv1aRandom,
    /// "random": librdkafka's. Any partition for each record with a key; records without one stick to a random partition for a while.
    Random,
    /// "kafkajs": KafkaJS 2's default. Keys as in Java; without a key each partition with a leader in turn.
    KafkaJs,
    /// "kafkajs_legacy": the default of KafkaJS 1. Its murmur2 loses bits in JavaScript's numbers, so keys go elsewhere than Java's.
    KafkaJsLegacy,
    /// "kafka_go": kafka-go's `Hash`. Keys by FNV-1a; without a key each partition in turn, from the first.
    KafkaGo,
}

/// How to choose partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionerConfig {
    /// Whose rules.
    pub kind: PartitionerKind,
    /// Java's `partitioner.ignore.keys`: treat all records as if they had no key.
    pub ignore_keys: bool,
    /// Java's `batch.size`: after so many bytes, records without a key go to another partition.
    pub batch_size: usize,
    /// librdkafka's `sticky.partitioning.linger.ms`: after so long, records without a key go to another partition; 0: each record by itself.
    pub sticky_linger_ms: i64,
}

impl Default for PartitionerConfig {
    fn default() -> Self {
        Self {
            kind: PartitionerKind::Default,
            ignore_keys: false,
            batch_size: 16_384,
            sticky_linger_ms: 10,
        }
    }
}

/// The partitions of a topic as the last metadata told them.
#[derive(Debug, Clone, Copy)]
pub struct Partitions<'a> {
    /// How many there are; not 0.
    pub count: i32,
    /// The indices of those that have a leader, ascending.
    pub with_leader: &'a [i32],
}

/// The chosen partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Its index.
    pub partition: i32,
    /// It was chosen by Java's sticky rule: [`Partitioner::appended`] must be told what became of the record.
    pub is_sticky: bool,
}

/// Chooses partitions for one topic.
#[derive(Debug, Clone)]
pub struct Partitioner {
    config: PartitionerConfig,
    chance: u64,
    /// What a round robin counts.
    counter: u32,
    /// Where records without a key go for now.
    sticky: Option<Sticky>,
}

#[derive(Debug, Clone, Copy)]
struct Sticky {
    partition: i32,
    /// How much went there (Java's measure).
    bytes: usize,
    /// When it was chosen (librdkafka's measure).
    since: Instant,
}

impl Partitioner {
    /// `seed` decides where records without a key go.
    pub fn new(config: PartitionerConfig, seed: u64) -> Self {
        let mut chance = seed;
        let counter = match config.kind {
            PartitionerKind::KafkaJs | PartitionerKind::KafkaJsLegacy => random(&mut chance) as u32,
            _ => 0,
        };
        Self {
            config,
            chance,
            counter,
            sticky: None,
        }
    }

    /// The partition of a record that names none itself.
    ///
    /// # Panics
    /// If `partitions.count` is not positive.
    pub fn partition(
        &mut self,
        now: Instant,
        key: Option<&[u8]>,
        partitions: Partitions<'_>,
    ) -> Choice {
        use PartitionerKind as Kind;
        assert!(partitions.count > 0, "a topic has a partition");
        let count = partitions.count;
        let bytes = key.unwrap_or_default();
        let partition = match (self.config.kind, key) {
            (Kind::Default, Some(key)) if !self.config.ignore_keys => positive(murmur2(key), count),
            (Kind::Default, _) => {
                return Choice {
                    partition: self.javas_sticky(now, partitions),
                    is_sticky: true,
                };
            }
            (Kind::RoundRobin, _) => self.next_in_turn(partitions, 0),
            (Kind::KafkaJs | Kind::KafkaJsLegacy, None) => self.next_in_turn(partitions, 1),
            (Kind::KafkaGo, None) => self.next_of_all(count),
            (Kind::ConsistentRandom, _) if bytes.is_empty() => {
                self.librdkafkas_sticky(now, partitions)
            }
            (Kind::Murmur2Random | Kind::Fnv1aRandom | Kind::Random, None) => {
                self.librdkafkas_sticky(now, partitions)
            }
            (Kind::Random, Some(_)) => self.any(partitions),
            (Kind::Consistent | Kind::ConsistentRandom, _) => {
                (crc32fast::hash(bytes) % count as u32) as i32
            }
            (Kind::Murmur2 | Kind::Murmur2Random | Kind::KafkaJs, _) => {
                positive(murmur2(bytes), count)
            }
            (Kind::KafkaJsLegacy, _) => positive(kafkajs_legacy_murmur2(bytes), count),
            (Kind::Fnv1a | Kind::Fnv1aRandom | Kind::KafkaGo, _) => {
                ((fnv1a(bytes) as i32).unsigned_abs() % count as u32) as i32
            }
        };
        Choice {
            partition,
            is_sticky: false,
        }
    }

    /// A record whose [`Choice`] was sticky has taken `bytes` of a batch. Switches to another partition once enough went to this one, but
    /// not in the middle of a batch (`all_batches_full` is false) before it is twice enough. True if it switched.
    pub fn appended(
        &mut self,
        now: Instant,
        bytes: usize,
        all_batches_full: bool,
        partitions: Partitions<'_>,
    ) -> bool {
        let Some(sticky) = &mut self.sticky else {
            return false;
        };
        sticky.bytes = sticky.bytes.saturating_add(bytes);
        let enough = self.config.batch_size.max(1);
        let is_enough = sticky.bytes >= enough && all_batches_full;
        if !is_enough && sticky.bytes < enough.saturating_mul(2) {
            return false;
        }
        self.sticky = None;
        self.javas_sticky(now, partitions);
        true
    }

    fn javas_sticky(&mut self, now: Instant, partitions: Partitions<'_>) -> i32 {
        // A topic may have been created again with fewer partitions.
        if let Some(sticky) = self.sticky.filter(|it| it.partition < partitions.count) {
            return sticky.partition;
        }
        let partition = match partitions.with_leader {
            [] => below(&mut self.chance, partitions.count as usize) as i32,
            led => led[below(&mut self.chance, led.len())],
        };
        self.stick(now, partition)
    }

    fn librdkafkas_sticky(&mut self, now: Instant, partitions: Partitions<'_>) -> i32 {
        let since = Instant(now.0.saturating_sub(micros(self.config.sticky_linger_ms)));
        let current = self.sticky.filter(|it| {
            self.config.sticky_linger_ms > 0
                && it.since >= since
                && partitions.with_leader.binary_search(&it.partition).is_ok()
        });
        if let Some(sticky) = current {
            return sticky.partition;
        }
        let partition = self.any(partitions);
        self.stick(now, partition)
    }

    fn stick(&mut self, now: Instant, partition: i32) -> i32 {
        self.sticky = Some(Sticky {
            partition,
            bytes: 0,
            since: now,
        });
        partition
    }

    /// librdkafka tries twice to find a partition with a leader, then takes any.
    fn any(&mut self, partitions: Partitions<'_>) -> i32 {
        let count = partitions.count as usize;
        let first = below(&mut self.chance, count) as i32;
        match partitions.with_leader.binary_search(&first) {
            Ok(_) => first,
            Err(_) => below(&mut self.chance, count) as i32,
        }
    }

    /// Each partition with a leader in turn. KafkaJS counts before it looks (`ahead` 1), Java after.
    fn next_in_turn(&mut self, partitions: Partitions<'_>, ahead: u32) -> i32 {
        let turn = (self.counter.wrapping_add(ahead) & i32::MAX as u32) as usize;
        self.counter = self.counter.wrapping_add(1);
        match partitions.with_leader {
            [] => (turn % partitions.count as usize) as i32,
            led => led[turn % led.len()],
        }
    }

    fn next_of_all(&mut self, count: i32) -> i32 {
        let turn = self.counter;
        self.counter = self.counter.wrapping_add(1);
        (turn % count as u32) as i32
    }
}

/// The hash without its sign, modulo the number of partitions.
fn positive(hash: i32, count: i32) -> i32 {
    (hash & i32::MAX) % count
}

fn micros(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0).saturating_mul(1000)
}

/// A number below `limit`; the bias of the remainder is far below what a partition count could show.
fn below(chance: &mut u64, limit: usize) -> usize {
    (random(chance) % limit as u64) as usize
}

/// SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
