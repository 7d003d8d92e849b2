//! Options of old releases, and what to use instead.

/// What to use instead of an option that Kafka's tools once had. `None` if they never had it.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    let (_, instead) = REMOVED.iter().find(|(removed, _)| *removed == name)?;
    Some(instead)
}

const REMOVED: &[(&str, &str)] = &[
    (
        "blacklist",
        "list the topics to read instead: --include REGEX",
    ),
    (
        "broker-list",
        "it has become --bootstrap-server HOST:PORT (since Kafka 2.5)",
    ),
    (
        "disable-rack-aware",
        "replicas are placed by the broker; --replica-assignment places them by hand",
    ),
    ("force", "leave it out: nothing asks for confirmation"),
    (
        "max-wait-ms",
        "leave it out: the tool waits as long as a request may take",
    ),
    (
        "new-consumer",
        "leave it out: there has been no other consumer since Kafka 2.0",
    ),
    (
        "new-producer",
        "leave it out: there has been no other producer since Kafka 0.9",
    ),
    (
        "old-producer",
        "leave it out: there has been no such producer since Kafka 2.0",
    ),
    (
        "offsets",
        "the tool gives one offset for each partition, the one that --time asks for",
    ),
    ("queue-enqueuetimeout-ms", "it has become --max-block-ms"),
    ("queue-size", "it has become --max-memory-bytes"),
    (
        "whitelist",
        "it has become --include REGEX (since Kafka 3.0)",
    ),
    (
        "zookeeper",
        "the tools talk to a broker, not to ZooKeeper (since Kafka 3.0): --bootstrap-server HOST:PORT",
    ),
];
