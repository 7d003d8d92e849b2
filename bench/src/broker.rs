//! The brokers that are compared, and how each is started.

mod kafka;

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

pub use kafka::Kafka;

use crate::Result;

/// A broker that takes part, not running.
pub struct Broker {
    /// The head of its column.
    pub name: String,
    kind: Kind,
}

enum Kind {
    Ottla {
        binary: PathBuf,
    },
    Kafka(Kafka),
    Floor {
        binary: PathBuf,
    },
    /// Any other: a command line with `{port}` and `{dir}`.
    Rival {
        command: String,
    },
}

impl Broker {
    pub fn ottla(binary: PathBuf) -> Result<Broker> {
        if !binary.is_file() {
            let remedy = "build it with `cargo build --release -p ottla`, or name it with --ottla";
            return Err(format!("there is no {}: {remedy}", binary.display()).into());
        }
        Ok(Broker {
            name: "Ottla".to_owned(),
            kind: Kind::Ottla { binary },
        })
    }

    pub fn kafka(kafka: Kafka) -> Broker {
        Broker {
            name: format!("Apache Kafka {}", kafka.version()),
            kind: Kind::Kafka(kafka),
        }
    }

    /// The floor's program lies beside this one.
    pub fn floor() -> Result<Broker> {
        let binary = std::env::current_exe()?.with_file_name("floor");
        Ok(Broker {
            name: "floor".to_owned(),
            kind: Kind::Floor { binary },
        })
    }

    /// From `name=command with {port} {dir}`.
    pub fn rival(text: &str) -> Result<Broker> {
        let (name, command) = text.split_once('=').ok_or_else(|| {
            format!("--rival {text}: expected \"name=command with {{port}} {{dir}}\"")
        })?;
        if !command.contains("{port}") {
            return Err(format!(
                "--rival {text}: the command must say where the port goes: {{port}}"
            )
            .into());
        }
        Ok(Broker {
            name: name.to_owned(),
            kind: Kind::Rival {
                command: command.to_owned(),
            },
        })
    }

    /// The floor answers Produce and nothing else.
    pub fn is_floor(&self) -> bool {
        matches!(self.kind, Kind::Floor { .. })
    }

    /// The binary, if it is Ottla.
    pub fn ottla_binary(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Ottla { binary } => Some(binary),
            _ => None,
        }
    }

    /// Apache Kafka's installation, if it is that.
    pub fn installation(&self) -> Option<&Kafka> {
        match &self.kind {
            Kind::Kafka(kafka) => Some(kafka),
            _ => None,
        }
    }

    /// A virtual machine needs many requests before its code is compiled.
    pub fn warms_up(&self) -> bool {
        matches!(self.kind, Kind::Kafka(_))
    }

    /// Starts it with an empty data directory on a free port at or above `first_port`. It may not listen yet.
    pub fn start(&self, first_port: u16) -> Result<Running> {
        let dir = tempfile::Builder::new().prefix("ottla-bench-").tempdir()?;
        let port = free_port(first_port)?;
        let data = dir.path().join("data");
        let mut command = match &self.kind {
            Kind::Ottla { binary } => {
                let mut command = Command::new(binary);
                command
                    .arg("serve")
                    .arg("--listen")
                    .arg(format!("127.0.0.1:{port}"))
                    .arg("--data")
                    .arg(&data);
                command
            }
            Kind::Kafka(kafka) => kafka.command(dir.path(), port, free_port(port + 1)?)?,
            Kind::Floor { binary } => {
                let mut command = Command::new(binary);
                command
                    .arg(port.to_string())
                    .arg(dir.path().join("floor.log"));
                command
            }
            Kind::Rival { command: text } => {
                let text = text
                    .replace("{port}", &port.to_string())
                    .replace("{dir}", &data.display().to_string());
                let mut command = Command::new("sh");
                command.arg("-c").arg(format!("exec {text}"));
                command
            }
        };
        let log = dir.path().join("output.log");
        command
            .stdin(Stdio::null())
            .stdout(File::create(&log)?)
            .stderr(File::options().append(true).open(&log)?);
        let since = Instant::now();
        let child = command
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", self.name))?;
        Ok(Running {
            child,
            port,
            since,
            log,
            _dir: dir,
        })
    }
}

/// A broker's process; dropping it ends it and removes its data.
pub struct Running {
    child: Child,
    pub port: u16,
    /// Just before its exec.
    pub since: Instant,
    log: PathBuf,
    _dir: TempDir,
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns as soon as the port takes connections.
    pub fn wait_until_listening(&mut self) -> Result<()> {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!(
                    "the broker ended at its start ({status}): {}",
                    last_lines(&self.log)
                )
                .into());
            }
            if self.since.elapsed() > START_LIMIT {
                return Err(format!(
                    "the broker did not listen within {} s: {}",
                    START_LIMIT.as_secs(),
                    last_lines(&self.log)
                )
                .into());
            }
            thread::sleep(Duration::from_micros(100));
        }
        Ok(())
    }
}

impl Drop for Running {
    /// SIGTERM first, so that a measure also runs what a broker does at its end.
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.child.id() as i32), Signal::SIGTERM);
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if let Ok(Some(_)) | Err(_) = self.child.try_wait() {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port(first: u16) -> Result<u16> {
    let found = (first..first.saturating_add(500))
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    found.ok_or_else(|| format!("no free port from {first} on; choose another with --port").into())
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join(" | ")
}

const START_LIMIT: Duration = Duration::from_secs(60);
