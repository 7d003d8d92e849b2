//! The tests that Node runs: the tutorial in a real browser, and what learners' code runs on.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::test::{Counted, run_and_count};
use crate::{steps, tools};

/// What Chromium is called, by who packs it.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What Chromium is called here, if it is there.
pub(crate) fn name() -> Option<&'static str> {
    BROWSERS.into_iter().find(|name| tools::is_there(name))
}

/// Runs them on a written site. What is missing is written into `skips`.
pub(crate) fn run(site: &Path, skips: &Path) -> Result<Counted, String> {
    let Some(browser) = name() else {
        note(
            skips,
            "chromium is not installed: tests of the tutorial in a browser",
        )?;
        return Ok(Counted::nothing());
    };
    if tools::node_modules("web")?.is_none() {
        note(
            skips,
            "node 20 and npm are not installed: tests of the tutorial in a browser",
        )?;
        return Ok(Counted::nothing());
    }
    let mut node = Command::new("node");
    node.args(files(&["web/code/tests", "web/tests"])?)
        .env("OTTLA_SITE", site)
        .env("OTTLA_BROWSER", browser)
        .env(
            "OTTLA_SCREENSHOTS",
            steps::target_directory().join("screenshots"),
        );
    run_node(node, "browser-tests.tap", skips)
}

/// Runs tests of Node's, shows what they print, and counts them. `node` names the files; `protocol` is a file for what is counted. What they skip is
/// written into `skips`.
pub(crate) fn run_node(node: Command, protocol: &str, skips: &Path) -> Result<Counted, String> {
    let protocol = steps::target_directory().join(protocol);
    let mut tests = Command::new(node.get_program());
    tests
        .arg("--test")
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=tap")
        .arg(format!(
            "--test-reporter-destination={}",
            protocol.display()
        ))
        .args(node.get_args());
    for (name, value) in node.get_envs() {
        tests.env(name, value.unwrap_or_default());
    }
    let outcome = steps::run(&mut tests, "node --test");
    let said = fs::read_to_string(&protocol)
        .map_err(|error| format!("cannot read {}: {error}", protocol.display()))?;
    if let Err(failure) = &outcome {
        eprintln!("xtask test: {failure}");
    }
    for why in skipped(&said) {
        note(skips, why)?;
    }
    Ok(Counted {
        passed: sum(&said, "# pass "),
        failed: sum(&said, "# fail "),
        success: outcome.is_ok(),
    })
}

/// Runs the tests of `web` that need a browser: its storage, its frames.
pub(crate) fn run_units(skips: &Path) -> Result<Counted, String> {
    let Some(driver) = tools::find("chromedriver") else {
        note(
            skips,
            "chromedriver is not installed: tests of the tutorial's parts in a browser",
        )?;
        return Ok(Counted::nothing());
    };
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["test", "--package=ottla-web", "--target"])
        .arg(tools::wasm_target()?)
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            tools::wasm_bindgen_test_runner()?,
        )
        .env("CHROMEDRIVER", driver);
    run_and_count(cargo)
}

/// All `*.test.mjs` of some folders, in order.
pub(crate) fn files(folders: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut tests = Vec::new();
    for folder in folders {
        let folder = steps::root().join(folder);
        let entries = fs::read_dir(&folder)
            .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
        let paths = entries.flatten().map(|entry| entry.path());
        tests.extend(paths.filter(|path| path.to_string_lossy().ends_with(".test.mjs")));
    }
    tests.sort();
    Ok(tests)
}

/// Why tests were skipped: `ok 15 - kcat reads # SKIP kcat is not installed`.
fn skipped(protocol: &str) -> impl Iterator<Item = &str> {
    let tests = protocol
        .lines()
        .filter(|line| line.trim_start().starts_with("ok "));
    tests.filter_map(|line| Some(line.split_once(" # SKIP")?.1.trim()))
}

/// The number behind `word` in the last lines.
fn sum(protocol: &str, word: &str) -> u32 {
    let number = protocol
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix(word));
    number
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

pub(crate) fn note(skips: &Path, what: &str) -> Result<(), String> {
    let file = fs::File::options().create(true).append(true).open(skips);
    file.and_then(|mut file| writeln!(file, "{what}"))
        .map_err(|error| format!("cannot write {}: {error}", skips.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_of_nodes_skips_is_told() {
        let protocol = "TAP version 13\nok 1 - a # SKIP kcat is not installed\n    ok 1 - in # SKIP no Bun\nok 2 - b\n# skipped 2\n";
        let why: Vec<&str> = skipped(protocol).collect();
        assert_eq!(why, ["kcat is not installed", "no Bun"]);
        assert_eq!(sum(protocol, "# skipped "), 2);
    }
}
