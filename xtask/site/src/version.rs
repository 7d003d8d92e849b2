//! Which site this is: what it was made from, and the service worker that keeps one whole version of it.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::cli::Options;
use crate::files::{Files, hash};
use crate::page::{Link, Page};
use crate::site::{is_of_npm, read};

/// Says that a folder holds a site, and what it was made from.
const MARK: &str = ".ottla-site";

/// The folder is emptied: it has to be one that was written by this program, or none yet.
pub(crate) fn check_place(out: &Path) -> Result<(), String> {
    let is_empty = match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !out.exists(),
    };
    match is_empty || out.join(MARK).exists() {
        true => Ok(()),
        false => Err(format!(
            "{} holds something that is no site of Ottla's; choose a new or an empty folder",
            out.display()
        )),
    }
}

/// What everything that goes into the site comes to, in twelve digits.
pub(crate) fn of_sources(options: &Options, page: &Page) -> Result<String, String> {
    let mut sources = Files::default();
    sources.add("index.html", page.text());
    sources.add("program", read(&options.wasm)?);
    sources.add("worker", read(&options.project.join("web/sw.js"))?);
    sources.add("builder", builder()?);
    let tools = [options.node_modules.is_some(), options.browser.is_some()];
    sources.add("tools", tools.map(u8::from));
    for link in page.links() {
        match link {
            Link::Rust => {}
            Link::Style(from) | Link::CopyFile { from, .. } => {
                sources.add(from, read(&options.project.join(from))?);
            }
            Link::CopyDir { from, .. } if is_of_npm(options, from) => {}
            Link::CopyDir { from, .. } => {
                sources.add_folder(from, &options.project.join(from))?;
            }
        }
    }
    Ok(of_files(&sources))
}

pub(crate) fn is_current(out: &Path, sources: &str) -> bool {
    fs::read_to_string(out.join(MARK)).is_ok_and(|made_from| made_from == sources)
}

pub(crate) fn mark(out: &Path, sources: &str) -> Result<(), String> {
    fs::write(out.join(MARK), sources)
        .map_err(|error| format!("cannot write into {}: {error}", out.display()))
}

/// The service worker for these files: `template` with the version and every file's name and hash.
///
/// A browser that fetches a file of another version while the site is being replaced sees by the hash that it is not the one that was meant.
pub(crate) fn worker(files: &Files, template: Vec<u8>) -> Result<String, String> {
    let template = String::from_utf8(template).map_err(|_| "web/sw.js is not UTF-8")?;
    let list: Vec<String> = files
        .iter()
        .map(|(path, content)| {
            let integrity = STANDARD.encode(Sha256::digest(content));
            format!(r#"  ["{path}", "sha256-{integrity}"],"#)
        })
        .collect();
    let (version, files) = (of_files(files), list.join("\n"));
    for place in [VERSION, FILES] {
        if !template.contains(place) {
            return Err(format!("web/sw.js has no place for {place}"));
        }
    }
    Ok(template
        .replace(VERSION, &format!("\"{version}\""))
        .replace(FILES, &format!("[\n{files}\n]")))
}

const VERSION: &str = "self.VERSION";
const FILES: &str = "self.FILES";

fn of_files(files: &Files) -> String {
    let mut all = String::new();
    for (path, content) in files.iter() {
        all.push_str(&format!("{path} {}\n", hash(content)));
    }
    hash(all.as_bytes())
}

/// A builder that was changed writes another site.
fn builder() -> Result<String, String> {
    let failed = |error| format!("cannot look at myself: {error}");
    let own = std::env::current_exe()
        .and_then(fs::metadata)
        .map_err(failed)?;
    let built = own.modified().map_err(failed)?.duration_since(UNIX_EPOCH);
    Ok(format!("{built:?} {}", own.len()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_worker_knows_every_file_by_its_hash() {
        let mut files = Files::default();
        files.add("index.html", "page");
        files.add("code/worker.js", "work()");
        let script = worker(
            &files,
            b"const V = self.VERSION;\nconst F = self.FILES;\n".to_vec(),
        );
        expect![[r#"
            const V = "024b15d62335";
            const F = [
              ["code/worker.js", "sha256-uI2i6RfEypknILy+/c2ALBLfWFpZzeN3MeAoU2kWgwk="],
              ["index.html", "sha256-NmAxWprz3yVdjxmrB35Hl4IrQUiKDioEvGr3EhPCMnQ="],
            ];
        "#]]
        .assert_eq(&script.unwrap());
    }

    #[test]
    fn a_folder_with_something_else_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check_place(folder.path()), Ok(()));
        assert_eq!(check_place(&folder.path().join("new")), Ok(()));
        fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
        let refusal = check_place(folder.path()).unwrap_err();
        assert!(refusal.contains("no site of Ottla's"), "{refusal}");
        mark(folder.path(), "0123").unwrap();
        assert_eq!(check_place(folder.path()), Ok(()));
        assert!(is_current(folder.path(), "0123"));
        assert!(!is_current(folder.path(), "4567"));
    }
}
