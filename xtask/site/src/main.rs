//! Writes the tutorial's static site: what `cargo xtask site` runs once the program is compiled. With `engine` as the first word it makes the engine
//! of the npm package instead, for `cargo xtask npm`.
//!
//! `index.html` says what belongs to the site, by the same `data-trunk` links that `trunk serve` reads. Every address in what is written is
//! relative, so that the site may live under any path; what changes has its hash in its name, and a service worker keeps one whole version.

mod cli;
mod engine;
mod files;
mod glue;
mod npm;
mod order;
mod page;
mod program;
mod site;
mod split;
mod version;
mod weight;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    let done = match words.next_if(|word| word == "engine") {
        Some(_) => engine::write(words.collect()),
        None => cli::parse(words).and_then(|options| site::write(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask site: {failure}");
            ExitCode::FAILURE
        }
    }
}
