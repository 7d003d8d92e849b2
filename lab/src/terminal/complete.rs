//! What may come next in a line.

use ottla_client::command::kafka::{self, ToolOption};
use ottla_core::sorted::Set;

use super::help::about;
use crate::World;
use crate::brief::shortened;

/// What a word may become.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where in the line the word begins that is replaced, in bytes. It ends at the cursor.
    pub from: usize,
    /// What it may become, sorted.
    pub candidates: Vec<Candidate>,
}

impl Completion {
    /// What all candidates begin with.
    pub fn common(&self) -> &str {
        let mut texts = self
            .candidates
            .iter()
            .map(|candidate| candidate.text.as_str());
        let first = texts.next().unwrap_or_default();
        texts.fold(first, |common, text| {
            let pairs = common.char_indices().zip(text.chars());
            let alike = pairs.take_while(|((_, one), other)| one == other);
            let end = alike.last().map_or(0, |((at, c), _)| at + c.len_utf8());
            &common[..end]
        })
    }
}

/// A word that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The whole word.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub about: String,
}

/// What the word before the cursor (counted in bytes) may become: commands, options, topics, groups.
pub fn complete(world: &World, line: &str, cursor: usize) -> Completion {
    let mut cursor = cursor.min(line.len());
    while !line.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let before = &line[..cursor];
    let from = before
        .char_indices()
        .rfind(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let (earlier, word) = before.split_at(from);
    let earlier: Vec<&str> = earlier.split_whitespace().collect();
    let mut candidates = match earlier.split_first() {
        None => commands(),
        Some((tool, arguments)) => {
            let tool = tool.rsplit('/').next().unwrap_or(tool);
            behind(world, tool, arguments, word)
        }
    };
    candidates.retain(|candidate| candidate.text.starts_with(word));
    candidates.truncate(CANDIDATES_MAX);
    Completion { from, candidates }
}

fn commands() -> Vec<Candidate> {
    let tools = kafka::tools().map(|tool| candidate(tool, about(tool)));
    tools
        .chain([
            candidate("help", "All commands, with examples."),
            candidate("clear", "Empties the terminal."),
        ])
        .collect()
}

fn behind(world: &World, tool: &str, arguments: &[&str], word: &str) -> Vec<Candidate> {
    let options = kafka::options_of(tool);
    let last = arguments.last().and_then(|last| last.strip_prefix("--"));
    let last = last.and_then(|last| options.iter().find(|option| option.name == last));
    if let Some(option) = last.filter(|option| option.takes_value)
        && !word.starts_with("--")
    {
        return values(world, tool, option.name, arguments);
    }
    let is_open = |option: &&ToolOption| {
        let is_said = arguments.contains(&&*format!("--{}", option.name));
        !is_said || REPEATED.contains(&option.name)
    };
    let options = options.iter().filter(is_open);
    options
        .map(|option| {
            candidate(
                &format!("--{}", option.name),
                &first_sentence(option.description),
            )
        })
        .collect()
}

fn values(world: &World, tool: &str, option: &str, arguments: &[&str]) -> Vec<Candidate> {
    let fixed = |values: &[&str]| values.iter().map(|value| candidate(value, "")).collect();
    match option {
        "topic" | "include" | "whitelist" => topics(world),
        "group" => groups(world),
        "entity-name" if arguments.contains(&"groups") => groups(world),
        "entity-name" if arguments.contains(&"brokers") => fixed(&["1"]),
        "entity-name" => topics(world),
        "entity-type" => fixed(&["brokers", "groups", "topics"]),
        "bootstrap-server" => fixed(&["localhost:9092"]),
        "property" | "reader-property" if tool.starts_with("kafka-console-producer") => {
            fixed(&["key.separator=:", "parse.headers=true", "parse.key=true"])
        }
        "property" | "formatter-property" => fixed(&[
            "key.separator=:",
            "print.key=true",
            "print.offset=true",
            "print.partition=true",
            "print.timestamp=true",
        ]),
        "config" | "add-config" => fixed(&[
            "cleanup.policy=compact",
            "max.message.bytes=",
            "message.timestamp.type=",
            "retention.bytes=",
            "retention.ms=",
            "segment.ms=",
        ]),
        "delete-config" => fixed(&[
            "cleanup.policy",
            "max.message.bytes",
            "retention.bytes",
            "retention.ms",
            "segment.ms",
        ]),
        "time" => fixed(&["earliest", "latest"]),
        "replication-factor" => fixed(&["1"]),
        "compression-codec" => fixed(&["gzip", "lz4", "none", "snappy", "zstd"]),
        _ => Vec::new(),
    }
}

fn topics(world: &World) -> Vec<Candidate> {
    let topics = world.broker().metadata().topics();
    let names: Set<&str> = topics.map(|topic| &*topic.name).collect();
    names
        .into_iter()
        .map(|name| candidate(name, "topic"))
        .collect()
}

fn groups(world: &World) -> Vec<Candidate> {
    let groups = world.broker().groups();
    let names: Set<&str> = groups.map(|group| group.id().as_str()).collect();
    names
        .into_iter()
        .map(|name| candidate(name, "group"))
        .collect()
}

fn candidate(text: &str, about: &str) -> Candidate {
    Candidate {
        text: text.to_owned(),
        about: about.to_owned(),
    }
}

fn first_sentence(description: &str) -> String {
    let line = description.lines().next().unwrap_or_default();
    let end = line.find(". ").map_or(line.len(), |at| at + 1);
    shortened(&line[..end], ABOUT_MAX_CHARS).into_owned()
}

/// Options that may be said more than once.
const REPEATED: &[&str] = &[
    "add-config",
    "command-property",
    "config",
    "consumer-property",
    "formatter-property",
    "producer-property",
    "property",
    "reader-property",
    "topic",
];
const CANDIDATES_MAX: usize = 100;
const ABOUT_MAX_CHARS: usize = 90;
