//! Commands as plain functions: a script asks, prints and ends, and is run again from its start whenever an answer has come.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::Timestamp;

use super::program::Machine;
use super::surroundings::Surroundings;
use crate::admin::{AdminConfig, AnyQuestion, AskError, Question, Stop, Value};

/// Where a script gets its answers and puts its text.
///
/// A script is a function of the answers so far. Where an answer is missing, [`ask`](Self::ask) ends the run with [`Stop::Waiting`]; when it
/// has come the script is run again from its start, and all that it asked before is answered at once. Text that an earlier run printed is not
/// printed again. So a command reads from top to bottom, without callbacks, and its state is nothing but the answers.
///
/// ```text
///   fn list(desk: &mut Desk) -> Result<Exit, Stop> {
///       desk.connect(config);
///       let topics = desk.ask(ListTopics { internal: false })?;
///       for name in topics.keys() { desk.println(name) }
///       Ok(Exit::DONE)
///   }
/// ```
///
/// In return a script must be a function: the same answers make it ask and print the same, in the same order.
#[derive(Debug, Clone)]
pub struct Desk {
    surroundings: Arc<Surroundings>,
    started: Timestamp,
    config: Option<AdminConfig>,
    /// What was asked in any run, in the order of asking.
    slots: Vec<Slot>,
    /// How many texts have been handed out.
    texts_count: usize,
    run: Run,
}

/// How a command ends: 0 done, 1 refused or not reachable, 2 wrong usage, 130 interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    /// It is done.
    pub const DONE: Exit = Exit(0);
    /// The cluster refused, or could not be reached.
    pub const FAILED: Exit = Exit(1);
    /// The command line made no sense.
    pub const USAGE: Exit = Exit(2);
    /// ctrl-C.
    pub const INTERRUPTED: Exit = Exit(130);
}

/// What a script comes to.
#[derive(Debug)]
pub enum End {
    /// The command is over.
    Exit(Exit),
    /// The script was the preparation (options, files) for this, which takes over.
    Then(Box<dyn Machine>),
}

impl From<Exit> for End {
    fn from(exit: Exit) -> End {
        End::Exit(exit)
    }
}

/// A question that is under way, for [`Desk::answer`].
#[derive(Debug)]
#[must_use = "the answer is got with Desk::answer"]
pub struct Asked<A> {
    slot: usize,
    answer: PhantomData<A>,
}

impl Desk {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        Self {
            surroundings: Arc::new(surroundings),
            started: Timestamp(0),
            config: None,
            slots: Vec::new(),
            texts_count: 0,
            run: Run::default(),
        }
    }

    /// Where the command runs.
    pub fn surroundings(&self) -> Arc<Surroundings> {
        self.surroundings.clone()
    }

    /// The wall clock when the command was started.
    pub fn now(&self) -> Timestamp {
        self.started
    }

    /// Says which cluster the questions are for, and how long to try. It must come before the first question; the first call counts.
    pub fn connect(&mut self, config: AdminConfig) {
        self.config.get_or_insert(config);
    }

    /// Asks and waits. Without an answer the script ends with [`Stop::Failed`].
    pub fn ask<Q: Question>(&mut self, question: Q) -> Result<Q::Answer, Stop> {
        Ok(self.try_ask(question)??)
    }

    /// Asks and waits, for scripts that can do something about a failure.
    pub fn try_ask<Q: Question>(
        &mut self,
        question: Q,
    ) -> Result<Result<Q::Answer, AskError>, Stop> {
        let asked = self.begin(question);
        self.answer(asked)
    }

    /// Asks without waiting, so that questions of different kinds are under way side by side.
    pub fn begin<Q: Question>(&mut self, question: Q) -> Asked<Result<Q::Answer, AskError>> {
        self.slot(|| Wanted::Answer(Arc::new(question)))
    }

    /// Waits for what [`begin`](Self::begin) asked.
    pub fn answer<A: Clone + 'static>(&mut self, asked: Asked<A>) -> Result<A, Stop> {
        match &self.slots[asked.slot] {
            Slot::Open => Err(Stop::Waiting),
            Slot::Answered(value) => Ok(value.get().expect("a script asks the same in each run")),
        }
    }

    /// The bytes of a file, or why it could not be read.
    pub fn read_file(&mut self, path: &str) -> Result<Result<Bytes, String>, Stop> {
        let asked: Asked<Result<Bytes, String>> = self.slot(|| Wanted::File(path.to_owned()));
        self.answer(asked)
    }

    /// Text on standard output.
    pub fn print(&mut self, text: impl fmt::Display) {
        self.say(|| Text::Stdout(text.to_string()));
    }

    /// A line on standard output.
    pub fn println(&mut self, line: impl fmt::Display) {
        self.say(|| Text::Stdout(format!("{line}\n")));
    }

    /// A line on standard error.
    pub fn warn(&mut self, line: impl fmt::Display) {
        self.say(|| Text::Stderr(format!("{line}\n")));
    }

    fn say(&mut self, text: impl FnOnce() -> Text) {
        self.run.texts_seen += 1;
        if self.run.texts_seen > self.texts_count {
            self.texts_count += 1;
            self.run.texts.push(text());
        }
    }

    fn slot<A>(&mut self, wanted: impl FnOnce() -> Wanted) -> Asked<A> {
        let slot = self.run.slots_seen;
        self.run.slots_seen += 1;
        if slot == self.slots.len() {
            self.slots.push(Slot::Open);
            self.run.wanted.push((slot, wanted()));
        }
        Asked {
            slot,
            answer: PhantomData,
        }
    }
}

/// What whoever runs a script does with its desk.
impl Desk {
    pub(super) fn start(&mut self, now: Timestamp) {
        self.started = now;
    }

    /// A run of the script with the answers that there are: what it comes to, what it says, and what it wants.
    pub(super) fn run<E>(
        &mut self,
        script: impl Fn(&mut Desk) -> Result<E, Stop>,
    ) -> (Result<E, Stop>, Run) {
        self.run = Run::default();
        let end = script(self);
        (end, std::mem::take(&mut self.run))
    }

    pub(super) fn fill(&mut self, slot: usize, value: Value) {
        self.slots[slot] = Slot::Answered(value);
    }

    /// Whether something is missing that the script has asked for.
    pub(super) fn is_waiting(&self) -> bool {
        self.slots.iter().any(|slot| matches!(slot, Slot::Open))
    }

    /// What [`connect`](Self::connect) said.
    ///
    /// # Panics
    /// If the script asks without having said it.
    pub(super) fn config(&self) -> AdminConfig {
        let config = self.config.clone();
        config.expect("a script says whom it asks before it asks")
    }
}

/// What a run has seen and brought so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    slots_seen: usize,
    texts_seen: usize,
    /// What it said that no run said before.
    pub(super) texts: Vec<Text>,
    /// What it asked that no run asked before, and the slots for it.
    pub(super) wanted: Vec<(usize, Wanted)>,
}

#[derive(Debug, Clone)]
enum Slot {
    Open,
    Answered(Value),
}

/// Something that a script waits for.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Answer(Arc<dyn AnyQuestion>),
    File(String),
}

/// Something that a script said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    Stdout(String),
    Stderr(String),
}
