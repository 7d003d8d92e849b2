//! What ARCHITECTURE.md promises about the structure, held against the files.

use std::fs;
use std::path::{Path, PathBuf};

/// No file grows out of hand: past this it is to be split by what happens in it.
const MOST_LINES: usize = 400;

/// What is written here by hand, in all of the project's languages.
const FOLDERS: [&str; 14] = [
    "core", "codec", "wire", "client", "lab", "native", "web", "npm", "lessons", "tests", "xtask",
    "bench", "fuzz", "docs",
];
const CODE: &[&str] = &[
    "rs", "mjs", "cjs", "js", "ts", "css", "html", "sh", "py", "go", "java", "c",
];
const LESSONS: &[&str] = &["md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests is a folder of the project")
}

/// The project's own crates that a crate depends on, other than for its tests.
fn knows(folder: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml"))
        .expect("the crate has a manifest");
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let dependencies = dependencies.split("\n[").next().unwrap_or_default();
    let names = dependencies
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next());
    names
        .filter(|name| name.starts_with("ottla"))
        .map(str::to_owned)
        .collect()
}

/// All Rust files below a folder of the project.
fn sources(folder: &str) -> Vec<PathBuf> {
    files(folder, &["rs"])
}

/// All files below a folder of the project whose names end so; not what was built or installed there.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .expect("the folder can be read")
            .flatten()
        {
            let path = entry.path();
            let outputs = ["target", "node_modules", "dist"];
            let is_output = outputs.iter().any(|name| entry.file_name() == *name);
            if path.is_dir() && !is_output {
                folders.push(path);
            } else if endings
                .iter()
                .any(|ending| path.extension().is_some_and(|it| it == *ending))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn each_part_knows_only_whom_it_may_know() {
    assert_eq!(knows("core"), Vec::<String>::new());
    assert_eq!(knows("codec"), Vec::<String>::new());
    assert_eq!(knows("wire"), ["ottla-codec", "ottla-core"]);
    assert_eq!(knows("client"), ["ottla-codec", "ottla-core"]);
    assert_eq!(
        knows("lab"),
        ["ottla-client", "ottla-codec", "ottla-core", "ottla-wire"]
    );
    assert_eq!(
        knows("native"),
        ["ottla-core", "ottla-client", "ottla-wire"]
    );
    assert_eq!(knows("web"), ["ottla-lab"]);
    assert_eq!(knows("npm"), ["ottla-core", "ottla-wire"]);
    assert_eq!(knows("xtask"), Vec::<String>::new());
    assert_eq!(knows("xtask/site"), Vec::<String>::new());
}

#[test]
fn the_engine_the_protocol_and_the_client_do_no_io() {
    let forbidden = [
        "std::fs",
        "std::net",
        "std::thread",
        "std::process",
        "tokio",
        "SystemTime",
        "Instant::now",
        "std::env",
    ];
    let folders = [
        "core/src",
        "codec/src",
        "wire/src",
        "client/src",
        "lab/src",
        "npm/src",
    ];
    for file in folders.into_iter().flat_map(sources) {
        let text = fs::read_to_string(&file).expect("sources are text");
        // A module's tests may do what they like.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for word in forbidden {
            let line = code.iter().find(|line| line.contains(word));
            assert!(
                line.is_none(),
                "{} uses {word}: {}",
                file.display(),
                line.unwrap_or(&"")
            );
        }
    }
}

#[test]
fn no_file_grows_out_of_hand() {
    let code = FOLDERS.iter().flat_map(|folder| files(folder, CODE));
    let long: Vec<String> = code
        .chain(files("lessons", LESSONS))
        .filter_map(|file| {
            let lines = fs::read_to_string(&file)
                .expect("sources are text")
                .lines()
                .count();
            (lines > MOST_LINES).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(
        long.is_empty(),
        "split by what happens in them:\n{}",
        long.join("\n")
    );
}

#[test]
fn nothing_is_left_behind() {
    let marks = [
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("dbg", "!("),
    ];
    for folder in FOLDERS {
        for file in files(folder, CODE) {
            let text = fs::read_to_string(&file).expect("sources are text");
            for mark in marks {
                assert!(!text.contains(mark), "{} holds {mark}", file.display());
            }
        }
    }
}
