//! What is measured. Each measure starts the broker afresh, and gives one or several figures.

mod end_to_end;
mod group;
mod librdkafka;
mod ping;
mod start;
mod stream;
mod topics;

use std::time::{Duration, Instant};

use crate::Result;
use crate::bare::{Connection, requests};
use crate::broker::{Broker, Running};
use crate::process;

/// One of the things that `--measure` can choose.
pub struct Measure {
    pub name: &'static str,
    /// Whether the floor, which knows only Produce, can take part.
    pub for_floor: bool,
    pub run: fn(&Broker, &Plan) -> Result<Vec<Figure>>,
}

/// All measures, in the order of the table.
pub const ALL: [Measure; 7] = [
    Measure {
        name: "start",
        for_floor: false,
        run: start::run,
    },
    Measure {
        name: "stream",
        for_floor: true,
        run: stream::run,
    },
    Measure {
        name: "ping",
        for_floor: true,
        run: ping::run,
    },
    Measure {
        name: "end-to-end",
        for_floor: false,
        run: end_to_end::run,
    },
    Measure {
        name: "librdkafka",
        for_floor: false,
        run: librdkafka::run,
    },
    Measure {
        name: "group",
        for_floor: false,
        run: group::run,
    },
    Measure {
        name: "topics",
        for_floor: false,
        run: topics::run,
    },
];

/// How much work each measure does.
pub struct Plan {
    pub first_port: u16,
    pub starts: usize,
    /// 100-byte records of the bare client.
    pub stream_records: usize,
    pub pings: usize,
    pub end_to_end: Duration,
    /// 100-byte records of librdkafka; of 1 KiB a third of it.
    pub librdkafka_records: usize,
    pub idle: Duration,
    /// 100-byte records of the commands.
    pub command_records: usize,
    /// How often a command that is over at once is started.
    pub command_starts: usize,
}

impl Plan {
    pub fn full(first_port: u16) -> Plan {
        Plan {
            first_port,
            starts: 10,
            stream_records: 3_000_000,
            pings: 20_000,
            end_to_end: Duration::from_secs(8),
            librdkafka_records: 1_000_000,
            idle: Duration::from_secs(4),
            command_records: 10_000_000,
            command_starts: 20,
        }
    }

    pub fn quick(first_port: u16) -> Plan {
        Plan {
            starts: 5,
            pings: 5_000,
            end_to_end: Duration::from_secs(3),
            librdkafka_records: 300_000,
            idle: Duration::from_secs(2),
            command_records: 1_000_000,
            command_starts: 5,
            ..Plan::full(first_port)
        }
    }
}

/// One cell of the table.
pub struct Figure {
    /// The row.
    pub label: String,
    pub unit: Unit,
    pub value: f64,
}

impl Figure {
    pub fn new(label: impl Into<String>, unit: Unit, value: f64) -> Figure {
        Figure {
            label: label.into(),
            unit,
            value,
        }
    }
}

/// What a figure counts. More is better for `RecordsPerSecond`, less for all others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// CPU seconds of the broker per million records.
    CpuSeconds,
    RecordsPerSecond,
    Milliseconds,
    Microseconds,
    /// Of 10^6 bytes.
    Megabytes,
    /// Of one core.
    Percent,
}

/// What a piece of work took: the broker's CPU time and the time on the wall.
pub struct Spent {
    pub cpu: Duration,
    pub wall: Duration,
}

impl Spent {
    /// CPU per million records, and throughput.
    pub fn figures(&self, label: &str, records: usize) -> [Figure; 2] {
        let millions = records as f64 / 1e6;
        [
            Figure::new(
                format!("CPU, {label}"),
                Unit::CpuSeconds,
                self.cpu.as_secs_f64() / millions,
            ),
            Figure::new(
                format!("throughput, {label}"),
                Unit::RecordsPerSecond,
                records as f64 / self.wall.as_secs_f64(),
            ),
        ]
    }
}

/// Runs `work` and looks at what the broker spends meanwhile.
pub fn spend<T>(broker: &Running, work: impl FnOnce() -> Result<T>) -> Result<(T, Spent)> {
    let cpu = process::cpu(broker.pid())?;
    let since = Instant::now();
    let outcome = work()?;
    let wall = since.elapsed();
    Ok((
        outcome,
        Spent {
            cpu: process::cpu(broker.pid())? - cpu,
            wall,
        },
    ))
}

/// A broker with one topic in it (the floor needs none), and a connection to it.
fn started(
    broker: &Broker,
    plan: &Plan,
    topic: &str,
    partitions: i32,
) -> Result<(Running, Connection)> {
    let mut running = broker.start(plan.first_port)?;
    running.wait_until_listening()?;
    let mut connection = Connection::open(running.port)?;
    if !broker.is_floor() {
        requests::create_topics(&mut connection, &[topic.to_owned()], partitions)?;
    }
    Ok((running, connection))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The value below which `share` of the sorted samples lie.
fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .map_or(f64::NAN, |sample| sample.as_secs_f64() * 1e6)
}
