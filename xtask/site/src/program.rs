//! From the compiled program to what a browser loads: one WebAssembly module, and the JavaScript around it.

use std::fs;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::files::Files;
use crate::npm::Npm;
use crate::site::read;

/// What the page starts.
pub(crate) struct Program {
    wasm: Vec<u8>,
    js: Vec<u8>,
    /// What the JavaScript imports, where nothing has bundled it.
    snippets: Files,
}

/// Where the page finds it.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) wasm: String,
    pub(crate) js: String,
}

/// Does what `wasm-bindgen --target web` does, and makes the result small where npm's tools are there.
pub(crate) fn build(compiled: &Path, npm: Option<&Npm>) -> Result<Program, String> {
    let work = compiled.with_file_name("site-parts");
    let failed = |error| format!("cannot write {}: {error}", work.display());
    if work.exists() {
        fs::remove_dir_all(&work).map_err(failed)?;
    }
    let mut bindgen = Bindgen::new();
    let bindgen = bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen
        .input_path(compiled)
        .out_name("ottla")
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(npm.is_none())
        .remove_producers_section(true)
        .generate(&work)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;

    let wasm = work.join("ottla_bg.wasm");
    let js = work.join("ottla.js");
    let snippets = work.join("snippets");
    match npm {
        Some(npm) => {
            let small = work.join("small.wasm");
            npm.optimize_wasm(&wasm, &small)?;
            Ok(Program {
                wasm: read(&small)?,
                js: npm.bundle_js(&js)?,
                snippets: Files::default(),
            })
        }
        None => Ok(Program {
            wasm: read(&wasm)?,
            js: read(&js)?,
            snippets: match snippets.exists() {
                true => Files::read(&snippets)?,
                false => Files::default(),
            },
        }),
    }
}

impl Program {
    pub(crate) fn add_to(self, files: &mut Files) -> Names {
        for (path, content) in self.snippets.iter() {
            files.add(&format!("snippets/{path}"), content);
        }
        Names {
            wasm: files.add_hashed("ottla.wasm", self.wasm),
            js: files.add_hashed("ottla.js", self.js),
        }
    }
}
