//! `cargo xtask bench`: builds Ottla and the benchmark as they are released, and runs the one with the other.

use std::process::ExitCode;

use crate::steps;

/// Arguments are the benchmark's own; see `cargo xtask bench --help`.
pub(crate) fn run(args: &[String]) -> ExitCode {
    match measure(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn measure(args: &[String]) -> Result<(), String> {
    let release = ["--quiet", "--release"];
    let ottla = [&["build"], &release[..], &["--package", "ottla"]].concat();
    steps::cargo(&ottla)?;
    // Both binaries: the floor is a program beside the benchmark.
    let build = [&["build"], &release[..], &["--bins"], &MANIFEST].concat();
    steps::cargo(&build).map_err(|failure| {
        format!("{failure}; the benchmark builds librdkafka and so needs a C compiler and make")
    })?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let run = [&["run"], &release[..], &MANIFEST, &["--"], &args].concat();
    steps::cargo(&run).map_err(|failure| format!("the benchmark was not complete: {failure}"))
}

/// The benchmark is a workspace of its own.
const MANIFEST: [&str; 2] = ["--manifest-path", "bench/Cargo.toml"];
