//! Every lesson is played: its scene, its question, its solution. What a lesson claims, the engine must do.

use ottla_core::sorted::Set;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ottla_core::Instant;
use ottla_lab::action::Action;
use ottla_lab::lesson::{self, Block, Lesson, Target};
use ottla_lab::timeline::Timeline;

/// What is wrong with the lessons, all of it at once.
#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn check(&mut self, slug: &str, is_so: bool, otherwise: impl FnOnce() -> String) {
        if !is_so {
            self.0.push(format!("{slug}: {}", otherwise()));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "\n{}", self.0.join("\n"));
    }
}

fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("tests is a folder of the project")
        .join("lessons")
}

fn files() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("there are lessons").flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let lessons = names.filter(|name| name.starts_with(|char: char| char.is_ascii_digit()));
    let mut slugs: Vec<String> = lessons
        .filter_map(|name| Some(name.strip_suffix(".md")?.to_owned()))
        .collect();
    slugs.sort();
    slugs
}

fn lessons() -> Vec<Lesson> {
    let read = |slug: &String| {
        let text =
            fs::read_to_string(folder().join(format!("{slug}.md"))).expect("a lesson is text");
        Lesson::parse(slug, &text).unwrap_or_else(|error| panic!("lessons/{slug}.md, {error}"))
    };
    files().iter().map(read).collect()
}

/// The texts of some blocks; what was worked out is not written by anybody.
fn markdown(blocks: &[Block]) -> Vec<&str> {
    let texts = blocks.iter().filter_map(|block| match block {
        Block::Markdown(text) => Some(text.as_str()),
        Block::Table(_) => None,
    });
    texts.collect()
}

#[test]
fn the_table_of_contents_has_every_file_in_order() {
    let listed = lesson::all();
    let slugs: Vec<&str> = listed.iter().map(|entry| &*entry.slug).collect();
    assert_eq!(
        slugs,
        files(),
        "the list at the end of lab/src/lesson/library.rs"
    );
    for entry in listed {
        assert!(
            entry.slug.starts_with(&format!("{:02}-", entry.number)),
            "{} has the number {}",
            entry.slug,
            entry.number
        );
    }
}

#[test]
fn each_question_has_exactly_one_right_answer() {
    let mut problems = Problems::default();
    for lesson in lessons() {
        let (slug, prediction) = (&lesson.entry.slug, &lesson.prediction);
        if let Err(error) = prediction.answer() {
            problems.check(slug, false, || error.to_string());
        }
        let is_later = prediction
            .script
            .actions
            .iter()
            .all(|(at, _)| *at >= lesson.pauses_at());
        problems.check(slug, is_later, || {
            "the question does something before the scene pauses".into()
        });
    }
    problems.none();
}

#[test]
fn the_right_answer_is_not_always_in_the_same_place() {
    let answers: Vec<usize> = lessons()
        .iter()
        .filter_map(|lesson| lesson.prediction.answer().ok())
        .collect();
    let places: Set<usize> = answers.iter().copied().collect();
    assert!(places.len() >= 3 || answers.len() < 6, "{answers:?}");
}

#[test]
fn goals_are_reached_by_the_solution_and_not_by_waiting() {
    let mut problems = Problems::default();
    for lesson in lessons() {
        let slug = &lesson.entry.slug;
        let mut idle = match Timeline::new(lesson.start()) {
            Ok(timeline) => timeline,
            Err((index, error)) => {
                problems.check(slug, false, || {
                    format!("action {index} of the scene: {error}")
                });
                continue;
            }
        };
        for (at, when) in [
            (lesson.pauses_at(), "when the scene pauses"),
            (lesson.solution.until, "by waiting"),
        ] {
            idle.seek(at);
            let is_open = lesson.reached(idle.world()).contains(&false);
            problems.check(slug, is_open, || format!("all goals are reached {when}"));
        }
        match lesson.solved() {
            Err(error) => problems.check(slug, false, || format!("the solution: {error}")),
            Ok(solved) => {
                for (goal, is_reached) in lesson.goals.iter().zip(lesson.reached(solved.world())) {
                    problems.check(slug, is_reached, || {
                        format!("the solution does not reach: {}", goal.say)
                    });
                }
            }
        }
        let is_later = lesson
            .solution
            .actions
            .iter()
            .all(|(at, _)| *at >= lesson.pauses_at());
        problems.check(slug, is_later, || {
            "the solution does something before the scene pauses".into()
        });
    }
    problems.none();
}

/// The answer's scene is for watching; what is to be reached is for doing.
#[test]
fn goals_are_not_reached_by_watching_the_answer() {
    let mut problems = Problems::default();
    for lesson in lessons() {
        let mut watched = lesson.watched();
        let end = lesson.prediction.script.until + WATCHED_ON_US;
        let mut at = lesson.pauses_at();
        while at <= end {
            watched.seek(at);
            let is_open = lesson.reached(watched.world()).contains(&false);
            problems.check(&lesson.entry.slug, is_open, || {
                format!("all goals are reached at {} ms by watching", at.0 / 1000)
            });
            if !is_open {
                break;
            }
            at = at + WATCHED_EACH_US;
        }
    }
    problems.none();
}

