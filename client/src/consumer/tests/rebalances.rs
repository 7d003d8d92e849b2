//! What members do when partitions change hands.

use expect_test::expect;
use kafka_protocol::messages::ApiKey;
use ottla_core::Offset;

use super::person::tp;
use super::world::World;
use crate::consumer::{ConsumerEvent, Pattern, Subscription};

const COOPERATIVE: &[(&str, &str)] = &[("partition.assignment.strategy", "cooperative-sticky")];

#[test]
fn an_eager_member_gives_everything_up_before_it_joins_again() {
    let mut world = World::new().topic("t", 2);
    let one = world.member("g", "t", &[]);
    world.pass_ms(1_000);
    let two = world.member("g", "t", &[]);
    world.pass_ms(4_000);
    expect![[r#"
        joining the group
        joining the group: need to re-join with the given member-id: member-1
        generation 1: joined as member-1, assignor range, leader of 1
        generation 1: shared out, member-1: [t-0 t-1]
        generation 1: reads [t-0 t-1], new are [t-0 t-1]
        t-0: begins at 0, says the log
        t-1: begins at 0, says the log
        must join again: group is already rebalancing
        committed t-0=0 t-1=0
        gave up [t-0 t-1]
        joining the group: group is already rebalancing
        generation 2: joined as member-1, assignor range, leader of 2
        generation 2: shared out, member-0: [t-0], member-1: [t-1]
        generation 2: reads [t-1], new are [t-1]
        t-1: begins at 0, says the committed offset
    "#]]
    .assert_eq(&world.story(one));
    assert_eq!((world.reads(one).len(), world.reads(two).len()), (1, 1));
}

#[test]
fn a_cooperative_member_keeps_what_stays() {
    let mut world = World::new().topic("t", 3);
    let one = world.member("g", "t", COOPERATIVE);
    world.pass_ms(1_000);
    world.produce("t", 0, &["a"]);
    let two = world.member("g", "t", COOPERATIVE);
    world.pass_ms(8_000);
    expect![[r#"
        joining the group
        joining the group: need to re-join with the given member-id: member-1
        generation 1: joined as member-1, assignor cooperative-sticky, leader of 1
        generation 1: shared out, member-1: [t-0 t-1 t-2]
        generation 1: reads [t-0 t-1 t-2], new are [t-0 t-1 t-2]
        t-0: begins at 0, says the log
        t-1: begins at 0, says the log
        t-2: begins at 0, says the log
        must join again: group is already rebalancing
        committed t-0=1 t-1=0 t-2=0
        joining the group: group is already rebalancing
        generation 2: joined as member-1, assignor cooperative-sticky, leader of 2
        generation 2: shared out, member-0: [], member-1: [t-0 t-1]
        gave up [t-2]
        must join again: need to revoke partitions and re-join
        generation 2: reads [t-0 t-1], new are []
        joining the group: need to revoke partitions and re-join
        generation 3: joined as member-1, assignor cooperative-sticky, leader of 2
        generation 3: shared out, member-0: [t-2], member-1: [t-0 t-1]
        generation 3: reads [t-0 t-1], new are []
    "#]]
    .assert_eq(&world.story(one));
    expect![[r#"
        joining the group
        joining the group: need to re-join with the given member-id: member-0
        generation 2: joined as member-0, assignor cooperative-sticky
        generation 2: reads [], new are []
        must join again: group is already rebalancing
        joining the group: group is already rebalancing
        generation 3: joined as member-0, assignor cooperative-sticky
        generation 3: reads [t-2], new are [t-2]
        t-2: begins at 0, says the committed offset
    "#]]
    .assert_eq(&world.story(two));
}

#[test]
fn cooperative_rebalances_never_revoke_what_stays() {
    let mut world = World::new().topic("t", 6);
    let mut people = vec![world.member("g", "t", COOPERATIVE)];
    world.pass_ms(1_000);
    for _ in 0..3 {
        people.push(world.member("g", "t", COOPERATIVE));
        world.pass_ms(10_000);
    }
    let mut read: Vec<i32> = people
        .iter()
        .flat_map(|person| world.reads(*person))
        .collect();
    read.sort_unstable();
    assert_eq!(read, [0, 1, 2, 3, 4, 5]);
    for person in people {
        let mut revoked = ottla_core::sorted::Set::new();
        for event in &world.people[person].events {
            match event {
                ConsumerEvent::Revoked { partitions } => revoked.extend(partitions.clone()),
                ConsumerEvent::Assigned { added, .. } => {
                    assert!(added.is_disjoint(&revoked), "{event}")
                }
                ConsumerEvent::Lost { partitions } => panic!("lost {partitions:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn more_partitions_make_the_leader_share_out_again() {
    let mut world = World::new().topic("t", 1);
    let one = world.member("g", "t", &[("metadata.max.age.ms", "5000")]);
    let two = world.member("g", "t", &[("metadata.max.age.ms", "5000")]);
    world.pass_ms(4_000);
    assert_eq!(world.reads(one).len() + world.reads(two).len(), 1);
    world.add_partitions("t", 4);
    world.pass_ms(15_000);
    assert_eq!((world.reads(one).len(), world.reads(two).len()), (2, 2));
}

#[test]
fn a_pattern_follows_the_topics_that_there_are() {
    let mut world = World::new().topic("orders", 1).topic("other", 1);
    let me = world.person(&[
        ("group.id", "g"),
        ("auto.offset.reset", "earliest"),
        ("metadata.max.age.ms", "3000"),
    ]);
    let pattern = Subscription::Pattern(Pattern::new("ord.*").unwrap());
    world.act(me, |consumer, now, out| {
        consumer.subscribe(now, pattern, out).unwrap()
    });
    world.pass_ms(1_000);
    let topics = |world: &World| -> Vec<String> {
        let assignment = world.people[me].consumer.assignment();
        assignment
            .iter()
            .map(|partition| partition.to_string())
            .collect()
    };
    assert_eq!(topics(&world), ["orders-0"]);
    world = world.topic("ordinary", 2);
    world.pass_ms(8_000);
    assert_eq!(topics(&world), ["orders-0", "ordinary-0", "ordinary-1"]);
}

#[test]
fn another_subscription_is_joined_for() {
    let mut world = World::new().topic("t", 1).topic("u", 1);
    let me = world.member("g", "t", COOPERATIVE);
    world.pass_ms(1_000);
    let topics = Subscription::Topics(["u".into()].into());
    world.act(me, |consumer, now, out| {
        consumer.subscribe(now, topics, out).unwrap()
    });
    world.pass_ms(1_000);
    assert_eq!(world.people[me].consumer.assignment(), [tp("u", 0)].into());
}

#[test]
fn a_topic_that_is_created_on_first_use_is_read() {
    let mut world = World::new();
    let me = world.member("g", "fresh", &[]);
    world.pass_ms(2_000);
    assert_eq!(world.reads(me), [0]);
}

#[test]
fn who_is_busy_for_too_long_leaves_and_comes_back_with_the_next_poll() {
    let mut world = World::new().topic("t", 2);
    let slow = world.member(
        "g",
        "t",
        &[
            ("max.poll.interval.ms", "10000"),
            ("session.timeout.ms", "6000"),
            ("max.poll.records", "1"),
        ],
    );
    world.people[slow].is_diligent = false;
    let other = world.member("g", "t", &[("session.timeout.ms", "6000")]);
    world.pass_ms(4_000);
    world.poll(slow, 1);
    world.pass_ms(4_000);
    for partition in [0, 1] {
        world.produce("t", partition, &["a", "b"]);
    }
    world.pass_ms(1_000);
    assert_eq!(world.poll(slow, 1).len(), 1);
    assert_eq!(world.take(other).len(), 2);
    world.pass_ms(9_000);
    assert_eq!(world.reads(other).len(), 1, "the heartbeats go on");
    world.pass_ms(6_000);
    assert_eq!(world.reads(other).len(), 2);
    assert_eq!(
        world.take(other).len(),
        2,
        "what was not committed comes again"
    );
    assert_eq!(world.people[slow].consumer.member(), None);
    assert_eq!(
        world.poll(slow, 1).len(),
        0,
        "what it has lost is not handed out"
    );
    world.people[slow].is_diligent = true;
    world.pass_ms(8_000);
    assert_eq!((world.reads(slow).len(), world.reads(other).len()), (1, 1));
    assert!(
        world
            .story(slow)
            .contains("consumer poll timeout has expired")
    );
}

#[test]
fn a_rebalance_waits_for_the_one_who_works_on_records() {
    let mut world = World::new().topic("t", 2);
    let one = world.member("g", "t", &[("max.poll.records", "1")]);
    world.pass_ms(1_000);
    world.produce("t", 0, &["a", "b"]);
    world.people[one].is_diligent = false;
    world.take(one);
    world.produce("t", 1, &["c", "d"]);
    world.pass_ms(1_000);
    assert_eq!(world.poll(one, 1).len(), 1);
    let two = world.member("g", "t", &[]);
    world.pass_ms(8_000);
    assert_eq!(
        world.reads(one),
        [0, 1],
        "nothing is taken from whoever is at work"
    );
    assert_eq!(world.reads(two), [0; 0]);
    world.people[one].is_diligent = true;
    world.pass_ms(4_000);
    let mut got = world.take(one);
    got.extend(world.take(two));
    got.sort();
    assert_eq!(
        got,
        ["1@1:d"],
        "the record in hand was committed, and the rest is read once"
    );
}

#[test]
fn a_static_member_comes_back_to_its_partitions_without_a_rebalance() {
    let mut world = World::new().topic("t", 2);
    let properties =
        |id: &'static str| [("group.instance.id", id), ("session.timeout.ms", "20000")];
    let one = world.member("g", "t", &properties("one"));
    let two = world.member("g", "t", &properties("two"));
    world.pass_ms(5_000);
    let before = (world.reads(one), world.reads(two));
    world.story(one);
    world.act(two, |consumer, now, out| consumer.close(now, out));
    assert!(!world.people[two].sent.contains(&ApiKey::LeaveGroup));
    let again = world.member("g", "t", &properties("two"));
    world.pass_ms(5_000);
    assert_eq!((world.reads(one), world.reads(again)), before);
    assert_eq!(world.story(one), "");
}

#[test]
fn positions_move_with_the_partition() {
    let mut world = World::new().topic("t", 2);
    let one = world.member("g", "t", COOPERATIVE);
    world.pass_ms(1_000);
    for partition in [0, 1] {
        world.produce("t", partition, &["a", "b", "c"]);
    }
    let two = world.member("g", "t", COOPERATIVE);
    world.pass_ms(8_000);
    assert_eq!(world.take(one).len(), 6);
    assert_eq!(world.take(two), [""; 0]);
    let moved = world.reads(two)[0];
    let consumer = &world.people[two].consumer;
    assert_eq!(consumer.position(&tp("t", moved)), Some(Offset(3)));
    assert_eq!(
        consumer
            .committed(&tp("t", moved))
            .map(|committed| committed.offset),
        Some(Offset(3))
    );
}

#[test]
fn who_leaves_while_others_are_gathered_does_not_wait_for_them() {
    let mut world = World::new().topic("t", 1);
    let one = world.member("g", "t", &[("max.poll.records", "1")]);
    world.pass_ms(1_000);
    world.produce("t", 0, &["a"]);
    world.people[one].is_diligent = false;
    world.act(one, |consumer, now, out| {
        consumer.seek_to_beginning(now, &tp("t", 0), out)
    });
    world.pass_ms(600);
    assert_eq!(world.poll(one, 1).len(), 1);
    let two = world.member("g", "t", &[]);
    world.pass_ms(2_000);
    assert_eq!(world.people[two].consumer.member(), None, "one is at work");
    world.act(two, |consumer, now, out| consumer.close(now, out));
    assert!(world.people[two].consumer.is_closed());
}

#[test]
fn unsubscribing_gives_everything_up_and_leaves() {
    let mut world = World::new().topic("t", 1);
    let me = world.member("g", "t", &[]);
    world.pass_ms(1_000);
    world.story(me);
    world.act(me, |consumer, now, out| consumer.unsubscribe(now, out));
    expect![[r#"
        gave up [t-0]
        left the group: the consumer unsubscribed from all topics
    "#]]
    .assert_eq(&world.story(me));
    assert_eq!(world.reads(me), [0; 0]);
    let other = world.member("g", "t", &[]);
    world.pass_ms(1_000);
    assert_eq!(world.reads(other), [0]);
}

#[test]
fn a_topic_that_cannot_be_is_told() {
    let mut world = World::new();
    let me = world.member("g", "no such name", &[]);
    world.pass_ms(2_000);
    let error = world.people[me].consumer.fatal_error().expect("an error");
    expect!["no such name cannot be read: INVALID_TOPIC_EXCEPTION: The request attempted to perform an operation on an invalid topic."].assert_eq(&error.to_string());
}
