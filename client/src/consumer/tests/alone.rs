//! A consumer with partitions of its own choice.

use bytes::Bytes;
use kafka_protocol::messages::ApiKey;
use ottla_core::batch::{BatchBuilder, Compression};
use ottla_core::{ErrorCode, Offset, Timestamp};

use super::person::{show, tp};
use super::world::World;
use crate::consumer::{ConsumerError, ConsumerEvent};

fn reader(world: &mut World, properties: &[(&str, &str)]) -> usize {
    let mut all = vec![("auto.offset.reset", "earliest")];
    all.extend(properties);
    let me = world.person(&all);
    world.act(me, |consumer, now, out| {
        consumer.assign(now, vec![tp("t", 0)], out)
    });
    me
}

#[test]
fn records_come_in_order_from_the_beginning() {
    let mut world = World::new().topic("t", 2);
    world.produce("t", 0, &["a", "b"]);
    world.produce("t", 1, &["c"]);
    let me = world.person(&[("auto.offset.reset", "earliest")]);
    world.act(me, |consumer, now, out| {
        consumer.assign(now, vec![tp("t", 0), tp("t", 1)], out)
    });
    assert_eq!(world.take(me), ["0@0:a", "0@1:b", "1@0:c"]);
    world.produce("t", 0, &["d"]);
    assert_eq!(world.take(me), ["0@2:d"]);
    let consumer = &world.people[me].consumer;
    assert_eq!(consumer.position(&tp("t", 0)), Some(Offset(3)));
    assert_eq!(consumer.lag(&tp("t", 0)), Some(0));
    assert_eq!(consumer.high_watermark(&tp("t", 1)), Some(Offset(1)));
    assert_eq!(consumer.log_start_offset(&tp("t", 1)), Some(Offset(0)));
}

#[test]
fn without_earliest_only_what_comes_later_is_seen() {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["old"]);
    let me = reader(&mut world, &[("auto.offset.reset", "latest")]);
    world.produce("t", 0, &["new"]);
    assert_eq!(world.take(me), ["0@1:new"]);
}

#[test]
fn without_a_reset_policy_a_missing_position_is_an_error_until_a_seek() {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["a", "b"]);
    let me = reader(&mut world, &[("auto.offset.reset", "none")]);
    let error = world.people[me].consumer.fatal_error();
    assert_eq!(error, Some(ConsumerError::NoOffset(tp("t", 0))));
    world.act(me, |consumer, now, out| {
        consumer.seek(now, &tp("t", 0), Offset(1), out)
    });
    assert_eq!(world.people[me].consumer.fatal_error(), None);
    assert_eq!(world.take(me), ["0@1:b"]);
}

#[test]
fn a_position_out_of_range_is_reset_or_told() {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["a"]);
    let resetting = reader(&mut world, &[]);
    let strict = reader(&mut world, &[("auto.offset.reset", "none")]);
    for me in [resetting, strict] {
        world.take(me);
        world.act(me, |consumer, now, out| {
            consumer.seek(now, &tp("t", 0), Offset(77), out)
        });
        world.pass_ms(1_000);
    }
    assert_eq!(world.take(resetting), ["0@0:a"]);
    let error = world.people[strict].consumer.fatal_error();
    assert_eq!(
        error,
        Some(ConsumerError::OutOfRange {
            partition: tp("t", 0),
            offset: Offset(77)
        })
    );
}

