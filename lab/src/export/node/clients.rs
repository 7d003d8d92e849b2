//! Producers and consumers in KafkaJS's words.

use ottla_client::partitioner::PartitionerKind;
use ottla_core::TopicPartition;
use ottla_core::sorted::Map;

use super::Node;
use super::words::{object, starter, text};
use crate::action::{CommitPolicy, ConsumerSettings, FailurePolicy, ProducerSettings, SeekTo};

impl Node {
    pub(super) fn add_producer(&mut self, name: &str, settings: &ProducerSettings) {
        self.producers.insert(name.to_owned(), settings.clone());
        self.imports.insert("Partitioners");
        let partitioner = match settings.partitioner {
            PartitionerKind::KafkaJsLegacy => "LegacyPartitioner",
            PartitionerKind::Default | PartitionerKind::KafkaJs => "DefaultPartitioner",
            _ => {
                self.text
                    .line("// KafkaJS does not have this partitioner: keys may go elsewhere.");
                "DefaultPartitioner"
            }
        };
        let options = object(&[
            ("createPartitioner", format!("Partitioners.{partitioner}")),
            ("idempotent", settings.enable_idempotence.to_string()),
        ]);
        let variable = self.names.of(name);
        self.start(
            &variable,
            &format!("kafka({}).producer({options})", text(name)),
            &[],
        );
    }

    pub(super) fn add_consumer(&mut self, name: &str, settings: &ConsumerSettings) {
        self.consumers.insert(name.to_owned(), settings.clone());
        self.running.insert(name.to_owned());
        let (group, is_own) = match &settings.group {
            Some(group) => (group.clone(), false),
            None => (format!("{name}-alone"), true),
        };
        if is_own {
            self.text
                .line("// KafkaJS reads in a group only: this one is the consumer's own.");
        }
        if settings.group_instance_id.is_some() {
            self.text.line("// KafkaJS knows no static members.");
        }
        let options = object(&[
            ("groupId", text(&group)),
            ("sessionTimeout", settings.session_timeout.0.to_string()),
            (
                "heartbeatInterval",
                settings.heartbeat_interval.0.to_string(),
            ),
        ]);
        let topics: Vec<String> = settings.topics.iter().map(|topic| text(topic)).collect();
        let subscription = object(&[
            ("topics", format!("[{}]", topics.join(", "))),
            ("fromBeginning", settings.from_beginning.to_string()),
        ]);
        let mut behind = vec![format!("await client.subscribe({subscription});")];
        behind.extend(self.run(&group, settings));
        let variable = self.names.of(name);
        self.start(
            &variable,
            &format!("kafka({}).consumer({options})", text(name)),
            &behind,
        );
        self.await_stable(name);
    }

    /// The lines that let a consumer work.
    fn run(&mut self, group: &str, settings: &ConsumerSettings) -> Vec<String> {
        let commits = !matches!(settings.commit, CommitPolicy::Auto(_));
        let auto = match settings.commit {
            CommitPolicy::Auto(every) => format!("autoCommitInterval: {},", every.0),
            _ => "autoCommit: false,".into(),
        };
        let mut lines = vec![
            format!("read[{}] ??= new Set();", text(group)),
            "await client.run({".into(),
            format!("  {auto}"),
            "  eachMessage: async ({ topic, partition, message }) => {".into(),
        ];
        let commit = "    await client.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]);";
        if settings.commit == CommitPolicy::BeforeWork {
            lines.push(commit.into());
        }
        if self.has_poison {
            let answer = match settings.on_poison {
                FailurePolicy::Crash | FailurePolicy::Retry => "throw new Error('poison');",
                FailurePolicy::Skip => "return;",
                FailurePolicy::Park(_) => "return; // here it would be written to the other topic",
            };
            lines.push(format!(
                "    if (message.value?.toString().startsWith('poison')) {answer}"
            ));
        }
        if settings.work.0 > 0 {
            self.is_sleeping = true;
            lines.push(format!("    await sleep({});", settings.work.0));
        }
        lines.push(format!(
            "    read[{}].add(`${{topic}}-${{partition}}@${{message.offset}}`);",
            text(group)
        ));
        if commits && settings.commit == CommitPolicy::AfterWork {
            lines.push(commit.into());
        }
        lines.extend(["  },".into(), "});".into()]);
        lines
    }

