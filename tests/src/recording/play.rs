//! Plays a scenario with one tool box or another.

use std::fs;
use std::io::{Read, Write as _};
use std::process::{Child, Command as Process, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::mask::Mask;
use super::scenario::{Command, words};
use super::{Outcome, Scenario, Step};
use crate::broker;
use crate::java::{Ran, Tools};

/// Whose tools are played.
pub enum Toolbox<'a> {
    /// Apache Kafka's.
    Java(&'a mut Tools),
    /// `ottla kafka-…`.
    Ottla,
}

/// Plays a scenario against a broker: the same scenario with what came of each command.
///
/// # Panics
/// When a tool cannot be run or does not end.
pub fn play(scenario: &Scenario, bootstrap: &str, toolbox: &mut Toolbox<'_>) -> Scenario {
    let files = tempfile::tempdir().expect("a temporary directory");
    let directory = files.path().to_string_lossy().into_owned();
    let mask = Mask {
        bootstrap,
        directory: &directory,
    };
    let mut beside = Vec::new();
    let mut played = scenario.clone();
    for step in &mut played.steps {
        match step {
            Step::Prose(_) => {}
            Step::File { name, lines } => {
                let text: String = lines.iter().map(|line| mask.fill(line) + "\n").collect();
                fs::write(files.path().join(name), text).expect("a file of the scenario");
            }
            Step::Command(command) => command.outcome = outcome(command, &mask, toolbox),
            Step::Start(line) => beside.push(Beside(toolbox.start(&words(&mask.fill(line))))),
            Step::Stop => beside.clear(),
        }
    }
    played
}

fn outcome(command: &Command, mask: &Mask<'_>, toolbox: &mut Toolbox<'_>) -> Outcome {
    let arguments = words(&mask.fill(&command.line));
    let input: String = command
        .input
        .iter()
        .map(|line| mask.fill(line) + "\n")
        .collect();
    let deadline = Instant::now() + TIME_LIMIT;
    loop {
        let ran = toolbox.run(&arguments, &input);
        let is_there = command
            .until
            .as_ref()
            .is_none_or(|until| ran.stdout.contains(until));
        if is_there {
            let is_about_usage = command.line.ends_with("--help");
            return mask.outcome(&ran.stdout, &ran.stderr, ran.code, is_about_usage);
        }
        assert!(Instant::now() < deadline, "{}: {ran:?}", command.line);
        thread::sleep(PAUSE);
    }
}

impl Toolbox<'_> {
    fn run(&mut self, words: &[String], input: &str) -> Ran {
        match self {
            Toolbox::Java(tools) => {
                let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
                tools.run_exactly(&words[0], &arguments, input)
            }
            Toolbox::Ottla => ottla(words, input),
        }
    }

    fn start(&mut self, words: &[String]) -> Child {
        let mut process = match self {
            Toolbox::Java(tools) => tools.process(&words[0]),
            Toolbox::Ottla => {
                let mut process = Process::new(broker::binary());
                process.arg(&words[0]);
                process
            }
        };
        process
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a tool can be started")
    }
}

fn ottla(words: &[String], input: &str) -> Ran {
    let mut process = Process::new(broker::binary())
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ottla can be run");
    let mut stdin = process.stdin.take().expect("stdin is piped");
    // A tool that reads nothing closes it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let stdout = process.stdout.take().expect("stdout is piped");
    let stderr = process.stderr.take().expect("stderr is piped");
    let (stdout, stderr) = (read(stdout), read(stderr));
    let deadline = Instant::now() + TIME_LIMIT;
    let code = loop {
        if let Some(status) = process.try_wait().expect("a child can be waited for") {
            break status.code().unwrap_or(-1);
        }
        if Instant::now() > deadline {
            let _ = process.kill();
            let _ = process.wait();
            panic!("{words:?} did not end within {TIME_LIMIT:?}");
        }
        thread::sleep(BLINK);
    };
    let text = |thread: JoinHandle<Vec<u8>>| {
        let bytes = thread.join().expect("a pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ran {
        code,
        stdout: text(stdout),
        stderr: text(stderr),
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// A tool that runs beside the others. It is killed when this value is dropped.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let pid = self.0.id().to_string();
        // As ctrl-C does it: a member leaves its group.
        let _ = Process::new("kill").args(["-INT", &pid]).status();
        let deadline = Instant::now() + TIME_LIMIT;
        while self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            if Instant::now() > deadline {
                let _ = self.0.kill();
            }
            thread::sleep(PAUSE);
        }
    }
}

const TIME_LIMIT: Duration = Duration::from_secs(30);
const BLINK: Duration = Duration::from_millis(1);
const PAUSE: Duration = Duration::from_millis(50);
