//! A script being played: its desk, and whom its questions go to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{Instant, Now};

use super::Surroundings;
use super::program::{ProgramInput, ProgramOutput};
use super::script::{Desk, End, Exit, Stop, Text, Value, Wanted};
use crate::admin::AskError;

type Script = Arc<dyn Fn(&mut Desk) -> Result<End, Stop> + Send + Sync>;

#[derive(Clone)]
pub(super) struct Play {
    script: Script,
    desk: Desk,
    #[expect(dead_code, reason = "for the admin, which comes with the network")]
    seed: u64,
    /// The files that are being read, and which slots of the desk wait for them.
    files: BTreeMap<String, Vec<usize>>,
}

impl Play {
    pub(super) fn new(script: Script, surroundings: Surroundings, seed: u64) -> Self {
        Self {
            script,
            desk: Desk::new(surroundings),
            seed,
            files: BTreeMap::new(),
        }
    }

    /// Takes an input. Returns what the script comes to, once.
    pub(super) fn handle(
        &mut self,
        now: Now,
        input: ProgramInput,
        out: &mut Vec<ProgramOutput>,
    ) -> Option<End> {
        match input {
            ProgramInput::Start => self.desk.start(now.wall),
            ProgramInput::File { path, contents } => {
                for slot in self.files.remove(&path).unwrap_or_default() {
                    self.desk.fill(slot, Value(Arc::new(contents.clone())));
                }
            }
            ProgramInput::StdoutClosed => return Some(Exit::DONE.into()),
            ProgramInput::Interrupt => return Some(Exit::INTERRUPTED.into()),
            ProgramInput::Link(_)
            | ProgramInput::Tick
            | ProgramInput::Stdin(_)
            | ProgramInput::StdinEnded
            | ProgramInput::StdoutFull
            | ProgramInput::StdoutReady => {}
        }
        // What a script waits for it needs all of: a run in between would only come to the same place.
        match self.desk.is_waiting() {
            true => None,
            false => self.run(out),
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        None
    }

    fn run(&mut self, out: &mut Vec<ProgramOutput>) -> Option<End> {
        let (end, run) = self.desk.run(&*self.script);
        out.extend(run.texts.into_iter().map(output));
        for (slot, wanted) in run.wanted {
            match wanted {
                Wanted::Answer(_) => {}
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
                out.push(output(Text::Stderr(complaint(&error))));
                Some(Exit::FAILED.into())
            }
        }
    }
}

/// A failure as all of Ottla's commands tell it: what is wrong, and what to do about it.
pub(super) fn complaint(error: &AskError) -> String {
    match error.remedy() {
        Some(remedy) => format!("ottla: {error}\n       {remedy}\n"),
        None => format!("ottla: {error}\n"),
    }
}

fn output(text: Text) -> ProgramOutput {
    match text {
        Text::Stdout(text) => ProgramOutput::Stdout(Bytes::from(text)),
        Text::Stderr(text) => ProgramOutput::Stderr(Bytes::from(text)),
    }
}

impl fmt::Debug for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Play")
            .field("desk", &self.desk)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}
