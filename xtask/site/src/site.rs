//! From the sources to the site: the table of contents of this program.

use std::fs;
use std::path::Path;

use crate::cli::{Options, Weight};
use crate::files::Files;
use crate::npm::Npm;
use crate::page::{Link, Page};
use crate::{program, version, weight};

/// The most that may travel before home can be seen and played. The goal is 400 kB; this is what has been reached, and it only ever falls.
const BUDGET_BYTES: usize = 458_000;

/// Writes the site, unless it is there already, and says what it weighs.
pub(crate) fn write(options: &Options) -> Result<(), String> {
    version::check_place(&options.out)?;
    let page = Page::read(&options.project.join("index.html"))?;
    let sources = version::of_sources(options, &page)?;
    let npm = options.node_modules.as_deref().map(Npm::in_folder);
    if version::is_current(&options.out, &sources) {
        let written = Files::read(&options.out)?;
        return weigh(&written, options.weight);
    }

    let mut files = Files::default();
    let style = style(&options.project, &page, npm.as_ref())?;
    for link in page.links() {
        match link {
            Link::Rust | Link::Style(_) => {}
            Link::CopyFile { from, to } => {
                files.add(to, read(&options.project.join(from))?);
            }
            Link::CopyDir { from, .. } if is_of_npm(options, from) => {}
            Link::CopyDir { from, to } => {
                files.add_folder(to, &options.project.join(from))?;
            }
        }
    }
    let program = program::build(options, &page, npm.as_ref())?;
    let names = program.add_to(&mut files);
    files.add("index.html", page.render(&style, &names));
    let worker = version::worker(&files, read(&options.project.join("web/sw.js"))?)?;
    files.add("sw.js", worker);
    files.write(&options.out)?;
    version::mark(&options.out, &sources)?;
    weigh(&files, options.weight)
}

/// Whether a folder is made by npm's tools, and they are not there: then the site goes without it.
pub(crate) fn is_of_npm(options: &Options, from: &str) -> bool {
    options.node_modules.is_none() && from.starts_with("target/")
}

/// The style sheets in their order, as one.
fn style(project: &Path, page: &Page, npm: Option<&Npm>) -> Result<String, String> {
    let mut all = Vec::new();
    for link in page.links() {
        if let Link::Style(path) = link {
            all.extend(read(&project.join(path))?);
            all.push(b'\n');
        }
    }
    let all = match npm {
        Some(npm) => npm.minify_css(&all)?,
        None => all,
    };
    String::from_utf8(all).map_err(|_| "a style sheet is not UTF-8".to_owned())
}

fn weigh(files: &Files, weight: Weight) -> Result<(), String> {
    if weight == Weight::Untold {
        return Ok(());
    }
    let first_view = weight::first_view(files)?;
    println!("{first_view}");
    if weight == Weight::Checked && first_view.gzipped_bytes() > BUDGET_BYTES {
        return Err(format!(
            "the first view is over its budget of {} kB",
            BUDGET_BYTES / 1000
        ));
    }
    Ok(())
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
