use super::*;

fn read(properties: &[(&'static str, &'static str)]) -> ConsumerConfig {
    let given = properties.iter().copied();
    let all = given.chain([("bootstrap.servers", "localhost:9092")]);
    ConsumerConfig::from_properties(all).expect("sound").0
}

fn refusal(properties: &[(&'static str, &'static str)]) -> String {
    let given = properties.iter().copied();
    let all = given.chain([("bootstrap.servers", "localhost:9092")]);
    ConsumerConfig::from_properties(all)
        .unwrap_err()
        .to_string()
}

#[test]
fn what_nobody_sets_is_as_kafka_has_it() {
    let config = read(&[("group.id", "g")]);
    assert_eq!(
        config.assignors,
        [Assignor::Range, Assignor::CooperativeSticky]
    );
    assert!(!config.is_cooperative() && config.enable_auto_commit);
    assert_eq!(
        (
            config.session_timeout_ms,
            config.heartbeat_interval_ms,
            config.max_poll_interval_ms
        ),
        (45_000, 3_000, 300_000)
    );
    assert_eq!(
        (config.fetch_max_bytes, config.max_partition_fetch_bytes),
        (52_428_800, 1_048_576)
    );
    assert_eq!(config.auto_offset_reset, OffsetReset::Latest);
    assert_eq!(config.network.client_id, "consumer-g-1");
    assert!(
        !read(&[]).enable_auto_commit,
        "there is no group to commit for"
    );
}

#[test]
fn assignors_go_by_class_and_by_name() {
    let strategy = "partition.assignment.strategy";
    let java = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";
    assert!(read(&[(strategy, java)]).is_cooperative());
    assert_eq!(
        read(&[(strategy, "sticky, roundrobin")]).assignors,
        [Assignor::Sticky, Assignor::RoundRobin]
    );
}

#[test]
fn a_reset_may_go_back_by_a_duration_but_not_forward() {
    let reset = |text: &str| offset_reset(text).map_err(|_| ());
    assert_eq!(
        reset("by_duration:P1DT12H30M0.5S"),
        Ok(OffsetReset::ByDuration(131_400_500))
    );
    for text in ["by_duration:", "by_duration:1h", "by_duration:PT-1S"] {
        assert_eq!(reset(text), Err(()), "{text}");
    }
}

#[test]
fn what_cannot_be_is_refused_in_kafkas_words() {
    for (key, value, text) in [
        (
            "session.timeout.ms",
            "soon",
            "Invalid value soon for configuration session.timeout.ms: Not a number of type INT",
        ),
        (
            "max.poll.records",
            "0",
            "Invalid value 0 for configuration max.poll.records: Value must be at least 1",
        ),
        (
            "isolation.level",
            "x",
            "Invalid value x for configuration isolation.level: String must be one of: read_committed, read_uncommitted",
        ),
        (
            "check.crcs",
            "maybe",
            "Invalid value maybe for configuration check.crcs: Expected value to be either true or false",
        ),
        (
            "heartbeat.interval.ms",
            "45000",
            "Heartbeat must be set lower than the session timeout",
        ),
        (
            "enable.auto.commit",
            "true",
            "enable.auto.commit cannot be set to true when default group id (null) is used.",
        ),
    ] {
        assert_eq!(refusal(&[(key, value)]), text);
    }
    assert!(
        refusal(&[("auto.offset.reset", "x")])
            .contains("must be either 'earliest', 'latest', 'none'")
    );
    assert_eq!(
        refusal(&[("group.instance.id", "a/b")]),
        "Group instance id is invalid: 'a/b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
    );
    assert!(refusal(&[("group.protocol", "consumer")]).contains("KIP-848"));
    assert!(refusal(&[("security.protocol", "SSL")]).contains("PLAINTEXT"));
}

#[test]
fn keys_without_use_are_noted() {
    let properties = [
        ("bootstrap.servers", "b:1"),
        ("metric.reporters", "x"),
        ("acks", "all"),
    ];
    let (_, notes) = ConsumerConfig::from_properties(properties).unwrap();
    assert_eq!(
        notes,
        [
            "metric.reporters has no effect here",
            "acks is not a key of a consumer: ignored"
        ]
    );
}
