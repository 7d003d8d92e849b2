//! Apache Kafka's command-line tools, run one after the other in one JVM.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::broker::Broker;
use crate::{client, prepare};

/// A JVM that runs tools against a broker. It ends when this value is dropped.
pub struct Tools {
    jvm: Child,
    commands: ChildStdin,
    results: mpsc::Receiver<Ran>,
    bootstrap: String,
    class_path: String,
}

/// How a tool ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Tools {
    /// Starts the JVM; None without Java.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(broker: &Broker) -> Option<Self> {
        Self::launch(broker, &[])
    }

    /// The same without log lines, so that standard error holds what a tool itself says.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_without_log(broker: &Broker) -> Option<Self> {
        Self::launch(broker, &["-Dlog4j.rootLevel=off"])
    }

    fn launch(broker: &Broker, options: &[&str]) -> Option<Self> {
        let class_path = prepare::java()?;
        let mut jvm = Command::new("java")
            .args(options)
            .args([
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx384M",
                "-cp",
                &class_path,
                "Tools",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("java can be run");
        let commands = jvm.stdin.take().expect("stdin is piped");
        let mut stdout = jvm.stdout.take().expect("stdout is piped");
        let (sender, results) = mpsc::channel();
        thread::spawn(move || {
            while let Some(ran) = read(&mut stdout) {
                if sender.send(ran).is_err() {
                    return;
                }
            }
        });
        Some(Self {
            jvm,
            commands,
            results,
            bootstrap: broker.bootstrap().to_owned(),
            class_path,
        })
    }

    /// Runs a tool by the name of Kafka's script, such as `kafka-topics`, with `--bootstrap-server`.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn run(&mut self, tool: &str, arguments: &[&str]) -> Ran {
        self.run_with_input(tool, arguments, "")
    }

    /// Runs a tool that reads standard input.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn run_with_input(&mut self, tool: &str, arguments: &[&str], input: &str) -> Ran {
        let servers = format!("bootstrap.servers={}", self.bootstrap);
        let bootstrap = self.bootstrap.clone();
        let server = match tool {
            "kafka-producer-perf-test" => ["--producer-props", &servers],
            _ => ["--bootstrap-server", &bootstrap],
        };
        self.run_exactly(tool, &[&server[..], arguments].concat(), input)
    }

    /// Runs a tool with these arguments and no others.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn run_exactly(&mut self, tool: &str, arguments: &[&str], input: &str) -> Ran {
        let mut words = vec![class(tool)];
        words.extend(arguments);
        let mut command = Vec::new();
        command.extend(u32::try_from(words.len()).expect("few words").to_be_bytes());
        for text in words.into_iter().chain([input]) {
            command.extend(
                u16::try_from(text.len())
                    .expect("short texts")
                    .to_be_bytes(),
            );
            command.extend(text.as_bytes());
        }
        self.commands
            .write_all(&command)
            .expect("the JVM reads its commands");
        self.commands.flush().expect("the JVM reads its commands");
        let ran = self.results.recv_timeout(TIME_LIMIT);
        ran.unwrap_or_else(|_| panic!("{tool} {arguments:?} did not end within {TIME_LIMIT:?}"))
    }

    /// Runs a tool in a JVM of its own, for one that finishes its work while its process ends: its standard output.
    ///
    /// # Panics
    /// When it fails, with what it said.
    pub fn alone(&self, tool: &str, arguments: &[&str]) -> String {
        let mut command = self.process(tool);
        command
            .args(["--bootstrap-server", &self.bootstrap])
            .args(arguments);
        let output = client::output(&mut command, "");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "{tool} {arguments:?}: {said}{complaints}"
        );
        said
    }

    /// The command that runs a tool in a JVM of its own, without arguments.
    pub fn process(&self, tool: &str) -> Command {
        let mut command = Command::new("java");
        command.args(["-cp", &self.class_path, class(tool)]);
        command
    }

    /// Runs a tool that must succeed: its standard output.
    ///
    /// # Panics
    /// When it fails, with what it said.
    pub fn output(&mut self, tool: &str, arguments: &[&str]) -> String {
        let ran = self.run(tool, arguments);
        assert_eq!(ran.code, 0, "{tool} {arguments:?}: {ran:?}");
        ran.stdout
    }

    /// Produces lines of `key:value`.
    ///
    /// # Panics
    /// When the tool complains.
    pub fn produce(&mut self, topic: &str, lines: &str) {
        let keys = [
            "--property",
            "parse.key=true",
            "--property",
            "key.separator=:",
        ];
        let arguments = [&["--topic", topic][..], &keys].concat();
        let ran = self.run_with_input("kafka-console-producer", &arguments, lines);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.stderr.contains("ERROR"), "{ran:?}");
    }

    /// Consumes so many messages as a group: the values.
    ///
    /// # Panics
    /// When the tool fails.
    pub fn consume(&mut self, topic: &str, group: &str, count: usize) -> Vec<String> {
        let count = count.to_string();
        let from = ["--topic", topic, "--group", group, "--from-beginning"];
        let until = ["--max-messages", &count, "--timeout-ms", "20000"];
        let said = self.output("kafka-console-consumer", &[&from[..], &until].concat());
        said.lines().map(str::to_owned).collect()
    }

    /// What a group has committed: partition, offset, end of the log, lag.
    ///
    /// # Panics
    /// When the tool fails.
    pub fn group_offsets(&mut self, group: &str) -> Vec<[i64; 4]> {
        let described = self.output("kafka-consumer-groups", &["--describe", "--group", group]);
        let mut rows: Vec<[i64; 4]> = described
            .lines()
            .filter(|line| line.starts_with(group))
            .map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                [2, 3, 4, 5].map(|column: usize| words[column].parse().expect("a number"))
            })
            .collect();
        rows.sort_unstable();
        rows
    }
}

