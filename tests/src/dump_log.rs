//! Apache Kafka's own reading of a data directory: `kafka-dump-log --deep-iteration --verify-index-only`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prepare;

/// Has Kafka look at the newest segments, with their indexes, of each partition in a data directory; skipped without Java.
///
/// The tool writes a line for each record, so that all of a large log would take long.
///
/// # Panics
/// When it finds anything to complain of, or no segment at all.
pub fn check(data: &Path) {
    let Some(class_path) = prepare::java() else {
        return;
    };
    let files = newest_segments(data);
    assert!(!files.is_empty(), "no segment in {}", data.display());
    for files in files.chunks(FILES_A_RUN) {
        let names: Vec<String> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let output = Command::new("java")
            .args(["-cp", &class_path, DUMP_LOG_SEGMENTS])
            .args(["--deep-iteration", "--verify-index-only", "--files"])
            .arg(names.join(","))
            .output()
            .expect("java can be run");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let complaints: Vec<&str> = said
            .lines()
            .filter(|line| is_complaint(line))
            .take(20)
            .collect();
        assert!(
            output.status.success() && complaints.is_empty(),
            "kafka-dump-log ended with {} and said:\n{}",
            output.status,
            if complaints.is_empty() {
                said.to_string()
            } else {
                complaints.join("\n")
            }
        );
    }
}

/// What the tool writes when a batch, an index entry or the order of offsets is wrong; its exit code stays 0.
fn is_complaint(line: &str) -> bool {
    // Every segment but the first "begins after -1" for it (Apache Kafka 4.3.1).
    if line.contains("Non-consecutive offsets in") || line.contains("  -1 is followed by") {
        return false;
    }
    let line = line.to_lowercase();
    COMPLAINTS.iter().any(|complaint| line.contains(complaint))
}

/// Logs, offset indexes and time indexes.
fn newest_segments(data: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for partition in entries(data).into_iter().filter(|path| path.is_dir()) {
        for extension in ["log", "index", "timeindex"] {
            let mut files = entries(&partition);
            files.retain(|file| file.extension().is_some_and(|found| found == extension));
            found.extend(files.split_off(files.len().saturating_sub(SEGMENTS)));
        }
    }
    found
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the data directory can be read");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    paths
}

/// Of each partition; names sort by offset.
const SEGMENTS: usize = 8;
const DUMP_LOG_SEGMENTS: &str = "org.apache.kafka.tools.DumpLogSegments";
const COMPLAINTS: [&str; 7] = [
    "isvalid: false",
    "mismatch",
    "out of order",
    "is followed by",
    "not found",
    "invalid bytes",
    "exception",
];
const FILES_A_RUN: usize = 200;
