use bytes::{BufMut, BytesMut};
use ottla_core::Timestamp;
use ottla_core::batch::{BatchBuilder, Compression};

use super::*;
use crate::random::Random;

const ALL: Reading = Reading {
    check_crcs: true,
    committed_only: false,
};
const COMMITTED: Reading = Reading {
    check_crcs: true,
    committed_only: true,
};

struct Log(BytesMut);

impl Log {
    fn new() -> Self {
        Self(BytesMut::new())
    }

    /// A batch at `base`, which takes the offsets up to `next`.
    fn batch(
        mut self,
        base: i64,
        attributes: u8,
        producer: i64,
        values: &[&str],
        next: i64,
    ) -> Self {
        let mut builder = BatchBuilder::new();
        if producer >= 0 {
            builder.producer(producer, 0, 0);
        }
        for value in values {
            let is_marker = attributes & CONTROL != 0;
            let key: &[u8] = if is_marker {
                &[0, 0, 0, (*value == "commit") as u8]
            } else {
                b"k"
            };
            builder.push(Timestamp(1), Some(key), Some(value.as_bytes()));
        }
        if values.is_empty() {
            builder.push(Timestamp(1), None, None);
        }
        let mut bytes = builder.build().bytes().to_vec();
        if values.is_empty() {
            bytes.truncate(BatchHeader::SIZE_BYTES);
            bytes[8..12].copy_from_slice(&49i32.to_be_bytes());
            bytes[57..].fill(0);
        }
        bytes[..8].copy_from_slice(&base.to_be_bytes());
        bytes[12..16].copy_from_slice(&3i32.to_be_bytes());
        bytes[22] |= attributes;
        bytes[23..27].copy_from_slice(&((next - base - 1) as i32).to_be_bytes());
        let crc = crc32c(&bytes[21..]);
        bytes[17..21].copy_from_slice(&crc.to_be_bytes());
        self.0.put_slice(&bytes);
        self
    }

    fn portion(self, from: i64, aborted: &[(i64, i64)]) -> (Portion, Offset) {
        Portion::new(self.0.freeze(), place(from), aborted.to_vec()).expect("there are batches")
    }
}

fn crc32c(bytes: &[u8]) -> u32 {
    bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0x82f6_3b78
            } else {
                crc >> 1
            }
        })
    }) ^ !0
}

fn place(offset: i64) -> Place {
    Place {
        offset: Offset(offset),
        leader_epoch: None,
    }
}

fn tp() -> TopicPartition {
    TopicPartition {
        topic: "t".into(),
        partition: 0,
    }
}

fn read(portion: &mut Portion, most: usize, reading: Reading) -> Vec<String> {
    let mut out = Vec::new();
    portion
        .read(&tp(), most, reading, &mut out)
        .expect("readable");
    let show = |fetched: &Fetched| {
        let value = fetched.record.value.clone().unwrap_or_default();
        format!(
            "{}:{}",
            fetched.record.offset,
            String::from_utf8_lossy(&value)
        )
    };
    out.iter().map(show).collect()
}

#[test]
fn reading_starts_inside_a_batch_and_goes_on_where_it_stopped() {
    let log = Log::new()
        .batch(10, 0, -1, &["a", "b", "c"], 13)
        .batch(13, 0, -1, &["d"], 14);
    let (mut portion, end) = log.portion(11, &[]);
    assert_eq!(end, Offset(14));
    assert_eq!(read(&mut portion, 2, ALL), ["11:b", "12:c"]);
    assert_eq!(
        portion.next(),
        Place {
            offset: Offset(13),
            leader_epoch: Some(3)
        }
    );
    assert_eq!(read(&mut portion, 9, ALL), ["13:d"]);
    assert!(portion.is_used_up());
}

#[test]
fn the_position_goes_behind_what_compaction_has_emptied() {
    let log = Log::new()
        .batch(5, 0, -1, &["a"], 10)
        .batch(10, 0, -1, &[], 20);
    let (mut portion, end) = log.portion(5, &[]);
    assert_eq!(end, Offset(20));
    assert_eq!(read(&mut portion, 9, ALL), ["5:a"]);
    assert!(portion.is_used_up());
    assert_eq!(portion.next().offset, Offset(20));
}

#[test]
fn a_batch_that_is_cut_short_waits_for_the_next_fetch() {
    let whole = Log::new()
        .batch(0, 0, -1, &["a"], 1)
        .batch(1, 0, -1, &["b"], 2)
        .0
        .freeze();
    let cut = whole.slice(..whole.len() - 1);
    let (mut portion, end) = Portion::new(cut, place(0), Vec::new()).unwrap();
    assert_eq!(
        (read(&mut portion, 9, ALL), end),
        (vec!["0:a".to_owned()], Offset(1))
    );
    let tiny = whole.slice(..69);
    assert!(
        Portion::new(tiny, place(0), Vec::new())
            .unwrap_err()
            .0
            .contains("no whole batch")
    );
}

