//! Writes the tutorial's static site: what `cargo xtask site` runs once the program is compiled.
//!
//! `index.html` says what belongs to the site, by the same `data-trunk` links that `trunk serve` reads. Every address in what is written is
//! relative, so that the site may live under any path; what changes has its hash in its name, and a service worker keeps one whole version.

mod cli;
mod files;
mod npm;
mod page;
mod program;
mod site;
mod split;
mod version;
mod weight;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse(std::env::args().skip(1)).and_then(|options| site::write(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask site: {failure}");
            ExitCode::FAILURE
        }
    }
}
