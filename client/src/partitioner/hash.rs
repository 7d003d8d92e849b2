//! The hashes that the clients use, bit for bit.

/// Java's murmur2 of a key: what librdkafka's `murmur2` and KafkaJS 2 agree with.
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
        hash = (hash ^ little_endian(rest)).wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    (hash ^ hash >> 15) as i32
}

/// The murmur2 of KafkaJS 1 (its `LegacyPartitioner`), with its two mistakes: products are rounded to 53 bits before they are cut to 32,
/// and the last, unfinished word is mixed in as a whole one first.
pub fn kafkajs_legacy_murmur2(key: &[u8]) -> i32 {
    let mut hash = f64::from((SEED ^ key.len() as u32) as i32);
    for word in key.chunks(4) {
        let mixed = times_m(f64::from(little_endian(word) as i32));
        let mixed = int32(mixed) ^ (int32(mixed) as u32 >> R) as i32;
        let mixed = times_m(f64::from(mixed));
        hash = f64::from(int32(times_m(hash)) ^ int32(mixed));
    }
    let rest = key.chunks_exact(4).remainder();
    if !rest.is_empty() {
        hash = times_m(f64::from(int32(hash) ^ little_endian(rest) as i32));
    }
    let hash = int32(hash) ^ (int32(hash) as u32 >> 13) as i32;
    let hash = int32(times_m(f64::from(hash)));
    hash ^ (hash as u32 >> 15) as i32
}

/// FNV-1a of 32 bits: kafka-go, Sarama, and librdkafka's `fnv1a`.
pub fn fnv1a(key: &[u8]) -> u32 {
    key.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// Up to four bytes as a number.
fn little_endian(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rfold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// A product of JavaScript's numbers; the factors are below 2^31 and 2^62, so the conversions here lose nothing more.
fn times_m(number: f64) -> f64 {
    number * f64::from(M)
}

/// JavaScript's ToInt32: the low 32 bits of a whole number.
fn int32(number: f64) -> i32 {
    number as i128 as i32
}

const SEED: u32 = 0x9747_b28c;
const M: u32 = 0x5bd1_e995;
const R: u32 = 24;
