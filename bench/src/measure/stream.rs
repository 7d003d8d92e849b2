//! Millions of 100-byte records over one connection of the bare client: produced in batches of 16 KB with several
//! requests in flight and acks=all, then read in fetches of 1 MB; and memory after that load.

use super::{Figure, Plan, Unit, megabytes, spend, started};
use crate::Result;
use crate::bare::{Connection, batch, requests};
use crate::broker::Broker;
use crate::process;

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    let (running, mut connection) = started(broker, plan, TOPIC, 1)?;
    let warm_up = plan.stream_records / if broker.warms_up() { 4 } else { 20 };
    let warmed = produce(&mut connection, warm_up)?;
    if !broker.is_floor() {
        requests::read_all(&mut connection, TOPIC, warmed as i64, FETCH_BYTES)?;
    }

    let (records, spent) = spend(&running, || produce(&mut connection, plan.stream_records))?;
    let mut figures = Vec::from(spent.figures(
        "produce in 16-KB batches, bare client, 1 connection",
        records,
    ));
    let resident = process::resident_bytes(running.pid())?;
    figures.push(Figure::new(
        "resident memory, after 3 million records",
        Unit::Megabytes,
        megabytes(resident),
    ));
    if !broker.is_floor() {
        let end = warmed + records;
        let ((), spent) = spend(&running, || {
            requests::read_all(&mut connection, TOPIC, end as i64, FETCH_BYTES)
        })?;
        figures.extend(spent.figures("consume in fetches of 1 MB, bare client", end));
    }
    Ok(figures)
}

/// Keeps up to `WINDOW` requests in flight. Returns how many records were acknowledged: a whole number of writes.
fn produce(connection: &mut Connection, records: usize) -> Result<usize> {
    let frame = requests::produce(TOPIC, 0, &batch(RECORDS_A_BATCH, 100));
    let write = frame.repeat(FRAMES_A_WRITE);
    let writes = records.div_ceil(RECORDS_A_BATCH * FRAMES_A_WRITE);
    let mut in_flight = 0;
    for _ in 0..writes {
        while in_flight + FRAMES_A_WRITE > WINDOW {
            requests::produced(connection.receive()?)?;
            in_flight -= 1;
        }
        connection.send(&write)?;
        in_flight += FRAMES_A_WRITE;
    }
    for _ in 0..in_flight {
        requests::produced(connection.receive()?)?;
    }
    Ok(writes * FRAMES_A_WRITE * RECORDS_A_BATCH)
}

const TOPIC: &str = "stream";
/// 150 records of 100 bytes make a batch of 16 KB.
const RECORDS_A_BATCH: usize = 150;
const FRAMES_A_WRITE: usize = 16;
const WINDOW: usize = 64;
const FETCH_BYTES: i32 = 1 << 20;