#[test]
fn seeking_goes_to_an_offset_the_ends_and_a_moment() {
    let mut world = World::new().topic("t", 1);
    for value in ["a", "b", "c"] {
        world.produce("t", 0, &[value]);
        world.pass_ms(1_000);
    }
    let me = reader(&mut world, &[]);
    assert_eq!(world.take(me), ["0@0:a", "0@1:b", "0@2:c"]);
    let there = tp("t", 0);
    world.act(me, |consumer, now, out| {
        consumer.seek(now, &there, Offset(2), out)
    });
    // A fetch that waits at the broker comes back first.
    world.pass_ms(600);
    assert_eq!(world.take(me), ["0@2:c"]);
    world.act(me, |consumer, now, out| {
        consumer.seek_to_beginning(now, &there, out)
    });
    world.pass_ms(600);
    assert_eq!(world.take(me).len(), 3);
    let moment = Timestamp(1_700_000_000_500);
    world.act(me, |consumer, now, out| {
        consumer.seek_to_timestamp(now, &there, moment, out)
    });
    world.pass_ms(600);
    assert_eq!(world.take(me), ["0@1:b", "0@2:c"]);
    let future = Timestamp(1_800_000_000_000);
    world.act(me, |consumer, now, out| {
        consumer.seek_to_timestamp(now, &there, future, out)
    });
    world.act(me, |consumer, now, out| {
        consumer.seek_to_end(now, &there, out)
    });
    world.pass_ms(600);
    world.produce("t", 0, &["d"]);
    assert_eq!(world.take(me), ["0@3:d"]);
    assert!(!world.act(me, |consumer, now, out| consumer.seek(
        now,
        &tp("u", 0),
        Offset(0),
        out
    )));
}

#[test]
fn a_paused_partition_rests_and_the_others_go_on() {
    let mut world = World::new().topic("t", 2);
    let me = world.person(&[("auto.offset.reset", "earliest")]);
    world.act(me, |consumer, now, out| {
        consumer.assign(now, vec![tp("t", 0), tp("t", 1)], out);
        consumer.pause(&[tp("t", 0)]);
    });
    world.produce("t", 0, &["a"]);
    world.produce("t", 1, &["b"]);
    world.pass_ms(2_000);
    assert_eq!(world.take(me), ["1@0:b"]);
    world.act(me, |consumer, now, out| {
        consumer.resume(now, &[tp("t", 0)], out)
    });
    world.pass_ms(600);
    assert_eq!(world.take(me), ["0@0:a"]);
}

#[test]
fn a_slow_user_stops_the_fetching() {
    let mut world = World::new().topic("t", 1);
    let me = world.person(&[
        ("auto.offset.reset", "earliest"),
        ("max.partition.fetch.bytes", "1000"),
        ("max.poll.records", "1"),
    ]);
    world.people[me].is_diligent = false;
    let value = "x".repeat(600);
    for _ in 0..20 {
        world.produce("t", 0, &[&value]);
    }
    world.act(me, |consumer, now, out| {
        consumer.assign(now, vec![tp("t", 0)], out)
    });
    world.pass_ms(10_000);
    let fetches = |world: &World| {
        world.people[me]
            .sent
            .iter()
            .filter(|api| **api == ApiKey::Fetch)
            .count()
    };
    assert_eq!(fetches(&world), 2, "one for now, and one ahead");
    let mut offsets = Vec::new();
    for _ in 0..20 {
        offsets.extend(
            world
                .poll(me, 9)
                .iter()
                .map(|fetched| fetched.record.offset.0),
        );
    }
    assert_eq!(offsets, (0..20).collect::<Vec<_>>());
    assert!(fetches(&world) > 10);
}

#[test]
fn compressed_records_and_headers_arrive_as_they_were() {
    let mut world = World::new().topic("t", 1);
    for compression in [
        Compression::Gzip,
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd,
    ] {
        let batch = BatchBuilder::new()
            .compression(compression)
            .push(Timestamp(5), Some(b"key"), Some(b"value"))
            .push(Timestamp(6), None, None)
            .build();
        world.produce_bytes("t", 0, batch.bytes().clone());
    }
    let me = reader(&mut world, &[]);
    let got = &world.people[me].got;
    assert_eq!(got.len(), 8);
    for pair in got.chunks(2) {
        assert_eq!(pair[0].record.key, Some(Bytes::from_static(b"key")));
        assert_eq!(pair[0].record.timestamp, Timestamp(5));
        assert_eq!((&pair[1].record.key, &pair[1].record.value), (&None, &None));
    }
}

