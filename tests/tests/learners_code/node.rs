//! The worker, in Node.

use ottla_core::sorted::Map;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ottla_client::Address;
use ottla_core::Instant;
use ottla_lab::code::{Answer, CodeInput, CodeOp, End, Key, Print, Printed, Question, Turn};
use ottla_tests::tools;
use serde_json::{Value, json};

/// A process of Node with programs in it.
pub(crate) struct Node {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    /// Where each program stands.
    keys: Map<Arc<str>, Key>,
    asked_count: usize,
    starts: Map<Arc<str>, usize>,
}

impl Node {
    /// `None` without Node.
    pub(crate) fn start() -> Option<Self> {
        tools::require("node")?;
        install();
        let driver = web().join("code/tests/driver.mjs");
        let mut command = Command::new("node");
        command
            .arg(driver)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("node starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Some(Self {
            child,
            stdin,
            stdout,
            keys: Map::new(),
            asked_count: 0,
            starts: Map::new(),
        })
    }

    /// What a program answers. One that stands elsewhere is begun again and lives through the turns that it had.
    pub(crate) fn answer(&mut self, question: &Question, before: &[Arc<Turn>]) -> Answer {
        let is_there = self.keys.get(&question.name) == Some(&question.previous);
        let mut turns: Vec<Value> = Vec::new();
        if !is_there {
            turns.extend(before.iter().map(|turn| turn_json(turn)));
            *self.starts.entry(question.name.clone()).or_default() += 1;
        }
        turns.push(turn_json(&question.turn));
        let (high, low) = (question.seed >> 32, question.seed & 0xffff_ffff);
        let start =
            (!is_there).then(|| json!({ "source": &*question.source, "seed": [high, low] }));
        let asked = json!({ "name": &*question.name, "start": start, "turns": turns });
        writeln!(self.stdin, "{asked}").expect("node reads");
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("node writes");
        self.keys.insert(question.name.clone(), question.key);
        self.asked_count += 1;
        answer_of(&serde_json::from_str(&line).expect("node answers in JSON"))
    }

    pub(crate) fn asked_count(&self) -> usize {
        self.asked_count
    }

    pub(crate) fn starts_count(&self, name: &str) -> usize {
        self.starts.get(name).copied().unwrap_or(0)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the tests of the worker's runtime; nothing without Node.
///
/// # Panics
/// When one of them fails, with what it said.
pub(crate) fn run_tests() {
    if tools::require("node").is_none() {
        return;
    }
    install();
    let mut node = Command::new("node");
    node.args(["--test", "code/tests/runtime.test.mjs"]);
    let output = node.current_dir(web()).output().expect("node starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}

/// Packages of npm, once for all tests of this process.
fn install() {
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock();
    if !web().join("node_modules/kafkajs").exists() {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-progress", "--loglevel=error"]);
        let status = npm.current_dir(web()).status().expect("npm starts");
        assert!(status.success(), "npm ci ended with {status}");
    }
}

fn web() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../web"))
}

fn turn_json(turn: &Turn) -> Value {
    let input = |input: &CodeInput| match input {
        CodeInput::Connected(socket) => json!(["connected", socket]),
        CodeInput::Received(socket, bytes) => json!(["received", socket, hex(bytes)]),
        CodeInput::Closed(socket, why) => json!(["closed", socket, why]),
        CodeInput::Terminate => json!(["terminate"]),
    };
    let inputs: Vec<Value> = turn.inputs.iter().map(input).collect();
    json!({ "at": turn.at.0, "inputs": inputs })
}

fn answer_of(answer: &Value) -> Answer {
    let items = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    Answer {
        ops: items("ops").iter().map(op).collect(),
        deadline: answer["deadline"].as_u64().map(Instant),
        prints: items("prints").iter().map(print).collect(),
        end: match answer["end"].as_str() {
            None => None,
            Some("done") => Some(End::Done),
            Some(_) => Some(End::Failed),
        },
    }
}

fn op(op: &Value) -> CodeOp {
    let socket = op[1].as_u64().expect("a socket") as u32;
    let text = || op[2].as_str().expect("a text");
    match op[0].as_str() {
        Some("connect") => CodeOp::Connect(
            socket,
            Address {
                host: text().to_owned(),
                port: op[3].as_u64().expect("a port") as u16,
            },
        ),
        Some("send") => CodeOp::Send(socket, bytes(text())),
        _ => CodeOp::Close(socket),
    }
}

fn print(print: &Value) -> Print {
    Print {
        kind: match print[0].as_str() {
            Some("warning") => Printed::Warning,
            Some("error") => Printed::Error,
            _ => Printed::Plain,
        },
        text: print[1].as_str().expect("a text").to_owned(),
        line: print[2]
            .as_u64()
            .filter(|line| *line > 0)
            .map(|line| line as u32),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Bytes {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(byte).collect()
}
