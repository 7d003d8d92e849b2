//! Options of old releases, and what to use instead.

/// What to use instead of an option that Kafka's tools once had. `None` if they never had it.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    let (_, instead) = REMOVED.iter().find(|(removed, _)| *removed == name)?;
    Some(instead)
}

const REMOVED: &[(&str, &str)] = &[
    (
        "authorizer",
        "the tools talk to a broker: --bootstrap-server HOST:PORT",
    ),
    (
        "blacklist",
        "list the topics to read instead: --include REGEX",
    ),
    (
        "broker-list",
        "it has become --bootstrap-server HOST:PORT (since Kafka 2.5)",
    ),
    ("consumer.config", "it has become --command-config FILE"),
    (
        "disable-rack-aware",
        "replicas are placed by the broker; --replica-assignment places them by hand",
    ),
    ("execution-path", "there is no such option any more"),
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
        "replica-assignment-election",
        "there is no such option any more",
    ),
    (
        "whitelist",
        "it has become --include REGEX (since Kafka 3.0)",
    ),
    (
        "zookeeper",
        "the tools talk to a broker, not to ZooKeeper (since Kafka 3.0): --bootstrap-server HOST:PORT",
    ),
];
