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

/// An option of a tool, for those who help people to type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolOption {
    /// Without hyphens.
    pub name: &'static str,
    /// Whether something comes behind it.
    pub takes_value: bool,
    /// What it is for, in Kafka's words. A `\n` begins a new line.
    pub description: &'static str,
}

/// The options of the tool of this name, with or without `.sh`, sorted by name. None if there is no such tool.
pub fn options_of(tool: &str) -> Vec<ToolOption> {
    let declared = match tool.strip_suffix(".sh").unwrap_or(tool) {
        "kafka-broker-api-versions" => declared::broker_api_versions::OPTIONS,
        "kafka-configs" => declared::configs::OPTIONS,
        "kafka-console-consumer" => declared::console_consumer::OPTIONS,
        "kafka-console-producer" => declared::console_producer::OPTIONS,
        "kafka-consumer-groups" => declared::consumer_groups::OPTIONS,
        "kafka-delete-records" => declared::delete_records::OPTIONS,
        "kafka-get-offsets" => declared::get_offsets::OPTIONS,
        "kafka-topics" => declared::topics::OPTIONS,
        _ => &[],
    };
    let option = |declaration: &options::Declaration| ToolOption {
        name: declaration.name,
        takes_value: !matches!(declaration.argument, options::Argument::None),
        description: declaration.description,
    };
    let mut found: Vec<ToolOption> = declared.iter().map(option).collect();
    found.sort_by_key(|option| option.name);
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_has_options() {
        for tool in tools() {
            let options = options_of(tool);
            let server = options
                .iter()
                .find(|option| option.name == "bootstrap-server");
            assert!(server.is_some_and(|option| option.takes_value), "{tool}");
        }
        assert_eq!(options_of("kafka-nothing"), []);
    }
}
