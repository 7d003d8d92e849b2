//! What is read out of frames. `tests/tests/frames.rs` holds it against another decoder.

use bytes::Bytes;
use expect_test::expect;
use ottla_client::LinkId;
use ottla_core::batch::{BatchBuilder, Compression};
use ottla_core::{Instant, Timestamp};

use super::{Field, Frame};
use crate::Direction;

fn frame(direction: Direction, api_key: i16, api_version: i16, body: &[u8]) -> Frame {
    let mut bytes = (body.len() as i32).to_be_bytes().to_vec();
    bytes.extend_from_slice(body);
    Frame {
        id: 1,
        sent_at: Instant(0),
        arrives_at: Instant(20_000),
        link: LinkId {
            owner: 1,
            serial: 1,
        },
        client: "worker-1".into(),
        direction,
        api_key,
        api_version,
        correlation_id: 7,
        bytes: bytes.into(),
    }
}

fn told(fields: &[Field]) -> String {
    let mut told = String::new();
    tell(fields, 0, &mut told);
    told
}

fn tell(fields: &[Field], depth: usize, told: &mut String) {
    for field in fields {
        let Field {
            name, value, bytes, ..
        } = field;
        let indent = "  ".repeat(depth);
        let place = format!("{}..{}", bytes.start, bytes.end);
        let line = format!("{place:<8} {indent}{name} {value}");
        told.push_str(line.trim_end());
        told.push('\n');
        tell(&field.fields, depth + 1, told);
    }
}

const HEARTBEAT: &[u8] = b"\0\x0c\0\x04\0\0\0\x07\0\x01w\0\x08billing\0\0\0\x05\x04w-1\0\0";

