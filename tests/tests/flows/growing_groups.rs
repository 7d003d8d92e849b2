//! Flow A: one topic, three partitions, growing groups.

use crate::stage::{Stage, TOPIC};

fn begin() -> Stage {
    let topic = format!("topic {TOPIC} partitions=3");
    let producer = format!("producer shop topic={TOPIC} partitioner=kafkajs");
    Stage::begin(11, &[&topic, &producer])
}

#[test]
fn a_group_grows_shrinks_and_shares_three_partitions() {
    let mut stage = begin();
    stage.join("one", "project");
    stage.pass_s(5);
    assert_eq!(stage.reads("one"), [0, 1, 2]);

    stage.join("two", "project");
    stage.pass_s(8);
    assert_eq!(stage.shares(&["one", "two"]), [2, 1]);

    stage.join("three", "project");
    stage.pass_s(8);
    assert_eq!(stage.shares(&["one", "two", "three"]), [1, 1, 1]);

    assert_eq!(stage.produce("send shop count=10"), [4, 2, 4]);
    let all = ["one", "two", "three"];
    assert!(stage.places(&all).values().all(|times| *times == 1));
    assert_eq!(stage.places(&all).len(), 10);

    stage.join("four", "project");
    stage.pass_s(8);
    let all = ["one", "two", "three", "four"];
    assert_eq!(stage.shares(&all), [1, 1, 1, 0]);
    let group = stage.world.broker().group("project");
    assert_eq!(
        group.map(|group| group.members().len()),
        Some(4),
        "the idle one stays a member"
    );
    let idle = all
        .into_iter()
        .find(|name| stage.reads(name).is_empty())
        .expect("one is idle");
    let before = stage.worked(idle);
    stage.produce("send shop count=10");
    assert_eq!(stage.worked(idle), before);

    let killed = all
        .into_iter()
        .find(|name| *name != idle)
        .expect("there are others");
    let left: Vec<&str> = all.into_iter().filter(|name| *name != killed).collect();
    stage.pass_s(6);
    stage.act(&[&format!("crash {killed}")]);
    stage.produce("send shop count=10");
    assert_eq!(
        stage.reads(idle),
        [0; 0],
        "the coordinator does not know yet"
    );
    stage.pass_s(20);
    assert_eq!(stage.shares(&left), [1, 1, 1]);
    let places = stage.places(&all);
    assert_eq!(
        places.keys().cloned().collect::<Vec<_>>(),
        Vec::from_iter(stage.acknowledged("shop"))
    );
    assert!(
        places.values().all(|times| *times == 1),
        "what was committed is not repeated"
    );

    let leaving = left[0];
    stage.act(&[&format!("leave {leaving}")]);
    stage.pass_s(4);
    assert_eq!(
        stage.shares(&left[1..]),
        [2, 1],
        "at once, long before a session ends"
    );

    let before: Vec<u64> = left[1..].iter().map(|name| stage.worked(name)).collect();
    let landed = stage.produce("send shop key=emp001 count=10");
    assert_eq!(
        landed.iter().filter(|count| **count == 10).count(),
        1,
        "{landed:?}"
    );
    let got = left[1..].iter().zip(before);
    let got: Vec<u64> = got
        .map(|(name, before)| stage.worked(name) - before)
        .collect();
    assert!(
        got.contains(&10) && got.contains(&0),
        "one member gets all of them: {got:?}"
    );
}

#[test]
fn records_without_a_key_are_spread_as_kafkajs_does() {
    let mut stage = begin();
    let mut landed = stage.produce("send shop key=none count=10");
    landed.sort_unstable();
    assert_eq!(landed, [3, 3, 4]);
    assert_eq!(stage.produce("send shop key=none count=12"), [4, 4, 4]);
}

#[test]
fn another_group_gets_everything_and_one_from_the_end_only_what_is_new() {
    let mut stage = begin();
    stage.join("one", "project");
    stage.produce("send shop count=10");
    stage.join("other", "project2");
    stage.act(&[&format!(
        "consumer late group=project3 topics={TOPIC} from=latest"
    )]);
    stage.pass_s(5);
    stage.produce("send shop count=4");
    assert_eq!(
        (
            stage.worked("one"),
            stage.worked("other"),
            stage.worked("late")
        ),
        (14, 14, 4)
    );
}

#[test]
fn who_restarts_goes_on_where_the_group_was() {
    let mut stage = begin();
    stage.join("one", "project");
    stage.produce("send shop count=10");
    stage.pass_s(6);
    stage.act(&["leave one"]);
    stage.produce("send shop count=5");
    stage.act(&["restart one"]);
    stage.pass_s(5);
    assert_eq!(
        stage.worked("one"),
        15,
        "from the start of the topic it would be 25"
    );
}

#[test]
fn two_groups_at_once_both_get_everything() {
    let mut stage = begin();
    for name in ["p1", "p2", "p3"] {
        stage.join(name, "project");
    }
    for name in ["f1", "f2"] {
        stage.join(name, "finance");
    }
    stage.pass_s(12);
    assert_eq!(stage.shares(&["p1", "p2", "p3"]), [1, 1, 1]);
    assert_eq!(stage.shares(&["f1", "f2"]), [2, 1]);
    stage.produce("send shop count=10");
    for group in [&["p1", "p2", "p3"][..], &["f1", "f2"]] {
        let places = stage.places(group);
        assert_eq!((places.len(), places.values().max()), (10, Some(&1)));
    }
}
