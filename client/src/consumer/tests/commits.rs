//! What is committed, when, and what is refused.

use kafka_protocol::messages::ApiKey;
use ottla_core::{ErrorCode, Offset};

use super::person::tp;
use super::world::World;
use crate::consumer::{CommitError, CommittedOffset, ConsumerError, ConsumerEvent};

const BY_HAND: &[(&str, &str)] = &[("enable.auto.commit", "false")];

fn results(world: &World, person: usize) -> Vec<Result<(), CommitError>> {
    let events = world.people[person].events.iter();
    let results = events.filter_map(|event| match event {
        ConsumerEvent::Committed { result, .. } => Some(result.clone()),
        _ => None,
    });
    results.collect()
}

/// A member that has read "a" and "b", and not committed.
fn reader(world: &mut World, properties: &[(&str, &str)]) -> usize {
    let mut all = BY_HAND.to_vec();
    all.extend(properties);
    let me = world.member("g", "t", &all);
    world.pass_ms(1_000);
    world.produce("t", 0, &["a", "b"]);
    assert_eq!(world.take(me).len(), 2);
    me
}

fn commit(world: &mut World, person: usize) {
    world.act(person, |consumer, now, out| {
        consumer.commit(now, None, out).expect("there is a group");
    });
}

#[test]
fn a_commit_says_what_is_to_be_read_next() {
    let mut world = World::new().topic("t", 1);
    let me = reader(&mut world, &[]);
    commit(&mut world, me);
    assert_eq!(results(&world, me), [Ok(())]);
    let committed = world.people[me].consumer.committed(&tp("t", 0)).unwrap();
    assert_eq!(committed.offset, Offset(2));
    world.act(me, |consumer, now, out| consumer.close(now, out));
    world.produce("t", 0, &["c"]);
    let next = world.member("g", "t", BY_HAND);
    world.pass_ms(1_000);
    assert_eq!(world.take(next), ["0@2:c"]);
}

#[test]
fn offsets_of_choice_are_committed_with_their_note() {
    let mut world = World::new().topic("t", 1);
    let me = reader(&mut world, &[]);
    let offset = CommittedOffset {
        offset: Offset(1),
        leader_epoch: None,
        metadata: "halfway".to_owned(),
    };
    let offsets = [(tp("t", 0), offset.clone())].into();
    world.act(me, |consumer, now, out| {
        consumer.commit(now, Some(offsets), out).unwrap()
    });
    world.act(me, |consumer, now, out| consumer.close(now, out));
    let next = world.member("g", "t", BY_HAND);
    world.pass_ms(1_000);
    assert_eq!(world.take(next), ["0@1:b"]);
    assert_eq!(
        world.people[next].consumer.committed(&tp("t", 0)),
        Some(&offset)
    );
}

#[test]
fn positions_are_committed_from_time_to_time_and_at_the_end() {
    let mut world = World::new().topic("t", 1);
    let me = world.member("g", "t", &[("auto.commit.interval.ms", "5000")]);
    world.pass_ms(1_000);
    world.produce("t", 0, &["a"]);
    let committed = |world: &World| {
        world.people[me]
            .consumer
            .committed(&tp("t", 0))
            .map(|committed| committed.offset)
    };
    assert_eq!(committed(&world), None);
    world.pass_ms(6_000);
    assert_eq!(committed(&world), Some(Offset(1)));
    world.produce("t", 0, &["b"]);
    world.act(me, |consumer, now, out| consumer.close(now, out));
    assert!(world.people[me].consumer.is_closed());
    let next = world.member("g", "t", &[]);
    world.pass_ms(1_000);
    assert_eq!(world.take(next), [""; 0]);
    assert_eq!(
        world.people[next].consumer.position(&tp("t", 0)),
        Some(Offset(2))
    );
}

#[test]
fn records_in_hand_are_not_committed() {
    let mut world = World::new().topic("t", 1);
    let me = world.member("g", "t", &[("auto.commit.interval.ms", "1000")]);
    world.pass_ms(900);
    world.people[me].is_diligent = false;
    world.produce("t", 0, &["a"]);
    assert_eq!(world.poll(me, 1).len(), 1);
    world.pass_ms(5_000);
    assert_eq!(world.people[me].consumer.committed(&tp("t", 0)), None);
    world.poll(me, 1);
    let committed = world.people[me].consumer.committed(&tp("t", 0)).unwrap();
    assert_eq!(committed.offset, Offset(1));
}

#[test]
fn a_commit_of_an_old_generation_does_not_count() {
    for code in [ErrorCode::IllegalGeneration, ErrorCode::UnknownMemberId] {
        let mut world = World::new().topic("t", 1);
        let me = reader(&mut world, &[("session.timeout.ms", "6000")]);
        world.refuse_next(me, ApiKey::OffsetCommit, code);
        commit(&mut world, me);
        assert_eq!(results(&world, me), [Err(CommitError::NotMember)]);
        world.pass_ms(20_000);
        assert_eq!(
            world.take(me),
            ["0@0:a", "0@1:b"],
            "after {code} it joins again, and reads what is not committed"
        );
    }
}

