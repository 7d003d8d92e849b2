//! What a restart brings back.

use super::*;

#[test]
fn a_stable_group_goes_on_after_a_restart() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let generation_id = bench.group().generation_id();
    bench.commit(&ids[0], generation_id, 0, 5);

    let mut next = bench.restart();
    assert_eq!(
        (next.state(), next.group().generation_id()),
        ("Stable", generation_id)
    );
    assert_eq!(next.group().leader(), Some(&ids[0]));
    assert_eq!(next.offset(0), Some(5));
    for (id, client) in ids.iter().zip(["a", "b"]) {
        assert_eq!(next.heartbeat(id), ErrorCode::None);
        let synced = next.send(sync(id, generation_id, Vec::new()));
        assert_eq!(next.synced(synced).assignment, client);
    }
    assert_eq!(next.commit(&ids[1], generation_id, 1, 6), ErrorCode::None);
}

#[test]
fn sessions_begin_anew_at_a_restart() {
    let mut bench = Bench::new();
    bench.stable(&["a"]);
    bench.advance(5_000);
    let mut next = bench.restart();
    next.advance(5_000);
    assert_eq!(next.state(), "Stable");
    next.advance(1_000);
    assert_eq!(next.state(), "Empty");
}

#[test]
fn a_generation_that_was_not_assigned_is_forgotten_by_a_restart() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let generation_id = bench.group().generation_id();
    bench.send(join("a", &ids[0]));
    assert_eq!(bench.group().generation_id(), generation_id + 1);
    let mut next = bench.restart();
    assert_eq!(
        (next.state(), next.group().generation_id()),
        ("Stable", generation_id)
    );
    assert_eq!(
        next.heartbeat_of(&ids[0], generation_id + 1, None),
        ErrorCode::IllegalGeneration
    );
}

#[test]
fn an_empty_group_is_empty_after_a_restart_since_when_it_was() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    bench.leave(&ids[0], None);
    let since = bench.group().state_since;
    bench.advance(1_000);
    let next = bench.restart();
    assert_eq!((next.state(), next.group().state_since), ("Empty", since));
    assert_eq!(next.group().protocol_type(), Some("consumer"));
}

#[test]
fn a_group_above_a_lowered_limit_gathers_again() {
    let mut bench = Bench::new();
    bench.stable(&["a", "b"]);
    let (config, _) = Config::from_properties([("group.max.size", "1")]).expect("a configuration");
    bench.config = config;
    assert_eq!(bench.restart().state(), "PreparingRebalance");
}

#[test]
fn damaged_records_change_nothing() {
    let mut bench = Bench::new();
    bench.stable(&["a"]);
    let mut next = bench.restart();
    let (key, value) = bench.log.last().cloned().expect("a record");
    let value = value.expect("a value");
    assert!(next.coordinator.replay(&key, Some(&value[..10])).is_err());
    assert!(next.coordinator.replay(&[0], None).is_err());
    assert_eq!(next.state(), "Stable");
}
