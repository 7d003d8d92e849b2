//! Running commands of the project.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the project")
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |directory| root().join(directory))
}

/// Whether nothing may be skipped.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// Runs cargo in the project's folder; the error says what failed.
pub(crate) fn cargo(arguments: &[&str]) -> Result<(), String> {
    run(
        Command::new(env!("CARGO")).args(arguments),
        &format!("cargo {}", arguments.join(" ")),
    )
}

/// Runs a command in the project's folder; the error says what failed.
pub(crate) fn run(command: &mut Command, name: &str) -> Result<(), String> {
    match command.current_dir(root()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{name}` failed ({status})")),
        Err(error) => Err(format!("cannot run `{name}`: {error}")),
    }
}
