//! What brokers refuse: for a while, for good, because it is too large, or because of single records.

use expect_test::expect;
use ottla_core::ErrorCode;

use crate::brokers::{Trick, epochs_and_sequences};
use crate::support::World;

#[test]
fn an_error_that_passes_is_waited_out() {
    for code in [
        ErrorCode::CorruptMessage,
        ErrorCode::UnknownTopicOrPartition,
        ErrorCode::LeaderNotAvailable,
        ErrorCode::RequestTimedOut,
        ErrorCode::NetworkException,
        ErrorCode::NotEnoughReplicas,
        ErrorCode::NotEnoughReplicasAfterAppend,
        ErrorCode::KafkaStorageError,
        ErrorCode::FencedLeaderEpoch,
    ] {
        let mut world = World::new(&[]);
        world.warm_up();
        world.tricks([Trick::Refuse(code), Trick::Refuse(code)]);
        world.batch(&["a", "b"]);
        world.finish();
        assert_eq!(world.codes(), [ErrorCode::None; 2], "{code}");
        assert_eq!(world.values(0), ["first", "a", "b"]);
        assert_eq!(epochs_and_sequences(&world.brokers.seen), [(0, 1); 3]);
    }
}

#[test]
fn retries_back_off() {
    let mut world = World::new(&[]);
    world.warm_up();
    let refusals = std::iter::repeat_n(Trick::Refuse(ErrorCode::NotEnoughReplicas), 4);
    world.tricks(refusals);
    world.batch(&["a"]);
    world.finish();
    expect![[r#"
        1 records to t-0 on broker 1: 69 bytes, sequence 1, attempt 1
        t-0 will be tried again in 89 ms: NOT_ENOUGH_REPLICAS (Messages are rejected since there are fewer in-sync replicas than required.)
        1 records to t-0 on broker 1: 69 bytes, sequence 1, attempt 2
        t-0 will be tried again in 168 ms: NOT_ENOUGH_REPLICAS (Messages are rejected since there are fewer in-sync replicas than required.)
        1 records to t-0 on broker 1: 69 bytes, sequence 1, attempt 3
        t-0 will be tried again in 350 ms: NOT_ENOUGH_REPLICAS (Messages are rejected since there are fewer in-sync replicas than required.)
        1 records to t-0 on broker 1: 69 bytes, sequence 1, attempt 4
        t-0 will be tried again in 762 ms: NOT_ENOUGH_REPLICAS (Messages are rejected since there are fewer in-sync replicas than required.)
        1 records to t-0 on broker 1: 69 bytes, sequence 1, attempt 5
        1 records in t-0 at offset 1
    "#]]
    .assert_eq(&world.log());
}

#[test]
fn an_error_that_stays_is_told() {
    for code in [
        ErrorCode::InvalidTopicException,
        ErrorCode::RecordListTooLarge,
        ErrorCode::InvalidRequiredAcks,
        ErrorCode::TopicAuthorizationFailed,
        ErrorCode::InvalidTimestamp,
        ErrorCode::UnsupportedForMessageFormat,
        ErrorCode::PolicyViolation,
        ErrorCode::InvalidProducerEpoch,
        ErrorCode::UnsupportedCompressionType,
        ErrorCode::UnknownServerError,
    ] {
        let mut world = World::new(&[]);
        world.warm_up();
        world.tricks([Trick::Refuse(code)]);
        world.batch(&["a"]);
        world.batch(&["b"]);
        world.finish();
        assert_eq!(world.codes(), [code, ErrorCode::None], "{code}");
        assert_eq!(world.values(0), ["first", "b"]);
        // The numbers of what is missing are not left out: they begin again in a new epoch.
        assert_eq!(epochs_and_sequences(&world.brokers.seen), [(0, 1), (1, 0)]);
    }
}

#[test]
fn without_idempotence_errors_pass_and_stay_alike() {
    let mut world = World::new(&[("enable.idempotence", "false")]);
    world.warm_up();
    world.tricks([
        Trick::Refuse(ErrorCode::NotEnoughReplicas),
        Trick::Serve,
        Trick::Refuse(ErrorCode::InvalidTimestamp),
    ]);
    world.batch(&["a"]);
    world.finish();
    world.batch(&["b"]);
    world.batch(&["c"]);
    world.finish();
    assert_eq!(
        world.codes(),
        [
            ErrorCode::None,
            ErrorCode::InvalidTimestamp,
            ErrorCode::None
        ]
    );
    assert_eq!(world.values(0), ["first", "a", "c"]);
    assert_eq!(world.brokers.seen[0].base_sequence, -1);
}

#[test]
fn retries_are_counted() {
    let mut world = World::new(&[("retries", "2")]);
    world.warm_up();
    let refusals = std::iter::repeat_n(Trick::Refuse(ErrorCode::NotEnoughReplicas), 3);
    world.tricks(refusals);
    world.batch(&["a"]);
    world.finish();
    world.batch(&["b"]);
    world.finish();
    assert_eq!(
        world.codes(),
        [ErrorCode::NotEnoughReplicas, ErrorCode::None]
    );
    // Nobody knows whether "a" was written: "b" cannot take a number behind it.
    assert_eq!(
        epochs_and_sequences(&world.brokers.seen),
        [(0, 1), (0, 1), (0, 1), (1, 0)]
    );
}

#[test]
fn a_batch_that_is_too_large_is_split() {
    let mut world = World::new(&[("linger.ms", "1000")]);
    world.warm_up();
    world.tricks([
        Trick::Refuse(ErrorCode::MessageTooLarge),
        Trick::Serve,
        Trick::Refuse(ErrorCode::MessageTooLarge),
    ]);
    for value in ["a", "b", "c", "d", "e"] {
        world.send(value);
    }
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::None; 5]);
    assert_eq!(world.values(0), ["first", "a", "b", "c", "d", "e"]);
    expect![[r#"
        5 records to t-0 on broker 1: 101 bytes, sequence 1, attempt 1
        a batch for t-0 was too large: split into 2
        3 records to t-0 on broker 1: 85 bytes, sequence 1, attempt 1
        3 records in t-0 at offset 1
        2 records to t-0 on broker 1: 77 bytes, sequence 4, attempt 1
        a batch for t-0 was too large: split into 2
        1 records to t-0 on broker 1: 69 bytes, sequence 4, attempt 1
        1 records in t-0 at offset 4
        1 records to t-0 on broker 1: 69 bytes, sequence 5, attempt 1
        1 records in t-0 at offset 5
    "#]]
    .assert_eq(&world.log());
}

#[test]
fn a_single_record_that_is_too_large_is_refused() {
    let mut world = World::new(&[]);
    world.warm_up();
    world.tricks([Trick::Refuse(ErrorCode::MessageTooLarge)]);
    world.batch(&["a"]);
    world.batch(&["b"]);
    world.finish();
    assert_eq!(world.codes(), [ErrorCode::MessageTooLarge, ErrorCode::None]);
    assert_eq!(world.values(0), ["first", "b"]);
}

#[test]
fn a_real_broker_with_a_small_limit_gets_batches_that_fit() {
    let limit = [("num.partitions", "1"), ("message.max.bytes", "600")];
    let mut world = World::with_broker(&[("linger.ms", "1000")], &limit);
    for number in 0..100 {
        world.send(format!("value {number}"));
    }
    world.send(vec![b'x'; 700]);
    world.finish();
    let codes = world.codes();
    assert_eq!(codes[..100], [ErrorCode::None; 100]);
    assert_eq!(codes[100], ErrorCode::MessageTooLarge);
    let values = world.values(0);
    assert_eq!((values.len(), &values[99][..]), (100, "value 99"));
}

#[test]
fn broken_records_are_named_and_take_the_others_with_them() {
    let mut world = World::new(&[("linger.ms", "1000")]);
    world.warm_up();
    world.tricks([Trick::Blame(vec![(2, ""), (0, "no key")])]);
    for value in ["a", "b", "c", "d"] {
        world.send(value);
    }
    world.finish();
    let message = |ticket| world.results()[&ticket].clone().unwrap_err().message;
    assert_eq!(message(1), "no key");
    assert_eq!(message(3), "no good");
    let others = "Failed to append record because it was part of a batch which had one more more invalid records";
    assert_eq!((message(2), message(4)), (others.into(), others.into()));
    assert_eq!(world.codes(), [ErrorCode::InvalidRecord; 4]);
}

#[test]
fn a_partition_that_fails_does_not_hold_up_its_neighbours() {
    let mut world = World::new(&[("linger.ms", "1000")]);
    world.warm_up();
    world.tricks([Trick::RefusePartition(1, ErrorCode::InvalidTimestamp)]);
    for partition in 0..3 {
        world.send_to(partition, "v");
    }
    world.finish();
    assert_eq!(
        world.codes(),
        [
            ErrorCode::None,
            ErrorCode::InvalidTimestamp,
            ErrorCode::None
        ]
    );
    assert_eq!(world.values(2), ["v"]);
}
