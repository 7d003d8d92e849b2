//! Snapshots and forks.

use ottla_core::batch::Compression;
use serde_json::json;

use super::support::{Guest, at_ms, create, seen, start, values};
use crate::Process;

/// A broker with a little of everything.
fn furnished() -> Guest {
    let options = json!({
        "seed": 7,
        "config": { "num.partitions": 3 },
        "topics": { "orders": { "partitions": 2, "config": { "retention.ms": -1 } } },
    });
    let mut guest = Guest::new(start(options));
    assert_eq!(guest.produce("orders", Compression::None, &["a", "b"]), 0);
    assert_eq!(guest.produce("orders", Compression::Gzip, &["c"]), 0);
    guest.consume("workers", "orders", 2);
    guest
}

fn refused(bytes: &[u8]) -> String {
    let failure = Process::restore(bytes, at_ms(0)).expect_err("damaged");
    assert_eq!(failure.code, "ERR_SNAPSHOT");
    failure.message
}

#[test]
fn a_snapshot_holds_topics_records_groups_and_configuration() {
    let guest = furnished();
    let snapshot = guest.process.snapshot();
    let restored = Process::restore(&snapshot, at_ms(0)).expect("a whole snapshot");
    assert_eq!(seen(&restored), seen(&guest.process));
    assert_eq!(restored.broker().config().num_partitions, 3);

    let mut restored = Guest::new(restored);
    assert_eq!(restored.produce("orders", Compression::None, &["d"]), 0);
    assert_eq!(values(&restored.process, "orders"), ["a", "b", "c", "d"]);
    assert_eq!(values(&guest.process, "orders"), ["a", "b", "c"]);
}

#[test]
fn a_snapshot_of_a_broker_that_has_crashed_is_that_of_its_store() {
    let mut guest = furnished();
    let running = guest.process.snapshot();
    guest.process.crash();
    assert_eq!(guest.process.snapshot(), running);
}

#[test]
fn a_snapshot_with_any_byte_flipped_is_refused_with_its_place() {
    let snapshot = furnished().process.snapshot();
    for at in 0..snapshot.len() {
        let mut damaged = snapshot.clone();
        damaged[at] ^= 1;
        let message = refused(&damaged);
        assert!(message.contains("at byte "), "byte {at}: {message}");
    }
}

#[test]
fn a_snapshot_that_is_cut_off_is_refused_with_its_place() {
    let snapshot = furnished().process.snapshot();
    for end in 0..snapshot.len() {
        let message = refused(&snapshot[..end]);
        assert!(message.contains("at byte "), "cut at {end}: {message}");
    }
    assert_eq!(
        refused(b"not a snapshot"),
        "this is no whole, undamaged snapshot of a broker: at byte 0: this is no image of a broker"
    );
}

#[test]
fn a_fork_shares_nothing_with_its_original_from_then_on() {
    let mut guest = furnished();
    let mut fork = Guest::new(guest.process.fork());
    assert_eq!(seen(&fork.process), seen(&guest.process));

    assert_eq!(fork.produce("orders", Compression::None, &["fork"]), 0);
    fork.ask(5, &create("of-the-fork"));
    assert_eq!(guest.produce("orders", Compression::None, &["original"]), 0);
    assert_eq!(values(&fork.process, "orders"), ["a", "b", "c", "fork"]);
    assert_eq!(
        values(&guest.process, "orders"),
        ["a", "b", "c", "original"]
    );
    assert!(
        fork.process
            .broker()
            .metadata()
            .topic("of-the-fork")
            .is_some()
    );
    assert!(
        guest
            .process
            .broker()
            .metadata()
            .topic("of-the-fork")
            .is_none()
    );
}

#[test]
fn a_fork_has_no_connections_and_its_members_fall_silent() {
    let guest = furnished();
    let mut fork = guest.process.fork();
    fork.receive(guest.connection, &[0; 4]);
    assert_eq!(fork.take_output(), []);
    let now_ms = fork.now().mono.0 / 1000;
    fork.set_time(at_ms(now_ms + 10_000));
    fork.tick();
    assert_eq!(seen(&fork)["groups"][0]["state"], "Empty");
    assert_eq!(seen(&guest.process)["groups"][0]["state"], "Stable");
}

#[test]
fn the_same_seed_gives_the_same_life() {
    let (one, other) = (furnished(), furnished());
    assert_eq!(seen(&one.process), seen(&other.process));
    assert_eq!(one.process.snapshot(), other.process.snapshot());
}
