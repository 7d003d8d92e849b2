//! A test for Node: KafkaJS against the npm package `ottla`.

mod clients;
mod programs;
mod words;

use ottla_core::Instant;
use ottla_core::sorted::{Map, Set};

use super::Text;
use super::story::{Batch, Part, has_programs, parts, told};
use crate::World;
use crate::action::{Action, BrokerFault, CommitPolicy, ConsumerSettings, ProducerSettings};
use crate::timeline::Timeline;
use programs::PROGRAMS;
use words::{Names, object, text};

/// A scene as a test for Node: an ES module for `node --test`, with KafkaJS clients on a broker of the package `ottla`. It waits for what the scene
/// has come to (the group is stable, the records are there) rather than for time, and holds the outcome against it. What cannot be done there is a
/// comment.
pub fn node_test(timeline: &Timeline) -> String {
    let parts = parts(timeline);
    let mut node = Node {
        has_poison: has_poison(&parts),
        has_programs: has_programs(&parts),
        ..Node::default()
    };
    node.test(&parts, timeline.start().seed, timeline.world());
    // What is imported is known in the end.
    let mut head = Text::default();
    for line in HEAD {
        head.line(line);
    }
    if node.has_programs {
        READ_FIRST.iter().for_each(|line| head.line(line));
    }
    head.line("");
    node.imports(&mut head);
    head.text + &node.text.text
}

#[derive(Default)]
struct Node {
    text: Text,
    names: Names,
    producers: Map<String, ProducerSettings>,
    consumers: Map<String, ConsumerSettings>,
    /// Consumers that run.
    running: Set<String>,
    /// How many records have been sent to each topic.
    sent_counts: Map<String, usize>,
    /// What KafkaJS's module is asked for beside its client.
    imports: Set<&'static str>,
    /// The learner's, by name.
    programs: Set<String>,
    has_programs: bool,
    has_poison: bool,
    is_sleeping: bool,
    has_admin: bool,
    /// Somebody paused a consumer or sent it elsewhere.
    is_led: bool,
}

impl Node {
    fn test(&mut self, parts: &[Part], seed: u64, world: &World) {
        self.text.line("");
        self.text.line("test('the scene', async (t) => {");
        self.text.depth = 1;
        let begun_count = self.begin(parts, seed);
        let mut last_ms = 0;
        for part in &parts[begun_count..] {
            match part {
                Part::Done(at, action) => {
                    self.pass_to(*at, &mut last_ms);
                    self.text.line("");
                    self.text.line(format!("// {}", told(*at, action)));
                    self.action(action);
                }
                Part::Sent(batch) => self.batch(batch),
            }
        }
        self.pass_to(world.now().mono, &mut last_ms);
        self.end();
        self.await_programs(world);
        self.text.depth = 0;
        self.text.line("});");
    }

    /// Nobody knows what programs do in the time between two actions: they are given it.
    fn pass_to(&mut self, at: Instant, last_ms: &mut u64) {
        let at_ms = at.0.div_ceil(1000);
        let passed_ms = at_ms - std::mem::replace(last_ms, at_ms);
        if self.has_programs && passed_ms > 0 {
            self.is_sleeping = true;
            self.text.line(format!("await sleep({passed_ms});"));
        }
    }

