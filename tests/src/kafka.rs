//! Apache Kafka itself, out of Maven's jars, so that the same tests run against both brokers.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use kafka_protocol::messages::MetadataRequest;

use crate::broker::Broker;
use crate::prepare;
use crate::raw::Connection;

/// A broker of Apache Kafka's, one for all tests of a process, which ends with the process; None without Java. With
/// `OTTLA_TEST_BOOTSTRAP` it is the broker there.
///
/// # Panics
/// When it does not become ready, with what it said.
pub fn broker() -> Option<Broker> {
    static KAFKA: OnceLock<Option<ApacheKafka>> = OnceLock::new();
    if Broker::is_external() {
        return Some(Broker::start());
    }
    let kafka = KAFKA.get_or_init(ApacheKafka::start).as_ref()?;
    Some(Broker::at(&kafka.address))
}

/// Makes two tests of one story, `on_ottla` and `on_apache_kafka`, in a module of the story's name. Names of topics and groups go through
/// [`Broker::name`], for Apache Kafka serves all stories of the file.
#[macro_export]
macro_rules! on_both_brokers {
    ($(fn $name:ident($broker:ident: &Broker) $story:block)+) => {
        $(mod $name {
            use super::*;

            fn story($broker: &Broker) $story

            #[test]
            fn on_ottla() {
                story(&Broker::start());
            }

            #[test]
            fn on_apache_kafka() {
                if let Some(broker) = ottla_tests::kafka::broker() {
                    story(&broker);
                }
            }
        })+
    };
}

struct ApacheKafka {
    address: String,
    /// It lives for as long as this is open.
    _stdin: ChildStdin,
}

impl ApacheKafka {
    fn start() -> Option<Self> {
        let class_path = prepare::java()?;
        // Removed by the broker when it ends: a static value is never dropped.
        let directory = tempfile::Builder::new().prefix("ottla-kafka-").tempdir();
        let directory = directory.expect("a temporary directory").keep();
        let [port, controller_port] = free_ports();
        let mut process = Command::new("java")
            .args(QUICK_START)
            .args(["-cp", &class_path, "ApacheKafka"])
            .arg(&directory)
            .args([port.to_string(), controller_port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("java can be run");
        let stdin = process.stdin.take().expect("stdin is piped");
        let said = listen(&mut process);
        let address = format!("127.0.0.1:{port}");
        wait_until_ready(&mut process, &address, &said);
        Some(Self {
            address,
            _stdin: stdin,
        })
    }
}

type Said = Arc<Mutex<Vec<String>>>;

/// Keeps what it writes to its log, and keeps it from waiting for a reader.
fn listen(process: &mut Child) -> Said {
    let said = Said::default();
    let stderr = process.stderr.take().expect("stderr is piped");
    let keep = Arc::clone(&said);
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            keep.lock().expect("no panic while locked").push(line);
        }
    });
    said
}

/// It listens before it serves: it is ready once it names itself as a broker.
fn wait_until_ready(process: &mut Child, address: &str, said: &Said) {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        let ended = process.try_wait().expect("a child can be waited for");
        let said = || said.lock().expect("no panic while locked").join("\n");
        assert!(ended.is_none(), "it ended with {ended:?}: {}", said());
        assert!(
            Instant::now() < deadline,
            "it is not ready within {READY_WITHIN:?}: {}",
            said()
        );
        if TcpStream::connect(address).is_ok() {
            let mut connection = Connection::open(&Broker::at(address));
            let metadata = connection.ask(&MetadataRequest::default(), 9);
            if !metadata.brokers.is_empty() {
                return;
            }
        }
        thread::sleep(POLL);
    }
}

/// Two ports that nobody listens on.
fn free_ports() -> [u16; 2] {
    let listeners = [0, 0]
        .map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("there is a free port"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}

const QUICK_START: [&str; 6] = [
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Xshare:auto",
    "-Xmx384M",
    "-Djava.awt.headless=true",
];
const READY_WITHIN: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);