#[test]
fn errors_that_pass_are_tried_again_and_nothing_is_missed() {
    for code in [
        ErrorCode::NotLeaderOrFollower,
        ErrorCode::FencedLeaderEpoch,
        ErrorCode::UnknownLeaderEpoch,
        ErrorCode::UnknownTopicOrPartition,
        ErrorCode::LeaderNotAvailable,
        ErrorCode::KafkaStorageError,
        ErrorCode::OffsetNotAvailable,
        ErrorCode::UnknownServerError,
    ] {
        let mut world = World::new().topic("t", 1);
        world.produce("t", 0, &["a"]);
        let me = world.person(&[("auto.offset.reset", "earliest")]);
        world.refuse_next(me, ApiKey::ListOffsets, code);
        world.refuse_next(me, ApiKey::Fetch, code);
        world.act(me, |consumer, now, out| {
            consumer.assign(now, vec![tp("t", 0)], out)
        });
        world.pass_ms(3_000);
        assert_eq!(world.take(me), ["0@0:a"], "after {code}");
        assert_eq!(
            world.people[me].consumer.fatal_error(),
            None,
            "after {code}"
        );
    }
}

#[test]
fn errors_that_stay_are_told() {
    for api in [ApiKey::ListOffsets, ApiKey::Fetch] {
        let mut world = World::new().topic("t", 1);
        let me = world.person(&[("auto.offset.reset", "earliest")]);
        world.refuse_next(me, api, ErrorCode::TopicAuthorizationFailed);
        world.act(me, |consumer, now, out| {
            consumer.assign(now, vec![tp("t", 0)], out)
        });
        world.pass_ms(3_000);
        let error = world.people[me]
            .consumer
            .fatal_error()
            .expect("an error")
            .to_string();
        assert_eq!(
            error,
            "t-0 cannot be read: TOPIC_AUTHORIZATION_FAILED: Topic authorization failed."
        );
        let failures = world.people[me].events.iter();
        let failures =
            failures.filter(|event| matches!(event, ConsumerEvent::PartitionFailed { .. }));
        assert_eq!(failures.count(), 1);
    }
}

#[test]
fn lost_connections_cost_time_but_no_records() {
    let mut world = World::new().topic("t", 1);
    let me = reader(&mut world, &[]);
    for round in 0..5 {
        world.produce("t", 0, &[&round.to_string()]);
        world.cut(me);
        world.pass_ms(2_000);
    }
    assert_eq!(
        world.take(me),
        ["0@0:0", "0@1:1", "0@2:2", "0@3:3", "0@4:4"]
    );
}

#[test]
fn a_fetch_is_not_answered_twice_after_a_seek() {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["a", "b", "c"]);
    let me = reader(&mut world, &[]);
    world.take(me);
    // A fetch waits at the broker for offset 3; its answer must not be taken for one to the seek.
    world.people[me].is_diligent = false;
    world.act(me, |consumer, now, out| {
        consumer.seek(now, &tp("t", 0), Offset(1), out)
    });
    world.produce("t", 0, &["d"]);
    world.pass_ms(1_000);
    let got: Vec<String> = world.poll(me, 9).iter().map(show).collect();
    assert_eq!(got, ["0@1:b", "0@2:c", "0@3:d"]);
}

#[test]
fn the_end_is_what_can_be_read() {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["a", "b"]);
    for level in ["read_committed", "read_uncommitted"] {
        let me = reader(&mut world, &[("isolation.level", level)]);
        assert_eq!(world.take(me).len(), 2);
        let consumer = &world.people[me].consumer;
        assert_eq!(consumer.end_offset(&tp("t", 0)), Some(Offset(2)));
        assert_eq!(consumer.lag(&tp("t", 0)), Some(0));
    }
}
