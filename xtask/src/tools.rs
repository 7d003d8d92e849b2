//! Tools that the checks need and that cargo can install.

use std::path::PathBuf;
use std::process::Command;

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
