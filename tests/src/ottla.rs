//! Ottla's commands, as a person or a script runs them.

use std::process::Command;

use crate::broker::binary;
use crate::client;
use crate::running::Running;

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

/// Starts an `ottla` that runs while the test does something.
///
/// # Panics
/// When it cannot be run.
pub fn start(bootstrap: &str, arguments: &[&str]) -> Running {
    Running::start(&mut command(bootstrap, arguments))
}
