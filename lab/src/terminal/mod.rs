//! A terminal: the command lines of Kafka's own tools, as they are, on simulated links.

mod complete;
mod help;
#[cfg(test)]
mod tests;
mod transcript;
mod words;

use bytes::Bytes;
use ottla_client::command::{Program, ProgramInput, ProgramOutput, Surroundings};
use ottla_client::{LinkId, LinkInput, LinkOp, Output};
use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, Now};

use crate::World;

pub use complete::{Candidate, Completion, complete};
pub use help::help;
pub use transcript::{Entry, EntryKind, transcript};

/// A terminal, in which one command runs at a time.
#[derive(Debug, Clone, Default)]
pub struct Terminal {
    running: Option<Running>,
    exit_code: Option<u8>,
    written: Vec<Written>,
}

/// Something that a command has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where to.
    pub stream: Stream,
    /// What; not always whole lines.
    pub text: String,
}

/// The two streams that a command writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// A command that runs.
#[derive(Debug, Clone)]
struct Running {
    command: String,
    program: Program,
    /// The owners of its links in the world, by the owners that the program knows.
    owners: Map<u32, u32>,
    open: Set<LinkId>,
    /// What was typed and not read yet.
    typed: Vec<Bytes>,
    is_input_ended: bool,
}

impl Terminal {
    /// The command that runs, as it was typed.
    pub fn running(&self) -> Option<&str> {
        self.running.as_ref().map(|running| &*running.command)
    }

    /// How the last command ended; `None` while it runs.
    pub fn exit_code(&self) -> Option<u8> {
        self.exit_code
    }

    /// Whether the command that runs reads what is typed.
    pub fn reads_input(&self) -> bool {
        let running = self.running.as_ref();
        running.is_some_and(|running| running.program.wants_stdin() && !running.is_input_ended)
    }

    /// Starts a command, whose links belong to these owners. Nothing else runs.
    pub(crate) fn run(
        &mut self,
        now: Now,
        text: &str,
        owners: [u32; OWNERS_COUNT],
        seed: u64,
        out: &mut Vec<Output>,
    ) {
        self.exit_code = None;
        match self.start(text, owners, seed) {
            Ok(running) => {
                self.running = Some(running);
                self.handle(now, ProgramInput::Start, out);
            }
            Err((exit_code, stream, text)) => {
                self.written.push(Written { stream, text });
                self.exit_code = Some(exit_code);
            }
        }
    }

    fn start(
        &self,
        text: &str,
        owners: [u32; OWNERS_COUNT],
        seed: u64,
    ) -> Result<Running, (u8, Stream, String)> {
        let words = words::split(text).map_err(|why| (2, Stream::Error, format!("{why}\n")))?;
        let Some((tool, arguments)) = words.split_first() else {
            return Err((0, Stream::Output, String::new()));
        };
        // As it is typed in Kafka's own folder: bin/kafka-topics.sh.
        let tool = tool.rsplit('/').next().unwrap_or(tool);
        if tool == "help" {
            return Err((0, Stream::Output, help()));
        }
        let mut arguments = arguments.to_vec();
        let is_named = |argument: &String| argument.starts_with("--bootstrap-");
        if !arguments.iter().any(is_named) {
            arguments.splice(
                0..0,
                ["--bootstrap-server".to_owned(), BOOTSTRAP.to_owned()],
            );
        }
        let surroundings = Surroundings {
            stdin_is_terminal: true,
            stdout_is_terminal: true,
            columns: COLUMNS,
            ..Surroundings::default()
        };
        let program = Program::kafka(tool, &arguments, surroundings, seed);
        let program = program.ok_or_else(|| (127, Stream::Error, help::unknown(tool)))?;
        Ok(Running {
            command: text.trim().to_owned(),
            program,
            owners: (0..).zip(owners).collect(),
            open: Set::new(),
            typed: Vec::new(),
            is_input_ended: false,
        })
    }

    /// A line is typed.
    pub(crate) fn type_line(&mut self, now: Now, line: &str, out: &mut Vec<Output>) {
        if let Some(running) = &mut self.running {
            running.typed.push(format!("{line}\n").into());
            self.feed(now, out);
        }
    }

    /// ctrl-D.
    pub(crate) fn end_input(&mut self, now: Now, out: &mut Vec<Output>) {
        if let Some(running) = &mut self.running {
            running.is_input_ended = true;
            self.feed(now, out);
        }
    }

