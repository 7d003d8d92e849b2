//! Scripts with canned answers, for tests.

use std::collections::VecDeque;

use bytes::Bytes;
use ottla_core::Timestamp;

use super::Surroundings;
use super::script::{Desk, End, Exit, Text, Wanted};
use crate::admin::{AskError, Question, Stop, Value};

/// A script's run with answers that are known beforehand.
///
/// ```text
///   let played = Rehearsal::new().answer::<ListTopics>(Ok(topics)).play(|desk| list(desk));
///   expect![[..]].assert_eq(&played.stdout);
/// ```
pub(crate) struct Rehearsal {
    surroundings: Surroundings,
    now: Timestamp,
    answers: VecDeque<(&'static str, Value)>,
    files: VecDeque<Result<Bytes, String>>,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The exit code; `None` where the script became a machine.
    pub(crate) exit: Option<u8>,
    /// What was asked and read, in this order.
    pub(crate) asked: Vec<String>,
    /// How many times the script was run.
    pub(crate) runs_count: usize,
}

impl Rehearsal {
    pub(crate) fn new() -> Self {
        Self {
            surroundings: Surroundings::default(),
            now: Timestamp(1_700_000_000_000),
            answers: VecDeque::new(),
            files: VecDeque::new(),
        }
    }

    pub(crate) fn surroundings(mut self, surroundings: Surroundings) -> Self {
        self.surroundings = surroundings;
        self
    }

    /// The answer to the next question, which must be a `Q`.
    pub(crate) fn answer<Q: Question>(mut self, answer: Result<Q::Answer, AskError>) -> Self {
        self.answers.push_back((Q::CALL, Value::new(answer)));
        self
    }

    /// What the next file holds that is read.
    pub(crate) fn file(mut self, contents: Result<&'static str, &str>) -> Self {
        let contents = contents
            .map(|text| Bytes::from_static(text.as_bytes()))
            .map_err(str::to_owned);
        self.files.push_back(contents);
        self
    }

    /// Plays it to its end.
    pub(crate) fn play<E: Into<End>>(
        mut self,
        script: impl Fn(&mut Desk) -> Result<E, Stop>,
    ) -> Played {
        let mut desk = Desk::new(self.surroundings);
        desk.start(self.now);
        let mut played = Played {
            stdout: String::new(),
            stderr: String::new(),
            exit: None,
            asked: Vec::new(),
            runs_count: 0,
        };
        loop {
            played.runs_count += 1;
            let (end, run) = desk.run(&script);
            for text in run.texts {
                match text {
                    Text::Stdout(text) => played.stdout += &text,
                    Text::Stderr(text) => played.stderr += &text,
                }
            }
            match end.map(Into::into) {
                Ok(End::Exit(Exit(code))) => played.exit = Some(code),
                Ok(End::Then(_)) => {}
                Err(Stop::Failed(error)) => {
                    played.stderr += &super::play::complaint(&error);
                    played.exit = Some(1);
                }
                Err(Stop::Waiting) => {
                    assert!(!run.wanted.is_empty(), "a script that waits has asked");
                    for (slot, wanted) in run.wanted {
                        let value = match wanted {
                            Wanted::Answer(question) => {
                                played.asked.push(format!("{question:?}"));
                                let (call, value) = self
                                    .answers
                                    .pop_front()
                                    .expect("an answer to each question");
                                assert_eq!(call, question.call());
                                value
                            }
                            Wanted::File(path) => {
                                played.asked.push(path);
                                let file = self.files.pop_front().expect("a file for each reading");
                                Value::new(file)
                            }
                        };
                        desk.fill(slot, value);
                    }
                    continue;
                }
            }
            return played;
        }
    }
}
