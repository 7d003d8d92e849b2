//! Tools that the checks need and that cargo can install.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::steps;

const CARGO_DENY_VERSION: &str = "0.20.2";
/// That of wasm-bindgen in Cargo.lock.
const WASM_BINDGEN_VERSION: &str = "0.2.130";

/// cargo-deny.
pub(crate) fn cargo_deny() -> Result<PathBuf, String> {
    installed(
        "cargo-deny",
        CARGO_DENY_VERSION,
        &["--locked"],
        "cargo-deny",
    )
}

/// What runs tests for browsers in one.
pub(crate) fn wasm_bindgen_test_runner() -> Result<PathBuf, String> {
    // Its lock file names a package that cannot be had any more.
    let program = "wasm-bindgen-test-runner";
    installed("wasm-bindgen-cli", WASM_BINDGEN_VERSION, &[], program)
}

/// A program of a package, installed below the target folder at the first call. Takes some minutes then.
fn installed(
    package: &str,
    version: &str,
    options: &[&str],
    program: &str,
) -> Result<PathBuf, String> {
    let tools = steps::target_directory().join("tools");
    let binary = tools.join("bin").join(program);
    let stamp = tools.join(format!("{package}.version"));
    let is_there = std::fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == version);
    if is_there && binary.exists() {
        return Ok(binary);
    }
    eprintln!("xtask: installing {package} {version} (once, some minutes) ...");
    let build = tools.join("build");
    let mut install = Command::new(env!("CARGO"));
    install.args(["install", package, "--version", version]);
    install.args(options).args(["--quiet", "--force", "--root"]);
    install.arg(&tools).env("CARGO_TARGET_DIR", &build);
    steps::run(&mut install, &format!("cargo install {package}"))?;
    // What it was built from is of no further use, and large.
    std::fs::remove_dir_all(&build)
        .map_err(|error| format!("cannot clean {}: {error}", build.display()))?;
    std::fs::write(&stamp, version)
        .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    Ok(binary)
}

/// The target for browsers, installed at the first call.
pub(crate) fn wasm_target() -> Result<&'static str, String> {
    let mut add = Command::new("rustup");
    add.args(["--quiet", "target", "add", WASM_TARGET]);
    steps::run(&mut add, "rustup target add")?;
    Ok(WASM_TARGET)
}

/// Whether the sources of the standard library are there; they are fetched at the first call.
pub(crate) fn has_std_sources() -> bool {
    let mut add = Command::new("rustup");
    add.args(["--quiet", "component", "add", "rust-src"]);
    add.status().is_ok_and(|status| status.success())
}

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The packages of npm that a folder of the project needs, installed when its lock file has changed; none where there is no Node.
pub(crate) fn node_modules(folder: &str) -> Result<Option<PathBuf>, String> {
    if !["node", "npm"].into_iter().all(is_there) {
        return Ok(None);
    }
    let package = steps::root().join(folder);
    let node_modules = package.join("node_modules");
    let stamp = node_modules.join(".installed");
    let lock = std::fs::read_to_string(package.join("package-lock.json"))
        .map_err(|error| format!("cannot read {folder}/package-lock.json: {error}"))?;
    if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        eprintln!("xtask: installing {folder}'s packages of npm (once) ...");
        let mut npm = Command::new("npm");
        // Not `ci`, which refuses a lock file if a registry lacks a package for somebody else's machine. The versions are the lock file's all the same.
        npm.args(["install", "--no-save", "--no-progress", "--loglevel=error"])
            .arg("--prefix")
            .arg(&package);
        steps::run(&mut npm, "npm install")?;
        std::fs::write(&stamp, lock)
            .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    }
    Ok(Some(node_modules))
}

/// Whether a program can be run.
pub(crate) fn is_there(program: &str) -> bool {
    let mut version = Command::new(program);
    version.arg("--version").stdout(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Where a program is on the `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