    /// A client in a variable, and a function that starts it, for it may be started again.
    fn start(&mut self, variable: &str, client: &str, behind: &[String]) {
        let starter = starter(variable);
        self.text.line(format!("const {starter} = async () => {{"));
        self.text.line(format!("  const client = {client};"));
        self.text.line("  clients.push(client);");
        self.text.line("  await client.connect();");
        for line in behind {
            self.text.line(format!("  {line}"));
        }
        self.text.line("  return client;");
        self.text.line("};");
        self.text
            .line(format!("let {variable} = await {starter}();"));
    }

    pub(super) fn restart(&mut self, name: &str) {
        let variable = self.names.of(name);
        let starter = starter(&variable);
        self.text.line(format!("{variable} = await {starter}();"));
        if self.consumers.contains_key(name) {
            self.running.insert(name.to_owned());
            self.await_stable(name);
        }
    }

    pub(super) fn end_client(&mut self, name: &str, is_crash: bool) {
        let variable = self.names.of(name);
        self.running.remove(name);
        match is_crash {
            true => self.text.line(format!("kill({});", text(name))),
            false => self.text.line(format!("await {variable}.disconnect();")),
        }
        self.await_stable(name);
    }

    /// Waits until a consumer's group has as many members as it should have.
    fn await_stable(&mut self, name: &str) {
        let group = self.consumers.get(name);
        let Some(group) = group.and_then(|settings| settings.group.clone()) else {
            return;
        };
        let members_count = self.members_of(&group).len();
        if members_count > 0 {
            self.text.line(format!(
                "await ottla.group({}).stable({{ members: {members_count}, timeout: '1m' }});",
                text(&group)
            ));
        }
    }

    pub(super) fn pause(&mut self, name: &str, verb: &str, partitions: &[TopicPartition]) {
        self.is_led = true;
        let variable = self.names.of(name);
        let named = match partitions.is_empty() {
            true => {
                let topics = self.consumers.get(name).map(|one| one.topics.as_slice());
                let topics = topics.unwrap_or_default().iter();
                let topics = topics.map(|topic| format!("{{ topic: {} }}", text(topic)));
                topics.collect::<Vec<_>>().join(", ")
            }
            false => by_topic(partitions),
        };
        self.text.line(format!("{variable}.{verb}([{named}]);"));
    }

    pub(super) fn seek(&mut self, name: &str, partition: &TopicPartition, to: SeekTo) {
        self.is_led = true;
        let variable = self.names.of(name);
        let offset = match to {
            SeekTo::Beginning => "-2".to_owned(),
            SeekTo::End => "-1".to_owned(),
            SeekTo::Offset(offset) => offset.to_string(),
        };
        let place = object(&[
            ("topic", text(&partition.topic)),
            ("partition", partition.partition.to_string()),
            ("offset", text(&offset)),
        ]);
        self.text.line(format!("{variable}.seek({place});"));
    }
}

fn by_topic(partitions: &[TopicPartition]) -> String {
    let mut topics: Map<&str, Vec<String>> = Map::new();
    for partition in partitions {
        let indexes = topics.entry(&partition.topic).or_default();
        indexes.push(partition.partition.to_string());
    }
    let topics = topics.iter().map(|(topic, indexes)| {
        object(&[
            ("topic", text(topic)),
            ("partitions", format!("[{}]", indexes.join(", "))),
        ])
    });
    topics.collect::<Vec<_>>().join(", ")
}
