//! A broker to test: the `ottla` binary of this build, or the one at `OTTLA_TEST_BOOTSTRAP`.

mod process;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::{running, tools};
use process::{Failure, Process};

/// A running broker. It ends when this value is dropped.
pub struct Broker {
    options: Options,
    address: String,
    suffix: String,
    /// None when the broker is somebody else's.
    process: Option<Process>,
}

/// How to start a broker.
#[derive(Clone, Default)]
pub struct Options {
    memory: bool,
    configs: Vec<String>,
    listen: Option<String>,
    tutorial: Option<String>,
    data: Option<PathBuf>,
    wrapper: Vec<String>,
}

impl Broker {
    /// Starts `ottla serve` on a free port of the loopback, with its data in a temporary directory.
    ///
    /// # Panics
    /// When the binary is missing or does not become ready, with what it said.
    pub fn start() -> Self {
        Options::default().start()
    }

    /// Somebody else's broker.
    pub(crate) fn at(address: &str) -> Self {
        Self {
            options: Options::default(),
            address: address.to_owned(),
            suffix: unique_suffix(),
            process: None,
        }
    }

    /// A broker that keeps its data in memory only.
    pub fn in_memory() -> Self {
        Options::default().memory().start()
    }

    /// Whether the tests run against somebody else's broker, which cannot be killed or configured from here.
    pub fn is_external() -> bool {
        std::env::var_os(BOOTSTRAP).is_some()
    }

    /// `host:port` for a client's `bootstrap.servers`.
    pub fn bootstrap(&self) -> &str {
        &self.address
    }

    /// The bootstrap address, resolved.
    pub fn socket_address(&self) -> SocketAddr {
        self.address
            .parse()
            .expect("a bootstrap address is an IP address and a port")
    }

    /// What to append to the names of topics and groups: nothing on a broker of one's own, else something unique.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }

    /// A topic's or group's name that no other test uses.
    pub fn name(&self, base: &str) -> String {
        format!("{base}{}", self.suffix)
    }

    /// The directory with the broker's data.
    pub fn data(&self) -> PathBuf {
        self.options
            .data
            .clone()
            .unwrap_or_else(|| self.process().files.path().join("data"))
    }

    /// The operating system's number of the broker's process.
    pub fn pid(&self) -> u32 {
        self.process().child.id()
    }

    /// What the broker has written to its log.
    pub fn log(&self) -> String {
        self.process
            .as_ref()
            .map(|process| process.log())
            .unwrap_or_default()
    }

    /// SIGKILL: no flush, no goodbye.
    pub fn kill_9(&mut self) {
        let process = self.process_mut();
        process.child.kill().expect("a child can be killed");
        process.child.wait().expect("a killed child ends");
    }

    /// SIGTERM; waits until the broker has ended.
    pub fn terminate(&mut self) -> ExitStatus {
        running::signal(self.pid(), "TERM");
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if let Some(status) = self
                .process_mut()
                .child
                .try_wait()
                .expect("a child can be waited for")
            {
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "the broker did not end within {READY_WITHIN:?} of SIGTERM\n{}",
                self.log()
            );
            thread::sleep(POLL);
        }
    }

    /// Starts the broker again on the same data and port, after [`kill_9`](Self::kill_9) or [`terminate`](Self::terminate).
    pub fn restart(&mut self) {
        let files = self
            .process
            .take()
            .expect("only a broker of one's own can be restarted")
            .into_files();
        let (process, address) = Process::start(&self.options, &self.address, files)
            .unwrap_or_else(|failure| panic!("the broker did not start again: {failure}"));
        self.process = Some(process);
        self.address = address;
    }

    fn process(&self) -> &Process {
        self.process
            .as_ref()
            .expect("the broker is not this test's own")
    }

    fn process_mut(&mut self) -> &mut Process {
        self.process
            .as_mut()
            .expect("the broker is not this test's own")
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if thread::panicking() {
            let log = self.log();
            let last: Vec<&str> = log.lines().rev().take(30).collect();
            for line in last.iter().rev() {
                eprintln!("broker: {line}");
            }
        }
    }
}

impl Options {
    /// `--memory`.
    pub fn memory(mut self) -> Self {
        self.memory = true;
        self
    }

    /// `--config key=value`.
    pub fn config(mut self, key: &str, value: impl ToString) -> Self {
        self.configs.push(format!("{key}={}", value.to_string()));
        self
    }

    /// `--listen address`, in place of a free port of the loopback.
    pub fn listen(mut self, address: &str) -> Self {
        self.listen = Some(address.to_owned());
        self
    }

    /// `--tutorial address`, in place of none.
    pub fn tutorial(mut self, address: &str) -> Self {
        self.tutorial = Some(address.to_owned());
        self
    }

    /// A data directory of the caller's, in place of a temporary one.
    pub fn data(mut self, directory: &Path) -> Self {
        self.data = Some(directory.to_owned());
        self
    }

    /// A command that runs the broker, such as one that lowers a limit of the process first.
    pub fn wrapped_by(mut self, command: &[&str]) -> Self {
        self.wrapper = command.iter().map(ToString::to_string).collect();
        self
    }

    /// Starts the broker and waits until it is ready.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn start(self) -> Broker {
        if let Ok(address) = std::env::var(BOOTSTRAP) {
            assert!(
                self.configs.is_empty() && self.data.is_none() && self.wrapper.is_empty(),
                "a test that configures its broker must ask Broker::is_external() first"
            );
            return Broker::at(&address);
        }
        let files = tempfile::tempdir().expect("a temporary directory");
        let (process, address) =
            Process::start(&self, self.listen.as_deref().unwrap_or(ANY_PORT), files)
                .unwrap_or_else(|failure| panic!("the broker did not start: {failure}"));
        Broker {
            options: self,
            address,
            suffix: String::new(),
            process: Some(process),
        }
    }

    /// Runs `ottla serve` where it is expected to fail: what it said, and how it ended.
    ///
    /// # Panics
    /// When it becomes ready all the same.
    pub fn fails_to_start(self, listen: &str) -> (ExitStatus, String) {
        let files = tempfile::tempdir().expect("a temporary directory");
        match Process::start(&self, listen, files) {
            Ok(_) => panic!("the broker started although it should have refused"),
            Err(Failure {
                status: Some(status),
                said,
            }) => (status, said),
            Err(failure) => panic!("{failure}"),
        }
    }
}

/// The broker's binary: `OTTLA_BIN`, or the one that Cargo built beside this test.
///
/// # Panics
/// When there is none.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("OTTLA_BIN") {
        return path.into();
    }
    let path = tools::profile_directory().join("ottla");
    assert!(
        path.exists(),
        "{} is missing; build it first: cargo build -p ottla",
        path.display()
    );
    path
}

/// Notes that a test cannot run on somebody else's broker, and says whether that is so.
pub fn skipped_because_external(test: &str) -> bool {
    if Broker::is_external() {
        tools::record_skip(&format!(
            "{BOOTSTRAP} is set: {test} needs a broker of its own"
        ));
    }
    Broker::is_external()
}

fn unique_suffix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is past 1970");
    format!(
        "-{:x}-{}-{}",
        now.as_millis(),
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

const BOOTSTRAP: &str = "OTTLA_TEST_BOOTSTRAP";
const ANY_PORT: &str = "127.0.0.1:0";
const READY_WITHIN: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(5);
