use expect_test::expect;
use ottla_client::random::Random;
use ottla_core::Instant;

use super::{Saved, parse, print};
use crate::action::{Action, Chance};
use crate::timeline::{Start, Timeline};

fn at(ms: u64, line: &str) -> (Instant, Action) {
    let action = line
        .parse()
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    (Instant(ms * 1000), action)
}

fn begun(saved: &Saved) -> Timeline {
    Timeline::with_actions(saved.start.clone(), saved.actions.clone())
}

#[test]
fn a_scene_is_opened_where_it_was_left() {
    let mut saved = parse("1;seed=7;now=5s;0+topic+orders;then;4s+topic+rides");
    let timeline = saved.open();
    assert_eq!(saved.problems, []);
    assert_eq!(timeline.now(), saved.now);
    assert_eq!(timeline.scene().topics.len(), 2);
}

#[test]
fn a_scene_in_which_too_much_happens_is_opened_before_it() {
    let lines = (0..16).map(|shop| format!(";0+producer+p{shop}+topic=t+rate=100/s+keys=0..9"));
    let mut saved = parse(&format!(
        "1;seed=7;now=1h;0+links+latency=1ms{}",
        lines.collect::<String>()
    ));
    let mut timeline = begun(&saved);
    assert!(!timeline.seek_within(saved.now, 200));
    assert!(timeline.now() < Instant(60_000_000));
    saved.now = timeline.now();
    assert_eq!(saved.open().now(), timeline.now());
}

#[test]
fn a_link_can_be_read_by_people_too() {
    let start = Start {
        seed: 7,
        actions: vec![
            at(0, "topic orders partitions=3"),
            at(
                0,
                "producer shop topic=orders rate=1/s value=\"50% off; ü\"",
            ),
        ],
    };
    let timeline = Timeline::with_actions(start, vec![at(61_250, "run kafka-topics --list")]);
    expect!["1;seed=7;now=0;0+topic+orders+partitions=3;0+producer+shop+topic=orders+value=%2250%25+off%3B+%C3%BC%22+rate=1/s;then;61250ms+run+kafka-topics+--list"]
        .assert_eq(&print(&timeline));
}

#[test]
fn what_is_damaged_is_named_and_the_rest_is_loaded() {
    let link = "1;seed=x;now=5s;0+topic+orders;1s+crash;soon+crash+a;2h+crash+a;%zz;then;3s+crash+%F0;crash;4s+crash+worker-1";
    let saved = parse(link);
    let problems: Vec<String> = saved.problems.iter().map(ToString::to_string).collect();
    expect![[r#"
        part 2, column 6: `x` is no seed: it is 1
        part 5, column 9: a client's name is missing
        part 6, column 1: `soon` is no time: write 250ms, 6s, 1m30s or 0
        part 7, column 1: `2h` is beyond the end of a scene, which lives for 1h
        part 8, column 1: this is no text: the part is left out
        part 10, column 10: this is no text: the part is left out
        part 11, column 1: `crash` is not a time and an action"#]]
    .assert_eq(&problems.join("\n"));
    assert_eq!(saved.now, Instant(5_000_000));
    assert_eq!(saved.start.seed, 1);
    assert_eq!(saved.start.actions, [at(0, "topic orders")]);
    assert_eq!(saved.actions, [at(4000, "crash worker-1")]);
}

#[test]
fn another_version_is_named_and_nothing_is_loaded() {
    let saved = parse("9;seed=7;0+topic+orders");
    assert_eq!(
        saved.problems[0].to_string(),
        "part 1, column 1: `9` is no version of these links; this page reads version 1"
    );
    assert_eq!(saved.start.actions, []);
}

#[test]
fn a_link_without_an_end_is_cut() {
    let long = format!("1;seed=7{}", ";0+topic+orders".repeat(10_000));
    let saved = parse(&long);
    assert_eq!(saved.start.actions.len(), 1000);
    let problems: Vec<String> = saved.problems.iter().map(ToString::to_string).collect();
    expect![[r#"
        part 4370, column 1: the link is longer than 64 kB: the rest is left out
        part 1003, column 1: there are more than 1000 actions: the rest is left out"#]]
    .assert_eq(&problems.join("\n"));
}

#[test]
fn any_scene_comes_back_from_its_link() {
    for seed in 0..400 {
        let mut chance = Chance(Random::new(seed));
        let mut actions = |count: u64| {
            let mut actions: Vec<(Instant, Action)> = (0..chance.0.below(count))
                .map(|_| (Instant(chance.0.below(3_600_000) * 1000), chance.action()))
                .collect();
            actions.sort_by_key(|(at, _)| *at);
            actions
        };
        let (start_actions, actions) = (actions(8), actions(8));
        let start = Start {
            seed,
            actions: start_actions,
        };
        // Their moments lie before it: nothing is done yet.
        let start = Start {
            actions: start
                .actions
                .into_iter()
                .filter(|(at, _)| at.0 > 0)
                .collect(),
            ..start
        };
        let timeline = Timeline::with_actions(start, actions);
        let link = print(&timeline);
        let is_sound = |c: char| c.is_ascii_alphanumeric() || "-._~/:@=,;+%".contains(c);
        assert!(link.chars().all(is_sound), "seed {seed}: {link}");
        let saved = parse(&link);
        assert_eq!(saved.problems, [], "seed {seed}: {link}");
        assert_eq!(&saved.start, timeline.start(), "seed {seed}: {link}");
        assert_eq!(saved.actions, timeline.actions(), "seed {seed}: {link}");
        assert_eq!(print(&begun(&saved)), link, "seed {seed}");
    }
}

#[test]
fn no_link_brings_the_reader_down() {
    const SOUND: &str = "1;seed=7;now=30s;0+topic+orders+partitions=3;then;5s+crash+worker-1";
    const SIGNS: [char; 10] = [';', '+', '%', '=', '2', 'é', '"', '\\', '\0', '9'];
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let mut link: Vec<char> = SOUND.chars().collect();
        for _ in 0..=random.below(6) {
            let place = random.below(link.len() as u64 + 1) as usize;
            match random.below(4) {
                0 => link.truncate(place),
                1 => link.splice(place..place, SOUND.chars()).for_each(drop),
                2 => drop(link.drain(place..(place + 3).min(link.len()))),
                _ => link.insert(place, SIGNS[random.below(10) as usize]),
            }
        }
        let link: String = link.into_iter().collect();
        let saved = parse(&link);
        let entries_count = link.split(';').count();
        for problem in &saved.problems {
            assert!(problem.at_entry <= entries_count, "seed {seed}: {problem}");
            assert!(
                problem.column >= 1 && problem.column <= link.len() + 1,
                "seed {seed}: {problem}"
            );
        }
        if seed % 40 > 0 {
            continue;
        }
        // What was loaded is sound.
        let again = print(&begun(&saved));
        assert_eq!(parse(&again).actions, saved.actions, "seed {seed}: {again}");
    }
}
