//! Scenarios of command lines and what Apache Kafka's own tools answered: played again with Ottla's.

use std::fs;
use std::path::{Path, PathBuf};

pub mod mask;
pub mod play;
pub mod scenario;

pub use scenario::{Outcome, Scenario, Step};

/// A scenario, by its name.
///
/// # Panics
/// If there is none.
pub fn read(name: &str) -> Scenario {
    let path = path(name);
    let text = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    Scenario::parse(name, &text)
}

/// Where a scenario stands, by its name.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tools")
        .join(format!("{name}.txt"))
}
