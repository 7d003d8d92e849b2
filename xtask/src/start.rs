//! `cargo xtask start`: from a fresh clone to a running broker.

use std::process::{Command, ExitCode};

use crate::steps;

/// Builds the broker as it is released and becomes it. Arguments are the broker's own.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    eprintln!("xtask: building ottla (the first time takes a minute) ...");
    if let Err(failure) = steps::cargo(&["build", "--release", "--package", "ottla"]) {
        eprintln!("xtask start: {failure}");
        return ExitCode::FAILURE;
    }
    let binary = steps::target_directory().join("release/ottla");
    // Ctrl-C reaches the broker as it reaches this process: both end, the broker in an orderly way.
    match Command::new(&binary)
        .current_dir(steps::root())
        .args(arguments)
        .status()
    {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask start: cannot run {}: {error}", binary.display());
            ExitCode::FAILURE
        }
    }
}
