//! Kafka's own command lines, verbatim: same flags, same output, same exit codes.

mod broker_api_versions;
mod cluster;
mod configs;
mod console_consumer;
mod console_producer;
mod consumer_groups;
pub(crate) mod declared;
mod delete_records;
mod failure;
mod get_offsets;
pub(crate) mod java;
pub(crate) mod options;
mod quit;
mod topic_filter;
mod topics;

use super::{Program, Surroundings};

/// What starts a tool: its arguments without its name, where it runs, and a seed.
type Start = fn(Vec<String>, Surroundings, u64) -> Program;

/// The tools by Kafka's names.
const TOOLS: &[(&str, Start)] = &[
    ("kafka-broker-api-versions", broker_api_versions::start),
    ("kafka-configs", configs::start),
    ("kafka-console-consumer", console_consumer::start),
    ("kafka-console-producer", console_producer::start),
    ("kafka-consumer-groups", consumer_groups::start),
    ("kafka-delete-records", delete_records::start),
    ("kafka-get-offsets", get_offsets::start),
    ("kafka-topics", topics::start),
];

/// The names of all tools, such as `kafka-topics`.
pub fn tools() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().map(|(name, _)| *name)
}

/// The tool of this name, with or without `.sh`, started with these arguments. `None` if there is none.
pub(super) fn program(
    tool: &str,
    arguments: &[String],
    surroundings: Surroundings,
    seed: u64,
) -> Option<Program> {
    let tool = tool.strip_suffix(".sh").unwrap_or(tool);
    let (_, start) = TOOLS.iter().find(|(name, _)| *name == tool)?;
    Some(start(arguments.to_vec(), surroundings, seed))
}