#[test]
fn aborted_transactions_are_seen_only_by_those_who_want_to() {
    let log = || {
        Log::new()
            .batch(0, TRANSACTIONAL, 7, &["x"], 1)
            .batch(1, TRANSACTIONAL, 8, &["y"], 2)
            .batch(2, TRANSACTIONAL | CONTROL, 7, &["abort"], 3)
            .batch(3, TRANSACTIONAL | CONTROL, 8, &["commit"], 4)
            .batch(4, TRANSACTIONAL, 7, &["z"], 5)
            .batch(5, TRANSACTIONAL | CONTROL, 7, &["commit"], 6)
    };
    let (mut all, _) = log().portion(0, &[]);
    assert_eq!(read(&mut all, 9, ALL), ["0:x", "1:y", "4:z"]);
    let (mut committed, _) = log().portion(0, &[(0, 7)]);
    assert_eq!(read(&mut committed, 9, COMMITTED), ["1:y", "4:z"]);
    assert!(committed.is_used_up());
    assert_eq!(
        committed.next().offset,
        Offset(6),
        "the last marker is behind it"
    );
}

#[test]
fn a_corrupt_batch_is_named_and_what_is_before_it_is_read() {
    let mut log = Log::new()
        .batch(0, 0, -1, &["a"], 1)
        .batch(1, 0, -1, &["b"], 2);
    let last = log.0.len() - 2;
    log.0[last] ^= 1;
    let (mut portion, _) = log.portion(0, &[]);
    let mut out = Vec::new();
    let error = portion.read(&tp(), 9, ALL, &mut out).unwrap_err();
    assert_eq!(out.len(), 1);
    assert!(
        error
            .0
            .starts_with("the record batch at offset 1 is corrupt"),
        "{}",
        error.0
    );
    assert_eq!(portion.next().offset, Offset(1));
}

#[test]
fn compressed_records_are_read_and_bytes_of_chance_are_refused() {
    let batch = BatchBuilder::new()
        .compression(Compression::Zstd)
        .push(Timestamp(1), None, Some(b"packed"))
        .build();
    let (mut portion, _) = Portion::new(batch.bytes().clone(), place(0), Vec::new()).unwrap();
    assert_eq!(read(&mut portion, 9, ALL), ["0:packed"]);
    let (mut portion, _) =
        Portion::new(Bytes::from(vec![0x5a; 200]), place(0), Vec::new()).unwrap();
    let error = portion.read(&tp(), 9, ALL, &mut Vec::new()).unwrap_err();
    assert!(
        error.0.contains("no record batch of format v2"),
        "{}",
        error.0
    );
}

const TRANSACTIONAL: u8 = 0x10;
const CONTROL: u8 = 0x20;

/// Bytes of a sound log with a few of them changed: nothing panics, reading comes to an end, and offsets only grow.
#[test]
fn damage_is_no_panic_and_no_endless_reading() {
    let sound = Log::new()
        .batch(0, 0, -1, &["a", "b", "c"], 5)
        .batch(5, TRANSACTIONAL, 7, &["x", "y"], 7)
        .batch(7, TRANSACTIONAL | CONTROL, 7, &["abort"], 8)
        .batch(8, 0, -1, &["d"], 9)
        .0
        .freeze();
    for seed in 0..20_000u64 {
        let mut random = Random::new(seed);
        let mut bytes = sound.to_vec();
        for _ in 0..1 + random.below(4) {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = random.next_u64() as u8;
        }
        bytes.truncate(bytes.len() - random.below(80) as usize);
        let Ok((mut portion, _)) = Portion::new(bytes.into(), place(0), vec![(5, 7)]) else {
            continue;
        };
        let reading = Reading {
            check_crcs: false,
            committed_only: seed % 2 == 0,
        };
        let mut out = Vec::new();
        for turn in 0.. {
            assert!(turn < 1000, "seed {seed} does not end");
            let before = portion.next();
            if portion.read(&tp(), 2, reading, &mut out).is_err() || portion.is_used_up() {
                break;
            }
            assert!(portion.next().offset >= before.offset, "seed {seed}");
        }
        let offsets = out.iter().map(|fetched| fetched.record.offset);
        assert!(offsets.is_sorted(), "seed {seed}");
    }
}
