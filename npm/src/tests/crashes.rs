//! A broker's process ends and comes back.

use ottla_core::batch::Compression;
use serde_json::json;

use super::support::{Guest, at_ms, connect, create, produce, seen, start, values};

#[test]
fn what_was_stored_survives_a_crash() {
    let mut guest = Guest::new(start(json!({ "topics": { "orders": {} } })));
    assert_eq!(guest.produce("orders", Compression::None, &["a", "b"]), 0);
    guest.ask(5, &create("payments"));
    guest.consume("workers", "orders", 1);
    let before = seen(&guest.process);

    guest.process.crash();
    assert_eq!(guest.process.take_output(), [(guest.connection, None)]);
    assert!(!guest.process.is_running());
    assert_eq!(guest.process.next_deadline(), None);
    assert_eq!(connect(&mut guest.process), None, "connection refused");

    guest.process.restart();
    assert!(guest.process.is_running());
    assert_eq!(seen(&guest.process), before);
    guest.connect();
    assert_eq!(guest.produce("orders", Compression::None, &["c"]), 0);
    assert_eq!(values(&guest.process, "orders"), ["a", "b", "c"]);
}

#[test]
fn a_restart_of_a_process_that_runs_ends_its_connections() {
    let mut guest = Guest::new(start(json!({})));
    guest.process.restart();
    assert_eq!(guest.process.take_output(), [(guest.connection, None)]);
    guest.send(9, &produce("orders", Compression::None, &["lost"]));
    assert_eq!(guest.process.take_output(), []);
}

#[test]
fn a_member_that_does_not_come_back_after_a_crash_loses_its_partitions() {
    let mut guest = Guest::new(start(json!({ "topics": { "orders": {} } })));
    guest.consume("workers", "orders", 0);
    guest.process.restart();
    let group = |guest: &Guest| seen(&guest.process)["groups"][0].clone();
    assert_eq!(group(&guest)["state"], "Stable");
    let now_ms = guest.process.now().mono.0 / 1000;
    guest.process.set_time(at_ms(now_ms + 9_999));
    guest.process.tick();
    assert_eq!(group(&guest)["state"], "Stable");
    guest.process.set_time(at_ms(now_ms + 10_000));
    guest.process.tick();
    assert_eq!(group(&guest)["state"], "Empty");
    assert_eq!(group(&guest)["offsets"][0]["committed"], 0);
}
