//! 1,000 records a second, one a request, from a producer to a consumer that waits in a long poll: the time from just
//! before a record is sent until the consumer has it.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use super::{Figure, Plan, Unit, percentile, spend, started};
use crate::Result;
use crate::bare::{Connection, batch, last_offset, requests};
use crate::broker::Broker;

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    let (running, connection) = started(broker, plan, "warm-up", 1)?;
    let warm_up = if broker.warms_up() {
        plan.end_to_end
    } else {
        Duration::from_millis(200)
    };
    let mut consumer = Connection::open(running.port)?;
    requests::create_topics(&mut consumer, &["end-to-end".to_owned()], 1)?;
    let (_, connection, consumer) = flow(connection, consumer, "warm-up", warm_up)?;

    let ((mut latencies, ..), spent) = spend(&running, || {
        flow(connection, consumer, "end-to-end", plan.end_to_end)
    })?;
    latencies.sort();
    let label = |share| format!("end to end at 1,000 records/s, {share}");
    let cpu = spent.cpu.as_secs_f64() * 1e6 / latencies.len() as f64;
    Ok(vec![
        Figure::new(
            label("p50"),
            Unit::Microseconds,
            percentile(&latencies, 0.5),
        ),
        Figure::new(
            label("p99"),
            Unit::Microseconds,
            percentile(&latencies, 0.99),
        ),
        Figure::new(
            label("p99.9"),
            Unit::Microseconds,
            percentile(&latencies, 0.999),
        ),
        Figure::new(label("CPU a record"), Unit::Microseconds, cpu),
    ])
}

type Flowed = (Vec<Duration>, Connection, Connection);

/// Produces for `time` on one thread and consumes on another. The topic is new: offsets number the records.
fn flow(
    mut producer: Connection,
    mut consumer: Connection,
    topic: &'static str,
    time: Duration,
) -> Result<Flowed> {
    let count = time.as_millis() as usize;
    let sent: Vec<OnceLock<Instant>> = vec![OnceLock::new(); count];
    thread::scope(|scope| {
        let consuming = scope.spawn(|| -> Result<_> {
            let mut latencies = Vec::with_capacity(count);
            while latencies.len() < count {
                let offset = latencies.len();
                let answer =
                    consumer.call(requests::fetch(topic, 0, offset as i64, 1 << 20, 500))?;
                let received = Instant::now();
                let end = last_offset(requests::fetched(answer)?)
                    .map_or(offset, |last| last as usize + 1);
                for sent in sent
                    .get(offset..end)
                    .ok_or("offsets that were never produced")?
                {
                    latencies
                        .push(received - *sent.get().ok_or("a record that was never produced")?);
                }
            }
            Ok((latencies, consumer))
        });
        let frame = requests::produce(topic, 0, &batch(1, 100));
        let since = Instant::now();
        for (number, sent) in sent.iter().enumerate() {
            let due = since + Duration::from_millis(number as u64);
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let now = sent.get_or_init(Instant::now);
            debug_assert!(*now >= due);
            producer.send(&frame)?;
            requests::produced(producer.receive()?)?;
        }
        let (latencies, consumer) = consuming
            .join()
            .map_err(|_| "the consumer's thread panicked")??;
        Ok((latencies, producer, consumer))
    })
}
