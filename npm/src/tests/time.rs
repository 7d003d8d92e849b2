//! Time is what the owner says.

use ottla_core::Instant;
use serde_json::json;

use super::support::{Guest, at_ms, seen, start};

#[test]
fn time_that_goes_back_does_nothing() {
    let mut process = start(json!({}));
    process.set_time(at_ms(5_000));
    process.set_time(at_ms(1_000));
    assert_eq!(process.now(), at_ms(5_000));
    process.set_time(at_ms(5_001));
    assert_eq!(process.now(), at_ms(5_001));
}

#[test]
fn a_tick_before_the_deadline_does_nothing() {
    let mut guest = Guest::new(start(json!({ "topics": { "orders": {} } })));
    guest.consume("workers", "orders", 0);
    let before = seen(&guest.process);
    let deadline = guest.process.next_deadline().expect("a session");
    let mut early = at_ms(0);
    early.mono = Instant(deadline.0 - 1);
    guest.process.set_time(early);
    guest.process.tick();
    assert_eq!(seen(&guest.process), before);
    assert_eq!(guest.process.next_deadline(), Some(deadline));
}
