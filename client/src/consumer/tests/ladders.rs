//! What each answer of a coordinator leads to.

use kafka_protocol::messages::ApiKey;
use ottla_core::ErrorCode;

use super::world::World;
use crate::consumer::{ConsumerError, Subscription};

fn joins_in_spite_of(api: ApiKey, code: ErrorCode) {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["a"]);
    // The coordinator does keep the member that it denies here, for its session.
    let me = world.person(&[
        ("group.id", "g"),
        ("auto.offset.reset", "earliest"),
        ("session.timeout.ms", "6000"),
    ]);
    world.refuse_next(me, api, code);
    let topics = Subscription::Topics(["t".into()].into());
    world.act(me, |consumer, now, out| {
        consumer.subscribe(now, topics, out).unwrap()
    });
    world.pass_ms(10_000);
    assert_eq!(
        world.people[me].consumer.fatal_error(),
        None,
        "{api:?} {code}"
    );
    // What was lost before it was committed comes again.
    let mut got = world.take(me);
    got.dedup();
    assert_eq!(got, ["0@0:a"], "{api:?} {code}");
    assert_eq!(world.reads(me), [0], "{api:?} {code}");
}

#[test]
fn what_passes_does_not_keep_a_member_out() {
    for code in [
        ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::CoordinatorNotAvailable,
        ErrorCode::NotCoordinator,
        ErrorCode::RebalanceInProgress,
        ErrorCode::UnknownMemberId,
        ErrorCode::IllegalGeneration,
    ] {
        if code != ErrorCode::IllegalGeneration {
            joins_in_spite_of(ApiKey::JoinGroup, code);
        }
        joins_in_spite_of(ApiKey::SyncGroup, code);
        joins_in_spite_of(ApiKey::Heartbeat, code);
    }
    for code in [
        ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::CoordinatorNotAvailable,
        ErrorCode::NotCoordinator,
        ErrorCode::UnstableOffsetCommit,
    ] {
        joins_in_spite_of(ApiKey::OffsetFetch, code);
    }
}

#[test]
fn what_stays_ends_the_consumer() {
    for (api, name) in [
        (ApiKey::JoinGroup, "JoinGroup"),
        (ApiKey::SyncGroup, "SyncGroup"),
        (ApiKey::Heartbeat, "Heartbeat"),
        (ApiKey::OffsetFetch, "OffsetFetch"),
    ] {
        let code = ErrorCode::GroupAuthorizationFailed;
        let mut world = World::new().topic("t", 1);
        let me = world.person(&[("group.id", "g")]);
        world.refuse_next(me, api, code);
        let topics = Subscription::Topics(["t".into()].into());
        world.act(me, |consumer, now, out| {
            consumer.subscribe(now, topics, out).unwrap();
        });
        world.pass_ms(10_000);
        let error = world.people[me].consumer.fatal_error();
        assert_eq!(error, Some(ConsumerError::Refused { api: name, code }));
        world.act(me, |consumer, now, out| consumer.close(now, out));
        assert!(world.people[me].consumer.is_closed());
    }
}

#[test]
fn a_fenced_static_member_is_over() {
    for api in [ApiKey::Heartbeat, ApiKey::OffsetCommit] {
        let mut world = World::new().topic("t", 1);
        let me = world.member("g", "t", &[("group.instance.id", "one")]);
        world.pass_ms(1_000);
        world.produce("t", 0, &["a"]);
        world.refuse_next(me, api, ErrorCode::FencedInstanceId);
        world.pass_ms(10_000);
        let instance_id = "one".to_owned();
        let error = world.people[me].consumer.fatal_error();
        assert_eq!(
            error,
            Some(ConsumerError::Fenced { instance_id }),
            "{api:?}"
        );
    }
}

#[test]
fn a_second_static_member_of_the_same_name_takes_the_place() {
    let mut world = World::new().topic("t", 1);
    let first = world.member("g", "t", &[("group.instance.id", "one")]);
    world.pass_ms(1_000);
    let second = world.member("g", "t", &[("group.instance.id", "one")]);
    world.pass_ms(10_000);
    assert!(matches!(
        world.people[first].consumer.fatal_error(),
        Some(ConsumerError::Fenced { .. })
    ));
    assert_eq!(world.reads(second), [0]);
    world.story(first);
    world.act(first, |consumer, now, out| consumer.close(now, out));
    assert_eq!(world.story(first), "lost [t-0]\nclosed\n");
}

#[test]
fn a_coordinator_that_is_silent_for_a_session_is_looked_for_again() {
    let mut world = World::new().topic("t", 1);
    let me = world.member("g", "t", &[("session.timeout.ms", "6000")]);
    world.pass_ms(1_000);
    for _ in 0..3 {
        world.cut(me);
        world.pass_ms(3_000);
    }
    world.produce("t", 0, &["a"]);
    assert_eq!(world.take(me), ["0@0:a"]);
    assert_eq!(world.reads(me), [0]);
    assert!(world.story(me).matches("joined as").count() <= 2);
}

#[test]
fn who_reaches_nobody_tries_again_with_pauses_and_ends_when_asked_to() {
    let mut world = World::new().topic("t", 1);
    world.is_down = true;
    let me = world.member("g", "t", &[]);
    world.pass_ms(120_000);
    assert_eq!(world.people[me].consumer.fatal_error(), None);
    let other = world.member("g", "t", &[]);
    world.pass_ms(500);
    world.act(other, |consumer, now, out| consumer.close(now, out));
    assert!(world.people[other].consumer.is_closed());
    world.is_down = false;
    world.produce("t", 0, &["a"]);
    world.pass_ms(3_000);
    assert_eq!(world.take(me), ["0@0:a"]);
}