#[test]
fn texts_are_short_and_their_words_and_links_lead_somewhere() {
    let mut problems = Problems::default();
    let slugs: Set<String> = files().into_iter().collect();
    for lesson in lessons() {
        let slug = &lesson.entry.slug;
        let (before, after) = (markdown(&lesson.text), markdown(&lesson.explanation));
        let words_count: usize = before
            .iter()
            .chain(&after)
            .map(|text| text.split_whitespace().count())
            .sum();
        problems.check(slug, words_count <= 350, || {
            format!("See and Why have {words_count} words; 350 are enough")
        });
        let lists = [
            lesson.tries.join("\n"),
            lesson.hints.join("\n"),
            lesson.entry.claim.clone(),
        ];
        let all = before
            .iter()
            .chain(&after)
            .copied()
            .chain(markdown(&lesson.mistakes))
            .chain(lists.iter().map(String::as_str));
        for text in all {
            for word in text.split("**").skip(1).step_by(2) {
                problems.check(slug, lesson::term(word).is_some(), || {
                    format!("the glossary has no entry for **{word}**")
                });
            }
            problems.check(slug, text.matches("**").count() % 2 == 0, || {
                "a ** is not closed".into()
            });
            let ends = |target: &Target| match target {
                Target::Moment(at) => *at <= last_moment(&lesson),
                Target::Lesson(other) => slugs.contains(other),
                Target::Glossary => true,
            };
            for link in text
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next())
            {
                problems.check(
                    slug,
                    Target::of(link).is_some_and(|target| ends(&target)),
                    || format!("the link {link} leads nowhere"),
                );
            }
        }
    }
    problems.none();
}

fn last_moment(lesson: &Lesson) -> Instant {
    lesson.prediction.script.until.max(lesson.pauses_at())
}

/// What is to be tried by typing it can be typed as it stands.
#[test]
fn the_lines_of_suggestions_are_actions() {
    let mut problems = Problems::default();
    let mut lines_count = 0;
    for lesson in lessons() {
        for suggestion in lesson
            .tries
            .iter()
            .filter(|text| text.contains("*Any action*"))
        {
            for line in suggestion.split('`').skip(1).step_by(2) {
                lines_count += 1;
                let action = line.parse::<Action>();
                problems.check(&lesson.entry.slug, action.is_ok(), || {
                    format!("`{line}`: {}", action.expect_err("it is no action"))
                });
            }
        }
    }
    problems.none();
    assert!(lines_count > 0, "no lesson suggests a line");
}

#[test]
fn real_code_is_there_in_three_ways_and_its_javascript_can_be_read() {
    let mut problems = Problems::default();
    for lesson in lessons() {
        let labels: Vec<&str> = lesson
            .real_code
            .iter()
            .map(|snippet| &*snippet.label)
            .collect();
        problems.check(
            &lesson.entry.slug,
            labels == ["KafkaJS", "Java", "Command line"],
            || format!("real code is in {labels:?}"),
        );
        for snippet in lesson
            .real_code
            .iter()
            .filter(|snippet| snippet.language == "js")
        {
            let error = javascript_error(&snippet.text);
            problems.check(&lesson.entry.slug, error.is_none(), || {
                error.unwrap_or_default()
            });
        }
    }
    problems.none();
}

/// What Node says of a module; nothing where there is no Node.
fn javascript_error(text: &str) -> Option<String> {
    let node = Command::new("node")
        .args(["--input-type=module", "--check", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut node = node.ok()?;
    let mut input = node.stdin.take().expect("it is piped");
    input.write_all(text.as_bytes()).expect("node reads");
    drop(input);
    let output = node.wait_with_output().expect("node ends");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_exams_questions_have_exactly_one_right_answer() {
    let numbers: Set<u32> = lesson::all().iter().map(|entry| entry.number).collect();
    let mut problems = Problems::default();
    for question in lesson::exam().expect("the exam can be read") {
        match question.prediction.outcome() {
            Err(error) => problems.check(&question.title, false, || error.to_string()),
            Ok(outcome) => {
                for (place, choice) in question.prediction.choices.iter().enumerate() {
                    let is_explained = place == outcome.right || !choice.because.is_empty();
                    problems.check(&question.title, is_explained, || {
                        format!("nothing says why this is wrong: {}", choice.text)
                    });
                    problems.check(&question.title, !outcome.shown[place].is_empty(), || {
                        format!("the scene shows nothing of: {}", choice.text)
                    });
                }
            }
        }
        let is_there = question
            .lessons
            .iter()
            .all(|number| numbers.contains(number));
        problems.check(&question.title, is_there, || {
            format!("not all of its lessons {:?} exist", question.lessons)
        });
        problems.check(&question.title, !question.explanation.is_empty(), || {
            "nothing explains it".into()
        });
    }
    problems.none();
}

#[test]
fn the_glossary_explains_each_word_once_and_shortly() {
    let terms = lesson::glossary();
    assert!((40..=70).contains(&terms.len()), "{} terms", terms.len());
    let names: Vec<String> = terms.iter().map(|term| term.name.to_lowercase()).collect();
    assert!(names.is_sorted(), "not in order: {names:?}");
    let mut seen = Set::new();
    for term in terms {
        for form in std::iter::once(&term.name).chain(&term.forms) {
            assert!(
                seen.insert(form.to_lowercase()),
                "{form} is explained twice"
            );
        }
        let words_count = term.meaning.split_whitespace().count();
        assert!(
            (4..=45).contains(&words_count),
            "{}: {words_count} words",
            term.name
        );
    }
}

/// How long somebody goes on looking when the answer's scene has ended, and how closely.
const WATCHED_ON_US: u64 = 60_000_000;
const WATCHED_EACH_US: u64 = 250_000;
