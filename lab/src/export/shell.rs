//! Command lines: Kafka's own tools, for bash.

use std::sync::Arc;

use super::story::{Batch, Part, Record, has_programs, is_unseen, parts, told};
use super::{Text, program_lines};
use crate::action::{Action, BrokerFault, ConsumerSettings, SeekTo};
use crate::timeline::Timeline;
use ottla_core::sorted::Map;

/// A scene as a script for bash, with the tools that come with Kafka (`ottla` has them too): topics, consumers in the background, the records that
/// were sent, signals to the processes. What the tools cannot do is a comment.
pub fn command_lines(timeline: &Timeline) -> String {
    let mut shell = Shell::default();
    for line in HEAD {
        shell.text.line(line);
    }
    let parts = parts(timeline);
    if has_programs(&parts) {
        shell.text.line(READ_FIRST);
    }
    let mut last_ms = 0;
    for part in parts {
        match part {
            Part::Done(at, action) => {
                let at_ms = at.0.div_ceil(1000);
                shell.wait_ms(at_ms - last_ms);
                last_ms = at_ms;
                shell.text.line("");
                shell.text.line(format!("# {}", told(at, &action)));
                shell.action(&action);
            }
            Part::Sent(batch) => shell.batch(&batch),
        }
    }
    let now_ms = timeline.now().0.div_ceil(1000);
    shell.wait_ms(now_ms.saturating_sub(last_ms));
    shell.end();
    shell.text.text
}

#[derive(Default)]
struct Shell {
    text: Text,
    consumers: Map<String, ConsumerSettings>,
    /// Sources of the learner's programs, by name.
    programs: Map<String, Arc<str>>,
}

impl Shell {
    fn wait_ms(&mut self, ms: u64) {
        // What follows within a moment follows anyway.
        if ms >= 100 {
            let (seconds, rest_ms) = (ms / 1000, ms % 1000);
            let rest = format!(".{rest_ms:03}");
            let rest = rest.trim_end_matches('0').trim_end_matches('.');
            self.text.line(format!("sleep {seconds}{rest}"));
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::CreateTopic {
                name,
                partitions_count,
                configs,
            } => {
                let configs = configs
                    .iter()
                    .map(|(key, value)| format!(" --config {}", quoted(&format!("{key}={value}"))));
                let configs: String = configs.collect();
                self.tool(
                    "kafka-topics",
                    &format!("--create --topic {name} --partitions {partitions_count}{configs}"),
                );
            }
            Action::AddPartitions {
                topic,
                partitions_count,
            } => self.tool(
                "kafka-topics",
                &format!("--alter --topic {topic} --partitions {partitions_count}"),
            ),
            Action::DeleteTopic { name } => {
                self.tool("kafka-topics", &format!("--delete --topic {name}"));
            }
            Action::ConfigureTopic { topic, configs } => self.configure(topic, configs),
            Action::AddConsumer { name, settings } => {
                self.consumers.insert(name.clone(), (**settings).clone());
                self.consume(name);
            }
            Action::Code { name, source } => {
                if self.programs.insert(name.clone(), source.clone()).is_some() {
                    self.signal("KILL", name);
                }
                self.run_program(name);
            }
            Action::Restart(name) if self.programs.contains_key(name) => self.run_program(name),
            Action::Restart(name) if self.consumers.contains_key(name) => self.consume(name),
            Action::Crash(name) => self.signal("KILL", name),
            Action::Freeze(name) => self.signal("STOP", name),
            Action::Thaw(name) => self.signal("CONT", name),
            Action::Leave(name) => self.signal("TERM", name),
            Action::Seek {
                consumer,
                partition,
                to,
            } => self.seek(consumer, &partition.to_string(), *to),
            // A link may hold anything: what a shell would make more of than words is not written.
            Action::Run(line) if line.chars().all(is_word) => self.text.line(line),
            Action::AddProducer { .. } | Action::Send { .. } | Action::SetRate { .. } => {}
            Action::Broker(fault) => self.text.line(match fault {
                BrokerFault::Crash => "# kill -9 the broker's process",
                BrokerFault::Stop => "# end the broker's process with ctrl-C",
                BrokerFault::Start => "# start the broker again, with the same --data",
                BrokerFault::Freeze => "# kill -STOP the broker's process",
                BrokerFault::Thaw => "# kill -CONT the broker's process",
            }),
            _ => self.text.line("# (no command does this)"),
        }
    }

    fn tool(&mut self, tool: &str, arguments: &str) {
        self.text.line(format!("{tool} {SERVER} {arguments}"));
    }

    fn configure(&mut self, topic: &str, configs: &[(String, Option<String>)]) {
        for (key, value) in configs {
            let change = match value {
                Some(value) => format!("--add-config {}", quoted(&format!("{key}={value}"))),
                None => format!("--delete-config {}", quoted(key)),
            };
            let arguments = format!("--alter --entity-type topics --entity-name {topic} {change}");
            self.tool("kafka-configs", &arguments);
        }
    }

