//! From the compiled program to what a browser loads: one WebAssembly module, and the JavaScript around it.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::cli::Options;
use crate::files::Files;
use crate::glue;
use crate::npm::{self, Npm};
use crate::order;
use crate::page::Page;
use crate::site::read;
use crate::split::{self, Parts};

/// What the page starts.
pub(crate) struct Program {
    wasm: Vec<u8>,
    /// The functions that the first view does not call.
    rest: Option<Vec<u8>>,
    js: Vec<u8>,
    /// What the JavaScript imports, where nothing has bundled it.
    snippets: Files,
}

/// The file with what comes after the first view, before it gets its hash.
pub(crate) const REST: &str = "rest.wasm";

/// Where the page finds it.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) wasm: String,
    pub(crate) rest: Option<String>,
    pub(crate) js: String,
}

/// What a page loads of the program: made small where npm's tools are there, and a browser.
pub(crate) fn build(options: &Options, page: &Page, npm: Option<&Npm>) -> Result<Program, String> {
    let work = options.wasm.with_file_name("site-parts");
    let failed = |error| format!("cannot write {}: {error}", work.display());
    if work.exists() {
        fs::remove_dir_all(&work).map_err(failed)?;
    }
    let names = npm.is_some();
    let (wasm, js) = bind(&options.wasm, &work, names)?;
    let snippets = work.join("snippets");
    let Some(npm) = npm else {
        return Ok(Program {
            wasm,
            rest: None,
            js: read(&js)?,
            snippets: match snippets.exists() {
                true => Files::read(&snippets)?,
                false => Files::default(),
            },
        });
    };
    let (wasm, short) = glue::shorten(&wasm, &String::from_utf8_lossy(&read(&js)?))?;
    fs::write(&js, short).map_err(failed)?;
    let whole = Program {
        wasm,
        rest: None,
        js: npm.bundle_js(&js)?,
        snippets: Files::default(),
    };
    match &options.browser {
        Some(browser) => whole.divided(options, page, &work, npm, browser),
        None => Ok(Program {
            wasm: npm.optimize_wasm(whole.wasm, &work.join("whole.wasm"))?,
            ..whole
        }),
    }
}

/// Does what `wasm-bindgen --target web` does; gives the program, and where its JavaScript is in `folder`. The names of functions are kept for tools.
pub(crate) fn bind(wasm: &Path, folder: &Path, names: bool) -> Result<(Vec<u8>, PathBuf), String> {
    let mut bindgen = Bindgen::new();
    let bindgen = bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen
        .input_path(wasm)
        .out_name("ottla")
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(!names)
        .remove_producers_section(true)
        .generate(folder)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    Ok((
        read(&folder.join("ottla_bg.wasm"))?,
        folder.join("ottla.js"),
    ))
}

/// The texts that nobody reads on the first page: of a lesson everything behind its title and facts.
fn late_texts(project: &Path) -> Result<Vec<Vec<u8>>, String> {
    let mut texts = Vec::new();
    for (path, text) in Files::read(&project.join("lessons"))?.iter() {
        let first_section = text.windows(SECTION.len()).position(|run| run == SECTION);
        match first_section {
            _ if path == "scenes.md" => {}
            Some(start) if path.starts_with(|first: char| first.is_ascii_digit()) => {
                texts.push(text[start + SECTION.len()..].to_vec());
            }
            _ => texts.push(text.to_vec()),
        }
    }
    texts.push(read(&project.join("lab/src/frames/schema.txt"))?);
    Ok(texts)
}

/// What a section of a lesson begins with.
const SECTION: &[u8] = b"\n## ";

impl Program {
    /// In two files, each as small as may be: a browser is asked where the first view passes.
    fn divided(
        self,
        options: &Options,
        page: &Page,
        work: &Path,
        npm: &Npm,
        browser: &str,
    ) -> Result<Program, String> {
        let counting = Program {
            wasm: split::count(&self.wasm)?,
            rest: None,
            js: self.js.clone(),
            snippets: Files::default(),
        };
        let mut files = Files::default();
        let names = counting.add_to(&mut files);
        files.add("index.html", page.render("", &names));
        let folder = work.join("counting");
        files.write(&folder)?;
        let passed = npm::passed(&options.project, &folder, browser)?;
        let texts = late_texts(&options.project)?;
        let objects = match &options.map {
            Some(map) => split::Objects::read(&String::from_utf8_lossy(&read(map)?)),
            None => split::Objects::default(),
        };
        let parts = split::split(&self.wasm, &passed, &texts, &objects)?;
        let parts = order::by_likeness(Parts {
            first: npm.optimize_wasm(parts.first, &work.join("first.wasm"))?,
            rest: npm.optimize_wasm(parts.rest, &work.join(REST))?,
            ..parts
        })?;
        Ok(Program {
            wasm: parts.first,
            rest: Some(parts.rest),
            ..self
        })
    }

    pub(crate) fn add_to(self, files: &mut Files) -> Names {
        for (path, content) in self.snippets.iter() {
            files.add(&format!("snippets/{path}"), content);
        }
        Names {
            wasm: files.add_hashed("ottla.wasm", self.wasm),
            rest: self.rest.map(|rest| files.add_hashed(REST, rest)),
            js: files.add_hashed("ottla.js", self.js),
        }
    }
}
