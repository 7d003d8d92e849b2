//! `cargo xtask site`: the tutorial as files for any web server, under any path.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::{browser, steps, tools};

/// Writes the site into the folder that is named, or into `target/site`.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let folder = match arguments {
        [] => steps::target_directory().join("site"),
        [folder] if !folder.starts_with('-') => PathBuf::from(folder),
        _ => {
            eprintln!(
                "xtask site: only a folder can be named, for example cargo xtask site public"
            );
            return ExitCode::FAILURE;
        }
    };
    // Paths mean what they say where the call was made; what follows runs in the project's folder.
    let written = std::path::absolute(&folder)
        .map_err(|error| format!("{} is no folder: {error}", folder.display()))
        .and_then(|folder| write(&folder, Weight::Told).map(|()| folder));
    match written {
        Ok(folder) => {
            println!("the site is in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("xtask site: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// What the weight of the first view means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Nothing; standard output stays empty.
    Untold,
    /// It is printed.
    Told,
    /// It is printed, and too much of it is a failure.
    Checked,
}

/// Compiles the program and writes the site, each only if something has changed.
pub(crate) fn write(folder: &Path, weight: Weight) -> Result<(), String> {
    let wasm_target = tools::wasm_target()?;
    let node_modules = tools::node_modules("web")?;
    match &node_modules {
        Some(_) => bundle_code()?,
        None => {
            eprintln!(
                "xtask site: without Node 20 and npm the page is larger than it need be, and has no editor for KafkaJS"
            );
            let folder = steps::root().join("target/web-code");
            std::fs::create_dir_all(&folder)
                .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        }
    }
    let compiled = steps::target_directory().join(wasm_target).join("web");
    let map = compiled.join("ottla-web.map");
    // The linker tells where everything is: what only late functions read comes as late as they do. So that it tells of each text, it joins none.
    let map_arg = format!("-Clink-arg=--Map={}", map.display());
    let link_args = [map_arg.as_str(), "-Clink-arg=-O0", CONSTANTS_FROM];
    compile(&["--package=ottla-web"], wasm_target, SMALL, &link_args)?;

    let mut builder = Command::new(env!("CARGO"));
    builder.args(["run", "--quiet", "--package=xtask-site", "--"]);
    builder.arg("--project").arg(steps::root());
    builder.arg("--wasm").arg(compiled.join("ottla-web.wasm"));
    builder.arg("--map").arg(map);
    builder.arg("--out").arg(folder);
    if let Some(node_modules) = node_modules {
        builder.arg("--node-modules").arg(node_modules);
    }
    match browser::name() {
        Some(browser) => drop(builder.arg("--browser").arg(browser)),
        None => eprintln!(
            "xtask site: without Chromium the page is larger than it need be; it finds out what the first view needs"
        ),
    }
    match weight {
        Weight::Untold => {}
        Weight::Told => drop(builder.arg("--weigh")),
        Weight::Checked => drop(builder.arg("--within-budget")),
    }
    steps::run(&mut builder, "xtask-site")
}

/// Compiles a program for browsers; `what` are cargo's words for it. Where the sources of the standard library are to be had, they are compiled with it, for size, with such flags as
/// [`SMALL`]: that takes an eighth off. Only then are switches needed that a stable compiler has under lock.
pub(crate) fn compile(
    what: &[&str],
    wasm_target: &str,
    flags: &str,
    link_args: &[&str],
) -> Result<(), String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(steps::root())
        .args(["rustc", "--profile=web", "--target", wasm_target])
        .args(what);
    if tools::has_std_sources() {
        cargo
            .args(["-Zbuild-std=std,panic_abort"])
            .arg("-Zbuild-std-features=optimize_for_size")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", flags);
    } else {
        eprintln!(
            "xtask site: without the sources of the standard library (rustup component add rust-src) the page is larger than it need be"
        );
    }
    cargo.arg("--").args(link_args);
    steps::run(&mut cargo, "cargo rustc")
}

/// Constants lie where no address of one looks like `None` of an `Option<char>`, 0x110000: what may be an address is taken for one.
const CONSTANTS_FROM: &str = "-Clink-arg=--global-base=1179648";

/// A panic says nothing.
pub(crate) const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";

/// What the tab Code loads, for `trunk serve`, which calls this before it builds.
pub(crate) fn run_code() -> ExitCode {
    let bundled = tools::node_modules("web").and_then(|found| match found {
        Some(_) => bundle_code(),
        None => Err("it needs Node 20 and npm".to_owned()),
    });
    match bundled {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask code: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// KafkaJS and what it needs to run in a page, and the editor.
fn bundle_code() -> Result<(), String> {
    let mut node = Command::new("node");
    node.arg("web/code/build.mjs");
    steps::run(&mut node, "node web/code/build.mjs")
}
