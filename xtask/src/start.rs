//! `cargo xtask start`: from a fresh clone to a running broker, with the tutorial beside it.

use std::process::{Command, ExitCode, ExitStatus};

use crate::site::{self, Weight};
use crate::steps;

/// Builds the tutorial and the broker as they are released and becomes the broker. Arguments are the broker's own.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    eprintln!("xtask: building the tutorial (the first time takes five to ten minutes) ...");
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--package", "ottla"]);
    let site = steps::target_directory().join("site");
    match site::write(&site, Weight::Untold) {
        Ok(()) => drop(build.env("OTTLA_SITE", site)),
        // A broker without its tutorial is a broker.
        Err(failure) => {
            eprintln!("xtask start: {failure}; the broker comes without the tutorial");
        }
    }
    eprintln!("xtask: building the broker (the first time takes some minutes more) ...");
    if let Err(failure) = steps::run(&mut build, "cargo build --release --package ottla") {
        eprintln!("xtask start: {failure}");
        return ExitCode::FAILURE;
    }
    let binary = steps::target_directory().join("release/ottla");
    let mut broker = Command::new(&binary);
    // In the folder of who calls, so that paths mean what they say there.
    broker.args(arguments);
    match become_it(&mut broker) {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("xtask start: cannot run {}: {error}", binary.display());
            ExitCode::FAILURE
        }
    }
}

/// Signals to this process are then signals to the broker, and none is left behind.
#[cfg(unix)]
fn become_it(broker: &mut Command) -> std::io::Result<ExitStatus> {
    use std::os::unix::process::CommandExt as _;
    Err(broker.exec())
}

#[cfg(not(unix))]
fn become_it(broker: &mut Command) -> std::io::Result<ExitStatus> {
    broker.status()
}
