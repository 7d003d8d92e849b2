//! A link may break after any byte of a conversation, in either direction.

use ottla_lab::Direction::{ToBroker, ToClient};
use ottla_lab::{Conditions, Direction};

use crate::stage::Stage;

/// Where links may break: the link, the direction, and how many bytes go through when nothing breaks.
fn places(stage: &Stage, client: u32) -> Vec<(u32, Direction, usize)> {
    let links = (1..=3).flat_map(|serial| [(serial, ToBroker), (serial, ToClient)]);
    links
        .map(|(serial, direction)| {
            (
                serial,
                direction,
                stage.world.carried_bytes(client, serial, direction),
            )
        })
        .filter(|(_, _, size)| *size > 0)
        .collect()
}

/// Some milliseconds each way, so that much is under way when a link breaks.
fn stage() -> Stage {
    let mut stage = Stage::new(11);
    stage.world.set_conditions(Conditions {
        latency_us: 3_000,
        jitter_us: 2_000,
        ..Conditions::default()
    });
    stage
}

fn produced(break_at: Option<(u32, Direction, usize)>) -> (Stage, u32) {
    let mut stage = stage();
    let client = stage.produce("producer", &[("linger.ms", "2")], 8, 4);
    if let Some((serial, direction, after_bytes)) = break_at {
        stage
            .world
            .plan_break(client, serial, direction, after_bytes);
    }
    stage.pass_until("the producer is done", 10_000, Stage::nothing_is_under_way);
    (stage, client)
}

#[test]
fn an_idempotent_producer_writes_each_record_once_wherever_its_link_breaks() {
    let (stage, client) = produced(None);
    let places = places(&stage, client);
    assert_eq!(places.len(), 2, "one link, both directions");
    for (serial, direction, size) in places {
        for after_bytes in 0..=size {
            eprintln!("link {serial} breaks after {after_bytes} bytes {direction:?}");
            let (mut stage, _) = produced(Some((serial, direction, after_bytes)));
            let log = stage.log();
            stage.ledger.everything_is_told();
            stage.ledger.nothing_failed();
            stage.ledger.audit(&log);
            assert_eq!(log.len(), 8);
        }
    }
}

/// A member reads what is there, waits for more, and leaves.
fn consumed(break_at: Option<(u32, Direction, usize)>) -> (Stage, u32) {
    let (mut stage, _) = produced(None);
    let client = stage.read("consumer", &[]);
    if let Some((serial, direction, after_bytes)) = break_at {
        stage
            .world
            .plan_break(client, serial, direction, after_bytes);
    }
    stage.pass_until("all is read", 60_000, |stage| stage.ledger.read.len() == 8);
    stage.close_readers();
    (stage, client)
}

#[test]
fn a_member_reads_and_commits_everything_wherever_its_links_break() {
    let (stage, client) = consumed(None);
    let places = places(&stage, client);
    assert_eq!(
        places.len(),
        4,
        "a link for records and one to the coordinator, both directions"
    );
    for (serial, direction, size) in places {
        for after_bytes in (0..=size).step_by(STEP_BYTES) {
            eprintln!("link {serial} breaks after {after_bytes} bytes {direction:?}");
            let (mut stage, _) = consumed(Some((serial, direction, after_bytes)));
            let log = stage.log();
            stage.ledger.everything_is_read(&log);
            assert_eq!(stage.committed(), stage.ends());
        }
    }
}

/// Every byte would take a minute in a debug build; every third meets every field of every frame.
const STEP_BYTES: usize = 3;
