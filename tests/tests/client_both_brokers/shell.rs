//! The `ottla` binary as people call it.

use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::broker::{Broker, binary};
use ottla_tests::client;

/// Runs Kafka's command lines, as `ottla kafka-topics ...`, against a broker.
pub(crate) struct Shell<'a> {
    broker: &'a Broker,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl<'a> Shell<'a> {
    pub(crate) fn on(broker: &'a Broker) -> Self {
        Self { broker }
    }

    /// A line such as `kafka-topics --create --topic orders`; no word of it may hold a space.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with_input(line, "")
    }

    pub(crate) fn run_with_input(&self, line: &str, input: &str) -> Ran {
        let mut words = line.split_whitespace();
        let mut command = Command::new(binary());
        command
            .args(words.next())
            .args(["--bootstrap-server", self.broker.bootstrap()])
            .args(words);
        let output = client::output(&mut command, input);
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What commands of Ottla's own print, and their exit codes. A broker's port and a topic's id are left out.
    pub(crate) fn transcript(&self, lines: &[&str]) -> String {
        let transcripts = lines
            .iter()
            .map(|line| self.transcript_with_input(line, ""));
        transcripts.collect()
    }

    /// The same for one that reads standard input.
    pub(crate) fn transcript_with_input(&self, line: &str, input: &str) -> String {
        let output = self.ottla(line, input);
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code().unwrap_or(-1);
        let port = self.broker.socket_address().port().to_string();
        let said = without_id(&format!("{stdout}{stderr}")).replace(&port, "PORT");
        format!("$ ottla {line}\n{said}-> {code}\n")
    }

    /// Waits until a command of Ottla's own shows this: Apache Kafka's controller answers before its broker knows.
    pub(crate) fn shows_soon(&self, line: &str, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.ottla(line, "").stdout;
            let said = String::from_utf8_lossy(&said);
            if said.contains(text) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{line} does not show {text}: {said}"
            );
            thread::sleep(POLL);
        }
    }

    /// Runs a command of Ottla's own.
    pub(crate) fn ottla(&self, line: &str, input: &str) -> Output {
        let mut command = Command::new(binary());
        command
            .env("OTTLA_BOOTSTRAP", self.broker.bootstrap())
            .args(line.split_whitespace());
        client::output(&mut command, input)
    }

    /// The standard output of a command that must succeed.
    pub(crate) fn output(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.stdout
    }

    /// Produces lines with the console producer, which must not complain.
    pub(crate) fn produce(&self, options: &str, lines: &str) {
        let ran = self.run_with_input(&format!("kafka-console-producer {options}"), lines);
        assert_eq!(ran.code, 0, "{options}: {ran:?}");
        assert!(!ran.stderr.contains("ERROR"), "{options}: {ran:?}");
    }

    /// What the console consumer prints.
    pub(crate) fn consume(&self, options: &str) -> String {
        self.output(&format!(
            "kafka-console-consumer {options} --timeout-ms 30000"
        ))
    }

    /// Creates a topic that no other test uses: its name.
    pub(crate) fn topic(&self, base: &str, partitions_count: usize) -> String {
        let name = self.broker.name(base);
        self.output(&format!(
            "kafka-topics --create --topic {name} --partitions {partitions_count}"
        ));
        name
    }
}

fn without_id(said: &str) -> String {
    match said.split_once(", id ") {
        Some((before, id)) => {
            let (_, after) = id.split_at(ID_LENGTH);
            format!("{before}, id ID{after}")
        }
        None => said.to_owned(),
    }
}

/// Sixteen bytes in base64.
const ID_LENGTH: usize = 22;
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
