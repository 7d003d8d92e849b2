//! A program that runs while the test does something, to it or to its broker.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::broker::Broker;

/// A program that runs. It ends when this value is dropped.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Running {
    /// Starts a client's program, which knows the broker by `KAFKA_BOOTSTRAP`.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn start_client(broker: &Broker, command: &mut Command) -> Self {
        let command = command
            .env("KAFKA_BOOTSTRAP", broker.bootstrap())
            .env("KAFKA_SUFFIX", broker.suffix());
        Self::start(command)
    }

    /// Starts a program.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program can be run");
        let stdout = child.stdout.take().expect("stdout is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// The next line that the program says.
    ///
    /// # Panics
    /// When it ends or falls silent before.
    pub fn next_line(&mut self) -> String {
        self.hear("its next line").clone()
    }

    /// Waits until the program says this line.
    ///
    /// # Panics
    /// When it ends or falls silent before.
    pub fn says(&mut self, line: &str) {
        while self.hear(line) != line {}
    }

    fn hear(&mut self, awaited: &str) -> &String {
        match self.lines.recv_timeout(SILENCE) {
            Ok(line) => self.said.push(line),
            Err(error) => panic!("waiting for '{awaited}': {error}; it said {:?}", self.said),
        }
        self.said.last().expect("it has just said something")
    }

    /// The lines that the program has said so far.
    pub fn said(&mut self) -> &[String] {
        self.said.extend(self.lines.try_iter());
        &self.said
    }

    /// Sends the program a signal by its name, such as `INT`.
    ///
    /// # Panics
    /// When it has ended.
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Waits until the program ends: its exit code, none when a signal ended it.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn ends(&mut self) -> Option<i32> {
        let deadline = Instant::now() + SILENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                return status.code();
            }
            thread::sleep(POLL);
        }
        panic!("it did not end within {SILENCE:?} after {:?}", self.said());
    }

    /// Waits until the program ends with this exit code.
    ///
    /// # Panics
    /// When it ends otherwise or not in time.
    pub fn ends_with(mut self, code: i32) {
        let ended = self.ends();
        assert_eq!(ended, Some(code), "it ended after {:?}", self.said());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a process a signal by its name.
///
/// # Panics
/// When there is no such process.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &pid.to_string()])
        .status()
        .expect("kill can be run");
    assert!(sent.success(), "no process {pid} for {name}");
}

const SILENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);
