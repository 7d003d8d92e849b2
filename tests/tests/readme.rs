//! What the README says of itself is true.

use std::fs;
use std::path::Path;

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
