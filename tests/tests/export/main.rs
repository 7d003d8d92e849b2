//! Scenes that are written out for elsewhere are what they should be, and sound in their languages.

use std::path::Path;
use std::process::Command;

use expect_test::expect_file;
use ottla_core::Instant;

use ottla_lab::code::{Answer, CodeInput, End, Question};
use ottla_lab::export::{command_lines, node_test};
use ottla_lab::timeline::{Start, Timeline};

fn timeline(lines: &[(u64, &str)], seconds: u64) -> Timeline {
    let action = |(at_s, line): &(u64, &str)| {
        let action = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        (Instant(at_s * 1_000_000), action)
    };
    let start = Start {
        seed: 7,
        actions: lines.iter().map(action).collect(),
    };
    let mut timeline = Timeline::new(start).expect("a scene");
    let to = Instant(seconds * 1_000_000);
    timeline.seek(to);
    while let [question, ..] = &timeline.questions()[..] {
        timeline.answer(question, life(question));
        timeline.seek(to);
    }
    timeline
}

/// A program that throws does so in its first turn; others go on until they are asked to end.
fn life(question: &Question) -> Answer {
    let is_told_to_end = question.turn.inputs.contains(&CodeInput::Terminate);
    Answer {
        end: match question.source.contains("throw") {
            true => Some(End::Failed),
            false => is_told_to_end.then_some(End::Done),
        },
        ..Answer::default()
    }
}

const GROWING: &[(u64, &str)] = &[
    (0, "topic employee-topic partitions=3"),
    (0, "producer shop topic=employee-topic idempotence=false"),
    (0, "consumer worker-1 group=project topics=employee-topic"),
    (
        1,
        "consumer worker-2 group=project topics=employee-topic commit=after work=100ms",
    ),
    (5, "send shop count=4"),
    (6, "crash worker-1"),
];

const ODD: &[(u64, &str)] = &[
    (0, "topic a retention.ms=60000"),
    (
        0,
        "producer if topic=a keys=none value=\"it's \\\\ \\\"odd\\\"\" partitioner=murmur2_random",
    ),
    (0, "consumer one topics=a on-poison=skip"),
    (
        0,
        "consumer c-1 group=g topics=a instance=c-1 from=latest on-poison=skip",
    ),
    (1, "send if count=1"),
    (1, "send if key=x:y value=poison"),
    (2, "pause c-1"),
    (2, "seek one a-0 end"),
    (3, "partitions a 2"),
    (3, "configure a retention.ms="),
    (4, "freeze one"),
    (5, "thaw one"),
    (5, "leave c-1"),
    (8, "restart c-1"),
    (9, "links latency=50ms"),
    (9, "broker stop"),
    (10, "broker start"),
];

#[test]
fn a_growing_group_is_a_test_for_node() {
    holds(&node_test(&timeline(GROWING, 20)), "growing.test.mjs");
}

#[test]
fn what_is_odd_is_sound_javascript_too() {
    holds(&node_test(&timeline(ODD, 12)), "odd.test.mjs");
}

#[test]
fn a_growing_group_is_command_lines() {
    holds(&command_lines(&timeline(GROWING, 20)), "growing.sh");
}

#[test]
fn what_is_odd_is_sound_bash_too() {
    holds(&command_lines(&timeline(ODD, 12)), "odd.sh");
}

const PROGRAMS: &[(u64, &str)] = &[
    (0, "topic orders partitions=3"),
    (0, "producer till topic=orders keys=a,b"),
    (
        0,
        r#"code shop.js "import { Kafka } from 'kafkajs';\nconst kafka = new Kafka({ brokers: ['localhost:9092'] });\nthrow new Error(`\nEND\n$(id)\\\\`)""#,
    ),
    (1, r#"code watch.js "setInterval(() => {}, 1000)""#),
    (2, "freeze watch.js"),
    (3, "thaw watch.js"),
    (3, "send till count=2"),
    (4, "crash watch.js"),
    (5, "restart watch.js"),
    (
        6,
        r#"code watch.js "setInterval(() => {}, 1000);\nprocess.on('SIGTERM', () => process.exit())""#,
    ),
    (7, "leave watch.js"),
];

#[test]
fn programs_of_the_learner_are_processes() {
    let timeline = timeline(PROGRAMS, 8);
    holds(&node_test(&timeline), "programs.test.mjs");
    holds(&command_lines(&timeline), "programs.sh");
}

#[test]
fn nothing_that_a_link_holds_is_run_by_who_copies_the_scene() {
    let hostile =
        "producer p topic=a keys=\"END\",\"'$(id)\" value=\"END\\n$(id)\u{2028}`id`\r'+x+'\"";
    let lines = [
        (0, hostile),
        (0, "producer q topic=a keys=none"),
        (1, "send p count=3"),
        (2, "send q value=END"),
    ];
    let timeline = timeline(&lines, 5);
    holds(&node_test(&timeline), "hostile.test.mjs");
    holds(&command_lines(&timeline), "hostile.sh");
}

/// What is expected is in a file, and sound in its language; whoever has no Node is not told of its syntax.
fn holds(text: &str, file: &str) {
    expect_file![format!("expected/{file}")].assert_eq(text);
    let (program, argument) = match file.ends_with(".sh") {
        true => ("bash", "-n"),
        false => ("node", "--check"),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/expected");
    let checked = Command::new(program)
        .arg(argument)
        .arg(path.join(file))
        .output();
    if let Ok(checked) = checked {
        let problems = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{problems}");
    }
}
