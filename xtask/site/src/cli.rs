//! What `cargo xtask site` hands over.

use std::path::PathBuf;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The folder with `index.html`.
    pub(crate) project: PathBuf,
    /// The compiled program, as cargo left it.
    pub(crate) wasm: PathBuf,
    /// The linker's map of the program; without it all constants are of the first view.
    pub(crate) map: Option<PathBuf>,
    /// Where the site goes.
    pub(crate) out: PathBuf,
    /// Where npm's tools are; without it the site is larger and has no editor.
    pub(crate) node_modules: Option<PathBuf>,
    /// What to do about the weight of the first view.
    pub(crate) weight: Weight,
    /// What Chromium is called here; without it the whole program is of the first view.
    pub(crate) browser: Option<String>,
}

/// What the weight of the first view means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Untold,
    Told,
    /// Told, and too much of it is a failure.
    Checked,
}

/// `--project DIR --wasm FILE [--map FILE] --out DIR [--node-modules DIR] [--weigh|--within-budget] [--browser NAME]`
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let (mut project, mut wasm, mut out) = (None, None, None);
    let (mut node_modules, mut map) = (None, None);
    let mut weight = Weight::Untold;
    let mut browser = None;
    while let Some(word) = words.next() {
        let place = match word.as_str() {
            "--project" => &mut project,
            "--wasm" => &mut wasm,
            "--map" => &mut map,
            "--out" => &mut out,
            "--node-modules" => &mut node_modules,
            "--weigh" => {
                weight = Weight::Told;
                continue;
            }
            "--within-budget" => {
                weight = Weight::Checked;
                continue;
            }
            "--browser" => &mut browser,
            other => return Err(format!("what is {other}?")),
        };
        let value = words.next().ok_or(format!("{word} wants a value"))?;
        *place = Some(PathBuf::from(value));
    }
    Ok(Options {
        project: project.ok_or("--project is missing")?,
        wasm: wasm.ok_or("--wasm is missing")?,
        map,
        out: out.ok_or("--out is missing")?,
        node_modules,
        weight,
        browser: browser.map(|name: PathBuf| name.to_string_lossy().into_owned()),
    })
}
