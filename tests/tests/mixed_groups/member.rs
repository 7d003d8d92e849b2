//! A member: one client's program, that says what it reads.

use std::process::Command;

use ottla_client::assignor::Assignor;
use ottla_tests::broker::{Broker, binary};
use ottla_tests::running::Running;
use ottla_tests::{prepare, tools};

use crate::group::Group;

/// Whose client it is.
#[derive(Clone, Copy)]
pub(crate) enum Client {
    Java,
    /// 2.16, in Python.
    Librdkafka,
    Ottla,
}

pub(crate) struct Member {
    client: Client,
    client_id: String,
    program: Option<Running>,
    /// What it had said when it ended.
    said: Vec<String>,
}

impl Client {
    /// Whether what the clients need is installed.
    pub(crate) fn all_are_here() -> bool {
        prepare::java().is_some() && prepare::python().is_some()
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Client::Java => "java",
            Client::Librdkafka => "librdkafka",
            Client::Ottla => "ottla",
        }
    }

    /// The program with everything but its properties.
    fn command(self, broker: &Broker, group: &Group) -> Command {
        match self {
            Client::Java => {
                let class_path = prepare::java().expect("Java is here");
                let mut command = Command::new("java");
                command
                    .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128M"])
                    .args(["-cp", &class_path, "GroupMember", group.topic()]);
                command
            }
            Client::Librdkafka => {
                let program = tools::sources("python").join("group_member.py");
                let mut command = Command::new(prepare::python().expect("Python is here"));
                command.arg("-B").arg(program).arg(group.topic());
                command
            }
            Client::Ottla => {
                let mut command = Command::new(binary());
                command
                    .args(["consume", group.topic(), "--group", group.id()])
                    .args(["--format", "%p %o %v"])
                    .args(["--bootstrap", broker.bootstrap()]);
                command
            }
        }
    }
}

impl Member {
    pub(crate) fn join(
        broker: &Broker,
        client: Client,
        group: &Group,
        assignor: Assignor,
        client_id: &str,
    ) -> Self {
        let strategy = match client {
            Client::Java => assignor.class(),
            _ => assignor.name(),
        };
        let properties = [
            ("group.id", group.id()),
            ("client.id", client_id),
            ("partition.assignment.strategy", strategy),
            ("auto.offset.reset", "earliest"),
            ("session.timeout.ms", "6000"),
            ("heartbeat.interval.ms", "500"),
            // Ottla's; the other two commit what they have read themselves.
            ("auto.commit.interval.ms", "100"),
        ];
        let mut command = client.command(broker, group);
        for (key, value) in properties {
            match (client, key) {
                // Named by --group.
                (Client::Ottla, "group.id") => continue,
                (Client::Ottla, _) => command.arg("--property"),
                _ => &mut command,
            }
            .arg(format!("{key}={value}"));
        }
        Self {
            client,
            client_id: client_id.to_owned(),
            program: Some(Running::start_client(broker, &mut command)),
            said: Vec::new(),
        }
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// What it has read until now: partition and value.
    pub(crate) fn read(&mut self) -> Vec<(i32, String)> {
        if let Some(program) = &mut self.program {
            self.said = program.said().to_vec();
        }
        let records = self.said.iter().map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [partition, _offset, value] => {
                    let partition = partition.parse().expect("a partition's index");
                    (partition, value.to_owned())
                }
                _ => panic!("{} says {line}", self.client_id),
            }
        });
        records.collect()
    }

    /// It is asked to end, and says goodbye to the group.
    pub(crate) fn leaves(&mut self) {
        let mut program = self.program.take().expect("it is a member");
        program.signal("TERM");
        self.said = program.said().to_vec();
        match self.client {
            // As a program that ctrl-C has ended.
            Client::Ottla => program.ends_with(130),
            Client::Java | Client::Librdkafka => program.ends_with(0),
        }
    }

    /// It ends without a word.
    pub(crate) fn is_killed(&mut self) {
        let mut program = self.program.take().expect("it is a member");
        self.said = program.said().to_vec();
    }
}
