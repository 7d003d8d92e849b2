//! Stories of somebody who moves about in time.

use expect_test::expect;
use ottla_client::random::Random;
use ottla_core::Instant;

use super::{MarkKind, Start, Timeline};
use crate::action::Action;
use crate::scene::{Life, Scene};

const SCENE: &[&str] = &[
    "topic orders partitions=3",
    "producer shop topic=orders rate=2/s",
    "consumer worker-1 group=billing topics=orders",
    "consumer worker-2 group=billing topics=orders commit=after work=300ms",
];

fn action(line: &str) -> Action {
    line.parse()
        .unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn timeline(seed: u64) -> Timeline {
    let actions = SCENE.iter().map(|line| (Instant(0), action(line)));
    let actions = actions.chain([(Instant(9_000_000), action("freeze worker-2"))]);
    let actions = actions.collect();
    Timeline::new(Start { seed, actions }).expect("the scene begins")
}

fn s(seconds: u64) -> Instant {
    Instant(seconds * 1_000_000)
}

/// Everything that a person sees.
fn seen(timeline: &Timeline) -> (Scene, usize, usize, usize, String) {
    let last = timeline.lines().last().map(ToString::to_string);
    (
        timeline.scene(),
        timeline.lines().len(),
        timeline.sentences().len(),
        timeline.frames().len(),
        last.unwrap_or_default(),
    )
}

#[test]
fn every_moment_looks_the_same_however_one_comes_to_it() {
    for seed in 0..4 {
        let mut random = Random::new(seed);
        let mut moved = timeline(seed);
        moved.seek(s(5));
        moved.act(action("crash worker-1")).expect("it runs");
        moved.seek(s(30));
        let actions = moved.actions().to_vec();
        for _ in 0..12 {
            let to = Instant(random.below(40_000_000));
            moved.seek(to);
            let mut straight = Timeline::with_actions(moved.start().clone(), actions.clone());
            straight.seek(to);
            assert_eq!(moved.now(), to);
            assert_eq!(seen(&moved), seen(&straight), "seed {seed} at {to:?}");
        }
        assert!(moved.end() >= s(30));
    }
}

#[test]
fn small_steps_lead_where_a_large_one_leads() {
    let (mut large, mut small) = (timeline(3), timeline(3));
    large.seek(s(20));
    for ms in (0..=20_000).step_by(17) {
        small.seek(Instant(ms * 1000));
    }
    small.seek(s(20));
    assert_eq!(seen(&small), seen(&large));
}

#[test]
fn a_step_back_from_a_step_is_where_it_began() {
    let mut timeline = timeline(7);
    for _ in 0..8 {
        assert!(timeline.step(), "something happens");
    }
    let (before, end) = (seen(&timeline), timeline.end());
    let sentences_count = timeline.sentences().len();
    assert!(timeline.step());
    assert!(timeline.sentences().len() > sentences_count);
    let after = seen(&timeline);
    assert!(timeline.step_back());
    assert_eq!(seen(&timeline), before);
    assert!(timeline.step());
    assert_eq!(seen(&timeline), after);
    while timeline.step_back() {}
    assert_eq!(timeline.now(), s(0));
    assert!(timeline.end() >= end, "what was lived is not forgotten");
}

#[test]
fn a_step_where_nothing_will_happen_changes_nothing() {
    let start = Start {
        seed: 1,
        actions: Vec::new(),
    };
    let mut timeline = Timeline::new(start).expect("an empty scene");
    timeline.seek(s(3));
    assert!(!timeline.step());
    assert_eq!((timeline.now(), timeline.end()), (s(3), s(3)));
}

#[test]
fn who_acts_in_the_past_goes_another_way() {
    let mut timeline = timeline(7);
    timeline.seek(s(10));
    timeline.act(action("crash worker-1")).expect("it runs");
    timeline.seek(s(30));
    timeline.seek(s(6));
    timeline.act(action("leave worker-1")).expect("it runs");
    assert_eq!((timeline.now(), timeline.end()), (s(6), s(6)));
    assert_eq!(timeline.actions(), [(s(6), action("leave worker-1"))]);
    assert!(timeline.marks().iter().all(|mark| mark.at <= s(6)));
    timeline.seek(s(12));
    let scene = timeline.scene();
    assert!(matches!(scene.consumers[0].life, Life::Left(_)));
    // What the scene's maker planned still comes.
    assert_eq!(scene.consumers[1].life, Life::Frozen(s(9)));
}

#[test]
fn what_is_taken_back_has_not_been_and_can_be_done_again() {
    let mut timeline = timeline(7);
    timeline.seek(s(4));
    let before = seen(&timeline);
    timeline.act(action("crash worker-1")).expect("it runs");
    timeline.seek(s(5));
    timeline
        .act(action("partitions orders 4"))
        .expect("it is there");
    let both = seen(&timeline);
    timeline.seek(s(20));

    assert_eq!(timeline.undo(), Some(action("partitions orders 4")));
    assert_eq!((timeline.now(), timeline.end()), (s(5), s(5)));
    assert_eq!(timeline.undo(), Some(action("crash worker-1")));
    assert_eq!(seen(&timeline), before);
    assert_eq!(timeline.undo(), None);

    assert_eq!(timeline.redo(), Some(action("crash worker-1")));
    assert_eq!(timeline.redo(), Some(action("partitions orders 4")));
    assert_eq!(seen(&timeline), both);
    assert!(!timeline.can_redo());

    timeline.undo();
    timeline.act(action("rate shop 0")).expect("it runs");
    assert_eq!(timeline.redo(), None, "something else was done instead");
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let mut timeline = timeline(7);
    timeline.seek(s(4));
    timeline.act(action("crash worker-1")).expect("it runs");
    timeline.seek(s(8));
    timeline.seek(s(6));
    let before = seen(&timeline);
    let error = timeline
        .act(action("crash worker-1"))
        .expect_err("it is dead");
    expect!["worker-1 has crashed: `restart worker-1` starts it again"].assert_eq(&error.0);
    assert_eq!(seen(&timeline), before);
    assert_eq!((timeline.end(), timeline.actions().len()), (s(8), 1));
}

#[test]
fn a_fork_and_its_origin_know_nothing_of_each_other() {
    let mut origin = timeline(7);
    origin.seek(s(4));
    origin.act(action("crash worker-1")).expect("it runs");
    origin.seek(s(10));
    let there = seen(&origin);
    origin.seek(s(3));
    let mut fork = origin.fork();
    assert_eq!((fork.actions(), fork.end()), (&[][..], s(3)));
    fork.act(action("remove shop")).expect_err("it runs");
    fork.act(action("leave shop")).expect("it runs");
    fork.seek(s(10));
    origin.seek(s(10));
    assert_eq!(seen(&origin), there);
    assert_ne!(seen(&fork), there);
}

#[test]
fn a_reset_forgets_what_was_done_and_not_what_was_planned() {
    let mut timeline = timeline(7);
    timeline.act(action("crash worker-1")).expect("it runs");
    timeline.seek(s(10));
    let version = timeline.version();
    timeline.reset();
    assert!(timeline.version() > version);
    assert_eq!((timeline.now(), timeline.end()), (s(0), s(0)));
    timeline.seek(s(10));
    let scene = timeline.scene();
    assert_eq!(scene.consumers[0].life, Life::Running);
    assert_eq!(scene.consumers[1].life, Life::Frozen(s(9)));
}

#[test]
fn what_was_done_is_marked() {
    let mut timeline = timeline(7);
    timeline.seek(s(4));
    timeline.act(action("crash worker-1")).expect("it runs");
    timeline.seek(s(20));
    let marks = timeline.marks().iter();
    let actions = marks.filter(|mark| mark.kind == MarkKind::Action && mark.at > s(0));
    let told: Vec<String> = actions
        .map(|mark| format!("{:?} {}", mark.at, mark.text))
        .collect();
    expect![[r#"
        Instant(4000000) crash worker-1
        Instant(9000000) freeze worker-2"#]]
    .assert_eq(&told.join("\n"));
    assert!(
        timeline
            .marks()
            .iter()
            .any(|mark| mark.kind == MarkKind::Loss)
    );
}

#[test]
fn a_scene_that_cannot_begin_says_at_which_action() {
    let actions = [(0, "topic orders"), (5, "crash nobody")];
    let actions = actions.map(|(at, line)| (s(at), action(line))).to_vec();
    let (index, error) = Timeline::new(Start { seed: 1, actions }).expect_err("nobody is there");
    assert_eq!(index, 1);
    expect!["there is no client named nobody: `producer` or `consumer` adds one"]
        .assert_eq(&error.0);
}

#[test]
fn an_action_of_a_link_that_cannot_be_done_is_told_of_and_left_out() {
    let start = timeline(7).start().clone();
    let planned = vec![(s(2), action("crash nobody")), (s(3), action("crash shop"))];
    let mut timeline = Timeline::with_actions(start, planned);
    timeline.seek(s(4));
    let told = timeline.lines().iter().map(ToString::to_string);
    let told: Vec<String> = told.filter(|line| line.contains("nobody")).collect();
    expect!["   2.000000 world      `crash nobody` could not be done: there is no client named nobody: there are shop, worker-1, worker-2"]
    .assert_eq(&told.join("\n"));
    assert_eq!(timeline.scene().producers[0].life, Life::Crashed(s(3)));
}
