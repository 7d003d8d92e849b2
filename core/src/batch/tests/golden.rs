//! `tests/conformance/golden/batches.txt`: what Apache Kafka's own writer made.

use super::*;
use crate::Offset;
use crate::batch::{BatchHeader, TimestampType, records};

const START: i64 = 1_700_000_000_000;

fn golden(name: &str) -> Bytes {
    include_str!("../../../../tests/conformance/golden/batches.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .map(|hex| {
            let digits = hex.trim().as_bytes().chunks(2);
            digits
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
                .collect()
        })
        .unwrap_or_else(|| panic!("no golden batch {name}"))
}

fn text(bytes: &Option<Bytes>) -> Option<&str> {
    bytes
        .as_ref()
        .map(|bytes| std::str::from_utf8(bytes).unwrap())
}

#[test]
fn batches_of_every_codec_are_accepted_and_read() {
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        for (name, count) in [("three_records_", 3), ("forty_records_", 40)] {
            let bytes = golden(&format!("{name}{codec}"));
            let batch = Batch::parse(bytes.clone()).unwrap();
            assert_eq!(batch.bytes(), &bytes, "nothing is rewritten");
            let records: Vec<_> = batch.records().unwrap().map(Result::unwrap).collect();
            assert_eq!(records.len(), count);
            for (index, record) in records.iter().enumerate() {
                assert_eq!(record.offset, Offset(index as i64));
                assert_eq!(record.timestamp, Timestamp(START + index as i64));
                assert_eq!(text(&record.key), Some(&*format!("k{index}")));
                let value = match count {
                    3 => format!("value-{index}"),
                    _ => format!("{}{index}", "ottla-".repeat(25)),
                };
                assert_eq!(text(&record.value), Some(&*value));
            }
        }
    }
}

#[test]
fn the_builder_writes_the_same_bytes_as_kafka() {
    let mut plain = BatchBuilder::new();
    for index in 0..3 {
        let (key, value) = (format!("k{index}"), format!("value-{index}"));
        plain.push(
            Timestamp(START + index),
            Some(key.as_bytes()),
            Some(value.as_bytes()),
        );
    }
    let batch = plain.clone().build();
    assert_eq!(batch.bytes(), &golden("three_records_none"));
    let batch = plain.clone().producer(1000, 1, 42).build();
    assert_eq!(batch.bytes(), &golden("idempotent"));
    let batch = plain.compression(Compression::Snappy).build();
    let records: Vec<_> = batch.records().unwrap().map(Result::unwrap).collect();
    let theirs: Vec<_> = records_of("three_records_snappy");
    assert_eq!(records, theirs);
}

fn records_of(name: &str) -> Vec<crate::batch::Record> {
    records(&golden(name))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn keys_values_and_headers_may_be_null_or_empty() {
    let one = |name| {
        let record = records_of(name).remove(0);
        (record.key, record.value)
    };
    let some = |text: &'static str| Some(Bytes::from(text));
    assert_eq!(one("null_key"), (None, some("v")));
    assert_eq!(one("null_value"), (some("k"), None));
    assert_eq!(one("null_key_and_value"), (None, None));
    assert_eq!(one("empty_key_and_value"), (some(""), some("")));
    assert!(Batch::parse(golden("null_key")).unwrap().has_null_keys());
    assert!(
        !Batch::parse(golden("empty_key_and_value"))
            .unwrap()
            .has_null_keys()
    );

    Batch::parse(golden("headers")).unwrap();
    let record = records_of("headers").remove(0);
    let headers: Vec<_> = record
        .headers
        .iter()
        .map(|header| {
            (
                std::str::from_utf8(&header.key).unwrap(),
                text(&header.value),
            )
        })
        .collect();
    assert_eq!(
        headers,
        [
            ("trace", Some("abc")),
            ("empty", Some("")),
            ("null", None),
            ("trace", Some("again")),
            ("größe", Some("ü")),
        ]
    );
}

#[test]
fn headers_of_the_batch_say_what_kafka_put_there() {
    let header = |name| BatchHeader::parse(&golden(name)).unwrap();
    let moved = header("base_offset_and_leader_epoch");
    assert_eq!((moved.base_offset, moved.leader_epoch), (Offset(4711), 3));
    assert_eq!(moved.next_offset(), Offset(4714));
    let wrapped = header("idempotent_wrap");
    assert_eq!(
        (wrapped.base_sequence, wrapped.last_sequence()),
        (2_147_483_646, 0)
    );
    assert!(header("transactional").is_transactional);
    assert!(header("control_commit").is_control);
    let unordered = header("timestamps_out_of_order");
    assert_eq!(unordered.base_timestamp, Timestamp(START + 5));
    assert_eq!(unordered.max_timestamp, Timestamp(START + 9));
    assert_eq!(header("no_timestamp").max_timestamp, Timestamp::NONE);
    for name in [
        "three_records_none",
        "forty_records_zstd",
        "control_abort",
        "log_append_time",
    ] {
        let bytes = golden(name);
        assert_eq!(header(name).encode()[..], bytes[..BatchHeader::SIZE_BYTES]);
    }
}

#[test]
fn log_append_time_hides_the_records_own_timestamps() {
    for name in ["log_append_time", "log_append_time_gzip"] {
        for record in records_of(name) {
            assert_eq!(record.timestamp, Timestamp(START + 77));
        }
    }
    let stamped = Batch::parse(golden("three_records_none"))
        .unwrap()
        .stamped(TimestampType::LogAppendTime, Timestamp(START + 77));
    assert_eq!(stamped.bytes(), &golden("log_append_time"));
}

#[test]
fn clients_may_not_write_what_only_brokers_write() {
    let refused = |name| code(Batch::parse(golden(name)));
    assert_eq!(refused("magic_0"), ErrorCode::InvalidRecord);
    assert_eq!(refused("magic_1"), ErrorCode::InvalidRecord);
    assert_eq!(refused("magic_1_gzip"), ErrorCode::InvalidRecord);
    assert_eq!(
        refused("base_offset_and_leader_epoch"),
        ErrorCode::InvalidRecord
    );
    let no_transactions = ErrorCode::TransactionalIdAuthorizationFailed;
    assert_eq!(refused("transactional"), no_transactions);
    assert_eq!(refused("timestamps_out_of_order"), ErrorCode::None);
    assert_eq!(refused("no_timestamp"), ErrorCode::None);
}
