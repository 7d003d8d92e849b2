//! Runs a program of `ottla-client`: its links are sockets, its time is the machine's, its texts go to the standard streams.
//!
//! ```text
//!   stdin ──▶ a thread ─┐                       ┌─▶ a thread ──▶ stdout
//!   sockets, signals ───┼─ Program::handle ─────┼─▶ sockets
//!   time, files ────────┘      (here)           └─▶ stderr
//! ```
//!
//! Everything but the two standard streams is done by one thread: those may block, and heartbeats go on meanwhile. The threads are only
//! started for who reads or writes much; a command that prints a screenful has neither.

mod links;
mod stdin;
mod stdout;

use std::future::poll_fn;
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use ottla_client::command::{Program, ProgramInput, ProgramOutput, Surroundings, friendly};
use ottla_core::Instant as Moment;
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tracing::debug;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::logging;
use links::Links;
use stdin::Stdin;
use stdout::Stdout;

/// Runs one of Kafka's tools.
pub fn kafka(tool: &str, arguments: &[String]) -> Result<ExitCode, Failure> {
    let program = Program::kafka(tool, arguments, surroundings(), seed())
        .ok_or_else(|| Failure::new(format!("there is no tool called {tool}")))?;
    run(program)
}

/// Runs one of Ottla's own commands.
pub fn friendly(command: friendly::Command) -> Result<ExitCode, Failure> {
    run(Program::friendly(command, surroundings(), seed()))
}

/// Runs a program to its end; the code is the program's own.
pub fn run(program: Program) -> Result<ExitCode, Failure> {
    // Nobody wants to read of connections who has not asked for it.
    if let Some(filter) = variable("OTTLA_LOG") {
        logging::start(&filter)?;
    }
    let failed = |error: io::Error| Failure::new(format!("cannot start: {error}"));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let code = runtime.block_on(async {
        let mut shell = Shell::new(program).map_err(failed)?;
        match shell.drive().await {
            Some(code) => shell.finish(code).await,
            None => Ok(INTERRUPTED),
        }
    });
    // Whatever still waits, for a name or for a line of standard input, is not worth waiting for.
    runtime.shutdown_background();
    code.map(ExitCode::from)
}

/// For ids and chance: no two runs have the same.
fn seed() -> u64 {
    let process = u64::from(std::process::id()) << 44;
    process ^ Clock::start().now().wall.0.unsigned_abs()
}

