//! The tools that come from npm: they make the site smaller, and are not needed for it to work.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What rustc and wasm-bindgen use, and every browser of the last years has.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// npm's tools, installed.
pub(crate) struct Npm {
    tools: PathBuf,
}

impl Npm {
    pub(crate) fn in_folder(node_modules: &Path) -> Npm {
        Npm {
            tools: node_modules.join(".bin"),
        }
    }

    /// The smallest program that does the same, without its names.
    pub(crate) fn optimize_wasm(&self, from: &Path, to: &Path) -> Result<(), String> {
        let mut command = Command::new(self.tools.join("wasm-opt"));
        command
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            .args(WASM_FEATURES)
            .arg(from)
            .arg("-o")
            .arg(to);
        run(command, b"").map(drop)
    }

    /// A module and what it imports in its folder, as one without white space.
    pub(crate) fn bundle_js(&self, path: &Path) -> Result<Vec<u8>, String> {
        let mut command = self.esbuild();
        command
            .args(["--bundle", "--format=esm", "--target=es2022"])
            .arg(path);
        run(command, b"")
    }

    pub(crate) fn minify_css(&self, style: &[u8]) -> Result<Vec<u8>, String> {
        let mut command = self.esbuild();
        command.arg("--loader=css");
        run(command, style)
    }

    fn esbuild(&self) -> Command {
        let mut command = Command::new(self.tools.join("esbuild"));
        command.args(["--minify", "--legal-comments=none", "--log-level=warning"]);
        command
    }
}

/// What it writes when it reads `input`.
fn run(mut command: Command, input: &[u8]) -> Result<Vec<u8>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |error| format!("cannot run {name}: {error}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // It reads all before it writes.
    child
        .stdin
        .take()
        .map_or(Ok(()), |mut stdin| stdin.write_all(input))
        .map_err(failed)?;
    let output = child.wait_with_output().map_err(failed)?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(format!("{name} failed ({})", output.status)),
    }
}
