//! Tools that the checks need and that cargo can install.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::steps;

const CARGO_DENY_VERSION: &str = "0.20.2";

/// cargo-deny, installed below the target folder at the first call. Takes some minutes then.
pub(crate) fn cargo_deny() -> Result<PathBuf, String> {
    let tools = steps::target_directory().join("tools");
    let binary = tools.join("bin/cargo-deny");
    if !binary.exists() {
        eprintln!("xtask: installing cargo-deny {CARGO_DENY_VERSION} (once, some minutes) ...");
        let root = tools
            .to_str()
            .ok_or("the target folder's path is not UTF-8")?;
        let build = tools.join("build");
        let mut install = Command::new(env!("CARGO"));
        install.args([
            "install",
            "cargo-deny",
            "--version",
            CARGO_DENY_VERSION,
            "--locked",
            "--quiet",
            "--root",
            root,
        ]);
        steps::run(
            install.env("CARGO_TARGET_DIR", &build),
            "cargo install cargo-deny",
        )?;
        // What it was built from is of no further use, and large.
        std::fs::remove_dir_all(&build)
            .map_err(|error| format!("cannot clean {}: {error}", build.display()))?;
    }
    Ok(binary)
}

/// The target for browsers, installed at the first call.
pub(crate) fn wasm_target() -> Result<&'static str, String> {
    let mut add = Command::new("rustup");
    add.args(["--quiet", "target", "add", WASM_TARGET]);
    steps::run(&mut add, "rustup target add")?;
    Ok(WASM_TARGET)
}

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The tutorial's packages of npm, installed when their lock file has changed; none where there is no Node.
pub(crate) fn node_modules() -> Result<Option<PathBuf>, String> {
    if !["node", "npm"].into_iter().all(is_there) {
        return Ok(None);
    }
    let web = steps::root().join("web");
    let node_modules = web.join("node_modules");
    let stamp = node_modules.join(".installed");
    let lock = std::fs::read_to_string(web.join("package-lock.json"))
        .map_err(|error| format!("cannot read web/package-lock.json: {error}"))?;
    if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        eprintln!("xtask: installing the tutorial's packages of npm (once) ...");
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-progress", "--loglevel=error", "--prefix"])
            .arg(&web);
        steps::run(&mut npm, "npm ci")?;
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
