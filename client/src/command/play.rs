//! A script being played: its desk, and whom its questions go to.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::sorted::Map;
use ottla_core::{Instant, Now};

use super::Surroundings;
use super::program::{ProgramInput, ProgramOutput};
use super::script::{Desk, End, Exit, Text, Wanted};
use crate::admin::{Admin, AnyQuestion, AskError, InquiryId, Stop, Value};
use crate::interface::{Input, LinkInput, Output};

/// What a script is: see [`Desk`].
type Script = Arc<dyn Fn(&mut Desk) -> Result<End, Stop> + Send + Sync>;

/// The links of a script's admin are those of the owner 0; the machine that takes over numbers its clients from 1.
const OWNER: u32 = 0;

#[derive(Clone)]
pub(super) struct Play {
    script: Script,
    desk: Desk,
    seed: u64,
    /// Made when the first question is asked.
    admin: Option<Admin>,
    /// Which slot of the desk waits for which question.
    inquiries: Map<InquiryId, usize>,
    /// The files that are being read, and the slots that wait for them.
    files: Map<String, Vec<usize>>,
}

impl Play {
    pub(super) fn new(script: Script, surroundings: Surroundings, seed: u64) -> Self {
        Self {
            script,
            desk: Desk::new(surroundings),
            seed,
            admin: None,
            inquiries: Map::new(),
            files: Map::new(),
        }
    }

    /// Takes an input. Returns what the script comes to, once.
    pub(super) fn handle(
        &mut self,
        now: Now,
        input: ProgramInput,
        out: &mut Vec<ProgramOutput>,
    ) -> Option<End> {
        let end = self.turn(now, input, out);
        if let (Some(_), Some(admin)) = (&end, &mut self.admin) {
            let mut closing = Vec::new();
            admin.close(&mut closing);
            out.extend(closing.into_iter().filter_map(forward));
        }
        end
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.admin.as_ref()?.next_deadline()
    }

    fn turn(&mut self, now: Now, input: ProgramInput, out: &mut Vec<ProgramOutput>) -> Option<End> {
        match input {
            ProgramInput::Start => self.desk.start(now.wall),
            ProgramInput::File { path, contents } => {
                for slot in self.files.remove(&path).unwrap_or_default() {
                    self.desk.fill(slot, Value::new(contents.clone()));
                }
            }
            ProgramInput::Link(input) => self.hear(now, Input::Link(input), out),
            ProgramInput::Tick => self.hear(now, Input::Tick, out),
            ProgramInput::StdoutClosed => return Some(Exit::DONE.into()),
            ProgramInput::Interrupt => return Some(Exit::INTERRUPTED.into()),
            ProgramInput::Stdin(_)
            | ProgramInput::StdinEnded
            | ProgramInput::StdoutFull
            | ProgramInput::StdoutReady => {}
        }
        // What a script waits for it needs all of: a run in between would only come to the same place.
        match self.desk.is_waiting() {
            true => None,
            false => self.run(now, out),
        }
    }

    /// Lets the admin know, and puts its answers on the desk.
    fn hear(&mut self, now: Now, input: Input, out: &mut Vec<ProgramOutput>) {
        let Some(admin) = &mut self.admin else {
            return;
        };
        let (mut answered, mut outputs) = (Vec::new(), Vec::new());
        admin.handle(now, input, &mut answered, &mut outputs);
        out.extend(outputs.into_iter().filter_map(forward));
        for answer in answered {
            if let Some(slot) = self.inquiries.remove(&answer.inquiry) {
                self.desk.fill(slot, answer.value);
            }
        }
    }

    fn run(&mut self, now: Now, out: &mut Vec<ProgramOutput>) -> Option<End> {
        let (end, run) = self.desk.run(&*self.script);
        out.extend(run.texts.into_iter().map(spoken));
        for (slot, wanted) in run.wanted {
            match wanted {
                Wanted::Answer(question) => self.ask(now, slot, question, out),
                Wanted::File(path) => {
                    let waiting = self.files.entry(path.clone()).or_default();
                    if waiting.is_empty() {
                        out.push(ProgramOutput::ReadFile(path));
                    }
                    waiting.push(slot);
                }
            }
        }
        match end {
            Ok(end) => Some(end),
            Err(Stop::Waiting) => None,
            Err(Stop::Failed(error)) => {
                out.push(spoken(Text::Stderr(complaint(&error))));
                Some(Exit::FAILED.into())
            }
        }
    }

    fn ask(
        &mut self,
        now: Now,
        slot: usize,
        question: Arc<dyn AnyQuestion>,
        out: &mut Vec<ProgramOutput>,
    ) {
        let desk = &self.desk;
        let seed = self.seed;
        let admin = self
            .admin
            .get_or_insert_with(|| Admin::new(desk.config(), OWNER, seed));
        let mut outputs = Vec::new();
        let inquiry = admin.ask(now, question, &mut outputs);
        self.inquiries.insert(inquiry, slot);
        out.extend(outputs.into_iter().filter_map(forward));
    }
}

/// Whether a link is one of a script's: its news are for nobody when the script is over.
pub(super) fn is_of_script(input: &LinkInput) -> bool {
    input.link().owner == OWNER
}

/// A failure as all of Ottla's commands tell it: what is wrong, and what to do about it.
pub(super) fn complaint(error: &AskError) -> String {
    match error.remedy() {
        Some(remedy) => format!("ottla: {error}\n       {remedy}\n"),
        None => format!("ottla: {error}\n"),
    }
}

fn spoken(text: Text) -> ProgramOutput {
    match text {
        Text::Stdout(text) => ProgramOutput::Stdout(Bytes::from(text)),
        Text::Stderr(text) => ProgramOutput::Stderr(Bytes::from(text)),
    }
}

fn forward(output: Output) -> Option<ProgramOutput> {
    match output {
        Output::Link(op) => Some(ProgramOutput::Link(op)),
        Output::Event(event) => Some(ProgramOutput::Event(event)),
        Output::Delivered(_) => None,
    }
}

impl fmt::Debug for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Play")
            .field("desk", &self.desk)
            .field("admin", &self.admin)
            .field("inquiries", &self.inquiries)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}
