//! What is wrong with a file is said with its line, its word, and what is allowed.

use super::document::Document;
use super::exam::questions;
use super::library::LESSONS;
use super::*;

/// A lesson with one line changed.
fn changed(from: &str, to: &str) -> Result<Lesson, LessonError> {
    assert!(LESSON.contains(from), "{from}");
    Lesson::parse("1-test", &LESSON.replacen(from, to, 1))
}

fn error(from: &str, to: &str) -> String {
    changed(from, to).expect_err("it is wrong").to_string()
}

#[test]
fn a_lesson_is_read() {
    let lesson = Lesson::parse("1-test", LESSON).expect("it is a lesson");
    assert_eq!(
        (
            lesson.entry.number,
            &*lesson.entry.title,
            &*lesson.entry.part_title
        ),
        (1, "A test", "The log")
    );
    assert_eq!(lesson.scene.actions.len(), 1);
    assert_eq!(lesson.scene.until, Instant(5_000_000));
    assert_eq!(lesson.prediction.choices.len(), 2);
    assert_eq!(lesson.goals[0].say, "There are three.");
    assert_eq!(lesson.real_code[0].label, "Java");
}

#[test]
fn an_error_says_the_line_the_word_and_what_is_allowed() {
    assert_eq!(
        error("## Why", "## Because"),
        "line 30: the heading \"Because\" is unknown. Allowed: Scene, See, Predict, Why, Try, Goal, Hints, Solution, What people get wrong, In real code."
    );
    assert_eq!(
        error("- Minutes: 3", "- Minutes: some"),
        "line 4: \"some\" are no minutes: a whole number."
    );
    assert_eq!(
        error("until 5s", "until soon"),
        "line 13: `soon` is no time: write 250ms, 6s, 1m30s or 0"
    );
    assert_eq!(
        error("when records(orders) >= 3", "when record(orders) >= 3")
            .split(" Allowed")
            .next(),
        Some("line 39: there is no fact \"record\".")
    );
    assert_eq!(
        error(
            "when records(orders) >= 3",
            "when at 3s (records(orders) = 3)"
        ),
        "line 39: a goal cannot look at another moment: \"at\" belongs in predictions."
    );
    assert_eq!(
        error("\n## Goal\n", "\n"),
        "line 60: the section \"## Goal\" is missing."
    );
    assert_eq!(
        error("ask How many?", "aks How many?"),
        "line 22: the beginning \"aks\" is unknown. Allowed: seed 7, until 12s, a time and an action, such as 2s crash worker-1."
    );
}

#[test]
fn an_action_that_is_none_is_named_with_its_line() {
    let error = error(
        "0s topic orders partitions=1",
        "0s tpoic orders partitions=1",
    );
    assert!(error.starts_with("line 12: column 1: "), "{error}");
}

#[test]
fn a_hostile_file_is_refused_before_it_is_read() {
    let large = format!("# 1. Large\n{}", "x".repeat(70_000));
    assert!(Lesson::parse("1-large", &large).is_err());
    let many = "9s topic orders partitions=1\n".repeat(201);
    assert!(error("until 5s\n", &many).contains("more than 200 actions"));
    let deep = format!(
        "when {}records(orders) > 1{}",
        "(".repeat(50),
        ")".repeat(50)
    );
    assert!(error("when records(orders) >= 3", &deep).contains("more than 12 parentheses"));
    let long = format!("when records({}) > 1", "x".repeat(1000));
    assert!(error("when records(orders) >= 3", &long).contains("at most 400 characters"));
}

#[test]
fn any_piece_of_a_lesson_is_read_or_refused_without_a_panic() {
    for (slug, text) in LESSONS {
        for (end, _) in text.char_indices().step_by(61) {
            let _ = Lesson::parse(slug, &text[..end]);
        }
    }
}

#[test]
fn the_table_of_contents_reads_no_scenes() {
    let text = LESSON.replace("0s topic", "nonsense");
    let head = Document::head(&text).expect("the head is sound");
    assert_eq!(head.sections.len(), 0);
    assert_eq!(Entry::of("1-test", &head).map(|entry| entry.minutes), Ok(3));
}

#[test]
fn a_question_of_the_exam_names_its_lessons() {
    let (scene, rest) = LESSON
        .split_once("## Scene")
        .and_then(|(_, rest)| rest.split_once("## See"))
        .expect("both are there");
    let (predict, _) = rest
        .split_once("## Predict")
        .and_then(|(_, rest)| rest.split_once("## Why"))
        .expect("both are there");
    let exam =
        format!("# The exam\n\n## How many? (1, 3)\n\nBefore.\n{scene}\n{predict}\nAfter.\n");
    let read = questions(&exam).expect("it is an exam");
    assert_eq!(
        (&*read[0].title, &read[0].lessons[..]),
        ("How many?", &[1, 3][..])
    );
    assert_eq!(read[0].text, [Block::Markdown("Before.".into())]);
    assert_eq!(read[0].explanation, [Block::Markdown("After.".into())]);
    let error = questions(&exam.replace(" (1, 3)", "")).expect_err("no lessons are named");
    assert_eq!(error.line, 3);
}

#[test]
fn terms_are_found_by_any_of_their_forms() {
    assert_eq!(
        term("Offsets").map(|term| term.name),
        Some("offset".to_owned())
    );
    assert_eq!(term("nonsense"), None);
}

const LESSON: &str = r#"# 1. A test

- Part: A, The log
- Minutes: 3
- Claim: One thing.
- Myth: Another.

## Scene

```scene
seed 1
0s topic orders partitions=1
until 5s
```

## See

Look.

## Predict
```predict
ask How many?
until 6s
- None
  when records(orders) = 0
- One
  when records(orders) = 1
```

## Why
It is so.

## Try
- Something.

## Goal
```goal
- There are three.
  when records(orders) >= 3
```

## Hints
- One.
- Two.

## Solution

```solution
6s producer shop topic=orders
7s send shop count=3
until 9s
```

## What people get wrong

Nothing.

## In real code

```java Java
```
"#;
