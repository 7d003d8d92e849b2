//! Topics of 3 partitions: 1, 100 and 1,000 created by one request each; what 1,000 of them add to memory, and what
//! the broker does while nobody asks it for anything.

use std::thread;
use std::time::Duration;

use super::{Figure, Plan, Unit, megabytes, spend, started};
use crate::Result;
use crate::bare::requests;
use crate::broker::Broker;
use crate::process;

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    let (running, mut connection) = started(broker, plan, "warm-up", 3)?;
    let mut figures = Vec::new();
    for count in [1, 100, 1000] {
        let names: Vec<String> = (0..count)
            .map(|number| format!("topic-{count}-{number}"))
            .collect();
        thread::sleep(SETTLE);
        let before = process::resident_bytes(running.pid())?;
        let ((), spent) = spend(&running, || {
            requests::create_topics(&mut connection, &names, 3)
        })?;
        thread::sleep(SETTLE);
        let added = process::resident_bytes(running.pid())?.saturating_sub(before);
        let plural = if count == 1 { "" } else { "s" };
        let label = |what| format!("{count} topic{plural} of 3 partitions, {what}");
        figures.push(Figure::new(
            label("until all can be used"),
            Unit::Milliseconds,
            spent.wall.as_secs_f64() * 1e3,
        ));
        figures.push(Figure::new(
            label("memory added"),
            Unit::Megabytes,
            megabytes(added),
        ));
    }
    thread::sleep(plan.idle);
    let ((), spent) = spend(&running, || {
        thread::sleep(plan.idle);
        Ok(())
    })?;
    let share = 100.0 * spent.cpu.as_secs_f64() / spent.wall.as_secs_f64();
    figures.push(Figure::new(
        "CPU idle with 1,000 topics",
        Unit::Percent,
        share,
    ));
    Ok(figures)
}

const SETTLE: Duration = Duration::from_millis(500);
