//! What a person can type.

use std::fmt::Write;

use ottla_client::command::kafka;

/// All commands, with an example of each, as text for the terminal.
pub fn help() -> String {
    let mut text = String::from("Kafka's own commands, on the broker of this scene:\n\n");
    for (tool, about, example) in TOOLS {
        // The lines of a terminal are of one width.
        writeln!(text, "  {tool}\n      {about}\n      {tool} {example}").expect("a text takes it");
    }
    text + "\nTab completes commands, options, topics and groups. `--help` behind a command lists its options.\n\
            ctrl-C ends a command that goes on; ctrl-D ends its input. `clear` empties the terminal.\n"
}

/// There is no such command.
pub(super) fn unknown(tool: &str) -> String {
    let tools: Vec<&str> = kafka::tools().collect();
    format!(
        "{tool}: there is no such command here. There are {}, help, clear.\n",
        tools.join(", ")
    )
}

/// What a tool is for, in a few words.
pub(super) fn about(tool: &str) -> &'static str {
    let found = TOOLS.iter().find(|(name, _, _)| *name == tool);
    found.map_or("", |(_, about, _)| about)
}

const TOOLS: &[(&str, &str, &str)] = &[
    (
        "kafka-topics",
        "Topics: create, list, describe, alter, delete.",
        "--create --topic orders --partitions 3",
    ),
    (
        "kafka-console-producer",
        "Sends what you type, a record for each line.",
        "--topic orders --reader-property parse.key=true --reader-property key.separator=:",
    ),
    (
        "kafka-console-consumer",
        "Reads records and writes them here, until ctrl-C.",
        "--topic orders --from-beginning --formatter-property print.key=true",
    ),
    (
        "kafka-consumer-groups",
        "Groups: list, describe, reset offsets, delete.",
        "--describe --group billing",
    ),
    (
        "kafka-configs",
        "Settings of topics and brokers: describe and alter.",
        "--alter --entity-type topics --entity-name orders --add-config retention.ms=60000",
    ),
    (
        "kafka-get-offsets",
        "Where the partitions of topics end, or begin.",
        "--topic orders",
    ),
    (
        "kafka-delete-records",
        "Deletes the oldest records. It reads a file, and there are none here.",
        "--help",
    ),
    (
        "kafka-broker-api-versions",
        "Which requests the broker understands, in which versions.",
        "",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_explained() {
        for tool in kafka::tools() {
            assert!(!about(tool).is_empty(), "{tool}");
        }
        assert_eq!(TOOLS.len(), kafka::tools().count());
    }
}
