//! `cargo xtask bench`: builds Ottla and the benchmark as they are released, and runs the one with the other.

use std::path::Path;
use std::process::{Command, ExitCode};

/// Arguments are the benchmark's own; see `cargo xtask bench --help`.
pub(crate) fn run(args: &[String]) -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the project");
    let manifest = root.join("bench/Cargo.toml");
    // Both binaries: the floor is a program beside the benchmark.
    let steps: [(&str, Vec<&str>); 3] = [
        (
            "building Ottla failed",
            vec!["build", "--quiet", "--release", "--package", "ottla"],
        ),
        (
            "building the benchmark failed; it builds librdkafka and so needs a C compiler and make",
            vec![
                "build",
                "--quiet",
                "--release",
                "--bins",
                "--manifest-path",
                manifest.to_str().expect("paths are UTF-8"),
            ],
        ),
        (
            "the benchmark was not complete",
            [
                vec![
                    "run",
                    "--quiet",
                    "--release",
                    "--manifest-path",
                    manifest.to_str().expect("paths are UTF-8"),
                    "--",
                ],
                args.iter().map(String::as_str).collect(),
            ]
            .concat(),
        ),
    ];
    for (failure, arguments) in steps {
        let status = Command::new(env!("CARGO"))
            .current_dir(root)
            .args(arguments)
            .status();
        match status {
            Ok(status) if status.success() => {}
            Ok(_) => {
                eprintln!("xtask bench: {failure}");
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("xtask bench: cannot run cargo: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
