//! The answers of a broker to every version of every key, and to what it must refuse, are Apache Kafka's.
//!
//! The cases are in `tests/conformance/`; the requests are built and the answers decoded by Apache Kafka's own classes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ottla_tests::broker::{Options, skipped_because_external};
use ottla_tests::prepare;

#[test]
fn answers_are_those_of_apache_kafka() {
    play(Options::default());
}

#[test]
fn a_broker_that_keeps_its_data_in_memory_answers_the_same() {
    play(Options::default().memory());
}

fn play(options: Options) {
    if skipped_because_external("conformance") {
        return;
    }
    let Some(libraries) = prepare::java() else {
        return;
    };
    let work = tempfile::tempdir().expect("a temporary directory");
    let classes = work.path().join("classes");
    let sources = files(&folder().join("java"), "java");
    succeed(
        Command::new("javac")
            .args(["-nowarn", "-cp", &libraries, "-d"])
            .arg(&classes)
            .args(sources),
    );
    let class_path = format!("{}:{libraries}", classes.display());

    // The broker that was recorded from had this number, and error messages name it.
    let broker = options.config("node.id", 1).start();
    let answers = work.path().join("answers");
    let played = succeed(
        java(&class_path)
            .args(["Conformance", broker.bootstrap()])
            .arg(&answers)
            .args(files(&folder().join("cases"), "json5")),
    );
    let compared = java(&class_path)
        .arg("Compare")
        .arg(folder().join("expected"))
        .arg(&answers)
        .arg(folder().join("allowed.json5"))
        .output()
        .expect("java can be run");
    assert!(
        compared.status.success(),
        "what Apache Kafka 4.3.1 answered otherwise:\n{}{}\nsteps that failed:\n{}",
        String::from_utf8_lossy(&compared.stdout),
        String::from_utf8_lossy(&compared.stderr),
        String::from_utf8_lossy(&played.stderr)
    );
}

fn java(class_path: &str) -> Command {
    let mut command = Command::new("java");
    command
        .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"])
        .arg(format!(
            "-Dlog4j2.configurationFile={}",
            folder().join("log4j2.xml").display()
        ))
        .args(["-cp", class_path]);
    command
}

fn succeed(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// In order: later cases rely on what earlier ones have left.
fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .expect("a committed folder")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}
