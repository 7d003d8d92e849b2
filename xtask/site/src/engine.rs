//! The engine of the npm package: a program and the JavaScript that calls it, for `npm/build.mjs`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::npm::Npm;
use crate::program::bind;

/// `WASM NODE_MODULES OUT`: writes `ottla.wasm`, small, and `ottla.js` into the folder `OUT`.
pub(crate) fn write(words: Vec<String>) -> Result<(), String> {
    let paths: Vec<PathBuf> = words.into_iter().map(PathBuf::from).collect();
    let [wasm, node_modules, out] = &paths[..] else {
        return Err("engine wants three paths: WASM NODE_MODULES OUT".to_owned());
    };
    let failed = |error| format!("cannot write {}: {error}", out.display());
    if out.exists() {
        fs::remove_dir_all(out).map_err(failed)?;
    }
    fs::create_dir_all(out).map_err(failed)?;
    let (program, _) = bind(wasm, out, true)?;
    let small = Npm::in_folder(node_modules).optimize_wasm(program, &out.join("ottla_bg.wasm"))?;
    fs::write(out.join("ottla.wasm"), small).map_err(failed)?;
    for left in ["ottla_bg.wasm", "ottla_bg.small"] {
        remove(&out.join(left))?;
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), String> {
    fs::remove_file(file).map_err(|error| format!("cannot remove {}: {error}", file.display()))
}