    /// ctrl-C.
    pub(crate) fn interrupt(&mut self, now: Now, out: &mut Vec<Output>) {
        self.handle(now, ProgramInput::Interrupt, out);
    }

    pub(crate) fn link(&mut self, now: Now, input: LinkInput, out: &mut Vec<Output>) {
        let inner = self
            .running
            .as_ref()
            .and_then(|running| running.inner(input));
        if let Some(input) = inner {
            self.handle(now, ProgramInput::Link(input), out);
        }
    }

    pub(crate) fn tick(&mut self, now: Now, out: &mut Vec<Output>) {
        self.handle(now, ProgramInput::Tick, out);
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.running.as_ref()?.program.next_deadline()
    }

    pub(crate) fn take_written(&mut self) -> Vec<Written> {
        std::mem::take(&mut self.written)
    }

    fn handle(&mut self, now: Now, input: ProgramInput, out: &mut Vec<Output>) {
        let mut inputs = vec![input];
        while let (Some(input), Some(running)) = (inputs.pop(), &mut self.running) {
            let mut outputs = Vec::new();
            running.program.handle(now, input, &mut outputs);
            for output in outputs {
                self.carry_out(output, &mut inputs, out);
            }
        }
        self.feed(now, out);
    }

    /// Gives the command what was typed, as far as it wants it.
    fn feed(&mut self, now: Now, out: &mut Vec<Output>) {
        let Some(running) = self.running.as_mut().filter(|it| it.program.wants_stdin()) else {
            return;
        };
        if !running.typed.is_empty() {
            let line = running.typed.remove(0);
            self.handle(now, ProgramInput::Stdin(line), out);
        } else if std::mem::take(&mut running.is_input_ended) {
            self.handle(now, ProgramInput::StdinEnded, out);
        }
    }

    fn carry_out(
        &mut self,
        output: ProgramOutput,
        inputs: &mut Vec<ProgramInput>,
        out: &mut Vec<Output>,
    ) {
        match output {
            ProgramOutput::Link(LinkOp::Connect(link, address)) if !World::is_address(&address) => {
                let refused = LinkInput::Closed(link, format!("{address}: nobody is there"));
                inputs.push(ProgramInput::Link(refused));
            }
            ProgramOutput::Link(op) => {
                let running = self.running.as_mut();
                out.extend(
                    running
                        .and_then(|running| running.outer(op))
                        .map(Output::Link),
                );
            }
            ProgramOutput::Stdout(bytes) => self.write(Stream::Output, &bytes),
            ProgramOutput::Stderr(bytes) => self.write(Stream::Error, &bytes),
            ProgramOutput::ReadFile(path) => inputs.push(ProgramInput::File {
                path,
                contents: Err("there are no files in this terminal".to_owned()),
            }),
            ProgramOutput::Event(event) => out.push(Output::Event(event)),
            ProgramOutput::Exit(code) => {
                let open = self.running.take().map(|running| running.open);
                let close = |link| Output::Link(LinkOp::Close(link));
                out.extend(open.into_iter().flatten().map(close));
                self.exit_code = Some(code);
            }
        }
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.written.push(Written { stream, text });
    }
}

impl Running {
    /// A link as the world names it.
    fn outer(&mut self, op: LinkOp) -> Option<LinkOp> {
        let link = op.link();
        let owner = *self.owners.get(&link.owner)?;
        let link = LinkId { owner, ..link };
        Some(match op {
            LinkOp::Connect(_, address) => {
                self.open.insert(link);
                LinkOp::Connect(link, address)
            }
            LinkOp::Send(_, bytes) => LinkOp::Send(link, bytes),
            LinkOp::Close(_) => {
                self.open.remove(&link);
                LinkOp::Close(link)
            }
        })
    }

    /// A link as the program names it.
    fn inner(&self, input: LinkInput) -> Option<LinkInput> {
        let link = input.link();
        let mut owners = self.owners.iter();
        let (owner, _) = owners.find(|(_, outer)| **outer == link.owner)?;
        let link = LinkId {
            owner: *owner,
            ..link
        };
        Some(match input {
            LinkInput::Connected(_) => LinkInput::Connected(link),
            LinkInput::Received(_, bytes) => LinkInput::Received(link, bytes),
            LinkInput::Closed(_, why) => LinkInput::Closed(link, why),
        })
    }
}

/// A command's script and its machine have a client each.
pub(crate) const OWNERS_COUNT: usize = 2;
const BOOTSTRAP: &str = "localhost:9092";
const COLUMNS: u16 = 100;