    /// The broker, with the topics that the scene begins with. How many parts that were.
    fn begin(&mut self, parts: &[Part], seed: u64) -> usize {
        let topics = parts.iter().map_while(|part| match part {
            Part::Done(
                _,
                Action::CreateTopic {
                    name,
                    partitions_count,
                    configs,
                },
            ) if configs.is_empty() => Some((name, partitions_count)),
            _ => None,
        });
        let topics: Vec<String> = topics
            .map(|(name, count)| format!("{}: {{ partitions: {count} }}", text(name)))
            .collect();
        let begun_count = topics.len();
        // A number of JavaScript's holds 53 bits.
        let big = if seed < 1 << 53 { "" } else { "n" };
        let topics = match topics.is_empty() {
            true => String::new(),
            false => format!(", topics: {{ {} }}", topics.join(", ")),
        };
        self.text.line(format!(
            "const ottla = await Ottla.start({{ seed: {seed}{big}{topics} }});"
        ));
        if self.has_programs {
            PROGRAMS.iter().for_each(|line| self.text.line(line));
        }
        for line in BEGINNING {
            self.text.line(line);
        }
        begun_count
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::CreateTopic {
                name,
                partitions_count,
                configs,
            } => self.create_topic(name, *partitions_count, configs),
            Action::AddPartitions {
                topic,
                partitions_count,
            } => {
                let partitions = format!(
                    "createPartitions({{ topicPartitions: [{{ topic: {}, count: {partitions_count} }}] }})",
                    text(topic)
                );
                self.admin(&partitions);
            }
            Action::DeleteTopic { name } => {
                self.sent_counts.remove(name);
                self.admin(&format!("deleteTopics({{ topics: [{}] }})", text(name)));
            }
            Action::ConfigureTopic { topic, configs } => self.configure(topic, configs),
            Action::AddProducer { name, settings } => self.add_producer(name, settings),
            Action::AddConsumer { name, settings } => self.add_consumer(name, settings),
            Action::Code { name, source } => self.run_program(name, source),
            Action::Restart(name) if self.restart_program(name) => {}
            Action::Crash(name) if self.signal_program(name, "SIGKILL") => {}
            Action::Leave(name) if self.signal_program(name, "SIGTERM") => {}
            Action::Freeze(name) if self.signal_program(name, "SIGSTOP") => {}
            Action::Thaw(name) if self.signal_program(name, "SIGCONT") => {}
            Action::Restart(name) => self.restart(name),
            Action::Crash(name) | Action::Leave(name) => {
                let is_crash = matches!(action, Action::Crash(_));
                self.end_client(name, is_crash);
            }
            Action::Pause(name, partitions) => self.pause(name, "pause", partitions),
            Action::Resume(name, partitions) => self.pause(name, "resume", partitions),
            Action::Seek {
                consumer,
                partition,
                to,
            } => self.seek(consumer, partition, *to),
            Action::Broker(BrokerFault::Crash | BrokerFault::Stop) => {
                self.text.line("await ottla.crash();");
            }
            Action::Broker(BrokerFault::Start) => {
                self.text.line("await ottla.restart();");
            }
            // The records that came of these follow.
            Action::Send { .. } | Action::SetRate { .. } | Action::Remove(_) => {}
            _ => self.text.line("// (nothing to do here)"),
        }
    }

    fn create_topic(&mut self, name: &str, partitions_count: u32, configs: &[(String, String)]) {
        let configs = configs
            .iter()
            .map(|(key, value)| format!("{{ name: {}, value: {} }}", text(key), text(value)));
        let configs: Vec<String> = configs.collect();
        let mut fields = vec![
            ("topic", text(name)),
            ("numPartitions", partitions_count.to_string()),
        ];
        if !configs.is_empty() {
            fields.push(("configEntries", format!("[{}]", configs.join(", "))));
        }
        let topic = object(&fields);
        self.admin(&format!("createTopics({{ topics: [{topic}] }})"));
    }

    fn configure(&mut self, topic: &str, configs: &[(String, Option<String>)]) {
        self.imports.insert("ConfigResourceTypes");
        // KafkaJS sets a topic's whole configuration: what is not named goes back to its default.
        let entries = configs.iter().filter_map(|(key, value)| {
            let value = text(value.as_deref()?);
            Some(format!("{{ name: {}, value: {value} }}", text(key)))
        });
        let resource = object(&[
            ("type", "ConfigResourceTypes.TOPIC".into()),
            ("name", text(topic)),
            (
                "configEntries",
                format!("[{}]", entries.collect::<Vec<_>>().join(", ")),
            ),
        ]);
        self.admin(&format!("alterConfigs({{ resources: [{resource}] }})"));
    }

    fn admin(&mut self, call: &str) {
        if !self.has_admin {
            self.has_admin = true;
            self.text.line("const admin = kafka('admin').admin();");
            self.text.line("clients.push(admin);");
            self.text.line("await admin.connect();");
        }
        self.text.line(format!("await admin.{call};"));
    }

    fn batch(&mut self, batch: &Batch) {
        let Some(settings) = self.producers.get(&batch.producer) else {
            return;
        };
        let producer = self.names.of(&batch.producer);
        let mut fields = vec![
            ("topic", text(&batch.topic)),
            ("acks", settings.acks.to_string()),
        ];
        if settings.compression == "gzip" {
            self.imports.insert("CompressionTypes");
            fields.push(("compression", "CompressionTypes.GZIP".into()));
        }
        let fields = object(&fields);
        let fields = fields.trim_end_matches(" }");
        self.text
            .line(format!("await {producer}.send({fields}, messages: ["));
        for record in &batch.records {
            let key = record.key.as_deref().map_or("null".into(), text);
            let value = text(&record.value);
            self.text
                .line(format!("  {{ key: {key}, value: {value} }},"));
        }
        self.text.line("] });");
        *self.sent_counts.entry(batch.topic.clone()).or_default() += batch.records.len();
    }

    /// What must be so in the end.
    fn end(&mut self) {
        self.text.line("");
        self.text.line("// What came of it");
        // What programs send, and when, is theirs to say.
        let counts = self.sent_counts.iter().filter(|_| !self.has_programs);
        for (topic, count) in counts {
            self.text.line(format!(
                "await ottla.topic({}).count({count});",
                text(topic)
            ));
        }
        let groups: Set<&String> = self
            .running
            .iter()
            .filter_map(|name| self.consumers.get(name)?.group.as_ref())
            .collect();
        let groups: Vec<String> = groups.into_iter().cloned().collect();
        for group in groups {
            let members = self.members_of(&group);
            let (members_count, read_count) = (members.len(), self.read_count(&members));
            let group = text(&group);
            self.text.line(format!(
                "await ottla.group({group}).stable({{ members: {members_count} }});"
            ));
            if let Some(count) = read_count {
                self.text
                    .line(format!("await ottla.group({group}).caughtUp();"));
                self.text
                    .line(format!("assert.equal(read[{group}].size, {count});"));
            }
        }
    }

    /// How many different records a group reads in the end, if nothing keeps it from reading them all.
    fn read_count(&self, members: &[&ConsumerSettings]) -> Option<usize> {
        let first = members.first()?;
        let read_all = self.consumers.values().all(|one| {
            one.group != first.group
                || (one.topics == first.topics
                    && one.from_beginning
                    && one.commit != CommitPolicy::Never)
        });
        let counts = first.topics.iter();
        let counts = counts.map(|topic| self.sent_counts.get(topic).copied().unwrap_or(0));
        (read_all && !self.has_poison && !self.has_programs && !self.is_led).then(|| counts.sum())
    }

    /// The settings of the consumers that run in a group.
    fn members_of(&self, group: &str) -> Vec<&ConsumerSettings> {
        let running = self
            .running
            .iter()
            .filter_map(|name| self.consumers.get(name));
        running
            .filter(|settings| settings.group.as_deref() == Some(group))
            .collect()
    }

    fn imports(&self, head: &mut Text) {
        head.line("import assert from 'node:assert/strict';");
        if self.has_programs {
            head.line("import { spawn } from 'node:child_process';");
            head.line("import { once } from 'node:events';");
        }
        head.line("import { test } from 'node:test';");
        if self.is_sleeping {
            head.line("import { setTimeout as sleep } from 'node:timers/promises';");
        }
        let names: Set<&str> = self
            .imports
            .iter()
            .copied()
            .chain(["Kafka", "logLevel"])
            .collect();
        let names: Vec<&str> = names.into_iter().collect();
        head.line(format!("import {{ {} }} from 'kafkajs';", names.join(", ")));
        head.line("import { Ottla } from 'ottla';");
    }
}

