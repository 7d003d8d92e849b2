use super::*;
use crate::batch::{Compression, TimestampType};
use crate::log::{CleanupPolicy, CompressionType};

#[test]
fn records_get_offsets_and_are_read_back() {
    let mut world = World::new(LogConfig::default());
    let first = world.append(batch(1_000_000, &["a", "b"])).unwrap();
    let second = world.append(batch(1_000_000, &["c"])).unwrap();
    assert_eq!(first.appended.base_offset, Offset(0));
    assert_eq!(second.appended.base_offset, Offset(2));
    assert_eq!(second.through, Offset(3));
    assert_eq!(second.appended.log_append_time, None);
    let expected = [(0, "a"), (1, "b"), (2, "c")].map(|(at, value)| (at, value.to_owned()));
    assert_eq!(world.read(0), expected);
    assert_eq!(world.read(2), expected[2..]);
}

#[test]
fn what_is_in_flight_cannot_be_read_until_it_is_stored() {
    let mut world = World::new(LogConfig::default());
    let mut out = Vec::new();
    world.append_only(batch(0, &["a", "b"]), &mut out).unwrap();
    world.append_only(batch(0, &["c"]), &mut out).unwrap();
    assert_eq!(world.log.high_watermark(), Offset(0));
    assert_eq!(world.log.end_offset(), Offset(3));
    assert_eq!(world.find(Offset(0), 100).unwrap().slice, None);
    world.apply(out);

    assert!(world.log.stored(Offset(2)));
    assert!(!world.log.stored(Offset(2)));
    assert_eq!(world.read(0).len(), 2);
    assert_eq!(world.find(Offset(2), 100).unwrap().available_bytes, 0);
    assert!(world.log.stored(Offset(3)));
    assert_eq!(world.read(0).len(), 3);
}

#[test]
fn a_failed_store_takes_appends_back_without_a_trace() {
    let config = LogConfig {
        segment_bytes: 200,
        ..LogConfig::default()
    };
    let mut world = World::new(config);
    world
        .append(builder(0, &["kept"]).producer(9, 0, 0).build())
        .unwrap();
    let before = format!("{:?}", world.log);

    let mut lost = Vec::new();
    for sequence in 1..8 {
        let batch = builder(50, &["lost"]).producer(9, 0, sequence).build();
        world.append_only(batch, &mut lost).unwrap();
    }
    assert!(world.segments().len() > 2);
    world.log.store_failed(Offset(1));
    assert_eq!(format!("{:?}", world.log), before);

    let again = builder(60, &["again"]).producer(9, 0, 1).build();
    assert_eq!(world.append(again).unwrap().appended.base_offset, Offset(1));
    assert_eq!(world.read(1), [(1, "again".to_owned())]);
}

#[test]
fn a_batch_that_is_too_large_is_refused() {
    let size = batch(0, &["a"]).header().size_bytes;
    let config = |max_message_bytes, segment_bytes| LogConfig {
        max_message_bytes,
        segment_bytes,
        ..LogConfig::default()
    };
    let append = |config| World::new(config).append(batch(0, &["a"]));
    assert!(append(config(size, size)).is_ok());
    assert_eq!(
        error(append(config(size - 1, size))),
        ErrorCode::MessageTooLarge
    );
    assert_eq!(
        error(append(config(size, size - 1))),
        ErrorCode::RecordListTooLarge
    );
}

#[test]
fn a_timestamp_too_far_from_now_is_refused_and_its_record_is_named() {
    let config = LogConfig {
        timestamp_before_max_ms: 5_000,
        timestamp_after_max_ms: 1_000,
        ..LogConfig::default()
    };
    let mut world = World::new(config);
    let now = world.now.wall.0;
    let mut mixed = BatchBuilder::new();
    for timestamp in [
        now,
        now + 1_001,
        Timestamp::NONE.0,
        now - 5_001,
        now - 5_000,
    ] {
        mixed.push(Timestamp(timestamp), None, None);
    }
    let refused = world.append(mixed.build()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidTimestamp);
    let indexes: Vec<i32> = refused.records.iter().map(|record| record.index).collect();
    assert_eq!(indexes, [1, 3]);
    assert_eq!(
        refused.records[0].message.as_deref(),
        Some(
            "Timestamp 1001001 of message with offset 1 is out of range. The timestamp should be within [995000, 1001000]"
        )
    );
    assert_eq!(world.log.end_offset(), Offset(0));
    world.append(batch(now + 1_000, &["in time"])).unwrap();
}

