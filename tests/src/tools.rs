//! Tools that a machine may lack. A test that needs one is skipped without it, and the skip is written down.
//!
//! `cargo xtask test` empties `target/skipped-tests.txt` first and prints it at the end. Where `CI` is `true` nothing may be
//! skipped: there a missing tool is a failure.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where a tool is, or None after the skip has been written down.
///
/// # Panics
/// When the tool is missing and `CI` is `true`.
pub fn require(tool: &str) -> Option<PathBuf> {
    let found = find(tool);
    if found.is_none() {
        record_skip(&format!(
            "{tool} is not installed: tests of {}",
            clients_of(tool)
        ));
    }
    found
}

/// Where a tool is on the `PATH`.
pub fn find(tool: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|directory| directory.join(tool))
        .find(|path| path.is_file())
}

/// Writes down that something is not tested here.
///
/// # Panics
/// When `CI` is `true`.
pub fn record_skip(what: &str) {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "CI tests everything, but {what}");
    eprintln!("skipped: {what}");
    let notes = target_directory().join("skipped-tests.txt");
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(notes)
        .expect("the target directory can be written");
    file.write_all(format!("{what}\n").as_bytes())
        .expect("the target directory can be written");
}

/// Cargo's output for this profile, such as `target/debug`.
pub fn profile_directory() -> PathBuf {
    let executable = std::env::current_exe().expect("a process knows its executable");
    // A test is in target/debug/deps.
    executable
        .ancestors()
        .nth(2)
        .expect("a test's executable is two levels below its profile")
        .to_owned()
}

/// Cargo's output directory.
pub fn target_directory() -> PathBuf {
    profile_directory()
        .parent()
        .expect("a profile is below the target directory")
        .to_owned()
}

/// The committed programs of a client: `tests/clients/<client>`.
pub fn sources(client: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(client)
}

fn clients_of(tool: &str) -> &str {
    match tool {
        "node" | "npm" => "KafkaJS",
        "go" => "kafka-go",
        "java" | "javac" | "mvn" => "Apache Kafka's own clients and tools",
        "python3" => "librdkafka (confluent-kafka)",
        other => other,
    }
}