impl Drop for Tools {
    fn drop(&mut self) {
        let _ = self.jvm.kill();
        let _ = self.jvm.wait();
    }
}

fn read(results: &mut ChildStdout) -> Option<Ran> {
    let code = i32::from_be_bytes(number(results)?);
    let stdout = text(results)?;
    let stderr = text(results)?;
    Some(Ran {
        code,
        stdout,
        stderr,
    })
}

fn text(results: &mut ChildStdout) -> Option<String> {
    let size = u32::from_be_bytes(number(results)?);
    let mut bytes = vec![0; usize::try_from(size).ok()?];
    results.read_exact(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn number(results: &mut ChildStdout) -> Option<[u8; 4]> {
    let mut bytes = [0; 4];
    results.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// The main class behind one of Kafka's scripts.
fn class(tool: &str) -> &'static str {
    match tool {
        "kafka-broker-api-versions" => "org.apache.kafka.tools.BrokerApiVersionsCommand",
        "kafka-configs" => "kafka.admin.ConfigCommand",
        "kafka-console-consumer" => "org.apache.kafka.tools.consumer.ConsoleConsumer",
        "kafka-console-producer" => "org.apache.kafka.tools.ConsoleProducer",
        "kafka-consumer-groups" => "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
        "kafka-consumer-perf-test" => "org.apache.kafka.tools.ConsumerPerformance",
        "kafka-delete-records" => "org.apache.kafka.tools.DeleteRecordsCommand",
        "kafka-get-offsets" => "org.apache.kafka.tools.GetOffsetShell",
        "kafka-log-dirs" => "org.apache.kafka.tools.LogDirsCommand",
        "kafka-producer-perf-test" => "org.apache.kafka.tools.ProducerPerformance",
        "kafka-topics" => "org.apache.kafka.tools.TopicCommand",
        "kafka-verifiable-consumer" => "org.apache.kafka.tools.VerifiableConsumer",
        "kafka-verifiable-producer" => "org.apache.kafka.tools.VerifiableProducer",
        other => panic!("no class is known for {other}"),
    }
}

const TIME_LIMIT: Duration = Duration::from_secs(60);
