//! One 100-byte record a request over a bare socket, the next one only after the answer, acks=all.

use std::time::{Duration, Instant};

use super::{Figure, Plan, Unit, percentile, spend, started};
use crate::Result;
use crate::bare::{Connection, batch, requests};
use crate::broker::Broker;

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    let (running, mut connection) = started(broker, plan, TOPIC, 1)?;
    pings(
        &mut connection,
        plan.pings / if broker.warms_up() { 1 } else { 10 },
    )?;

    let (mut latencies, spent) = spend(&running, || pings(&mut connection, plan.pings))?;
    latencies.sort();
    let cpu = spent.cpu.as_secs_f64() * 1e6 / plan.pings as f64;
    Ok(vec![
        Figure::new(
            "CPU, one record a request, bare client",
            Unit::Microseconds,
            cpu,
        ),
        Figure::new(
            "latency, one record a request, p50",
            Unit::Microseconds,
            percentile(&latencies, 0.5),
        ),
        Figure::new(
            "latency, one record a request, p99",
            Unit::Microseconds,
            percentile(&latencies, 0.99),
        ),
        Figure::new(
            "latency, one record a request, p99.9",
            Unit::Microseconds,
            percentile(&latencies, 0.999),
        ),
    ])
}

fn pings(connection: &mut Connection, count: usize) -> Result<Vec<Duration>> {
    let frame = requests::produce(TOPIC, 0, &batch(1, 100));
    (0..count)
        .map(|_| {
            let since = Instant::now();
            connection.send(&frame)?;
            let answer = connection.receive()?;
            let latency = since.elapsed();
            requests::produced(answer)?;
            Ok(latency)
        })
        .collect()
}

const TOPIC: &str = "ping";
