//! Lost answers and batches that overtake each other: no record is doubled, and they keep their order.

use ottla_client::producer::{ProducerRecord, SendError};
use ottla_core::ErrorCode;

use crate::brokers::{Trick, epochs_and_sequences};
use crate::support::World;

/// Five batches are on their way when something happens to the first.
fn five_in_flight(properties: &[(&'static str, &'static str)], trick: Trick) -> World {
    let mut world = World::new(properties);
    world.warm_up();
    world.holds = true;
    for value in ["a", "b", "c", "d", "e"] {
        world.batch(&[value]);
    }
    world.holds = false;
    world.tricks([trick]);
    world.release();
    world
}

#[test]
fn a_lost_answer_doubles_nothing() {
    for trick in [
        Trick::ServeAndHangUp,
        Trick::ServeAndSay(ErrorCode::RequestTimedOut),
        Trick::ServeAndSay(ErrorCode::NotEnoughReplicasAfterAppend),
        Trick::HangUp,
        Trick::SayNothing,
        Trick::Silence,
    ] {
        let mut world = World::new(&[]);
        world.warm_up();
        world.tricks([trick.clone()]);
        world.batch(&["a", "b"]);
        world.finish();
        assert_eq!(world.codes(), [ErrorCode::None; 2], "{trick:?}");
        assert_eq!(world.values(0), ["first", "a", "b"], "{trick:?}");
        assert_eq!(world.results()[&1], Ok(Some(1)));
    }
}

#[test]
fn without_idempotence_a_lost_answer_doubles_records() {
    let mut world = World::new(&[("enable.idempotence", "false")]);
    world.warm_up();
    world.tricks([Trick::ServeAndHangUp]);
    world.batch(&["a"]);
    world.finish();
    assert_eq!(world.values(0), ["first", "a", "a"]);
}

#[test]
fn a_batch_that_was_written_long_ago_counts_as_written() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.tricks([Trick::ServeAndSay(ErrorCode::DuplicateSequenceNumber)]);
    world.batch(&["a"]);
    world.finish();
    assert_eq!(world.results()[&1], Ok(None));
    world.batch(&["b"]);
    world.finish();
    assert_eq!(world.values(0), ["first", "a", "b"]);
    assert_eq!(epochs_and_sequences(&world.brokers.seen), [(0, 1), (0, 2)]);
}

#[test]
fn batches_in_flight_keep_their_order_when_the_first_fails() {
    for trick in [
        Trick::Refuse(ErrorCode::NotEnoughReplicas),
        Trick::HangUp,
        Trick::ServeAndHangUp,
    ] {
        let mut world = five_in_flight(&[], trick.clone());
        world.finish();
        assert_eq!(world.codes(), [ErrorCode::None; 5], "{trick:?}");
        let written = world.values(0);
        assert_eq!(written, ["first", "a", "b", "c", "d", "e"], "{trick:?}");
        let seen = &world.brokers.seen;
        assert!(seen.iter().all(|it| it.epoch == 0), "{seen:?}");
    }
}

#[test]
fn batches_behind_one_that_is_refused_for_good_go_on_in_a_new_epoch() {
    let mut world = five_in_flight(&[], Trick::Refuse(ErrorCode::InvalidTimestamp));
    world.finish();
    let mut codes = [ErrorCode::None; 5];
    codes[0] = ErrorCode::InvalidTimestamp;
    assert_eq!(world.codes(), codes);
    assert_eq!(world.values(0), ["first", "b", "c", "d", "e"]);
    let last = world.brokers.seen.last().expect("something was sent");
    assert_eq!((last.epoch, last.base_sequence), (1, 3));
}

#[test]
fn what_comes_after_all_batches_were_given_up_is_written() {
    let mut world = World::new(&[
        ("delivery.timeout.ms", "1000"),
        ("request.timeout.ms", "500"),
    ]);
    world.warm_up();
    world.tricks([const { Trick::Refuse(ErrorCode::KafkaStorageError) }; 20]);
    world.batch(&["a"]);
    world.batch(&["b"]);
    world.pass_ms(1_500);
    assert_eq!(world.codes(), [ErrorCode::RequestTimedOut; 2]);
    world.brokers.tricks.clear();
    world.send("c");
    let due = world.producer.next_deadline();
    assert!(
        due.is_some_and(|due| due <= world.now.mono.plus_ms(10)),
        "nobody flushes: it goes by itself"
    );
    world.pass_ms(10);
    assert_eq!(world.values(0), ["first", "c"]);
}