#[test]
fn a_commit_of_a_generation_that_is_over_is_refused_by_the_coordinator_itself() {
    let mut world = World::new().topic("t", 1);
    let me = reader(&mut world, &[("session.timeout.ms", "6000")]);
    // Its heartbeats are lost on the way until the coordinator has given its place to another.
    world.people[me].is_dead = true;
    world.pass_ms(8_000);
    let other = world.member("g", "t", BY_HAND);
    world.pass_ms(2_000);
    assert_eq!(world.take(other).len(), 2);
    world.people[me].is_dead = false;
    commit(&mut world, me);
    assert_eq!(results(&world, me), [Err(CommitError::NotMember)]);
}

#[test]
fn what_passes_is_tried_again() {
    for code in [
        ErrorCode::NotCoordinator,
        ErrorCode::CoordinatorNotAvailable,
        ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::RequestTimedOut,
        ErrorCode::UnknownTopicOrPartition,
    ] {
        let mut world = World::new().topic("t", 1);
        let me = reader(&mut world, &[]);
        world.refuse_next(me, ApiKey::OffsetCommit, code);
        commit(&mut world, me);
        assert_eq!(results(&world, me), [], "after {code}");
        world.pass_ms(3_000);
        assert_eq!(results(&world, me), [Ok(())], "after {code}");
    }
}

#[test]
fn what_does_not_pass_is_told() {
    for code in [
        ErrorCode::OffsetMetadataTooLarge,
        ErrorCode::GroupAuthorizationFailed,
        ErrorCode::InvalidCommitOffsetSize,
    ] {
        let mut world = World::new().topic("t", 1);
        let me = reader(&mut world, &[]);
        world.refuse_next(me, ApiKey::OffsetCommit, code);
        commit(&mut world, me);
        assert_eq!(results(&world, me), [Err(CommitError::Refused { code })]);
    }
}

#[test]
fn a_rebalance_refuses_the_commit_and_is_joined() {
    let mut world = World::new().topic("t", 1);
    let me = reader(&mut world, &[]);
    world.refuse_next(me, ApiKey::OffsetCommit, ErrorCode::RebalanceInProgress);
    commit(&mut world, me);
    assert_eq!(results(&world, me), [Err(CommitError::RebalanceInProgress)]);
    world.pass_ms(1_000);
    commit(&mut world, me);
    assert_eq!(results(&world, me).last(), Some(&Ok(())));
}

#[test]
fn without_a_group_there_is_nobody_to_commit_to() {
    let mut world = World::new().topic("t", 1);
    let me = world.person(&[]);
    let refused = world.act(me, |consumer, now, out| consumer.commit(now, None, out));
    assert_eq!(refused, Err(ConsumerError::NoGroup));
}

#[test]
fn a_consumer_alone_commits_for_its_group_too() {
    let mut world = World::new().topic("t", 1);
    world.produce("t", 0, &["a", "b"]);
    for expected in [vec!["0@0:a", "0@1:b"], vec![]] {
        let me = world.person(&[("group.id", "g"), ("auto.offset.reset", "earliest")]);
        world.act(me, |consumer, now, out| {
            consumer.assign(now, vec![tp("t", 0)], out)
        });
        world.pass_ms(1_000);
        assert_eq!(world.take(me), expected);
        world.act(me, |consumer, now, out| consumer.close(now, out));
        assert!(world.people[me].consumer.is_closed());
    }
}

#[test]
fn what_was_read_while_others_are_gathered_is_committed_at_the_end() {
    let strategy = ("partition.assignment.strategy", "cooperative-sticky");
    let mut world = World::new().topic("t", 2);
    let slow = world.member("g", "t", &[strategy]);
    world.pass_ms(1_000);
    let me = world.member("g", "t", &[strategy]);
    world.pass_ms(8_000);
    // One who is at work keeps everybody waiting for the next generation.
    world.people[slow].is_diligent = false;
    world.produce("t", world.reads(slow)[0], &["x"]);
    assert_eq!(world.poll(slow, 1).len(), 1);
    let third = world.member("g", "t", &[strategy]);
    world.pass_ms(4_000);
    let mine = world.reads(me)[0];
    world.produce("t", mine, &["y"]);
    world.pass_ms(600);
    assert_eq!(world.take(me).len(), 1);
    world.act(me, |consumer, now, out| consumer.close(now, out));
    world.pass_ms(600);
    assert!(world.people[me].consumer.is_closed());
    assert_eq!(results(&world, me).last(), Some(&Ok(())));
    world.people[slow].is_diligent = true;
    world.pass_ms(10_000);
    assert_eq!(world.take(third).len() + world.take(slow).len(), 0);
}
