//! Brings what clients need into `target/clients/`: packages by their package managers, from committed lock files.
//!
//! Each preparation is done once and again only when its sources have changed. Test processes that run side by side wait
//! for each other.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools;

/// KafkaJS and Express for Node: the directory above `node_modules`.
pub fn node_packages() -> Option<PathBuf> {
    tools::require("node")?;
    let npm = tools::require("npm")?;
    Some(prepared(
        "kafkajs",
        &["package.json", "package-lock.json", ".npmrc"],
        |sources, into| {
            for file in ["package.json", "package-lock.json", ".npmrc"] {
                fs::copy(sources.join(file), into.join(file)).expect("npm's files can be copied");
            }
            run(Command::new(npm)
                .args(["ci", "--no-progress", "--loglevel=error"])
                .current_dir(into));
        },
    ))
}

/// The program of kafka-go, built.
pub fn kafka_go() -> Option<PathBuf> {
    let go = tools::require("go")?;
    let directory = prepared("kafka-go", &all_files("kafka-go"), |sources, into| {
        run(Command::new(go)
            .args(["build", "-buildvcs=false", "-o"])
            .arg(into.join("flows"))
            .arg(".")
            .current_dir(sources));
    });
    Some(directory.join("flows"))
}

/// A Python with confluent-kafka.
pub fn python() -> Option<PathBuf> {
    let python = tools::require("python3")?;
    let directory = prepared("python", &["requirements.txt"], |sources, into| {
        run(Command::new(python)
            .args(["-m", "venv"])
            .arg(into.join("venv")));
        run(Command::new(into.join("venv/bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(sources.join("requirements.txt")));
    });
    Some(directory.join("venv/bin/python"))
}

/// The class path with Apache Kafka's tools and the runner for them.
pub fn java() -> Option<String> {
    let mvn = tools::require("mvn")?;
    let javac = tools::require("javac")?;
    tools::require("java")?;
    let libraries = prepared("kafka-libs", &["pom.xml"], |_, into| {
        run(Command::new(mvn)
            .args([
                "-B",
                "-q",
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                "-f",
            ])
            .arg(tools::sources("kafka-libs").join("pom.xml"))
            .arg(format!("-DoutputDirectory={}", into.display())));
    });
    let libraries = format!("{}/*", libraries.display());
    let classes = prepared("java", &all_files("java"), |sources, into| {
        let programs = all_files("java")
            .into_iter()
            .filter(|name| name.ends_with(".java"))
            .map(|name| sources.join(name));
        fs::copy(sources.join("log4j2.xml"), into.join("log4j2.xml"))
            .expect("the logging's configuration can be copied");
        run(Command::new(javac)
            .args(["-cp", &libraries, "-d"])
            .arg(into)
            .args(programs));
    });
    Some(format!("{}:{libraries}", classes.display()))
}

/// `target/clients/<client>`, filled by `fill` when the sources have changed since it was last filled.
fn prepared<S: AsRef<str>>(client: &str, files: &[S], fill: impl FnOnce(&Path, &Path)) -> PathBuf {
    let sources = tools::sources(client);
    let directory = tools::target_directory().join("clients");
    fs::create_dir_all(&directory).expect("the target directory can be written");
    let lock = File::create(directory.join(format!("{client}.lock"))).expect("a lock file");
    lock.lock().expect("a lock");

    let into = directory.join(client);
    let stamp = directory.join(format!("{client}.stamp"));
    let wanted = hash(&sources, files);
    if fs::read_to_string(&stamp).is_ok_and(|done| done == wanted) {
        return into;
    }
    eprintln!("preparing {client} (once) ...");
    let _ = fs::remove_file(&stamp);
    if into.exists() {
        fs::remove_dir_all(&into).expect("what an earlier preparation left can be removed");
    }
    fs::create_dir_all(&into).expect("the target directory can be written");
    fill(&sources, &into);
    fs::write(stamp, wanted).expect("the target directory can be written");
    into
}

fn hash<S: AsRef<str>>(sources: &Path, files: &[S]) -> String {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.as_ref().hash(&mut hasher);
        fs::read(sources.join(file.as_ref()))
            .expect("a committed file")
            .hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn all_files(client: &str) -> Vec<String> {
    let entries = fs::read_dir(tools::sources(client)).expect("a client's sources");
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
