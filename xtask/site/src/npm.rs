//! The tools that come from npm: they make the site smaller, and are not needed for it to work.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::site::read;

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

    /// The smallest program that does the same, without its names. `file` is where it lies meanwhile.
    pub(crate) fn optimize_wasm(&self, wasm: Vec<u8>, file: &Path) -> Result<Vec<u8>, String> {
        std::fs::write(file, wasm)
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        let small = file.with_extension("small");
        let mut command = Command::new(self.tools.join("wasm-opt"));
        command
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            // The lowest kilobyte is the last of the stack: no object lies there, so no sum with its address comes there.
            .arg("--low-memory-unused")
            .args(WASM_FEATURES)
            .arg(file)
            .arg("-o")
            .arg(&small);
        run(command, b"")?;
        read(&small)
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

/// The numbers of the points that the first view passes, as a browser sees it on the counting program in `folder`.
pub(crate) fn passed(
    project: &Path,
    folder: &Path,
    browser: &str,
) -> Result<BTreeSet<usize>, String> {
    let mut node = Command::new("node");
    node.arg(project.join("web/first-view.mjs"))
        .arg(folder)
        .arg(browser);
    let said = run(node, b"")?;
    let numbers = String::from_utf8_lossy(&said);
    let numbers = numbers.split_whitespace().map(str::parse);
    numbers
        .collect::<Result<_, _>>()
        .map_err(|error| format!("web/first-view.mjs gave something that is no number: {error}"))
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
