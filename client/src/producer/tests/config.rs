//! The keys, and Kafka's words for what is wrong with their values (recorded from kafka-clients 4.3.1).

use ottla_core::batch::Compression;

use crate::partitioner::PartitionerKind;
use crate::producer::{Acks, ProducerConfig};

const SERVERS: (&str, &str) = ("bootstrap.servers", "localhost:9092");

fn read(properties: &[(&'static str, &'static str)]) -> (ProducerConfig, Vec<String>) {
    let all = [SERVERS].into_iter().chain(properties.iter().copied());
    ProducerConfig::from_properties(all).expect("sound")
}

fn refusal(properties: &[(&'static str, &'static str)]) -> String {
    let all = [SERVERS].into_iter().chain(properties.iter().copied());
    let refused = ProducerConfig::from_properties(all);
    refused.expect_err("it is wrong").to_string()
}

#[test]
fn what_nobody_sets_is_as_kafka_has_it() {
    let (config, notes) = read(&[]);
    assert!(notes.is_empty());
    assert_eq!((config.acks, config.enable_idempotence), (Acks::All, true));
    assert_eq!((config.batch_size, config.linger_ms), (16_384, 5));
    assert_eq!(
        (config.buffer_memory, config.max_request_size),
        (33_554_432, 1_048_576)
    );
    assert_eq!(
        (config.delivery_timeout_ms, config.max_block_ms),
        (120_000, 60_000)
    );
    assert_eq!(config.retries, i32::MAX as u32);
    assert_eq!(config.compression, Compression::None);
    assert_eq!(config.partitioner.kind, PartitionerKind::Default);
    assert_eq!(config.network.client_id, "producer-1");
    assert_eq!(config.network.max_in_flight, 5);
}

#[test]
fn what_is_set_is_read() {
    let (config, _) = read(&[
        ("acks", "-1"),
        ("batch.size", " 1000 "),
        ("compression.type", "zstd"),
        ("client.id", "me"),
        (
            "partitioner.class",
            "org.apache.kafka.clients.producer.RoundRobinPartitioner",
        ),
        ("linger.ms", "0"),
        ("linger.ms", "7"),
    ]);
    assert_eq!((config.batch_size, config.linger_ms), (1000, 7));
    assert_eq!(config.partitioner.batch_size, 1000);
    assert_eq!(config.compression, Compression::Zstd);
    assert_eq!(config.partitioner.kind, PartitionerKind::RoundRobin);
    assert_eq!(config.network.client_id, "me");
}

#[test]
fn what_cannot_be_is_refused_in_kafkas_words() {
    for (properties, text) in [
        (
            &[("acks", "2")][..],
            "Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1",
        ),
        (
            &[("linger.ms", "x")],
            "Invalid value x for configuration linger.ms: Not a number of type LONG",
        ),
        (
            &[("batch.size", "99999999999")],
            "Invalid value 99999999999 for configuration batch.size: Not a number of type INT",
        ),
        (
            &[("buffer.memory", "-5")],
            "Invalid value -5 for configuration buffer.memory: Value must be at least 0",
        ),
        (
            &[("compression.type", "brotli")],
            "Invalid value brotli for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd",
        ),
        (
            &[("compression.gzip.level", "11")],
            "Invalid value 11 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1",
        ),
        (
            &[("enable.idempotence", "yes")],
            "Invalid value yes for configuration enable.idempotence: Expected value to be either true or false",
        ),
        (
            &[("enable.idempotence", "true"), ("acks", "0")],
            "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.",
        ),
        (
            &[("enable.idempotence", "true"), ("retries", "0")],
            "Must set retries to non-zero when using the idempotent producer.",
        ),
        (
            &[
                ("max.in.flight.requests.per.connection", "6"),
                ("acks", "1"),
            ],
            "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. Current value is 6.",
        ),
        (
            &[("delivery.timeout.ms", "10")],
            "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
        ),
        (
            &[("bootstrap.servers", "foo")],
            "Invalid url in bootstrap.servers: foo",
        ),
        (
            &[("bootstrap.servers", "a:1,b:70000")],
            "Invalid port in bootstrap.servers: b:70000",
        ),
        (
            &[("bootstrap.servers", "")],
            "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value",
        ),
        (
            &[("partitioner.class", "org.x.Y")],
            "Invalid value org.x.Y for configuration partitioner.class: Class org.x.Y could not be found.",
        ),
        (
            &[("transactional.id", "")],
            "Invalid value  for configuration transactional.id: String must be non-empty",
        ),
        (
            &[("transactional.id", "x"), ("acks", "1")],
            "Cannot set a transactional.id without also enabling idempotence.",
        ),
        (
            &[("transactional.id", "x")],
            "transactional.id=x is not served here: there are no transactions",
        ),
        (
            &[("security.protocol", "SSL")],
            "security.protocol=SSL is not served here: only PLAINTEXT is",
        ),
    ] {
        assert_eq!(refusal(properties), text);
    }
    let missing = ProducerConfig::from_properties([("acks", "1")]);
    assert_eq!(
        missing.unwrap_err().to_string(),
        "Missing required configuration \"bootstrap.servers\" which has no default value."
    );
}

#[test]
fn idempotence_gives_way_unless_it_is_asked_for() {
    for (properties, note) in [
        (
            &[("acks", "0")][..],
            "Idempotence will be disabled because acks is set to 0, not set to 'all'.",
        ),
        (
            &[("acks", "1")],
            "Idempotence will be disabled because acks is set to 1, not set to 'all'.",
        ),
        (
            &[("retries", "0")],
            "Idempotence will be disabled because retries is set to 0.",
        ),
    ] {
        let (config, notes) = read(properties);
        assert!(!config.enable_idempotence);
        assert_eq!(notes, [note]);
    }
}

#[test]
fn the_delivery_time_out_grows_with_what_it_must_hold() {
    let (config, _) = read(&[("linger.ms", "200000")]);
    assert_eq!(config.delivery_timeout_ms, 230_000);
}

#[test]
fn keys_without_use_are_noted() {
    let (_, notes) = read(&[
        ("key.serializer", "x"),
        ("ssl.protocol", "x"),
        ("compression.lz4.level", "4"),
        ("group.id", "g"),
    ]);
    assert_eq!(
        notes,
        [
            "key.serializer has no effect here",
            "ssl.protocol has no effect here",
            "compression.lz4.level has no effect here",
            "group.id is not a key of a producer: ignored",
        ]
    );
}
