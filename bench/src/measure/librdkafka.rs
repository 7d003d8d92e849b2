//! librdkafka with its defaults and acks=all: produce and consume, 1 and 12 partitions, records of 100 bytes and 1 KiB,
//! plain and idempotent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{Figure, Plan, Spent, spend, started};
use crate::Result;
use crate::bare::requests;
use crate::broker::{Broker, Running};

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    let (running, mut connection) = started(broker, plan, "warm-up", 12)?;
    let warm_up = Case {
        value_bytes: 100,
        partitions: 12,
        idempotent: true,
    };
    let records = plan.librdkafka_records / if broker.warms_up() { 2 } else { 10 };
    warm_up.produce(&running, "warm-up", records)?;
    warm_up.consume(&running, "warm-up", records)?;

    let mut figures = Vec::new();
    for case in CASES {
        let topic = format!(
            "{}-{}-{}",
            case.value_bytes, case.partitions, case.idempotent
        );
        requests::create_topics(
            &mut connection,
            std::slice::from_ref(&topic),
            case.partitions,
        )?;
        let records = plan.librdkafka_records / if case.value_bytes > 100 { 3 } else { 1 };
        let (wall, Spent { cpu, .. }) =
            spend(&running, || case.produce(&running, &topic, records))?;
        let spent = Spent { cpu, wall };
        figures.extend(spent.figures(&format!("produce {}", case.label()), records));
        if !case.idempotent {
            let (wall, Spent { cpu, .. }) =
                spend(&running, || case.consume(&running, &topic, records))?;
            let spent = Spent { cpu, wall };
            figures.extend(spent.figures(&format!("consume {}", case.label()), records));
        }
    }
    Ok(figures)
}

struct Case {
    value_bytes: usize,
    partitions: i32,
    idempotent: bool,
}

impl Case {
    fn label(&self) -> String {
        let size = if self.value_bytes == 100 {
            "100 B"
        } else {
            "1 KiB"
        };
        let partitions = if self.partitions == 1 {
            "1 partition"
        } else {
            "12 partitions"
        };
        let idempotent = if self.idempotent { ", idempotent" } else { "" };
        format!("with librdkafka, {size}, {partitions}{idempotent}")
    }

    /// Records go to the partitions in turn. Returns the time until all are acknowledged, without that which librdkafka
    /// takes to connect and to get a producer id: a first record goes ahead.
    fn produce(&self, broker: &Running, topic: &str, records: usize) -> Result<Duration> {
        let mut config = client(broker);
        config
            .set("acks", "all")
            .set("enable.idempotence", self.idempotent.to_string());
        let producer: BaseProducer<Deliveries> =
            config.create_with_context(Deliveries::default())?;
        let value = vec![b'x'; self.value_bytes];
        let first = BaseRecord::<(), [u8]>::to(topic).payload(&value);
        producer.send(first).map_err(|(error, _)| error)?;
        producer.flush(LIMIT)?;

        let since = Instant::now();
        for number in 0..records {
            let mut record = BaseRecord::<(), [u8]>::to(topic)
                .payload(&value)
                .partition(number as i32 % self.partitions);
            while let Err((error, refused)) = producer.send(record) {
                if error != KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) {
                    return Err(error.into());
                }
                producer.poll(Duration::from_millis(1));
                record = refused;
            }
            if number % 1000 == 0 {
                producer.poll(Duration::ZERO);
            }
        }
        producer.flush(LIMIT)?;
        let took = since.elapsed();
        match producer.context().failed.load(Ordering::Relaxed) {
            0 => Ok(took),
            failed => Err(format!("{failed} of {records} records were not acknowledged").into()),
        }
    }

    /// All partitions from the beginning, without a group. Returns the time from the first record to the last: librdkafka
    /// waits for half a second on its own when it begins, and again when it ends.
    fn consume(&self, broker: &Running, topic: &str, records: usize) -> Result<Duration> {
        let mut config = client(broker);
        // As librdkafka's own rdkafka_performance: a bigger local queue, so that the consumer never pauses to drain it.
        config
            .set("group.id", "unused")
            .set("enable.auto.commit", "false")
            .set("queued.min.messages", "1000000");
        let consumer: BaseConsumer = config.create()?;
        let mut assignment = TopicPartitionList::new();
        for partition in 0..self.partitions {
            assignment.add_partition_offset(topic, partition, Offset::Beginning)?;
        }
        consumer.assign(&assignment)?;
        let until = Instant::now() + LIMIT;
        let mut first = None;
        let mut consumed = 0;
        while consumed < records {
            match consumer.poll(Duration::from_secs(1)) {
                Some(message) => {
                    message?;
                    first.get_or_insert_with(Instant::now);
                    consumed += 1;
                }
                None if Instant::now() > until => {
                    return Err(format!("{consumed} of {records} records were consumed").into());
                }
                None => {}
            }
        }
        Ok(first.map_or(Duration::ZERO, |first| first.elapsed()))
    }
}

fn client(broker: &Running) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", format!("127.0.0.1:{}", broker.port));
    config
}

/// Counts the records that the broker did not acknowledge.
#[derive(Default)]
struct Deliveries {
    failed: AtomicUsize,
}

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if result.is_err() {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

const CASES: [Case; 6] = [
    Case {
        value_bytes: 100,
        partitions: 1,
        idempotent: false,
    },
    Case {
        value_bytes: 100,
        partitions: 12,
        idempotent: false,
    },
    Case {
        value_bytes: 1024,
        partitions: 1,
        idempotent: false,
    },
    Case {
        value_bytes: 1024,
        partitions: 12,
        idempotent: false,
    },
    Case {
        value_bytes: 100,
        partitions: 1,
        idempotent: true,
    },
    Case {
        value_bytes: 100,
        partitions: 12,
        idempotent: true,
    },
];

const LIMIT: Duration = Duration::from_secs(60);