#[test]
fn a_request_is_size_header_and_body() {
    let frame = frame(Direction::ToBroker, 12, 4, HEARTBEAT);
    expect![[r#"
        0..4     size 30
        4..16    header
        4..6       api_key 12 Heartbeat
        6..8       api_version 4
        8..12      correlation_id 7
        12..15     client_id "w"
        15..16     tagged_fields none
        16..34   body
        16..24     group_id "billing"
        24..28     generation_id 5
        28..32     member_id "w-1"
        32..33     group_instance_id null
        33..34     tagged_fields none
    "#]]
    .assert_eq(&told(&frame.fields()));
}

#[test]
fn an_error_code_has_its_name() {
    let answer = b"\0\0\0\x07\0\0\0\0\0\0\x1b\0";
    let frame = frame(Direction::ToClient, 12, 4, answer);
    expect![[r#"
        0..4     size 12
        4..9     header
        4..8       correlation_id 7
        8..9       tagged_fields none
        9..16    body
        9..13      throttle_time_ms 0
        13..15     error_code 27 REBALANCE_IN_PROGRESS
        15..16     tagged_fields none
    "#]]
    .assert_eq(&told(&frame.fields()));
}

#[test]
fn what_consumers_tell_each_other_is_read_too() {
    let assignment = b"\0\0\0\0\0\x01\0\x06orders\0\0\0\x01\0\0\0\x02\xff\xff\xff\xff";
    let answer = [b"\0\0\0\x07\0\0\0\0\0\0\0\0\0\x1a", &assignment[..]].concat();
    let frame = frame(Direction::ToClient, 14, 2, &answer);
    expect![[r#"
        0..4     size 40
        4..8     header
        4..8       correlation_id 7
        8..44    body
        8..12      throttle_time_ms 0
        12..14     error_code 0 NONE
        14..44     assignment 26 bytes
        18..20       version 0
        20..40       assigned_partitions 1
        24..40         [0]
        24..32           topic "orders"
        32..40           partitions 1
        36..40             [0] 2
        40..44       user_data null
    "#]]
    .assert_eq(&told(&frame.fields()));
}

#[test]
fn what_cannot_be_read_says_so_and_has_its_bytes() {
    for cut in 0..HEARTBEAT.len() {
        let frame = frame(Direction::ToBroker, 12, 4, &HEARTBEAT[..cut]);
        let fields = frame.fields();
        let last = fields.last().expect("a field");
        assert_eq!((last.name.as_str(), last.bytes.end), ("unread", 4 + cut));
    }
    let longer = [HEARTBEAT, b"??"].concat();
    let longer = frame(Direction::ToBroker, 12, 4, &longer).fields();
    assert_eq!(longer[3].value, "2 bytes: more than its fields need");
    let unknown = frame(Direction::ToBroker, 999, 0, HEARTBEAT).fields();
    expect![[r#"
        0..4     size 30
        4..15    header
        4..6       api_key 12 Heartbeat
        6..8       api_version 4
        8..12      correlation_id 7
        12..15     client_id "w"
        15..34   unread 19 bytes: no such API in this version
    "#]]
    .assert_eq(&told(&unknown));
}

#[test]
fn a_length_that_announces_more_than_there_is_is_not_believed() {
    let mut greedy = HEARTBEAT[..11].to_vec();
    // A tagged field of 4 GiB in the header.
    greedy.extend([1, 9, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    let frame = frame(Direction::ToBroker, 12, 4, &greedy);
    expect![[r#"
        0..4     size 18
        4..22    header
        4..6       api_key 12 Heartbeat
        6..8       api_version 4
        8..12      correlation_id 7
        12..15     client_id "w"
        15..22     tagged_fields 1
        22..22   unread 0 bytes: it ends too early
    "#]]
    .assert_eq(&told(&frame.fields()));
}

#[test]
fn an_answer_to_a_version_that_nobody_knows_is_read_in_version_0() {
    let answer = b"\0\0\0\x07\0\x23\0\0\0\x01\0\x12\0\0\0\x04";
    let frame = frame(Direction::ToClient, 18, 127, answer);
    expect![[r#"
        0..4     size 16
        4..8     header
        4..8       correlation_id 7
        8..20    body
        8..10      error_code 35 UNSUPPORTED_VERSION
        10..20     api_keys 1
        14..20       [0]
        14..16         api_key 18 ApiVersions
        16..18         min_version 0
        18..20         max_version 4
    "#]]
    .assert_eq(&told(&frame.fields()));
}

#[test]
fn what_only_says_that_all_is_well_is_routine() {
    let answer = |error: u8| {
        let body = [0, 0, 0, 7, 0, 0, 0, 0, 0, 0, error, 0];
        frame(Direction::ToClient, 12, 4, &body)
    };
    assert!(frame(Direction::ToBroker, 12, 4, HEARTBEAT).is_routine());
    assert!(answer(0).is_routine());
    assert!(!answer(27).is_routine(), "the group rebalances");
    let empty = b"\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert!(frame(Direction::ToClient, 1, 7, empty).is_routine());
    assert!(!frame(Direction::ToClient, 3, 9, empty).is_routine());
}

#[test]
fn bytes_of_chance_are_survived() {
    let mut random = ottla_client::random::Random::new(11);
    for _ in 0..20_000 {
        let length = random.below(80) as usize;
        let bytes: Vec<u8> = (0..length).map(|_| random.next_u64() as u8).collect();
        let (key, version) = (random.below(80) as i16, random.below(14) as i16);
        let direction = match random.below(2) {
            0 => Direction::ToBroker,
            _ => Direction::ToClient,
        };
        let mut frame = frame(direction, key, version, &[]);
        frame.bytes = Bytes::from(bytes);
        let fields = frame.fields();
        let end = fields.iter().map(|field| field.bytes.end).max();
        assert_eq!(end.unwrap_or(0), length, "{frame:?}");
    }
}

#[test]
fn records_are_read_one_by_one_or_where_all_of_them_are_if_they_are_compressed() {
    for compression in [Compression::None, Compression::Gzip] {
        let mut builder = BatchBuilder::new();
        builder.compression(compression);
        let at = Timestamp(1_700_000_000_000);
        let headers = [("trace", Some(&b"\x01"[..]))];
        builder.push_with_headers(at, Some(b"emp001"), Some(b"hello"), &headers);
        builder.push(Timestamp(at.0 + 5), None, None);
        let batch = builder.build().bytes().clone();
        let head = b"\0\0\0\x08\0\0\0\x07\0\x01w\xff\xff\xff\xff\0\0\x03\xe8\0\0\0\x01\0\x06orders\0\0\0\x01\0\0\0\x02";
        let size = (batch.len() as i32).to_be_bytes();
        let produce = frame(
            Direction::ToBroker,
            0,
            8,
            &[&head[..], &size, &batch].concat(),
        );
        let fields = produce.fields();
        let body = told(&fields[2].fields[3].fields);
        match compression {
            Compression::None => expect![[r#"
                27..141  [0]
                27..35     name "orders"
                35..141    partition_data 1
                39..141      [0]
                39..43         index 2
                43..141        records 94 bytes
                47..141          batch[0] 2 records
                47..55             base_offset 0
                55..59             batch_length 82
                59..63             partition_leader_epoch -1
                63..64             magic 2
                64..68             crc 0x7791b1a2 (right)
                68..70             attributes not compressed
                70..74             last_offset_delta 1
                74..82             base_timestamp 1700000000000 (2023-11-14T22:13:20.000Z)
                82..90             max_timestamp 1700000000005 (2023-11-14T22:13:20.005Z)
                90..98             producer_id -1
                98..100            producer_epoch -1
                100..104           base_sequence -1
                104..108           records_count 2
                108..134           record[0]
                108..109             length 25
                109..110             attributes 0
                110..111             timestamp_delta 0 → 1700000000000 (2023-11-14T22:13:20.000Z)
                111..112             offset_delta 0 → 0
                112..119             key "emp001"
                119..125             value "hello"
                125..134             headers 1
                126..134               [0]
                126..132                 key "trace"
                132..134                 value 1 byte 01
                134..141           record[1]
                134..135             length 6
                135..136             attributes 0
                136..137             timestamp_delta 5 → 1700000000005 (2023-11-14T22:13:20.005Z)
                137..138             offset_delta 1 → 1
                138..139             key null
                139..140             value null
                140..141             headers none
            "#]]
            .assert_eq(&body),
            _ => expect![[r#"
                27..164  [0]
                27..35     name "orders"
                35..164    partition_data 1
                39..164      [0]
                39..43         index 2
                43..164        records 117 bytes
                47..164          batch[0] 2 records
                47..55             base_offset 0
                55..59             batch_length 105
                59..63             partition_leader_epoch -1
                63..64             magic 2
                64..68             crc 0xf5a4bcfe (right)
                68..70             attributes gzip
                70..74             last_offset_delta 1
                74..82             base_timestamp 1700000000000 (2023-11-14T22:13:20.000Z)
                82..90             max_timestamp 1700000000005 (2023-11-14T22:13:20.005Z)
                90..98             producer_id -1
                98..100            producer_epoch -1
                100..104           base_sequence -1
                104..108           records_count 2
                108..164           records 56 bytes
                108..164             record[0] offset 0
                108..164               key "emp001"
                108..164               value "hello"
                108..164             record[1] offset 1
                108..164               key null
                108..164               value null
            "#]]
            .assert_eq(&body),
        }
    }
}
