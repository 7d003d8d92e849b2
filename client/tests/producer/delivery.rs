//! Records reach their partitions, and their senders are told.

use expect_test::expect;
use ottla_client::producer::{ProducerRecord, SendError, Ticket};
use ottla_core::batch::RecordHeader;
use ottla_core::{ErrorCode, Timestamp};

use crate::support::World;

#[test]
fn a_record_is_written_and_its_ticket_tells_where() {
    let mut world = World::new(&[]);
    let record = ProducerRecord {
        timestamp: Some(Timestamp(5)),
        headers: vec![RecordHeader {
            key: "h".into(),
            value: None,
        }],
        ..ProducerRecord::new("t".into(), "value").with_key("alice")
    };
    assert_eq!(world.try_send(record), Ok(Ticket(0)));
    world.finish();

    let [delivery] = &world.deliveries[..] else {
        panic!("{:?}", world.deliveries);
    };
    let acknowledged = delivery.result.as_ref().expect("it is written");
    assert_eq!(acknowledged.base_offset.map(|it| it.0), Some(0));
    assert_eq!(acknowledged.append_time, None);
    assert_eq!(delivery.partition.to_string(), "t-0");
    let records = world.brokers.records(world.now, "t", 0);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].key.as_deref(), Some(&b"alice"[..]));
    assert_eq!(records[0].timestamp, Timestamp(5));
    assert_eq!(records[0].headers[0].key, "h");
    expect![[r#"
        waiting for metadata of topic t
        producer id 0, epoch 0
        1 records to t-0 on broker 1: 81 bytes, sequence 0, attempt 1
        1 records in t-0 at offset 0
    "#]]
    .assert_eq(&world.log());
}

#[test]
fn records_wait_for_linger_ms_to_become_a_batch() {
    let mut world = World::new(&[("linger.ms", "20")]);
    world.warm_up();
    world.send("a");
    world.pass_ms(15);
    world.send("b");
    assert!(world.brokers.seen.is_empty());
    world.pass_ms(5);
    assert_eq!(world.brokers.seen.len(), 1);
    assert_eq!(world.brokers.seen[0].records_count, 2);
    assert_eq!(world.values(0), ["first", "a", "b"]);
}

#[test]
fn a_full_batch_does_not_linger() {
    let mut world = World::new(&[("linger.ms", "1000"), ("batch.size", "200")]);
    world.warm_up();
    let sent_at = world.now;
    for _ in 0..9 {
        world.send("0123456789012345678901234567890123456789");
    }
    assert_eq!(world.now, sent_at);
    let counts: Vec<i32> = world
        .brokers
        .seen
        .iter()
        .map(|it| it.records_count)
        .collect();
    assert_eq!(counts, [2, 2, 2, 2]);
    world.pass_ms(1000);
    assert_eq!(world.codes(), [ErrorCode::None; 9]);
}

#[test]
fn what_goes_to_one_broker_goes_in_one_request() {
    let mut world = World::new(&[("linger.ms", "20")]);
    world.warm_up();
    let requests = |world: &World| world.brokers.requests[&0];
    let before = requests(&world);
    world.send_to(0, "a");
    world.pass_ms(10);
    world.send_to(1, "b");
    world.send_to(2, "c");
    world.pass_ms(10);
    assert_eq!(requests(&world), before + 1);
    assert_eq!(world.brokers.seen.len(), 3);
}

#[test]
fn a_request_is_not_larger_than_allowed() {
    let mut world = World::new(&[("linger.ms", "20"), ("max.request.size", "400")]);
    world.warm_up();
    let before = world.brokers.requests[&0];
    for partition in 0..3 {
        world.send_to(partition, vec![b'x'; 200]);
    }
    world.finish();
    assert_eq!(world.brokers.requests[&0], before + 3);
    assert_eq!(world.codes(), [ErrorCode::None; 3]);

    let refused = world.try_send(ProducerRecord::new("t".into(), vec![b'x'; 400]));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "The message is 486 bytes when serialized which is larger than 400, which is the value of the max.request.size configuration."
    );
}

#[test]
fn every_compression_arrives() {
    for compression in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let mut world = World::new(&[("compression.type", compression)]);
        for number in 0..500 {
            world.send(format!("value {number} value {number} value {number}"));
        }
        world.finish();
        assert_eq!(world.codes(), [ErrorCode::None; 500], "{compression}");
        let values = world.values(0);
        assert_eq!(values.len(), 500);
        assert_eq!(values[499], "value 499 value 499 value 499");
    }
}

