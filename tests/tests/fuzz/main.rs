//! Bytes of chance, the same in every run: no panic, and no memory for what is only announced.
//!
//! `FUZZ_SEED=<seed>` begins somewhere else, `FUZZ_RUNS=<count>` goes on for longer; `fuzz/` holds the same for `cargo fuzz`.

mod counting;

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, ResponseHeader, ResponseKind};
use kafka_protocol::protocol::Decodable;
use ottla_core::batch::{Batch, BatchBuilder, Compression};
use ottla_core::{ErrorCode, Timestamp};
use ottla_tests::crash::Random;
use ottla_tests::fuzzing::{
    Target, batch, damage, only_decode, refused, repair_checksum, request, sound_batch,
};
use ottla_wire::APIS;

use counting::peak_bytes;

/// What a frame may take to be read, for each of its bytes: an element of an array takes some hundred bytes in memory, and one in the frame.
const BYTES_PER_BYTE: usize = 400;
/// And however small it is: a varint up to 65536 may be a tag, so that an array of so many elements gets its room before it is found to be a lie.
const BYTES_AT_LEAST: usize = (64 << 10) * BYTES_PER_BYTE;

/// Codecs have windows: zstd's may be 32 MiB and is twice that while it moves on.
const WINDOW_BYTES: usize = 80 << 20;

#[test]
fn frames_of_any_bytes_do_no_harm() {
    each_seed(20_000, |random| {
        let mut frame = request(random);
        if random.below(4) == 0 {
            frame = (0..random.below(200))
                .map(|_| random.number() as u8)
                .collect();
        }
        damage(&mut frame, random);
        check_decode(frame.into());
    });
}

#[test]
fn requests_that_are_nearly_sound_do_no_harm() {
    let mut target = Target::default();
    let mut accepted = 0;
    each_seed(6_000, |random| {
        if random.below(300) == 0 {
            target = Target::default();
        }
        let mut frame = request(random);
        if random.below(2) == 0 {
            damage(&mut frame, random);
        }
        accepted += usize::from(target.take(frame.into()).is_ok());
    });
    assert!(accepted > 0, "none was accepted: the test tests nothing");
}

#[test]
fn whatever_can_be_read_can_be_refused_and_nothing_else() {
    let mut refused_count = 0;
    each_seed(20_000, |random| {
        let mut frame = request(random);
        if random.below(2) == 0 {
            damage(&mut frame, random);
        }
        let frame = Bytes::from(frame);
        let read = only_decode(frame.clone());
        let answer = refused(frame.clone(), ErrorCode::NotCoordinator);
        assert_eq!(answer.as_ref().map(drop), read.as_ref().map(drop));
        let Ok(Some(mut answer)) = answer else {
            return;
        };
        refused_count += 1;
        let number = |at: usize| i16::from_be_bytes([frame[at], frame[at + 1]]);
        let key = ApiKey::try_from(number(0)).expect("it is served");
        let api = APIS.iter().find(|api| api.key == number(0));
        // ApiVersions is answered in any version: in 0, if nobody knows it.
        let is_served = api.is_some_and(|api| api.versions.contains(&number(2)));
        let version = if is_served { number(2) } else { 0 };
        assert_eq!(answer.split_to(4).len(), 4);
        ResponseHeader::decode(&mut answer, key.response_header_version(version))
            .expect("a header");
        ResponseKind::decode(key, &mut answer, version).expect("a body");
        assert!(answer.is_empty(), "{key:?} {version}");
    });
    assert!(
        refused_count > 0,
        "none was refused: the test tests nothing"
    );
}

#[test]
fn batches_that_are_nearly_sound_do_no_harm() {
    each_seed(10_000, |random| {
        let mut bytes = sound_batch(random);
        damage(&mut bytes, random);
        if random.below(4) > 0 {
            repair_checksum(&mut bytes);
        }
        let size = bytes.len();
        let bytes = Bytes::from(bytes);
        let peak = peak_bytes(|| batch(bytes));
        assert!(
            peak <= WINDOW_BYTES + BYTES_PER_BYTE * size,
            "{peak} bytes for {size}"
        );
    });
}

/// An array that announces billions of elements costs no more than the frame that holds it.
#[test]
fn what_is_only_announced_takes_no_memory() {
    for key in 0..=75u8 {
        for version in 0..=17 {
            for filler in [0x7f, 0xff, 0x00, 0x01] {
                let mut frame = vec![0, key, 0, version, 0, 0, 0, 1, 0xff, 0xff];
                frame.extend([filler; 60]);
                check_decode(frame.clone().into());
                frame.insert(10, 0);
                check_decode(frame.into());
            }
        }
    }
}

/// The records of a batch are looked at as they are unpacked: 256 MiB are the limit, and none of them is kept.
#[test]
fn a_small_batch_that_unpacks_to_much_takes_little_memory() {
    for compression in [Compression::Gzip, Compression::Snappy] {
        let value = vec![0; 4 << 20];
        let batch = BatchBuilder::new()
            .compression(compression)
            .push(Timestamp(0), None, Some(&value))
            .build();
        let bytes = batch.bytes().clone();
        assert!(bytes.len() < 1 << 20);
        let peak = peak_bytes(|| drop(Batch::parse(bytes).expect("a sound batch")));
        assert!(peak < 1 << 20, "{compression:?}: {peak} bytes");
    }
}

fn check_decode(frame: Bytes) {
    let size = frame.len();
    let start = frame.slice(..size.min(4));
    // The records of a produce are looked at, too.
    let is_produce = frame.starts_with(&[0, 0]);
    let at_least = if is_produce {
        WINDOW_BYTES
    } else {
        BYTES_AT_LEAST
    };
    let peak = peak_bytes(|| drop(only_decode(frame)));
    assert!(
        peak <= at_least + BYTES_PER_BYTE * size,
        "{peak} bytes to read a frame of {size}: key and version {start:?}"
    );
}

fn each_seed(runs: u64, mut check: impl FnMut(&mut Random)) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = number("FUZZ_SEED").unwrap_or(0);
    for seed in first..first + number("FUZZ_RUNS").unwrap_or(runs) {
        let _announced = Announced(seed);
        check(&mut Random::new(seed));
    }
}

/// Says which seed it was when a run panics.
struct Announced(u64);

impl Drop for Announced {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            eprintln!("again: FUZZ_SEED={seed} FUZZ_RUNS=1 cargo test -p ottla-tests --test fuzz");
        }
    }
}
