//! A client's program that runs while the test does something to its broker.

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
    /// Starts a program that knows the broker by `KAFKA_BOOTSTRAP`.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn start(broker: &Broker, command: &mut Command) -> Self {
        let mut child = command
            .env("KAFKA_BOOTSTRAP", broker.bootstrap())
            .env("KAFKA_SUFFIX", broker.suffix())
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

    /// Waits until the program says this line.
    ///
    /// # Panics
    /// When it ends or falls silent before.
    pub fn says(&mut self, line: &str) {
        loop {
            match self.lines.recv_timeout(SILENCE) {
                Ok(said) => {
                    let found = said == line;
                    self.said.push(said);
                    if found {
                        return;
                    }
                }
                Err(error) => panic!("waiting for '{line}': {error}; it said {:?}", self.said),
            }
        }
    }

    /// The lines that the program has said so far.
    pub fn said(&mut self) -> &[String] {
        self.said.extend(self.lines.try_iter());
        &self.said
    }

    /// Asks the program to end.
    ///
    /// # Panics
    /// When it has ended.
    pub fn terminate(&self) {
        let mut kill = Command::new("kill");
        let sent = kill.args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "it has ended");
    }

    /// Waits until the program ends.
    ///
    /// # Panics
    /// When it does not end well or not in time.
    pub fn succeeds(self) {
        self.ends_with(0);
    }

    /// Waits until the program ends with this exit code.
    ///
    /// # Panics
    /// When it ends otherwise or not in time.
    pub fn ends_with(mut self, code: i32) {
        let deadline = Instant::now() + SILENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                self.said.extend(self.lines.try_iter());
                assert_eq!(
                    status.code(),
                    Some(code),
                    "it ended with {status} after {:?}",
                    self.said
                );
                return;
            }
            thread::sleep(POLL);
        }
        panic!("it did not end within {SILENCE:?} after {:?}", self.said);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const SILENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);