#[test]
fn compression_fills_batches_better_the_longer_it_is_watched() {
    let mut world = World::new(&[("compression.type", "gzip"), ("linger.ms", "1000")]);
    for _ in 0..40_000 {
        world.send("the same text again and again, as logs have it");
    }
    world.finish();
    let seen = &world.brokers.seen;
    assert!(
        2 * seen[seen.len() - 2].records_count > 3 * seen[1].records_count,
        "{} and {}",
        seen[1].records_count,
        seen[seen.len() - 2].records_count
    );
}

#[test]
fn without_acknowledgement_a_record_counts_when_it_is_sent() {
    let mut world = World::new(&[("acks", "0")]);
    world.batch(&["a", "b"]);
    world.finish();
    let results = world.results();
    assert_eq!(results[&0], Ok(None));
    assert_eq!(results[&1], Ok(None));
    assert_eq!(world.values(0), ["a", "b"]);
    assert_eq!(world.brokers.seen[0].base_sequence, -1);
}

#[test]
fn a_full_buffer_gives_the_record_back_until_something_is_delivered() {
    let mut world = World::new(&[("buffer.memory", "1000"), ("linger.ms", "50")]);
    world.warm_up();
    world.holds = true;
    let record = ProducerRecord {
        partition: Some(0),
        ..ProducerRecord::new("t".into(), vec![b'x'; 300])
    };
    let mut taken = 0;
    let refused = loop {
        match world.try_send(record.clone()) {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(taken, 2);
    assert!(matches!(refused, SendError::BufferFull { .. }));
    // Nothing lingers any more.
    assert_eq!(world.held_count(), 1);
    world.release();
    assert_eq!(world.deliveries.len(), 1);
    assert_eq!(world.producer.buffered_bytes(), 0);
    world.try_send(record).expect("there is room again");

    let too_large = world.try_send(ProducerRecord::new("t".into(), vec![b'x'; 1000]));
    assert_eq!(
        too_large.unwrap_err().to_string(),
        "The message is 1086 bytes when serialized which is larger than the total memory buffer you have configured with the buffer.memory configuration."
    );
}

#[test]
fn closing_sends_what_there_is() {
    let mut world = World::new(&[("linger.ms", "1000")]);
    world.send("a");
    world.act(|producer, now, out| producer.close(now, out));
    let refused = world.try_send(ProducerRecord::new("t".into(), "late"));
    assert_eq!(refused, Err(SendError::Closed));
    world.finish();
    assert!(world.producer.is_closed());
    assert_eq!(world.producer.next_deadline(), None);
    assert_eq!(world.values(0), ["a"]);
}

#[test]
fn aborting_gives_everything_up() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.holds = true;
    world.batch(&["sent"]);
    world.send_to(1, "lingers");
    let other = ProducerRecord::new("other".into(), "waits");
    world.brokers.topic_error = ErrorCode::LeaderNotAvailable;
    world.try_send(other).expect("it is taken");
    world.act(|producer, _, out| producer.abort(out));
    assert!(world.producer.is_closed());
    assert_eq!(world.codes(), [ErrorCode::UnknownServerError; 3]);
    let message = world.results()[&1].clone().unwrap_err().message;
    assert_eq!(message, "Producer is closed forcefully.");
    assert_eq!(world.producer.buffered_bytes(), 0);
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let mut world = World::new(&[]);
    let record = ProducerRecord::new("t".into(), "v");
    for (record, text) in [
        (
            ProducerRecord {
                partition: Some(-1),
                ..record.clone()
            },
            "Invalid partition: -1. Partition number should always be non-negative or null.",
        ),
        (
            ProducerRecord {
                timestamp: Some(Timestamp(-2)),
                ..record
            },
            "Invalid timestamp: -2. Timestamp should always be non-negative or null.",
        ),
    ] {
        assert_eq!(world.try_send(record).unwrap_err().to_string(), text);
    }
}

#[test]
fn records_without_a_key_fill_a_batch_before_they_go_elsewhere() {
    let mut world = World::new(&[("linger.ms", "1000"), ("batch.size", "300")]);
    world.warm_up();
    for _ in 0..60 {
        let record = ProducerRecord::new("t".into(), "0123456789".repeat(4));
        world.try_send(record).expect("it is taken");
    }
    world.finish();
    let seen = &world.brokers.seen;
    let full = seen.iter().filter(|it| it.records_count == 5).count();
    assert!(full >= 11, "{seen:?}");
    let partitions: ottla_core::sorted::Set<i32> = seen.iter().map(|it| it.partition).collect();
    assert_eq!(partitions.len(), 3);
}

#[test]
fn the_same_seed_does_the_same() {
    let run = || {
        let mut world = World::new(&[("batch.size", "200")]);
        for number in 0..100 {
            let record = ProducerRecord::new("t".into(), format!("value {number}"));
            world.try_send(record).expect("it is taken");
        }
        world.finish();
        (world.log(), world.deliveries)
    };
    assert_eq!(run(), run());
}
