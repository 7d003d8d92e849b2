//! `kill -9` under load, again and again: nothing that the broker acknowledged is lost, nothing is there twice.
//!
//! `CRASH_ROUNDS` sets how often (200), `CRASH_SEED` repeats a run: when the broker is killed, and what is sent.

use ottla_core::sorted::Map;
use std::convert::Infallible;
use std::env;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ottla_tests::broker::{self, Broker, Options};
use ottla_tests::crash::{
    Client, Commits, Random, Stream, Topics, check_log, create_topic, end_offset, find_coordinator,
};
use ottla_tests::dump_log;

#[test]
fn what_was_acknowledged_survives_kill_9_under_load() {
    if broker::skipped_because_external("kill -9") {
        return;
    }
    let rounds = number("CRASH_ROUNDS").unwrap_or(200);
    let seed = number("CRASH_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.expect("the clock is past 1970").as_nanos() as u64
    });
    eprintln!("CRASH_SEED={seed}");
    let mut random = Random::new(seed);

    let data = tempfile::tempdir().expect("a temporary directory");
    let mut broker = Options::default().data(data.path()).start();
    let mut load = Load::new(seed);
    load.prepare(broker.socket_address());
    let mut restarts = Vec::new();
    for round in 1..=rounds {
        let load_time = Duration::from_millis(random.between(5, 150) as u64);
        load.run_until_killed(&mut broker, load_time);
        if round % 5 == 0 {
            kill_while_it_starts(data.path(), Duration::from_millis(random.below(40) as u64));
        }
        let since = Instant::now();
        broker.restart();
        restarts.push(since.elapsed());
        // What was read once is read again only now and then: each time would take ever longer.
        let everything = round % 50 == 0 || round == rounds;
        load.check(broker.socket_address(), everything)
            .unwrap_or_else(|error| panic!("round {round}: the broker is gone: {error}"));
    }

    load.report(rounds);
    restarts.sort();
    let (median, slowest) = (restarts[restarts.len() / 2], restarts[restarts.len() - 1]);
    eprintln!("restarts: median {median:?}, slowest {slowest:?}");
    assert!(slowest < SLOWEST_RESTART, "a restart took {slowest:?}");
    broker.terminate();
    dump_log::check(data.path());
}

/// Producers that share partitions, a group that commits, and an administrator.
struct Load {
    streams: Vec<Stream>,
    commits: Commits,
    topics: Topics,
    /// Up to here each partition has been checked.
    checked: Map<i32, i64>,
}

impl Load {
    fn new(seed: u64) -> Self {
        Self {
            streams: vec![
                Stream::new(0, TOPIC, 0, false),
                Stream::new(1, TOPIC, 0, false),
                Stream::new(2, TOPIC, 1, false),
                Stream::new(3, TOPIC, 1, true),
                Stream::new(4, TOPIC, 2, true),
            ],
            commits: Commits::new(GROUP, TOPIC, PARTITIONS),
            topics: Topics::new(seed),
            checked: (0..PARTITIONS).map(|partition| (partition, 0)).collect(),
        }
    }

    /// Small segments, so that kills also meet the moment when a new one begins. Waits until everything can be used.
    fn prepare(&self, address: SocketAddr) {
        let configs = [("segment.bytes", "1048576"), ("retention.ms", "-1")];
        Client::connect(address)
            .and_then(|mut client| {
                create_topic(&mut client, TOPIC, PARTITIONS, &configs)?;
                for partition in 0..PARTITIONS {
                    end_offset(&mut client, TOPIC, partition)?;
                }
                find_coordinator(&mut client, GROUP)
            })
            .expect("the broker is there");
    }

    fn run_until_killed(&mut self, broker: &mut Broker, after: Duration) {
        let address = broker.socket_address();
        let killed = AtomicBool::new(false);
        let progress = AtomicUsize::new(0);
        let ends = |outcome: io::Result<Infallible>| {
            let Err(error) = outcome;
            assert!(
                killed.load(Ordering::SeqCst),
                "the broker was not killed, but: {error}"
            );
        };
        thread::scope(|scope| {
            for stream in &mut self.streams {
                scope.spawn(|| ends(stream.work(address, &progress)));
            }
            scope.spawn(|| ends(self.commits.work(address)));
            scope.spawn(|| ends(self.topics.work(address)));
            thread::sleep(after);
            killed.store(true, Ordering::SeqCst);
            broker.kill_9();
        });
    }

    fn check(&mut self, address: SocketAddr, everything: bool) -> io::Result<()> {
        let mut client = Client::connect(address)?;
        for (partition, checked) in &mut self.checked {
            let from = if everything { 0 } else { *checked };
            *checked = check_log(&mut client, &mut self.streams, TOPIC, *partition, from)?;
        }
        self.commits.check(&mut client)?;
        self.topics.check(&mut client)
    }

    /// A run in which little was acknowledged proves little.
    fn report(&self, rounds: u64) {
        for stream in &self.streams {
            let stored = stream.acknowledged_count();
            let kind = if stream.retries() {
                "idempotent"
            } else {
                "plain"
            };
            eprintln!(
                "stream {}, {kind}: {} batches sent, {stored} stored",
                stream.number,
                stream.sent.len()
            );
            assert!(
                stored as u64 > rounds,
                "stream {} got only {stored} batches through",
                stream.number
            );
        }
        let (commits, changes) = (
            self.commits.acknowledged_count(),
            self.topics.acknowledged_count(),
        );
        eprintln!("{commits} commits, {changes} changes of topics");
        assert!(commits as u64 > rounds, "only {commits} commits");
        assert!(changes as u64 > rounds, "only {changes} changes of topics");
    }
}

/// A recovery that is itself cut off must not make things worse.
fn kill_while_it_starts(data: &Path, after: Duration) {
    let mut child = Command::new(broker::binary())
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("ottla can be run");
    thread::sleep(after);
    child.kill().expect("a child can be killed");
    child.wait().expect("a killed child ends");
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable}={text} is not a number")),
    )
}

const TOPIC: &str = "crash";
const GROUP: &str = "committer";
const PARTITIONS: i32 = 3;
const SLOWEST_RESTART: Duration = Duration::from_secs(10);
