//! Ottla's commands, as a person or a script runs them.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::broker::binary;
use crate::client;

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// `ottla` with arguments, for the broker at an address.
pub fn command(bootstrap: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).env("OTTLA_BOOTSTRAP", bootstrap);
    command
}

/// Runs `ottla` to its end.
///
/// # Panics
/// When it does not end in time.
pub fn run(bootstrap: &str, arguments: &[&str]) -> Ended {
    run_with_input(bootstrap, arguments, "")
}

/// Runs `ottla` with something on its standard input to its end.
///
/// # Panics
/// When it does not end in time.
pub fn run_with_input(bootstrap: &str, arguments: &[&str], input: &str) -> Ended {
    let output = client::output(&mut command(bootstrap, arguments), input);
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs `ottla` where it must succeed: its standard output.
///
/// # Panics
/// When it fails, with what it said.
pub fn succeeds(bootstrap: &str, arguments: &[&str], input: &str) -> String {
    let ended = run_with_input(bootstrap, arguments, input);
    assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:?}");
    ended.stdout
}

/// An `ottla` that runs while the test does something. It ends when this value is dropped.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// Starts it.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn start(bootstrap: &str, arguments: &[&str]) -> Running {
        let mut child = command(bootstrap, arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("ottla can be run");
        let stdout = child.stdout.take().expect("stdout is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Running { child, lines }
    }

    /// The next line that it prints.
    ///
    /// # Panics
    /// When none comes in time.
    pub fn next_line(&mut self) -> String {
        let line = self.lines.recv_timeout(PATIENCE);
        line.unwrap_or_else(|error| panic!("no line came: {error}"))
    }

    /// Sends a signal by its name, such as `INT`.
    ///
    /// # Panics
    /// When there is no such process any more.
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Waits until it has ended: its exit code, none when a signal ended it.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn ends(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                return status.code();
            }
            thread::sleep(POLL);
        }
        panic!("it did not end within {PATIENCE:?}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process.
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

const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(5);
