//! Runs a client's program against a broker: it must end well, in time.

use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::broker::Broker;
use crate::{prepare, tools};

/// Runs a program of `tests/clients/kafkajs` in Node.
///
/// # Panics
/// When the program fails, with what it said.
pub fn kafkajs(broker: &Broker, program: &str) {
    if let Some(mut command) = kafkajs_command(program) {
        succeeds(broker, &mut command);
    }
}

/// The command that runs a program of `tests/clients/kafkajs`; None without Node.
pub fn kafkajs_command(program: &str) -> Option<Command> {
    let packages = prepare::node_packages()?;
    let mut command = Command::new("node");
    command
        .arg(tools::sources("kafkajs").join(program))
        .env("CLIENT_PACKAGES", packages);
    Some(command)
}

/// Runs a flow of the program in `tests/clients/kafka-go`.
///
/// # Panics
/// When the program fails, with what it said.
pub fn kafka_go(broker: &Broker, flow: &str) {
    let Some(program) = prepare::kafka_go() else {
        return;
    };
    succeeds(broker, Command::new(program).arg(flow));
}

/// Runs a program of `tests/clients/python` with confluent-kafka.
///
/// # Panics
/// When the program fails, with what it said.
pub fn confluent_kafka(broker: &Broker, program: &str) {
    let Some(python) = prepare::python() else {
        return;
    };
    // Without a cache of bytecode beside the sources.
    succeeds(
        broker,
        Command::new(python)
            .arg("-B")
            .arg(tools::sources("python").join(program)),
    );
}

/// Runs a program that knows the broker by `KAFKA_BOOTSTRAP` and appends `KAFKA_SUFFIX` to its names.
///
/// # Panics
/// When it fails or does not end in time, with what it said.
pub fn succeeds(broker: &Broker, command: &mut Command) -> String {
    let output = output(
        command
            .env("KAFKA_BOOTSTRAP", broker.bootstrap())
            .env("KAFKA_SUFFIX", broker.suffix()),
        "",
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{} ended with {}:\n{said}{}",
        name(command),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// Runs a command with something to read, and gives what it wrote.
///
/// # Panics
/// When it does not end in time, with what it said until then.
pub fn output(command: &mut Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", name(command)));
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A program that ends before it has read everything is judged by its exit code.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);

    let status = wait(&mut child);
    let stdout = stdout.join().expect("a reader does not panic");
    let stderr = stderr.join().expect("a reader does not panic");
    let Some(status) = status else {
        let said = [stdout, stderr].concat();
        panic!(
            "{} did not end within {TIME_LIMIT:?}; it said:\n{}",
            name(command),
            String::from_utf8_lossy(&said)
        );
    };
    Output {
        status,
        stdout,
        stderr,
    }
}

/// How the child ended; None when it had to be killed.
fn wait(child: &mut Child) -> Option<std::process::ExitStatus> {
    let deadline = Instant::now() + TIME_LIMIT;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        thread::sleep(POLL);
    }
    child.kill().expect("a child can be killed");
    child.wait().expect("a killed child ends");
    None
}

fn collect(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    let mut stream = stream.expect("the stream is piped");
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = stream.read_to_end(&mut bytes);
        bytes
    })
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| {
            Path::new(word)
                .file_name()
                .unwrap_or(word)
                .to_string_lossy()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

const TIME_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(10);
