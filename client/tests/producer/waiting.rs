//! Leaders, topics and brokers that come, go, or do not come in time.

use ottla_client::producer::ProducerRecord;
use ottla_core::ErrorCode;

use crate::brokers::Trick;
use crate::support::World;

#[test]
fn a_new_leader_is_found_at_once() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.brokers.leader = 2;
    world.brokers.leader_epoch = 1;
    world.batch(&["a"]);
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::None]);
    let brokers: Vec<i32> = world.brokers.seen.iter().map(|it| it.broker).collect();
    assert_eq!(brokers, [1, 2]);
    assert_eq!(world.values(0), ["first", "a"]);
}

#[test]
fn batches_wait_for_a_leader() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.brokers.leader = 0;
    world.batch(&["a"]);
    world.pass_ms(5_000);
    assert!(world.deliveries.is_empty());
    world.brokers.leader = 2;
    world.brokers.leader_epoch = 3;
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::None]);
}

#[test]
fn records_are_given_up_after_the_delivery_time_out() {
    let mut world = World::new(&[
        ("delivery.timeout.ms", "6000"),
        ("request.timeout.ms", "2000"),
    ]);
    world.warm_up();
    world.tricks(std::iter::repeat_n(Trick::Silence, 10));
    world.batch(&["a", "b"]);
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::RequestTimedOut; 2]);
    let message = world.results()[&1].clone().unwrap_err().message;
    assert_eq!(
        message,
        "Expiring 2 record(s) for t-0:6000 ms has passed since batch creation"
    );
    assert_eq!(world.producer.buffered_bytes(), 0);

    // What comes behind begins in a new epoch, for nobody knows whether they were written.
    world.brokers.tricks.clear();
    world.batch(&["c"]);
    world.finish();
    assert_eq!(world.codes()[2], ErrorCode::None);
    let last = world.brokers.seen.last().expect("something was sent");
    assert_eq!((last.epoch, last.base_sequence), (1, 0));
}

#[test]
fn an_answer_after_the_delivery_time_out_changes_nothing() {
    let mut world = World::new(&[
        ("delivery.timeout.ms", "2000"),
        ("request.timeout.ms", "1900"),
    ]);
    world.warm_up();
    world.pass_ms(1);
    world.holds = true;
    world.send("a");
    world.pass_ms(150);
    assert_eq!(world.held_count(), 1);
    world.pass_ms(1_845);
    world.batch(&["b"]);
    world.pass_ms(10);
    assert_eq!(world.codes(), [ErrorCode::RequestTimedOut]);
    world.holds = false;
    world.release();
    world.finish();
    assert_eq!(world.codes().len(), 2);
    assert_eq!(world.codes()[1], ErrorCode::None);
}

#[test]
fn a_topic_that_does_not_come_is_given_up_after_max_block_ms() {
    let mut world = World::new(&[("max.block.ms", "3000")]);
    world.brokers.topic_error = ErrorCode::UnknownTopicOrPartition;
    world.send("a");
    world.finish();
    let error = world.results()[&0].clone().unwrap_err();
    assert_eq!(
        error.message,
        "Topic t not present in metadata after 3000 ms."
    );
    assert_eq!(world.deliveries[0].partition.to_string(), "t-0");
    assert_eq!(world.producer.buffered_bytes(), 0);
}

#[test]
fn a_topic_that_comes_in_time_takes_its_records_in_order() {
    let mut world = World::new(&[]);
    world.brokers.topic_error = ErrorCode::UnknownTopicOrPartition;
    for value in ["a", "b", "c"] {
        world.send(value);
    }
    world.pass_ms(2_000);
    world.brokers.topic_error = ErrorCode::None;
    world.finish();
    assert_eq!(world.values(0), ["a", "b", "c"]);
}

#[test]
fn a_topic_that_cannot_be_is_given_up_at_once() {
    let mut world = World::new(&[]);
    let record = ProducerRecord::new("no topic".into(), "a");
    world.try_send(record).expect("it is taken");
    let error = world.results()[&0].clone().unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidTopicException);
    assert_eq!(error.message, "Invalid topics: [no topic]");
}

#[test]
fn a_partition_that_does_not_come_is_given_up_after_max_block_ms() {
    let mut world = World::new(&[("max.block.ms", "1000")]);
    world.warm_up();
    world.send_to(7, "a");
    world.send_to(0, "behind");
    world.finish();
    let results = world.results();
    assert_eq!(
        results[&1].clone().unwrap_err().message,
        "Partition 7 of topic t with partition count 3 is not present in metadata after 1000 ms."
    );
}

#[test]
fn brokers_that_are_away_are_waited_for() {
    let mut world = World::new(&[]);
    world.down = vec![1, 2];
    world.send("a");
    world.pass_ms(20_000);
    assert!(world.deliveries.is_empty());
    assert!(world.producer.network().why_unreachable().is_some());
    world.down.clear();
    world.finish();
    assert_eq!(world.values(0), ["a"]);
}

#[test]
fn partitions_that_are_added_are_found() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.brokers.partitions_shown = 2;
    // Until metadata is fetched for no reason.
    world.pass_ms(300_001);
    world.send_to(2, "a");
    world.pass_ms(500);
    assert!(world.deliveries.is_empty());
    world.brokers.partitions_shown = 3;
    world.finish();
    assert_eq!(world.values(2), ["a"]);
}
