//! `cargo xtask test`: style, docs, the build for browsers, licences, the weight of the tutorial and every test, with a summary at the end.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::site::{self, Weight};
use crate::{browser, npm, steps, tools};

/// Runs everything, stops at the first thing that fails.
pub(crate) fn run() -> ExitCode {
    match checks().and_then(|()| tests()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask test: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn checks() -> Result<(), String> {
    steps::cargo(&["fmt", "--all", "--check"])?;
    steps::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])?;
    let mut docs = Command::new(env!("CARGO"));
    docs.args(["doc", "--workspace", "--no-deps", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings");
    steps::run(&mut docs, "cargo doc")?;
    // What does no I/O runs in browsers too.
    let wasm = tools::wasm_target()?;
    steps::cargo(&[
        "check",
        "--package=ottla-core",
        "--package=ottla-codec",
        "--package=ottla-wire",
        "--package=ottla-client",
        "--package=ottla-lab",
        "--package=ottla-web",
        "--package=ottla-npm",
        "--no-default-features",
        "--target",
        wasm,
    ])?;
    let deny = tools::cargo_deny()?;
    steps::run(
        Command::new(deny).args(["check", "licenses", "bans", "sources"]),
        "cargo deny check",
    )
}

fn tests() -> Result<(), String> {
    let skips = steps::target_directory().join("skipped-tests.txt");
    match std::fs::remove_file(&skips) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("cannot empty {}: {error}", skips.display()));
        }
        _ => {}
    }
    let site = steps::target_directory().join("site");
    site::write(&site, Weight::Checked)?;
    // The clients' tests run the binary.
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--package", "ottla"]);
    steps::run(build.env("OTTLA_SITE", &site), "cargo build")?;
    let mut counted = native_tests(&site)?;
    counted.add(browser::run_units(&skips)?);
    counted.add(browser::run(&site, &skips)?);
    counted.add(npm::test(&skips)?);
    let skipped = std::fs::read_to_string(&skips).unwrap_or_default();
    let mut skipped: Vec<&str> = skipped.lines().collect();
    skipped.sort_unstable();
    skipped.dedup();
    for skip in &skipped {
        println!("skipped: {skip}");
    }
    println!(
        "{} passed, {} failed, {} skipped",
        counted.passed,
        counted.failed,
        skipped.len()
    );
    if counted.failed > 0 || !counted.success {
        return Err("there are failing tests; their names are above".to_owned());
    }
    if steps::is_ci() && !skipped.is_empty() {
        return Err("CI may skip nothing".to_owned());
    }
    Ok(())
}

/// How many tests passed and failed.
pub(crate) struct Counted {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) success: bool,
}

impl Counted {
    /// Of tests that could not be run, and are noted as skipped.
    pub(crate) fn nothing() -> Self {
        Self {
            passed: 0,
            failed: 0,
            success: true,
        }
    }

    fn add(&mut self, others: Counted) {
        self.passed += others.passed;
        self.failed += others.failed;
        self.success &= others.success;
    }
}

/// All tests that run on this machine itself.
fn native_tests(site: &Path) -> Result<Counted, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["test", "--workspace", "--no-fail-fast"])
        .env("OTTLA_SITE", site)
        // Many brokers run at a time, and the page has one port.
        .env("OTTLA_TUTORIAL", "off");
    run_and_count(cargo)
}

/// Runs cargo's tests, shows what they print, and adds up the lines `test result: ok. 12 passed; 0 failed; ...`.
pub(crate) fn run_and_count(mut cargo: Command) -> Result<Counted, String> {
    let mut child = cargo
        .current_dir(steps::root())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run cargo test: {error}"))?;
    let output = child.stdout.take().ok_or("cargo test has no output")?;
    let mut counted = Counted {
        passed: 0,
        failed: 0,
        success: false,
    };
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| format!("cannot read what cargo test prints: {error}"))?;
        println!("{line}");
        if let Some(result) = line.strip_prefix("test result: ") {
            counted.passed += count(result, "passed");
            counted.failed += count(result, "failed");
        }
    }
    counted.success = child
        .wait()
        .map_err(|error| format!("cargo test was lost: {error}"))?
        .success();
    Ok(counted)
}

/// The number before `word`.
fn count(result: &str, word: &str) -> u32 {
    let before = result.split(word).next().unwrap_or_default();
    before
        .trim_end()
        .rsplit(' ')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}
