//! `cargo xtask npm`: the package `ottla` for JavaScript, built and packed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::test::Counted;
use crate::{browser, site, steps, tools};

/// Builds and packs it, and says where it is.
pub(crate) fn run() -> ExitCode {
    match pack() {
        Ok(package) => {
            println!("the package is {}", package.display());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("xtask npm: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Builds and packs it, and runs its tests: those of the package, and fresh projects with the tarball. What is missing is written into `skips`.
pub(crate) fn test(skips: &Path) -> Result<Counted, String> {
    let Some(browser) = browser::name().filter(|_| tools::is_there("npm")) else {
        browser::note(
            skips,
            "node 20, npm and chromium are not all installed: tests of the package for JavaScript",
        )?;
        return Ok(Counted::nothing());
    };
    let package = pack()?;
    let mut node = Command::new("node");
    // Several at a time would take the time from one another, which some of them measure.
    node.args(["--expose-gc", "--test-concurrency=1"])
        .args(browser::files(&["npm/tests"])?)
        .env("OTTLA_PACKAGE", package)
        .env("OTTLA_BROWSER", browser);
    browser::run_node(node, "npm-tests.tap", skips)
}

/// From the sources to `target/npm/ottla-<version>.tgz`.
fn pack() -> Result<PathBuf, String> {
    let no_node = "it needs Node 20 and npm";
    let web = tools::node_modules("web")?.ok_or(no_node)?;
    tools::node_modules("npm")?.ok_or(no_node)?;
    let folder = steps::target_directory().join("npm");
    let engine = folder.join("engine");
    write_engine(&web, &engine)?;
    let mut build = Command::new("node");
    build.arg("npm/build.mjs").arg(&engine);
    steps::run(&mut build, "node npm/build.mjs")?;
    for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let to = steps::root().join("npm").join(license);
        fs::copy(steps::root().join(license), &to)
            .map_err(|error| format!("cannot write {}: {error}", to.display()))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["pack", "--loglevel=error", "--ignore-scripts"])
        .arg("--pack-destination")
        .arg(&folder)
        .arg("./npm")
        .stdout(Stdio::null());
    steps::run(&mut npm, "npm pack")?;
    Ok(folder.join(concat!("ottla-", env!("CARGO_PKG_VERSION"), ".tgz")))
}

/// Compiles the engine, and makes it small.
fn write_engine(node_modules: &Path, folder: &Path) -> Result<(), String> {
    let wasm_target = tools::wasm_target()?;
    let compiled = steps::target_directory().join(wasm_target).join("web");
    // Nor does Debug say anything: nothing that people are told leans on it.
    let flags = format!("{} -Zfmt-debug=none", site::SMALL);
    // A library for Rust beside it would keep the linker from looking at all of it at once.
    let what = ["--package=ottla-npm", "--lib", "--crate-type=cdylib"];
    site::compile(&what, wasm_target, &flags, &[])?;
    let mut builder = Command::new(env!("CARGO"));
    builder
        .args(["run", "--quiet", "--package=xtask-site", "--", "engine"])
        .arg(compiled.join("ottla_npm.wasm"))
        .arg(node_modules)
        .arg(folder);
    steps::run(&mut builder, "xtask-site engine")
}
