//! Stories of programs whose answers are written here.

use std::sync::Arc;

use bytes::Bytes;
use ottla_core::Instant;

use super::{Answer, Answers, CodeInput, CodeOp, End, Print, Printed, Question};
use crate::{Conditions, Teller, World};

/// A program that connects, asks the broker which versions it speaks, prints how many bytes came, and ends.
fn asker(question: &Question) -> Answer {
    let mut answer = Answer::default();
    if question.key == first_key(question) {
        answer.ops.push(CodeOp::Connect(1, World::address()));
    }
    for input in &question.turn.inputs {
        match input {
            CodeInput::Connected(socket) => {
                let bytes = Bytes::from_static(API_VERSIONS);
                answer.ops.push(CodeOp::Send(*socket, bytes));
            }
            CodeInput::Received(socket, bytes) => {
                let text = format!("{} bytes", bytes.len());
                answer.prints.push(print(&text));
                answer.ops.push(CodeOp::Close(*socket));
                answer.deadline = Some(question.turn.at + 1_000_000);
            }
            CodeInput::Closed(..) | CodeInput::Terminate => answer.end = Some(End::Done),
        }
    }
    if question.turn.inputs.is_empty() && question.turn.at > Instant(1_000_000) {
        answer.prints.push(print("done"));
        answer.end = Some(End::Done);
    }
    answer
}

#[test]
fn time_waits_for_a_program_and_goes_on_with_its_answer() {
    let mut world = world();
    let mut asked = Vec::new();
    world.advance(Instant(5_000_000));
    while let [question] = &world.questions()[..] {
        assert_eq!(world.now().mono + 1, question.turn.at);
        asked.push(question.turn.at.0);
        let answer = Arc::new(asker(question));
        world.answer(&question.name, question.key, answer);
        world.advance(Instant(5_000_000));
    }
    assert_eq!(world.now().mono, Instant(5_000_000));
    assert_eq!(asked, [1, 20_002, 60_003, 1_060_003]);
    assert_eq!(printed(&mut world), ["0.060003 200 bytes", "1.060003 done"]);
    let end = world.program("asker.js").and_then(|program| program.end());
    assert_eq!(end, Some((Instant(1_060_003), End::Done)));
}

#[test]
fn a_life_that_is_known_is_lived_again_without_the_program() {
    let mut answers = Answers::default();
    let beginning = world();
    let mut first = beginning.clone();
    while !answers.advance(&mut first, Instant(5_000_000)) {
        for question in first.questions() {
            let answer = asker(&question);
            answers.keep(&question, answer);
        }
    }
    let mut again = beginning;
    assert!(answers.advance(&mut again, Instant(5_000_000)));
    assert_eq!(first.take_log(), again.take_log());
}

#[test]
fn another_history_asks_anew_and_tells_what_came_before() {
    let mut answers = Answers::default();
    let mut world = world();
    while !answers.advance(&mut world, Instant(30_000)) {
        let question = world.questions().remove(0);
        answers.keep(&question, asker(&question));
    }
    let client = 1;
    world.break_links(client);
    assert!(!answers.advance(&mut world, Instant(5_000_000)));
    let question = world.questions().remove(0);
    let reset = CodeInput::Closed(1, "connection reset".into());
    assert_eq!(question.turn.inputs, [reset]);
    let before: Vec<_> = answers
        .history(&question)
        .iter()
        .map(|turn| turn.at.0)
        .collect();
    assert_eq!(before, [1, 20_002]);
}

#[test]
fn an_answer_to_another_question_is_not_taken() {
    let mut world = world();
    world.advance(Instant(5_000_000));
    let question = world.questions().remove(0);
    let stale = question.previous;
    world.answer(&question.name, stale, Arc::new(Answer::default()));
    assert_eq!(world.questions(), [question]);
}

#[test]
fn a_program_that_is_started_anew_has_new_links() {
    let mut answers = Answers::default();
    let mut world = world();
    let live = |world: &mut World, answers: &mut Answers, to| {
        while !answers.advance(world, Instant(to)) {
            let question = world.questions().remove(0);
            let answer = asker(&question);
            answers.keep(&question, answer);
        }
    };
    live(&mut world, &mut answers, 30_000);
    let source = world.program("asker.js").expect("it runs").source().clone();
    world.restart_program(1, source);
    live(&mut world, &mut answers, 5_000_000);
    assert_eq!(printed(&mut world), ["0.090003 200 bytes", "1.090003 done"]);
}

#[test]
fn what_a_program_prints_is_bounded() {
    let long = "ä".repeat(5_000);
    let answer = Answer {
        prints: vec![print(&long); 300],
        ..Answer::default()
    };
    let bounded = answer.bounded();
    assert_eq!(bounded.prints.len(), 201);
    assert_eq!(bounded.prints[0].text.len(), 4_096 + "…".len());
    assert_eq!(
        bounded.prints[200].text,
        "100 more lines at this moment are not shown"
    );
}

fn first_key(question: &Question) -> super::Key {
    super::Key::start(&question.source, question.seed).then(&question.turn)
}

fn world() -> World {
    let mut world = World::new(Default::default(), 7);
    world.set_conditions(Conditions {
        latency_us: 20_000,
        ..Conditions::default()
    });
    world.add_program("asker.js", "the source".into());
    world
}

fn print(text: &str) -> Print {
    Print {
        kind: Printed::Plain,
        text: text.to_owned(),
        line: None,
    }
}

fn printed(world: &mut World) -> Vec<String> {
    let lines = world.take_log().into_iter();
    let prints = lines.filter_map(|line| match line.what {
        Teller::Code(print) => Some(format!(
            "{}.{:06} {}",
            line.at.0 / 1_000_000,
            line.at.0 % 1_000_000,
            print.text
        )),
        _ => None,
    });
    prints.collect()
}

/// ApiVersions, version 0, correlation id 1, no client id.
const API_VERSIONS: &[u8] = &[0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];
