//! Which partition a record belongs to, as the clients decide it.

/// Java's murmur2 of a key: what all of Kafka's clients agree on.
pub fn murmur2(key: &[u8]) -> i32 {
    let mut hash = SEED ^ key.len() as u32;
    let mut words = key.chunks_exact(4);
    for word in &mut words {
        let mut mixed = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(M);
        mixed ^= mixed >> R;
        hash = hash.wrapping_mul(M) ^ mixed.wrapping_mul(M);
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        let rest = rest
            .iter()
            .rfold(0, |word, byte| word << 8 | u32::from(*byte));
        hash = (hash ^ rest).wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    (hash ^ hash >> 15) as i32
}

/// The partition of a key: the hash without its sign, modulo the number of partitions.
///
/// # Panics
/// If `partitions_count` is not positive.
pub fn partition_of(key: &[u8], partitions_count: i32) -> i32 {
    assert!(partitions_count > 0, "a topic has a partition");
    (murmur2(key) & i32::MAX) % partitions_count
}

/// What becomes of records without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyless {
    /// All to one partition until a batch is full, then to another one (Java, KIP-480; librdkafka).
    Sticky,
    /// To each partition in turn (KafkaJS, kafka-go).
    RoundRobin,
}

/// Chooses partitions for one topic.
#[derive(Debug, Clone)]
pub struct Partitioner {
    keyless: Keyless,
    state: u64,
}

impl Partitioner {
    /// `seed` decides where records without a key begin.
    pub fn new(keyless: Keyless, seed: u64) -> Self {
        let state = match keyless {
            Keyless::Sticky => shuffle(seed),
            Keyless::RoundRobin => seed,
        };
        Self { keyless, state }
    }

    /// The partition of a record.
    ///
    /// # Panics
    /// If `partitions_count` is not positive.
    pub fn partition(&mut self, key: Option<&[u8]>, partitions_count: i32) -> i32 {
        if let Some(key) = key {
            return partition_of(key, partitions_count);
        }
        assert!(partitions_count > 0, "a topic has a partition");
        let partition = (self.state % partitions_count as u64) as i32;
        if self.keyless == Keyless::RoundRobin {
            self.state = self.state.wrapping_add(1);
        }
        partition
    }

    /// A batch is full: sticky records go to another partition, if there is one.
    pub fn next_batch(&mut self, partitions_count: i32) {
        if self.keyless == Keyless::RoundRobin || partitions_count < 2 {
            return;
        }
        let others = partitions_count as u64 - 1;
        let random = shuffle(self.state);
        let step = 1 + random % others;
        let partition = (self.state % partitions_count as u64 + step) % partitions_count as u64;
        // Keeps the chosen partition as the state's remainder, and chance in the rest of it.
        let high = random >> 33;
        self.state = high * partitions_count as u64 + partition;
    }
}

/// SplitMix64's output function: neighbouring seeds become unlike numbers.
fn shuffle(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

const SEED: u32 = 0x9747_b28c;
const M: u32 = 0x5bd1_e995;
const R: u32 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_java() {
        for (key, hash) in [
            ("a", -1563381124),
            ("b", -1853091852),
            ("alice", 1951417749),
            ("bob", -2048144690),
            ("21", -973932308),
            ("foobar", -790332482),
            ("", 275646681),
        ] {
            assert_eq!(murmur2(key.as_bytes()), hash, "{key:?}");
        }
    }

    #[test]
    fn the_keys_0_to_9_spread_over_three_partitions_as_in_every_client() {
        let mut counts = [0; 3];
        for key in "0123456789".bytes() {
            counts[partition_of(&[key], 3) as usize] += 1;
        }
        counts.sort_unstable();
        assert_eq!(counts, [2, 4, 4]);
    }

    #[test]
    fn round_robin_takes_each_partition_in_turn() {
        let mut partitioner = Partitioner::new(Keyless::RoundRobin, 0);
        let partitions: Vec<i32> = (0..7).map(|_| partitioner.partition(None, 3)).collect();
        assert_eq!(partitions, [0, 1, 2, 0, 1, 2, 0]);
    }

    #[test]
    fn sticky_stays_until_a_batch_is_full_and_then_goes_elsewhere() {
        for seed in 0..50 {
            let mut partitioner = Partitioner::new(Keyless::Sticky, seed);
            let mut seen = [false; 4];
            for _ in 0..60 {
                let partition = partitioner.partition(None, 4);
                assert_eq!(partitioner.partition(None, 4), partition);
                seen[partition as usize] = true;
                partitioner.next_batch(4);
                assert_ne!(partitioner.partition(None, 4), partition, "seed {seed}");
            }
            assert_eq!(seen, [true; 4], "seed {seed}");
        }
    }
}
