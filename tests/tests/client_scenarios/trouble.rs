//! One kind of trouble each.

use ottla_lab::Conditions;

use crate::stage::{PARTITIONS, Stage};

#[test]
fn a_broker_that_stands_still_longer_than_a_request_may_take_costs_nothing() {
    let mut stage = Stage::new(1);
    stage.read("reader", &[]);
    stage.produce("producer", &[], 100, 500);
    stage.pass_ms(10_000);
    stage.world.freeze_broker();
    stage.pass_ms(35_000);
    stage.world.thaw_broker();
    done(&mut stage, 100);
    stage.ledger.nothing_failed();
}

#[test]
fn a_broker_that_restarts_goes_on_where_it_was() {
    for is_orderly in [true, false] {
        let mut stage = Stage::new(2);
        stage.read(
            "first",
            &[("partition.assignment.strategy", "cooperative-sticky")],
        );
        stage.read(
            "second",
            &[("partition.assignment.strategy", "cooperative-sticky")],
        );
        stage.produce("producer", &[], 200, 100);
        for _ in 0..3 {
            stage.pass_ms(5_000);
            stage.world.stop_broker(is_orderly);
            stage.pass_ms(1_500);
            stage.world.start_broker();
        }
        done(&mut stage, 200);
        stage.ledger.nothing_failed();
    }
}

#[test]
fn a_broker_that_is_away_for_too_long_fails_records_and_only_those() {
    let mut stage = Stage::new(3);
    let properties = [
        ("delivery.timeout.ms", "31000"),
        ("request.timeout.ms", "10000"),
    ];
    stage.produce("producer", &properties, 100, 1000);
    stage.pass_ms(10_000);
    stage.world.stop_broker(false);
    stage.pass_ms(60_000);
    stage.world.start_broker();
    stage.pass_until("the producer is done", 120_000, Stage::nothing_is_under_way);
    let log = stage.log();
    stage.ledger.everything_is_told();
    stage.ledger.audit(&log);
    assert!(
        (60..80).contains(&log.len()),
        "{} of 100 are there",
        log.len()
    );
}

#[test]
fn a_slow_link_carries_everything_in_its_time() {
    let mut stage = Stage::new(4);
    stage.read("reader", &[]);
    stage.world.set_conditions(Conditions {
        latency_us: 300_000,
        jitter_us: 200_000,
        bytes_per_s: Some(2_000),
        piece_max_bytes: Some(40),
        breaks_per_million: 0,
    });
    stage.produce("producer", &[], 300, 20);
    done(&mut stage, 300);
    stage.ledger.nothing_failed();
}

#[test]
fn links_that_die_silently_are_given_up_and_made_anew() {
    let mut stage = Stage::new(5);
    let reader = stage.read("reader", &[]);
    let producer = stage.produce("producer", &[], 100, 1000);
    stage.pass_ms(20_000);
    stage.world.deaden_links(reader);
    stage.world.deaden_links(producer);
    stage.pass_ms(80_000);
    done(&mut stage, 100);
    stage.ledger.nothing_failed();
}

#[test]
fn a_member_that_stood_still_finds_that_others_have_its_partitions() {
    let mut stage = Stage::new(6);
    let first = stage.read("first", &[]);
    let second = stage.read("second", &[]);
    stage.produce("producer", &[], 200, 1000);
    stage.pass_ms(20_000);
    assert_eq!(
        owned(&stage, first) + owned(&stage, second),
        PARTITIONS as usize
    );
    stage.world.freeze(first);
    stage.pass_ms(60_000);
    assert_eq!(
        owned(&stage, second),
        PARTITIONS as usize,
        "the session of the first is over"
    );
    stage.world.thaw(first);
    stage.pass_ms(20_000);
    assert_eq!(
        owned(&stage, first) + owned(&stage, second),
        PARTITIONS as usize
    );
    assert!(owned(&stage, first) > 0, "it has joined again");
    done(&mut stage, 200);
}

#[test]
fn a_user_who_takes_too_long_loses_the_partitions_and_gets_them_again() {
    let mut stage = Stage::new(8);
    let first = stage.read("first", &[("max.poll.interval.ms", "10000")]);
    let second = stage.read("second", &[]);
    stage.produce("producer", &[], 200, 1000);
    stage.pass_ms(20_000);
    stage.work_ms.insert(first, 30_000);
    stage.pass_ms(25_000);
    assert_eq!(owned(&stage, second), PARTITIONS as usize);
    stage.work_ms.remove(&first);
    stage.pass_ms(30_000);
    assert!(owned(&stage, first) > 0, "it has joined again");
    done(&mut stage, 200);
}

#[test]
fn a_member_that_is_killed_is_replaced_after_its_session() {
    let mut stage = Stage::new(7);
    let first = stage.read("first", &[]);
    stage.read("second", &[]);
    stage.produce("producer", &[], 100, 1000);
    stage.pass_ms(20_000);
    stage.world.kill(first);
    stage.readers.retain(|client| *client != first);
    done(&mut stage, 100);
}

fn owned(stage: &Stage, client: u32) -> usize {
    stage.world.consumer(client).assignment().len()
}

/// Everything that was sent is there, and read, and committed.
fn done(stage: &mut Stage, count: usize) {
    stage.pass_until("the producer is done", 400_000, Stage::nothing_is_under_way);
    stage.ledger.everything_is_told();
    let log = stage.log();
    stage.ledger.audit(&log);
    assert_eq!(log.len(), count);
    if !stage.readers.is_empty() {
        stage.pass_until("all is read", 120_000, |stage| {
            stage.ledger.read.len() >= count
        });
        stage.ledger.everything_is_read(&log);
        stage.close_readers();
        assert_eq!(stage.committed(), stage.ends());
    }
}
