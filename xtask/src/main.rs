//! The project's chores: `cargo xtask start`, `site`, `npm`, `test`, `bench`.

mod bench;
mod browser;
mod npm;
mod site;
mod start;
mod steps;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask start [OPTIONS]   build what is missing and start the broker; OPTIONS are the broker's own (ottla --help)
cargo xtask site [DIR]        write the tutorial as a static site, for any path of any web server (into target/site)
cargo xtask code              bundle the tutorial's editor, as trunk wants it before it builds
cargo xtask npm               build and pack the package for Node and browsers (into target/npm)
cargo xtask test              check style, docs and licences, and run every test; installs what the tests need
cargo xtask bench [OPTIONS]   measure Ottla beside Apache Kafka in one run (cargo xtask bench --help)";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next();
    let rest: Vec<String> = arguments.collect();
    match chore.as_deref() {
        Some("start") => start::run(&rest),
        Some("site") => site::run(&rest),
        Some("code") => site::run_code(),
        Some("npm") => npm::run(),
        Some("test") => test::run(),
        Some("bench") => bench::run(&rest),
        Some("--help" | "-h" | "help") => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Some(other) => {
            eprintln!("xtask: there is no chore called {other}\n{HELP}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("{HELP}");
            ExitCode::FAILURE
        }
    }
}