#[test]
fn a_compacted_topic_wants_keys() {
    let config = LogConfig {
        cleanup_policy: CleanupPolicy {
            delete: false,
            compact: true,
        },
        ..LogConfig::default()
    };
    let mut world = World::new(config);
    let mut batch = BatchBuilder::new();
    batch.push(Timestamp(0), Some(b"key"), None);
    batch.push(Timestamp(0), None, Some(b"value"));
    let refused = world.append(batch.build()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidRecord);
    assert_eq!(refused.records[0].index, 1);
    assert_eq!(refused.records.len(), 1);
}

#[test]
fn log_append_time_replaces_the_producers_clock() {
    let config = LogConfig {
        timestamp_type: TimestampType::LogAppendTime,
        ..LogConfig::default()
    };
    let mut world = World::new(config);
    let appended = world.append(batch(5, &["a", "b"])).unwrap().appended;
    assert_eq!(appended.log_append_time, Some(world.now.wall));
    let stored = world.store.read(LOG, Offset(0)).next().unwrap();
    for record in crate::batch::records(&stored).unwrap() {
        assert_eq!(record.unwrap().timestamp, world.now.wall);
    }
    // The CRC is right again.
    assert!(Batch::parse(stored).is_ok());
}

#[test]
fn the_topics_compression_wins_over_the_producers() {
    for compression in [Compression::None, Compression::Lz4, Compression::Zstd] {
        let config = LogConfig {
            compression: CompressionType::Always(compression),
            ..LogConfig::default()
        };
        let mut world = World::new(config);
        let sent = builder(5, &["a", "b"])
            .compression(Compression::Gzip)
            .build();
        world.append(sent).unwrap();
        let stored = world.store.read(LOG, Offset(0)).next().unwrap();
        assert_eq!(
            BatchHeader::parse(&stored).unwrap().compression,
            compression
        );
        assert_eq!(world.read(0)[1], (1, "b".to_owned()));
    }
}

#[test]
fn flush_messages_and_flush_ms_say_when_to_force_to_disk() {
    let flush_of = |out: &[Output]| {
        out.iter()
            .any(|output| matches!(output, Output::Store(StoreOp::Append { flush: true, .. })))
    };
    let config = LogConfig {
        flush_messages: 3,
        flush_ms: 500,
        ..LogConfig::default()
    };
    let mut world = World::new(config);
    assert_eq!(world.log.flush_due(), None);
    world.now.mono = Instant(1_000);
    let mut out = Vec::new();
    world.append_only(batch(0, &["a", "b"]), &mut out).unwrap();
    assert!(!flush_of(&out));
    assert_eq!(world.log.flush_due(), Some(Instant(501_000)));
    world.append_only(batch(0, &["c"]), &mut out).unwrap();
    assert!(flush_of(&out));
    assert_eq!(world.log.flush_due(), None);

    world
        .append_only(batch(0, &["d"]), &mut Vec::new())
        .unwrap();
    let mut out = Vec::new();
    world.log.flush(&mut out);
    assert!(matches!(
        out[..],
        [Output::Store(StoreOp::Flush { log: LOG })]
    ));
    assert_eq!(world.log.flush_due(), None);
}

#[test]
fn a_new_leader_epoch_begins_with_its_first_record() {
    let mut world = World::new(LogConfig::default());
    world.append(batch(0, &["a", "b"])).unwrap();
    world.log.set_leader_epoch(4);
    assert_eq!(world.log.end_offset_for_epoch(4), (4, Offset(2)));
    world.append(batch(0, &["c"])).unwrap();
    assert_eq!(world.log.end_offset_for_epoch(0), (0, Offset(2)));
    assert_eq!(world.log.end_offset_for_epoch(4), (4, Offset(3)));
    let stored = world.store.read(LOG, Offset(2)).next().unwrap();
    assert_eq!(BatchHeader::parse(&stored).unwrap().leader_epoch, 4);
    world.restart();
    assert_eq!(world.log.leader_epoch(), 4);
    assert_eq!(world.log.end_offset_for_epoch(0), (0, Offset(2)));
}

#[test]
fn an_empty_log_takes_less_than_half_a_kilobyte() {
    assert!(size_of::<Log>() <= 480, "{} bytes", size_of::<Log>());
}
