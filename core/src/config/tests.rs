use super::*;

fn config(properties: &[(&str, &str)]) -> Config {
    let (config, notes) = Config::from_properties(properties.iter().copied()).unwrap();
    assert_eq!(notes, Vec::<String>::new());
    config
}

fn error(name: &str, value: &str) -> String {
    Config::from_properties([(name, value)])
        .unwrap_err()
        .to_string()
}

#[test]
fn the_tables_are_sorted_and_their_defaults_are_valid() {
    for keys in [TOPIC_KEYS, BROKER_KEYS, GROUP_KEYS] {
        assert!(keys.is_sorted_by(|left, right| left.name < right.name));
        for key in keys {
            if let Some(default) = key.default {
                assert_eq!(key.validate(default), Ok(()), "{}", key.name);
            }
        }
    }
}

#[test]
fn every_synonym_is_a_broker_key() {
    for name in TOPIC_KEYS.iter().flat_map(|key| key.synonyms) {
        assert!(broker_key(name).is_some(), "{name}");
    }
}

#[test]
fn a_key_is_obeyed_or_inert_but_not_both() {
    for name in INERT_KEYS.iter().chain(INERT_DYNAMIC_KEYS) {
        assert!(broker_key(name).is_none(), "{name}");
    }
}

#[test]
fn a_broker_that_is_told_nothing_has_kafkas_defaults_for_its_logs() {
    assert_eq!(Config::default().log, LogConfig::default());
    assert_eq!(Config::default().group_initial_rebalance_delay_ms, 0);
    assert_eq!(
        Config::default().offsets_retention_ms,
        7 * 24 * 60 * 60 * 1000
    );
    assert_eq!(Config::default().queued_max_request_bytes, None);
}

#[test]
fn retention_is_taken_from_the_finest_unit_that_is_set() {
    let retention_ms = |properties: &[(&str, &str)]| config(properties).log.retention_ms;
    assert_eq!(retention_ms(&[("log.retention.hours", "2")]), 7_200_000);
    assert_eq!(
        retention_ms(&[("log.retention.hours", "2"), ("log.retention.minutes", "1")]),
        60_000
    );
    assert_eq!(
        retention_ms(&[("log.retention.ms", "5"), ("log.retention.minutes", "1")]),
        5
    );
    assert_eq!(retention_ms(&[("log.retention.hours", "-1")]), -1);
}

#[test]
fn a_topics_key_sets_the_default_of_all_topics() {
    let config = config(&[("retention.ms", "5"), ("segment.bytes", "2000000")]);
    assert_eq!(config.log.retention_ms, 5);
    assert_eq!(config.log.segment_bytes, 2_000_000);
    assert_eq!(
        &**config.start_values().get("log.retention.ms").unwrap(),
        "5"
    );
}

#[test]
fn what_is_changed_while_it_runs_wins_and_the_broker_wins_over_the_cluster() {
    let values = |value: &str| Values::from([("log.retention.ms".into(), value.into())]);
    let start = config(&[("log.retention.ms", "1")]);
    let changed = start.with_dynamic(&values("2"), &values("3"));
    assert_eq!(changed.log.retention_ms, 3);
    let changed = start.with_dynamic(&values("2"), &Values::new());
    assert_eq!(changed.log.retention_ms, 2);
    assert_eq!(start.with_dynamic(&Values::new(), &Values::new()), start);
}

#[test]
fn an_error_names_the_key_the_value_and_what_is_allowed() {
    for (name, value, text) in [
        (
            "retention.ms",
            "soon",
            "retention.ms=soon is not a number of milliseconds; -1 keeps everything, 604800000 is a week",
        ),
        (
            "log.segment.bytes",
            "10",
            "log.segment.bytes=10 is too small, the least is 1048576; the default is 1073741824",
        ),
        (
            "num.partitions",
            "99999999999",
            "num.partitions=99999999999 is too large, the most is 2147483647; the default is 1",
        ),
        (
            "auto.create.topics.enable",
            "yes",
            "auto.create.topics.enable=yes is neither true nor false; the default is true",
        ),
        (
            "compression.type",
            "zip",
            "compression.type=zip is none of uncompressed, zstd, lz4, snappy, gzip, producer; the default is producer",
        ),
        (
            "num.partition",
            "3",
            "num.partition is no configuration key; did you mean num.partitions?",
        ),
        (
            "NUM_PARTITIONS",
            "3",
            "NUM_PARTITIONS is no configuration key; did you mean num.partitions?",
        ),
        (
            "my.own.thing",
            "3",
            "my.own.thing is no configuration key; the keys are Kafka's, see https://kafka.apache.org/documentation/#brokerconfigs",
        ),
        (
            "listeners",
            "SSL://:9093",
            "listeners=SSL://:9093 is no address of the form PLAINTEXT://host:port; Ottla speaks no other protocol",
        ),
        (
            "log.dirs",
            "/a,/b",
            "log.dirs=/a,/b is more than one directory; Ottla keeps its data in one",
        ),
        (
            "group.min.session.timeout.ms",
            "9999999",
            "group.min.session.timeout.ms=9999999 is above group.max.session.timeout.ms; make it smaller, or that one larger",
        ),
    ] {
        assert_eq!(error(name, value), text);
    }
}

#[test]
fn a_key_of_kafkas_without_an_effect_is_accepted_with_a_note() {
    let (config, notes) =
        Config::from_properties([("process.roles", "broker"), ("num.io.threads", "8")]).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(
        notes,
        ["without effect in Ottla: num.io.threads, process.roles"]
    );
}

#[test]
fn of_a_combined_nodes_listeners_the_one_for_clients_counts() {
    let (config, notes) = Config::from_properties([
        ("controller.listener.names", "CONTROLLER"),
        (
            "listeners",
            "CONTROLLER://:9093,HOST://:9092,DOCKER://:29092",
        ),
        (
            "advertised.listeners",
            "DOCKER://kafka:29092,HOST://localhost:9092,CONTROLLER://localhost:9093",
        ),
        (
            "listener.security.protocol.map",
            "CONTROLLER:PLAINTEXT,HOST:PLAINTEXT,DOCKER:PLAINTEXT,SSL:SSL",
        ),
    ])
    .unwrap();
    assert_eq!(config.listeners, ["PLAINTEXT://:9092".into()]);
    assert_eq!(
        config.advertised_listeners,
        ["PLAINTEXT://localhost:9092".into()]
    );
    assert_eq!(
        notes[1..],
        ["listeners: DOCKER://:29092 is not opened, Ottla listens on one address"]
    );
}

#[test]
fn a_key_of_an_older_kafka_is_foreign_and_a_misspelt_one_is_not() {
    assert!(is_foreign_key("zookeeper.connect"));
    assert!(!is_foreign_key("num.partition"));
    assert!(!is_foreign_key("num.partitions"));
    assert!(!is_foreign_key("process.roles"));
}

#[test]
fn the_older_name_of_the_node_id_counts_when_the_newer_is_not_set() {
    assert_eq!(config(&[("broker.id", "7")]).node_id, 7);
    assert_eq!(config(&[("broker.id", "7"), ("node.id", "8")]).node_id, 8);
}
