//! A scene as a text that fits into a link: behind `#`, in any browser, in any mail.
//!
//! ```text
//! 1;seed=7;now=30s;0+topic+orders+partitions=3;then;5s+crash+worker-1
//! │ │      │       │                           │    └ the learner's own actions
//! │ │      │       │                           └ from here on
//! │ │      │       └ what the scene begins with: a time and an action's line
//! │ │      └ the moment that is shown
//! │ └ what chance begins with
//! └ the version of this format
//! ```
//!
//! A space is `+`; whatever else a link would not carry as it is, is written as `%` and the two digits of each of its bytes.

mod letters;
#[cfg(test)]
mod tests;

use ottla_core::Instant;

use crate::action::{Action, LIMITS, Millis, moment};
use crate::brief::shortened;
use crate::timeline::{Start, Timeline};

/// What could be read out of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// How the scene begins.
    pub start: Start,
    /// What was done since, in order of time.
    pub actions: Vec<(Instant, Action)>,
    /// The moment that is shown.
    pub now: Instant,
    /// What could not be read, and was left out. The first twenty.
    pub problems: Vec<Problem>,
}

/// Something in a link that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("part {at_entry}, column {column}: {text}")]
pub struct Problem {
    /// Which of the parts between the semicolons, counted from 1.
    pub at_entry: usize,
    /// Where in this part, in characters from 1, with spaces and signs as they were before they were written for a link.
    pub column: usize,
    /// What is wrong, and what has become of it.
    pub text: String,
}

/// A timeline as a text for a link.
pub fn print(timeline: &Timeline) -> String {
    let start = timeline.start();
    let now = millis(timeline.now());
    let mut text = format!("{VERSION};seed={};now={now}", start.seed);
    entries(&start.actions, &mut text);
    if !timeline.actions().is_empty() {
        text.push_str(";then");
        entries(timeline.actions(), &mut text);
    }
    text
}

fn entries(actions: &[(Instant, Action)], text: &mut String) {
    for (at, action) in actions {
        text.push(';');
        letters::put(text, &format!("{} {action}", millis(*at)));
    }
}

/// In whole milliseconds: the next one, for what is done is done after what had happened.
fn millis(at: Instant) -> Millis {
    Millis(at.0.div_ceil(1000))
}

/// Reads a text that [`print()`] wrote, or somebody damaged or made up: whatever can be read is, and the problems say what was not.
pub fn parse(text: &str) -> Saved {
    let mut reading = Reading {
        saved: Saved {
            start: Start {
                seed: 1,
                actions: Vec::new(),
            },
            actions: Vec::new(),
            now: Instant(0),
            problems: Vec::new(),
        },
        is_own: false,
        at_entry: 0,
    };
    reading.all(text);
    reading.saved.start.actions.sort_by_key(|(at, _)| *at);
    reading.saved.actions.sort_by_key(|(at, _)| *at);
    reading.saved
}

impl Saved {
    /// A timeline at the moment that is to be shown. A scene in which too much happens before it stands where it could be brought to in a few seconds,
    /// and the problems say so.
    pub fn open(&mut self) -> Timeline {
        let mut timeline = Timeline::with_actions(self.start.clone(), self.actions.clone());
        if !timeline.seek_within(self.now, STEPS_MAX) && timeline.questions().is_empty() {
            let (reached, now) = (millis(timeline.now()), millis(self.now));
            self.problems.push(Problem {
                at_entry: NOW_AT_ENTRY,
                column: 1,
                text: format!("too much happens before {now}: the scene stands at {reached}"),
            });
        }
        timeline
    }
}

struct Reading {
    saved: Saved,
    /// Behind `then`.
    is_own: bool,
    at_entry: usize,
}

impl Reading {
    fn all(&mut self, text: &str) {
        let whole = self.cut(text);
        for entry in whole.split(';') {
            self.at_entry += 1;
            let entry = match letters::get(entry) {
                Ok(entry) => entry,
                Err(column) => {
                    self.problem(column, "this is no text: the part is left out");
                    continue;
                }
            };
            match self.entry(&entry) {
                Ok(()) => {}
                Err(Stop::Part(column, text)) => self.problem(column, &text),
                Err(Stop::All(text)) => {
                    self.problem(1, &text);
                    return;
                }
            }
        }
    }

    /// As much as may be read.
    fn cut<'a>(&mut self, text: &'a str) -> &'a str {
        if text.len() <= LENGTH_MAX_BYTES {
            return text;
        }
        let cut = text.floor_char_boundary(LENGTH_MAX_BYTES);
        let text = &text[..cut];
        let text = text.rsplit_once(';').map_or("", |(front, _)| front);
        self.at_entry = text.split(';').count();
        self.problem(1, "the link is longer than 64 kB: the rest is left out");
        self.at_entry = 0;
        text
    }

    fn entry(&mut self, entry: &str) -> Result<(), Stop> {
        if self.at_entry == 1 {
            return match entry {
                VERSION => Ok(()),
                _ => Err(Stop::All(format!(
                    "`{}` is no version of these links; this page reads version {VERSION}",
                    shortened(entry, SHOWN_MAX_CHARS)
                ))),
            };
        }
        if entry == "then" {
            self.is_own = true;
            return Ok(());
        }
        if let Some(seed) = entry.strip_prefix("seed=") {
            self.saved.start.seed = seed.parse().map_err(|_| {
                let seed = shortened(seed, SHOWN_MAX_CHARS);
                Stop::Part(6, format!("`{seed}` is no seed: it is 1"))
            })?;
            return Ok(());
        }
        if let Some(now) = entry.strip_prefix("now=") {
            self.saved.now = time(now, 5)?;
            return Ok(());
        }
        self.action(entry)
    }

    fn action(&mut self, entry: &str) -> Result<(), Stop> {
        let Some((at, line)) = entry.split_once(' ') else {
            let entry = shortened(entry, SHOWN_MAX_CHARS);
            let text = format!("`{entry}` is not a time and an action");
            return Err(Stop::Part(1, text));
        };
        let behind = at.chars().count() + 1;
        let at = time(at, 1)?;
        let action = line.parse::<Action>();
        let action = action.map_err(|error| Stop::Part(behind + error.column, error.text))?;
        if self.saved.start.actions.len() + self.saved.actions.len() == LIMITS.actions_count {
            return Err(Stop::All(format!(
                "there are more than {} actions: the rest is left out",
                LIMITS.actions_count
            )));
        }
        match self.is_own {
            true => self.saved.actions.push((at, action)),
            false => self.saved.start.actions.push((at, action)),
        }
        Ok(())
    }

    fn problem(&mut self, column: usize, text: &str) {
        if self.saved.problems.len() < PROBLEMS_MAX {
            self.saved.problems.push(Problem {
                at_entry: self.at_entry,
                column,
                text: text.to_owned(),
            });
        }
    }
}

/// Why a part is left out, and whether what follows it is too.
enum Stop {
    Part(usize, String),
    All(String),
}

fn time(text: &str, column: usize) -> Result<Instant, Stop> {
    moment(text).map_err(|error| Stop::Part(column, error))
}

const VERSION: &str = "1";
/// A link that is longer is cut.
const LENGTH_MAX_BYTES: usize = 64 * 1024;
const PROBLEMS_MAX: usize = 20;
/// As [`print()`] writes it.
const NOW_AT_ENTRY: usize = 3;
/// What a page can live through while somebody waits for it.
const STEPS_MAX: u64 = 150_000;
const SHOWN_MAX_CHARS: usize = 80;