/// What a program may know of where it runs.
fn surroundings() -> Surroundings {
    let stdout = io::stdout();
    let columns = rustix::termios::tcgetwinsize(&stdout).map_or(0, |size| size.ws_col);
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Surroundings {
        bootstrap: variable("OTTLA_BOOTSTRAP"),
        stdin_is_terminal: io::stdin().is_terminal(),
        stdout_is_terminal: stdout.is_terminal(),
        colours: variable("NO_COLOR").is_none() && !is_dumb,
        columns: if columns == 0 {
            DEFAULT_COLUMNS
        } else {
            columns
        },
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// A variable of the environment; one that is set to nothing counts as not set.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The world around a program.
struct Shell {
    program: Program,
    clock: Clock,
    links: Links,
    stdin: Stdin,
    stdout: Stdout,
    interrupt: Signal,
    terminate: Signal,
    interrupted: bool,
    files: Vec<(String, JoinHandle<Result<Bytes, String>>)>,
    alarm: Pin<Box<Sleep>>,
    /// So many inputs have come since the sockets were last asked for news.
    unasked: u32,
}

impl Shell {
    fn new(program: Program) -> io::Result<Shell> {
        Ok(Shell {
            program,
            clock: Clock::start(),
            links: Links::default(),
            stdin: Stdin::default(),
            stdout: Stdout::new(),
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            interrupted: false,
            files: Vec::new(),
            alarm: Box::pin(sleep_until(Instant::now())),
            unasked: 0,
        })
    }

    /// Until the program has ended, with its exit code; without one, nothing more is waited for.
    async fn drive(&mut self) -> Option<u8> {
        let mut input = ProgramInput::Start;
        let mut outputs = Vec::new();
        loop {
            self.program.handle(self.clock.now(), input, &mut outputs);
            for output in outputs.drain(..) {
                let code = self.carry_out(output);
                if code.is_some() {
                    return code;
                }
            }
            self.links.flush();
            self.stdout.flush();
            input = match self.next().await {
                Event::Input(input) => input,
                Event::EndAtOnce => return None,
            };
        }
    }

    /// Does what the program wants; its exit code when it has ended.
    fn carry_out(&mut self, output: ProgramOutput) -> Option<u8> {
        match output {
            ProgramOutput::Link(op) => self.links.carry_out(op),
            ProgramOutput::Stdout(text) => self.stdout.push(text),
            ProgramOutput::Stderr(text) => {
                // What was printed before is seen before.
                self.stdout.flush();
                // There is nobody left to tell.
                let _ = io::stderr().write_all(&text);
            }
            ProgramOutput::Event(event) => debug!(target: "ottla::client", "{event}"),
            ProgramOutput::ReadFile(path) => {
                let read = tokio::task::spawn_blocking({
                    let path = path.clone();
                    move || read_file(&path)
                });
                self.files.push((path, read));
            }
            ProgramOutput::Exit(code) => return Some(code),
        }
        None
    }

    /// Waits for whatever comes first.
    async fn next(&mut self) -> Event {
        let deadline = self.program.next_deadline();
        let is_due = deadline.is_some_and(|moment| moment <= self.clock.now().mono);
        // The runtime looks at the sockets when a task waits, and this one might never have to.
        self.unasked += 1;
        if is_due || self.unasked >= UNASKED_MAX {
            self.unasked = 0;
            tokio::task::yield_now().await;
        }
        poll_fn(|context| self.poll(context, deadline, is_due)).await
    }

    fn poll(
        &mut self,
        context: &mut Context<'_>,
        deadline: Option<Moment>,
        is_due: bool,
    ) -> Poll<Event> {
        if self.told_to_end(context) {
            return Poll::Ready(match std::mem::replace(&mut self.interrupted, true) {
                false => Event::Input(ProgramInput::Interrupt),
                true => Event::EndAtOnce,
            });
        }
        if let Poll::Ready(input) = self.stdout.poll(context) {
            return Poll::Ready(Event::Input(input));
        }
        if let Poll::Ready(input) = self.links.poll(context) {
            return Poll::Ready(Event::Input(ProgramInput::Link(input)));
        }
        if let Some(input) = self.poll_files(context) {
            return Poll::Ready(Event::Input(input));
        }
        if is_due {
            return Poll::Ready(Event::Input(ProgramInput::Tick));
        }
        if self.program.wants_stdin()
            && let Poll::Ready(input) = self.stdin.poll(context)
        {
            return Poll::Ready(Event::Input(input));
        }
        let Some(deadline) = deadline else {
            self.unasked = 0;
            return Poll::Pending;
        };
        let deadline = Instant::from_std(self.clock.instant(deadline));
        if self.alarm.deadline() != deadline {
            self.alarm.as_mut().reset(deadline);
        }
        match self.alarm.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Event::Input(ProgramInput::Tick)),
            Poll::Pending => {
                self.unasked = 0;
                Poll::Pending
            }
        }
    }

    fn told_to_end(&mut self, context: &mut Context<'_>) -> bool {
        [&mut self.interrupt, &mut self.terminate]
            .map(|signal| signal.poll_recv(context).is_ready())
            .contains(&true)
    }

    fn poll_files(&mut self, context: &mut Context<'_>) -> Option<ProgramInput> {
        for index in 0..self.files.len() {
            if let Poll::Ready(read) = Pin::new(&mut self.files[index].1).poll(context) {
                let (path, _) = self.files.swap_remove(index);
                let contents = read.unwrap_or_else(|error| Err(error.to_string()));
                return Some(ProgramInput::File { path, contents });
            }
        }
        None
    }

    /// Lets out what is still to be written, to the brokers and to standard output.
    async fn finish(&mut self, code: u8) -> Result<u8, Failure> {
        let was_interrupted = self.interrupted;
        // A broker that does not read any more is not waited for.
        let _ = timeout(
            GOODBYE,
            poll_fn(|context| self.links.poll_all_sent(context)),
        )
        .await;
        let written = poll_fn(|context| {
            if self.told_to_end(context) {
                return Poll::Ready(Ok(()));
            }
            self.stdout.poll_all_written(context)
        });
        // Who has pressed ctrl-C may have done so because nobody reads.
        let patience = if was_interrupted { GOODBYE } else { FOR_EVER };
        let written = timeout(patience, written).await.unwrap_or(Ok(()));
        match written {
            // Who has closed the pipe has seen enough.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(format!(
                "cannot write to standard output: {error}"
            ))),
            _ => Ok(code),
        }
    }
}

enum Event {
    Input(ProgramInput),
    /// A second ctrl-C.
    EndAtOnce,
}

/// A file as programs want it: properties, offsets, lists of partitions.
fn read_file(path: &str) -> Result<Bytes, String> {
    use std::io::Read as _;
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut contents = Vec::new();
    file.take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut contents)
        .map_err(|error| error.to_string())?;
    if contents.len() as u64 > FILE_BYTES_MAX {
        return Err(format!("it is larger than {FILE_BYTES_MAX} bytes"));
    }
    Ok(contents.into())
}

/// Where a terminal says nothing of its width.
const DEFAULT_COLUMNS: u16 = 80;
/// As shells show an end by SIGINT.
const INTERRUPTED: u8 = 130;
const UNASKED_MAX: u32 = 16;
const GOODBYE: Duration = Duration::from_secs(1);
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
const FILE_BYTES_MAX: u64 = 64 << 20;
