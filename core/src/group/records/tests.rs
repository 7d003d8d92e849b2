use std::fmt::Write as _;

use super::*;

/// Recorded from Apache Kafka 4.3.1.
const GOLDEN: &str = include_str!("../../../../tests/conformance/golden/consumer_offsets.txt");

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

/// Name, key and value of each recorded record, as hex.
fn golden() -> Vec<(&'static str, &'static str, &'static str)> {
    GOLDEN
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut parts = line.split(' ');
            let mut part = || parts.next().expect("name, key and value");
            (part(), part(), part())
        })
        .collect()
}

fn decode(key: &str, value: &str) -> Record {
    let value = (value != "-").then(|| unhex(value));
    let record = Record::decode(&unhex(key), value.as_deref());
    record.expect("a record").expect("of a group")
}

#[test]
fn what_kafka_wrote_is_read_and_written_back_byte_for_byte() {
    let golden = golden();
    assert!(golden.len() >= 10, "{} records", golden.len());
    for (name, key, value) in golden {
        let record = decode(key, value);
        let is_group = matches!(record, Record::Group { .. });
        assert_eq!(is_group, name == "GroupMetadata");
        let (again_key, again_value) = record.encode();
        assert_eq!(hex(&again_key), key);
        assert_eq!(again_value.map_or("-".to_owned(), |v| hex(&v)), value);
    }
}

#[test]
fn what_kafka_wrote_means_what_kafka_meant() {
    let offset = golden()
        .into_iter()
        .find(|(name, _, value)| *name == "OffsetCommit" && *value != "-")
        .map(|(_, key, value)| decode(key, value));
    let Some(Record::Offset {
        group,
        topic,
        partition,
        value: Some(offset),
    }) = offset
    else {
        panic!("an offset");
    };
    assert_eq!(
        (group.as_str(), topic.as_str(), partition),
        ("golden-group", "golden", 0)
    );
    assert_eq!((offset.offset, offset.leader_epoch), (Offset(1), None));
    assert_eq!(offset.metadata, "a note");
    assert_ne!(offset.topic_id, Uuid::ZERO);
}

fn offset() -> CommittedOffset {
    CommittedOffset {
        offset: Offset(42),
        leader_epoch: Some(3),
        metadata: "m".repeat(300),
        commit_timestamp: Timestamp(1000),
        expire_timestamp: None,
        topic_id: Uuid::ZERO,
    }
}

#[test]
fn an_offset_that_expires_is_written_in_version_1() {
    let value = CommittedOffset {
        leader_epoch: None,
        expire_timestamp: Some(Timestamp(2000)),
        ..offset()
    };
    let record = Record::offset(&"g".into(), &"t".into(), 7, Some(value));
    let (key, bytes) = record.encode();
    let bytes = bytes.expect("a value");
    assert_eq!(bytes[..2], [0, 1]);
    assert_eq!(Record::decode(&key, Some(&bytes)), Ok(Some(record)));
}

#[test]
fn a_long_note_survives() {
    let record = Record::offset(&"g".into(), &"t".into(), 7, Some(offset()));
    let (key, bytes) = record.encode();
    assert_eq!(Record::decode(&key, bytes.as_deref()), Ok(Some(record)));
}

#[test]
fn old_versions_of_an_offset_are_read() {
    // The key, too: version 0, group "g", topic "t", partition 5.
    let key = [0, 0, 0, 1, b'g', 0, 1, b't', 0, 0, 0, 5];
    for (value, expected_epoch) in [
        ("0000 0000000000000009 0001 6e 00000000000003e8", None),
        ("0002 0000000000000009 0001 6e 00000000000003e8", None),
        (
            "0003 0000000000000009 00000004 0001 6e 00000000000003e8",
            Some(4),
        ),
        // Version 4 with a tagged field that is not known here.
        (
            "0004 0000000000000009 00000004 02 6e 00000000000003e8 01 09 02 ffff",
            Some(4),
        ),
    ] {
        let value = unhex(&value.replace(' ', ""));
        let record = Record::decode(&key, Some(&value)).expect("a record");
        let Some(Record::Offset {
            partition: 5,
            value: Some(offset),
            ..
        }) = record
        else {
            panic!("an offset of partition 5, not {record:?}");
        };
        assert_eq!(
            (offset.offset, offset.leader_epoch),
            (Offset(9), expected_epoch)
        );
        assert_eq!(
            (offset.metadata.as_str(), offset.commit_timestamp),
            ("n", Timestamp(1000))
        );
    }
}

#[test]
fn old_and_new_versions_of_a_group_are_read() {
    let key = [0, 2, 0, 1, b'g'];
    for value in [
        // Version 0: no rebalance timeout; 1: with it; 2: and since when; 3: and the static name; 4: compact.
        "0000 0001 63 00000005 0001 72 0001 6d 00000001 0001 6d 0001 63 0001 2f 00001770 00000001 aa 00000001 bb",
        "0001 0001 63 00000005 0001 72 0001 6d 00000001 0001 6d 0001 63 0001 2f 00001770 00001770 00000001 aa 00000001 bb",
        "0002 0001 63 00000005 0001 72 0001 6d ffffffffffffffff 00000001 0001 6d 0001 63 0001 2f 00001770 00001770 00000001 aa 00000001 bb",
        "0003 0001 63 00000005 0001 72 0001 6d ffffffffffffffff 00000001 0001 6d ffff 0001 63 0001 2f 00001770 00001770 00000001 aa 00000001 bb",
        "0004 02 63 00000005 02 72 02 6d ffffffffffffffff 02 02 6d 00 02 63 02 2f 00001770 00001770 02 aa 02 bb 00 00",
    ] {
        let value = unhex(&value.replace(' ', ""));
        let Ok(Some(Record::Group {
            value: Some(group), ..
        })) = Record::decode(&key, Some(&value))
        else {
            panic!("a group of version {}", value[1]);
        };
        assert_eq!(
            (group.generation_id, group.protocol_name.as_deref()),
            (5, Some("r"))
        );
        assert_eq!(group.state_since, None);
        let [member] = &group.members[..] else {
            panic!("one member");
        };
        assert_eq!(
            (member.session_timeout_ms, member.rebalance_timeout_ms),
            (6000, 6000)
        );
        assert_eq!(
            (&member.subscription[..], &member.assignment[..]),
            (&[0xaa][..], &[0xbb][..])
        );
    }
}

#[test]
fn records_of_other_kinds_of_groups_are_not_ours() {
    assert_eq!(Record::decode(&[0, 3, 0, 1, b'g'], None), Ok(None));
}

#[test]
fn a_version_of_the_future_is_named() {
    let key = [0, 2, 0, 1, b'g'];
    assert_eq!(
        Record::decode(&key, Some(&[0, 5])),
        Err(RecordError::Version(5))
    );
}

#[test]
fn damaged_bytes_are_an_error_or_another_record_but_never_a_panic() {
    for (_, key, value) in golden() {
        let (key, value) = (unhex(key), unhex(value.trim_start_matches('-')));
        for cut in 0..key.len() {
            assert_eq!(Record::decode(&key[..cut], None), Err(RecordError::Key));
        }
        for cut in 0..value.len() {
            assert!(
                Record::decode(&key, Some(&value[..cut])).is_err(),
                "cut at {cut}"
            );
        }
        for at in 0..value.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut damaged = value.clone();
                damaged[at] ^= flip;
                let _ = Record::decode(&key, Some(&damaged));
            }
        }
    }
}
