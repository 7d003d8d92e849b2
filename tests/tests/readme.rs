//! What the README says of itself is true.

use std::fs;
use std::path::Path;

use ottla_tests::ottla;
use ottla_wire::APIS;

const BEGIN: &str = "<!-- api table: kept true by tests/tests/readme.rs -->\n";
const END: &str = "<!-- end of api table -->";

#[test]
fn the_readmes_table_names_what_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).expect("there is a README");
    let (before, rest) = readme.split_once(BEGIN).expect("the README has the table");
    let (table, after) = rest.split_once(END).expect("the table ends");
    let expected = served();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{expected}{END}{after}"))
            .expect("the README can be written");
        return;
    }
    assert_eq!(
        table, expected,
        "UPDATE_EXPECT=1 cargo test --package ottla-tests --test readme writes the table"
    );
}

/// The table: two APIs in a row, to keep it on one screen.
fn served() -> String {
    let cells: Vec<String> = APIS
        .iter()
        .map(|api| {
            format!(
                "{} {} | {} to {}",
                api.key,
                api.name,
                api.versions.start(),
                api.versions.end()
            )
        })
        .collect();
    let half = cells.len().div_ceil(2);
    let mut table = String::from("| API | versions | API | versions |\n|---|---|---|---|\n");
    for row in 0..half {
        let right = cells.get(half + row).map_or(" | ", String::as_str);
        table.push_str(&format!("| {} | {right} |\n", cells[row]));
    }
    table
}

#[test]
fn the_readmes_commands_are_commands() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).expect("there is a README");
    let section = readme.split("## Commands").nth(1).expect("it has commands");
    // Kafka's tools have tests of their own, and their help ends as Kafka's does.
    let is_own = |line: &&str| line.starts_with("ottla ") && !line.starts_with("ottla kafka-");
    let typed = section.lines().filter(is_own);
    let typed: Vec<&str> = typed
        .map(|line| line.split('#').next().unwrap_or_default().trim_end())
        .collect();
    assert!(typed.len() > 8, "{typed:?}");
    for line in typed {
        // Usage alone is looked at: what a command needs is not always there, and not all of them end.
        let words = line.split('<').next().unwrap_or_default();
        let words: Vec<&str> = words.split_whitespace().skip(1).chain(["--help"]).collect();
        let ended = ottla::run("nowhere:1", &words);
        assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
    }
}
