//! The broker's process, from its start to its end.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

use tempfile::TempDir;

use super::{Options, READY_WITHIN, binary};

/// A process and its files. It ends when this value is dropped.
pub(super) struct Process {
    pub(super) child: Child,
    pub(super) files: TempDir,
}

impl Process {
    pub(super) fn start(
        options: &Options,
        listen: &str,
        files: TempDir,
    ) -> Result<(Self, String), Failure> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(files.path().join(LOG))
            .expect("a log file");
        let data = options
            .data
            .clone()
            .unwrap_or_else(|| files.path().join("data"));
        let mut arguments = options.wrapper.clone();
        arguments.push(binary().to_string_lossy().into_owned());
        let mut command = Command::new(&arguments[0]);
        command
            .args(&arguments[1..])
            .args(["serve", "--listen", listen])
            // The tutorial has one port; many brokers run at a time.
            .env(
                "OTTLA_TUTORIAL",
                options.tutorial.as_deref().unwrap_or("off"),
            );
        if options.memory {
            command.arg("--memory");
        } else {
            command.arg("--data").arg(data);
        }
        for config in &options.configs {
            command.args(["--config", config]);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("ottla can be run");
        let mut process = Self { child, files };
        let address = process.ready()?;
        Ok((process, address))
    }

    /// Waits for the line that the broker writes for machines once it serves.
    fn ready(&mut self) -> Result<String, Failure> {
        let stdout = self.child.stdout.take().expect("stdout is piped");
        let (sender, receiver) = mpsc::channel();
        // The thread reads to the end, so that the broker never waits for its output to be taken.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix(READY) {
                    let _ = sender.send(address.to_owned());
                }
            }
        });
        match receiver.recv_timeout(READY_WITHIN) {
            Ok(address) => Ok(address),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(Failure {
                status: None,
                said: self.log(),
            }),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let status = self.child.wait().expect("a child can be waited for");
                Err(Failure {
                    status: Some(status),
                    said: self.log(),
                })
            }
        }
    }

    pub(super) fn log(&self) -> String {
        fs::read(self.files.path().join(LOG))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Gives up the process, which has ended, and keeps its files.
    pub(super) fn into_files(mut self) -> TempDir {
        self.end();
        let spare = tempfile::tempdir().expect("a temporary directory");
        std::mem::replace(&mut self.files, spare)
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Why a broker is not ready.
pub(super) struct Failure {
    /// None when it still runs and says nothing.
    pub(super) status: Option<ExitStatus>,
    pub(super) said: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.status {
            Some(status) => write!(f, "it ended with {status} and said:\n{}", self.said),
            None => write!(
                f,
                "no line '{READY}...' within {READY_WITHIN:?}; it said:\n{}",
                self.said
            ),
        }
    }
}

const READY: &str = "ready bootstrap.servers=";
const LOG: &str = "stderr.log";