fn has_poison(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Sent(batch) => batch
            .records
            .iter()
            .any(|one| one.value.starts_with("poison")),
        Part::Done(..) => false,
    })
}

const HEAD: [&str; 2] = [
    "// Written by Ottla's tutorial. In a project that has `ottla` and `kafkajs`, `node --test scene.test.mjs` runs it.",
    "// It waits for what is to happen, not for time: a session that has to end takes as long as it takes.",
];
const READ_FIRST: [&str; 2] = [
    "// It runs the programs of the scene: read them first, if they are not your own. What they do takes its time: between two actions there is as",
    "// much as in the scene.",
];
const BEGINNING: [&str; 20] = [
    "const clients = [];",
    "const sockets = {}; // by client: each has its own, as a process has",
    "const kafka = (clientId) => {",
    "  const socketFactory = ottla.socketFactory();",
    "  sockets[clientId] = socketFactory;",
    "  // The dead do not start again.",
    "  const retry = { restartOnFailure: async () => sockets[clientId] === socketFactory };",
    "  return new Kafka({ clientId, brokers: ottla.brokers, socketFactory, retry, logLevel: logLevel.NOTHING });",
    "};",
    "// What SIGKILL does to a process: its sockets end, it says nothing, and its group waits for its session to end.",
    "const kill = (clientId) => {",
    "  const socketFactory = sockets[clientId];",
    "  delete sockets[clientId];",
    "  socketFactory.kill();",
    "};",
    "t.after(async () => {",
    "  await Promise.all(clients.map((client) => client.disconnect()));",
    "  await ottla.close();",
    "});",
    "const read = {}; // by group: the records that were worked on, as topic-partition@offset",
];