#[test]
fn no_more_than_five_batches_of_a_partition_are_on_their_way() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.holds = true;
    for value in ["a", "b", "c", "d", "e", "f", "g"] {
        world.batch(&[value]);
    }
    assert_eq!(world.held_count(), 5);
    world.holds = false;
    world.release();
    world.finish();
    assert_eq!(world.values(0).len(), 8);
}

#[test]
fn one_request_at_a_time_keeps_the_order_without_idempotence() {
    let properties = [
        ("enable.idempotence", "false"),
        ("max.in.flight.requests.per.connection", "1"),
    ];
    let mut world = World::new(&properties);
    world.warm_up();
    world.holds = true;
    for value in ["a", "b", "c"] {
        world.batch(&[value]);
    }
    assert_eq!(world.held_count(), 1);
    world.tricks([Trick::Refuse(ErrorCode::NotEnoughReplicas)]);
    world.holds = false;
    world.release();
    world.finish();
    assert_eq!(world.values(0), ["first", "a", "b", "c"]);
}

#[test]
fn a_lost_producer_state_is_mended_by_a_new_epoch() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.tricks([
        Trick::Refuse(ErrorCode::UnknownProducerId),
        Trick::Refuse(ErrorCode::OutOfOrderSequenceNumber),
    ]);
    world.batch(&["a"]);
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::None]);
    assert_eq!(world.values(0), ["first", "a"]);
    let last = world.brokers.seen.last().expect("something was sent");
    assert_eq!((last.epoch, last.base_sequence), (1, 0));
}

#[test]
fn an_id_is_asked_for_until_it_is_there() {
    let mut world = World::new(&[]);
    world.brokers.identity_refusals.extend([
        ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::RequestTimedOut,
    ]);
    world.batch(&["a"]);
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::None]);
    assert_eq!(world.brokers.requests[&22], 3);
}

#[test]
fn a_producer_without_permission_tells_its_records() {
    let mut world = World::new(&[]);
    let refused = ErrorCode::ClusterAuthorizationFailed;
    world.brokers.identity_refusals.push_back(refused);
    world.batch(&["a"]);
    assert_eq!(world.codes(), [refused]);
    // The permission may have been given since.
    world.batch(&["b"]);
    world.finish();
    assert_eq!(world.codes(), [refused, ErrorCode::None]);
}

#[test]
fn a_cluster_without_idempotence_ends_the_producer() {
    let mut world = World::new(&[]);
    let refused = ErrorCode::UnsupportedVersion;
    world.brokers.identity_refusals.push_back(refused);
    world.batch(&["a"]);
    assert_eq!(world.codes(), [refused]);
    let record = ProducerRecord::new("t".into(), "b");
    let error = world.try_send(record).unwrap_err();
    assert!(matches!(error, SendError::Fatal(_)), "{error:?}");
    world.act(|producer, now, out| producer.close(now, out));
    assert_eq!(world.codes(), [refused]);
}

#[test]
fn the_second_batch_waits_until_the_broker_knows_the_producer() {
    let mut world = World::new(&[]);
    // The topic is known; partition 1 has never been written to.
    world.warm_up();
    world.holds = true;
    for value in ["a", "b"] {
        world.send_to(1, value);
        world.act(|producer, now, out| producer.flush(now, out));
    }
    assert_eq!(world.held_count(), 1);
    world.tricks([Trick::Refuse(ErrorCode::NotEnoughReplicas)]);
    world.holds = false;
    world.release();
    world.finish();
    assert_eq!(world.values(1), ["a", "b"]);
}

#[test]
fn a_refusal_after_a_lost_answer_does_not_double_what_comes_behind() {
    let mut world = five_in_flight(&[], Trick::ServeAndSay(ErrorCode::RequestTimedOut));
    // "a" was written, and is refused when it is sent again.
    world.tricks([Trick::Refuse(ErrorCode::TopicAuthorizationFailed)]);
    world.finish();
    let mut codes = [ErrorCode::None; 5];
    codes[0] = ErrorCode::TopicAuthorizationFailed;
    assert_eq!(world.codes(), codes);
    assert_eq!(world.values(0), ["first", "a", "b", "c", "d", "e"]);
}
