//! Apache Kafka's own command-line tools, 4.3.1, unmodified, run as people run them.

use ottla_tests::broker::Broker;
use ottla_tests::java::Tools;

const TEN_MESSAGES: &str = "0:a\n1:b\n2:c\n3:d\n4:e\n5:f\n6:g\n7:h\n8:i\n9:j\n";

#[test]
fn the_console_tools_produce_with_keys_and_consume_as_a_group() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let topic = broker.name("console-topic");
    let group = broker.name("console-group");
    tools.output(
        "kafka-topics",
        &["--create", "--topic", &topic, "--partitions", "3"],
    );
    tools.produce(&topic, TEN_MESSAGES);

    let consumer = [
        "--topic",
        &topic,
        "--group",
        &group,
        "--from-beginning",
        "--max-messages",
        "10",
        "--timeout-ms",
        "20000",
        "--property",
        "print.key=true",
        "--property",
        "print.partition=true",
    ];
    let mut lines: Vec<String> = tools
        .output("kafka-console-consumer", &consumer)
        .lines()
        // The tool calls --property deprecated, and everybody uses it.
        .filter(|line| !line.starts_with("Option --property"))
        .map(str::to_owned)
        .collect();
    lines.sort();
    let expected = [
        "Partition:0\t1\tb",
        "Partition:0\t5\tf",
        "Partition:0\t7\th",
        "Partition:0\t8\ti",
        "Partition:1\t4\te",
        "Partition:1\t6\tg",
        "Partition:2\t0\ta",
        "Partition:2\t2\tc",
        "Partition:2\t3\td",
        "Partition:2\t9\tj",
    ];
    assert_eq!(lines, expected);

    tools.produce(&topic, "4:again\n");
    let more = [
        "--topic",
        &topic,
        "--group",
        &group,
        "--from-beginning",
        "--max-messages",
        "1",
        "--timeout-ms",
        "20000",
    ];
    assert_eq!(
        tools.output("kafka-console-consumer", &more),
        "again\n",
        "the group goes on where it was"
    );
}

#[test]
fn offsets_are_shown_and_records_deleted() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let topic = broker.name("offsets-topic");
    tools.output(
        "kafka-topics",
        &["--create", "--topic", &topic, "--partitions", "3"],
    );
    tools.produce(&topic, TEN_MESSAGES);
    let latest = tools.output("kafka-get-offsets", &["--topic", &topic]);
    assert_eq!(latest, format!("{topic}:0:4\n{topic}:1:2\n{topic}:2:4\n"));

    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let wish =
        format!(r#"{{"partitions":[{{"topic":"{topic}","partition":0,"offset":3}}],"version":1}}"#);
    std::fs::write(file.path(), wish).expect("a temporary file can be written");
    let said = tools.output(
        "kafka-delete-records",
        &["--offset-json-file", &file.path().to_string_lossy()],
    );
    assert!(
        said.contains(&format!("partition: {topic}-0\tlow_watermark: 3")),
        "{said}"
    );
    let earliest = tools.output(
        "kafka-get-offsets",
        &["--topic", &topic, "--time", "earliest"],
    );
    assert_eq!(earliest, format!("{topic}:0:3\n{topic}:1:0\n{topic}:2:0\n"));
    assert_eq!(
        tools
            .consume(&topic, &broker.name("offsets-group"), 7)
            .len(),
        7
    );
}

#[test]
fn the_broker_says_what_it_serves_and_where_its_logs_are() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let versions = tools.output("kafka-broker-api-versions", &[]);
    for api in [
        "Produce(0): 0 to",
        "Fetch(1): 4 to",
        "Metadata(3): 0 to",
        "JoinGroup(11): 0 to",
        "ApiVersions(18): 0 to",
    ] {
        assert!(versions.contains(api), "{api}: {versions}");
    }
    assert!(!versions.contains("ERROR"), "{versions}");
    let topic = broker.name("log-dirs-topic");
    tools.output("kafka-topics", &["--create", "--topic", &topic]);
    tools.produce(&topic, TEN_MESSAGES);
    let directories = tools.output("kafka-log-dirs", &["--describe", "--topic-list", &topic]);
    assert!(
        directories.contains(&format!(r#""partition":"{topic}-0""#)),
        "{directories}"
    );
}

#[test]
fn the_performance_tools_and_the_verifiable_clients_lose_nothing() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let topic = broker.name("performance-topic");
    tools.output(
        "kafka-topics",
        &["--create", "--topic", &topic, "--partitions", "3"],
    );
    let load = [
        "--topic",
        &topic,
        "--num-records",
        "50000",
        "--record-size",
        "100",
        "--throughput",
        "-1",
    ];
    let produced = tools.output("kafka-producer-perf-test", &load);
    assert!(produced.contains("50000 records sent"), "{produced}");
    let consumed = tools.output(
        "kafka-consumer-perf-test",
        &["--topic", &topic, "--messages", "50000", "--hide-header"],
    );
    let count = consumed
        .trim()
        .split(", ")
        .nth(4)
        .expect("the fifth column is the number of messages");
    assert_eq!(count, "50000", "{consumed}");

    let topic = broker.name("verifiable-topic");
    tools.output("kafka-topics", &["--create", "--topic", &topic]);
    let produced = tools.alone(
        "kafka-verifiable-producer",
        &["--topic", &topic, "--max-messages", "1000", "--acks", "-1"],
    );
    assert!(
        produced.contains(r#""sent":1000,"acked":1000"#),
        "{produced}"
    );
    let group = broker.name("verifiable-group");
    let verified = [
        "--topic",
        &topic,
        "--group-id",
        &group,
        "--max-messages",
        "1000",
        "--session-timeout",
        "6000",
    ];
    let consumed = tools.alone("kafka-verifiable-consumer", &verified);
    assert!(
        consumed.contains(r#""offset":1000}],"success":true"#),
        "{consumed}"
    );
    assert_eq!(tools.group_offsets(&group), [[0, 1000, 1000, 0]]);
}
