//! From exec to the first record produced and fetched, in a fresh directory; and memory before any load.

use std::thread;
use std::time::{Duration, Instant};

use super::{Figure, Plan, Unit, megabytes};
use crate::Result;
use crate::bare::{Connection, batch, requests};
use crate::broker::{Broker, Running};
use crate::process;

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    // A start of several seconds is not measured better by repeating it.
    let (first, mut running) = first_record(broker, plan)?;
    let mut starts = vec![first];
    if first < Duration::from_secs(1) {
        for _ in 1..plan.starts {
            // The one before ends first, so that it does not run beside the next.
            drop(running);
            let (start, next) = first_record(broker, plan)?;
            starts.push(start);
            running = next;
        }
    }
    starts.sort();
    thread::sleep(SETTLE);
    Ok(vec![
        Figure::new(
            "exec to first record produced and fetched",
            Unit::Milliseconds,
            starts[starts.len() / 2].as_secs_f64() * 1e3,
        ),
        Figure::new(
            "resident memory, idle",
            Unit::Megabytes,
            megabytes(process::resident_bytes(running.pid())?),
        ),
    ])
}

/// The time counts from just before the exec; the broker is asked again and again until it is ready.
fn first_record(broker: &Broker, plan: &Plan) -> Result<(Duration, Running)> {
    let mut running = broker.start(plan.first_port)?;
    running.wait_until_listening()?;
    let mut connection = Connection::open(running.port)?;
    requests::create_topics(&mut connection, &["first".to_owned()], 1)?;

    let produce = requests::produce("first", 0, &batch(1, 100));
    let until = Instant::now() + LIMIT;
    while let Err(error) = requests::produced(connection.call(produce.clone())?) {
        if Instant::now() > until {
            return Err(error);
        }
        thread::sleep(requests::RETRY);
    }
    requests::read_all(&mut connection, "first", 1, 1 << 20)?;
    Ok((running.since.elapsed(), running))
}

const SETTLE: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(30);
