//! A command under way.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{Instant, Now};

use super::play::{Play, is_of_script};
use super::script::{Desk, End, Exit};
use super::{Surroundings, kafka};
use crate::admin::Stop;
use crate::event::Event;
use crate::interface::{LinkInput, LinkOp};

/// A command: what was typed, becoming text and an exit code. A plain value; its shell owns the terminal, the files and the links.
///
/// It begins with [`ProgramInput::Start`] and is over with [`ProgramOutput::Exit`].
#[derive(Debug, Clone)]
pub struct Program {
    stage: Stage,
}

/// What a command is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramInput {
    /// Once, before anything else.
    Start,
    /// Something happened on a link.
    Link(LinkInput),
    /// Bytes of standard input, cut anywhere. Only while [`Program::wants_stdin`].
    Stdin(Bytes),
    /// Standard input is at its end.
    StdinEnded,
    /// What came of [`ProgramOutput::ReadFile`]: the bytes, or a reason for people.
    File {
        /// As it was asked for.
        path: String,
        /// All of it.
        contents: Result<Bytes, String>,
    },
    /// Nobody reads standard output any more: the command ends quietly.
    StdoutClosed,
    /// Standard output takes no more for now (a pager waits for a key): a command that goes on for ever stops to fetch, and lives on.
    StdoutFull,
    /// There is room in standard output again.
    StdoutReady,
    /// ctrl-C. The second one ends the command at once.
    Interrupt,
    /// Time has passed. Ticks may come early, late or for nothing.
    Tick,
}

/// What a command wants of its shell. To be done in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramOutput {
    /// To be done with a link.
    Link(LinkOp),
    /// For standard output, at once.
    Stdout(Bytes),
    /// For standard error, at once.
    Stderr(Bytes),
    /// Read this file and say what came of it.
    ReadFile(String),
    /// Something happened: for logs. Nothing depends on it.
    Event(Event),
    /// The command is over. Nothing follows.
    Exit(u8),
}

/// A command that flows until it ends, rather than asking one thing after the other: producing, consuming.
///
/// The links of its clients belong to the owners 1, 2 and so on (0 is the script's, that went before). It ends with
/// [`ProgramOutput::Exit`] as its last output.
pub trait Machine: fmt::Debug + Send + Sync {
    /// Takes an input. `Start` comes first; a bounded amount of work is done in one call, and more is asked for by `next_deadline`.
    fn handle(&mut self, now: Now, input: ProgramInput, out: &mut Vec<ProgramOutput>);
    /// When it wants a [`ProgramInput::Tick`].
    fn next_deadline(&self) -> Option<Instant>;
    /// Whether standard input is to be read now.
    fn wants_stdin(&self) -> bool;
    /// A copy. `Box::new(self.clone())`.
    fn boxed_clone(&self) -> Box<dyn Machine>;
}

impl Clone for Box<dyn Machine> {
    fn clone(&self) -> Self {
        self.as_ref().boxed_clone()
    }
}

impl Program {
    /// One of Kafka's tools, by its name with or without `.sh`, with its arguments. `None` if there is no such tool.
    pub fn kafka(
        tool: &str,
        arguments: &[String],
        surroundings: Surroundings,
        seed: u64,
    ) -> Option<Program> {
        kafka::program(tool, arguments, surroundings, seed)
    }
}

impl Program {
    /// A command that is a script.
    pub fn script<E: Into<End>>(
        surroundings: Surroundings,
        seed: u64,
        script: impl Fn(&mut Desk) -> Result<E, Stop> + Send + Sync + 'static,
    ) -> Program {
        let script = Arc::new(move |desk: &mut Desk| script(desk).map(Into::into));
        Program {
            stage: Stage::Script(Box::new(Play::new(script, surroundings, seed))),
        }
    }

    /// A command that is a machine from the start.
    pub fn machine(machine: impl Machine + 'static) -> Program {
        Program {
            stage: Stage::Machine(Box::new(machine)),
        }
    }

    /// Takes an input.
    pub fn handle(&mut self, now: Now, input: ProgramInput, out: &mut Vec<ProgramOutput>) {
        match &mut self.stage {
            Stage::Ended => {}
            Stage::Script(script) => {
                if let Some(end) = script.handle(now, input, out) {
                    self.end(now, end, out);
                }
            }
            Stage::Machine(machine) => {
                if matches!(&input, ProgramInput::Link(input) if is_of_script(input)) {
                    return;
                }
                machine.handle(now, input, out);
                if let Some(ProgramOutput::Exit(_)) = out.last() {
                    self.stage = Stage::Ended;
                }
            }
        }
    }

    /// When it wants a [`ProgramInput::Tick`].
    pub fn next_deadline(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Ended => None,
            Stage::Script(script) => script.next_deadline(),
            Stage::Machine(machine) => machine.next_deadline(),
        }
    }

    /// Whether standard input is to be read now.
    pub fn wants_stdin(&self) -> bool {
        match &self.stage {
            Stage::Machine(machine) => machine.wants_stdin(),
            Stage::Script(_) | Stage::Ended => false,
        }
    }

    fn end(&mut self, now: Now, end: End, out: &mut Vec<ProgramOutput>) {
        match end {
            End::Exit(Exit(code)) => {
                out.push(ProgramOutput::Exit(code));
                self.stage = Stage::Ended;
            }
            End::Then(machine) => {
                self.stage = Stage::Machine(machine);
                self.handle(now, ProgramInput::Start, out);
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Stage {
    Script(Box<Play>),
    Machine(Box<dyn Machine>),
    Ended,
}