    fn consume(&mut self, name: &str) {
        let Some(settings) = self.consumers.get(name) else {
            return;
        };
        let topic = match settings.topics.as_slice() {
            [topic] => format!("--topic {topic}"),
            topics => format!(
                "--include {}",
                quoted(&topics.join("|").replace('.', "\\."))
            ),
        };
        let group = settings.group.as_ref();
        let group = group.map_or(String::new(), |group| format!(" --group {group}"));
        let beginning = if settings.from_beginning {
            " --from-beginning"
        } else {
            ""
        };
        let mut properties = vec![
            ("session.timeout.ms", settings.session_timeout.0.to_string()),
            (
                "heartbeat.interval.ms",
                settings.heartbeat_interval.0.to_string(),
            ),
            (
                "partition.assignment.strategy",
                settings.assignor.class().to_owned(),
            ),
        ];
        if let Some(instance) = &settings.group_instance_id {
            properties.push(("group.instance.id", instance.clone()));
        }
        let properties = properties.iter().map(|(key, value)| {
            format!(
                " \\\n  --consumer-property {}",
                quoted(&format!("{key}={value}"))
            )
        });
        let properties: String = properties.collect();
        let arguments = format!("{topic}{group}{beginning}{properties} &");
        self.tool("kafka-console-consumer", &arguments);
        self.text.line(format!("{}=$!", variable(name)));
    }

    fn run_program(&mut self, name: &str) {
        let source = self.programs.get(name).cloned().unwrap_or_default();
        let lines = program_lines(&source).map(|line| line.replace(is_unseen, " "));
        self.document("node --input-type=module", lines.collect(), " &");
        self.text.line(format!("{}=$!", variable(name)));
    }

    /// A command that reads these lines. They stand at the beginning of theirs, and none of them is the last.
    fn document(&mut self, command: &str, lines: Vec<String>, behind: &str) {
        let mut end = String::from("END");
        while lines.contains(&end) {
            end.push('_');
        }
        self.text.line(format!("{command} <<'{end}'{behind}"));
        for line in lines {
            self.text.line(line);
        }
        self.text.line(end);
    }

    fn signal(&mut self, signal: &str, name: &str) {
        match self.consumers.contains_key(name) || self.programs.contains_key(name) {
            true => self
                .text
                .line(format!("kill -{signal} \"${}\"", variable(name))),
            false => self
                .text
                .line("# (its records below are sent by a process that ends by itself)"),
        }
    }

    fn seek(&mut self, consumer: &str, partition: &str, to: SeekTo) {
        let settings = self.consumers.get(consumer);
        let Some(group) = settings.and_then(|settings| settings.group.clone()) else {
            self.text.line("# (no command does this)");
            return;
        };
        let (topic, index) = partition.rsplit_once('-').unwrap_or((partition, "0"));
        let to = match to {
            SeekTo::Beginning => "--to-earliest".to_owned(),
            SeekTo::End => "--to-latest".to_owned(),
            SeekTo::Offset(offset) => format!("--to-offset {offset}"),
        };
        self.text
            .line("# While the group has members, the tool refuses this: end them first.");
        self.tool(
            "kafka-consumer-groups",
            &format!("--reset-offsets --group {group} --topic {topic}:{index} {to} --execute"),
        );
    }

    fn batch(&mut self, batch: &Batch) {
        // Records with a key and records without one need the tool to be told so.
        for records in batch
            .records
            .chunk_by(|one, next| one.key.is_some() == next.key.is_some())
        {
            self.text
                .line(format!("# {} sends {}", batch.producer, records.len()));
            let mut arguments = format!("--topic {}", batch.topic);
            let separator = records[0].key.as_ref().map(|_| separator(records));
            if let Some(separator) = separator {
                arguments.push_str(" --property parse.key=true --property key.separator=");
                arguments.push_str(&quoted(separator));
            }
            let lines = records.iter().map(|record| {
                let key = record.key.as_deref().unwrap_or("");
                let line = format!("{key}{}{}", separator.unwrap_or(""), record.value);
                line.replace(is_unseen, " ")
            });
            let command = format!("kafka-console-producer {SERVER} {arguments}");
            self.document(&command, lines.collect(), "");
        }
    }

    fn end(&mut self) {
        self.text.line("");
        self.text.line("# What there is now");
        self.tool("kafka-topics", "--describe --exclude-internal");
        if self.consumers.values().any(|one| one.group.is_some()) {
            self.tool("kafka-consumer-groups", "--describe --all-groups");
        }
        self.text.line("kill $(jobs -p) 2>/dev/null");
    }
}

/// What stands between key and value and in none of the keys.
fn separator(records: &[Record]) -> &'static str {
    let is_free = |separator: &&&str| {
        let keys = records.iter().filter_map(|record| record.key.as_deref());
        !keys.into_iter().any(|key| key.contains(**separator))
    };
    SEPARATORS.iter().find(is_free).copied().unwrap_or("::::")
}

/// What means nothing to a shell, or parts words.
fn is_word(c: char) -> bool {
    c == ' ' || is_plain(c)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.,=/:@+".contains(c)
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// The variable that holds a process's id.
fn variable(name: &str) -> String {
    let letters = name.chars().map(|c| match c.is_ascii_alphanumeric() {
        true => c,
        false => '_',
    });
    format!("pid_{}", letters.collect::<String>())
}

const SERVER: &str = "--bootstrap-server localhost:9092";
const SEPARATORS: [&str; 4] = [":", "|", ";", "::"];
const READ_FIRST: &str = "# It runs the programs of the scene with Node, in a folder that has KafkaJS (`npm install kafkajs`): read them first, if they are not your own.";
const HEAD: [&str; 3] = [
    "#!/usr/bin/env bash",
    "# Written by Ottla's tutorial: the scene with Kafka's own tools, against a broker on this machine (`ottla` starts one).",
    "# The tools wait for real time: so does this script.",
];
