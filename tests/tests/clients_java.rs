//! Apache Kafka's own command-line tools, 4.3.1, unmodified, run as people run them.

use ottla_tests::broker::Broker;
use ottla_tests::java::Tools;

const TEN_MESSAGES: &str = "0:a\n1:b\n2:c\n3:d\n4:e\n5:f\n6:g\n7:h\n8:i\n9:j\n";

#[test]
fn topics_are_created_listed_described_altered_and_deleted() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let topic = broker.name("employee-topic");

    let created = [
        "--create",
        "--topic",
        &topic,
        "--partitions",
        "3",
        "--replication-factor",
        "1",
    ];
    assert_eq!(
        tools.output("kafka-topics", &created),
        format!("Created topic {topic}.\n")
    );
    let again = tools.run("kafka-topics", &created);
    assert_eq!(again.code, 1);
    assert!(
        again
            .stdout
            .contains(&format!("Topic '{topic}' already exists.")),
        "{again:?}"
    );

    let listed = tools.output("kafka-topics", &["--list"]);
    assert!(listed.lines().any(|line| line == topic), "{listed}");

    let described = tools.output("kafka-topics", &["--describe", "--topic", &topic]);
    let summary = described.lines().next().expect("a line about the topic");
    for part in [
        &format!("Topic: {topic}\tTopicId: "),
        "PartitionCount: 3\tReplicationFactor: 1\tConfigs:",
    ] {
        assert!(summary.contains(part), "{summary}");
    }
    for partition in 0..3 {
        let line =
            format!("\tTopic: {topic}\tPartition: {partition}\tLeader: 1\tReplicas: 1\tIsr: 1");
        assert!(
            described.lines().any(|said| said.starts_with(&line)),
            "{described}"
        );
    }

    tools.output(
        "kafka-topics",
        &["--alter", "--topic", &topic, "--partitions", "5"],
    );
    let described = tools.output("kafka-topics", &["--describe", "--topic", &topic]);
    assert!(described.contains("PartitionCount: 5"), "{described}");
    let fewer = tools.run(
        "kafka-topics",
        &["--alter", "--topic", &topic, "--partitions", "2"],
    );
    assert_eq!(fewer.code, 1);
    let reason = "currently has 5 partition(s); 2 would not be an increase.";
    assert!(fewer.stdout.contains(reason), "{fewer:?}");

    let illegal = tools.run("kafka-topics", &["--create", "--topic", "no such name!"]);
    assert_eq!(illegal.code, 1);
    assert!(
        illegal.stdout.contains(
            "'no such name!' contains one or more characters other than ASCII alphanumerics"
        ),
        "{illegal:?}"
    );

    tools.output("kafka-topics", &["--delete", "--topic", &topic]);
    let listed = tools.output("kafka-topics", &["--list"]);
    assert!(!listed.lines().any(|line| line == topic), "{listed}");
    let gone = tools.run("kafka-topics", &["--describe", "--topic", &topic]);
    assert_eq!(gone.code, 1);
    assert!(
        gone.stdout
            .contains(&format!("Topic '{topic}' does not exist as expected")),
        "{gone:?}"
    );
}

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
    produce(&mut tools, &topic, TEN_MESSAGES);

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

    produce(&mut tools, &topic, "4:again\n");
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
fn groups_are_listed_described_reset_and_deleted() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let topic = broker.name("groups-topic");
    let group = broker.name("groups-group");
    tools.output(
        "kafka-topics",
        &["--create", "--topic", &topic, "--partitions", "3"],
    );
    produce(&mut tools, &topic, TEN_MESSAGES);
    consume(&mut tools, &topic, &group, 10);
    produce(&mut tools, &topic, "4:more\n");

    let listed = tools.output("kafka-consumer-groups", &["--list"]);
    assert!(listed.lines().any(|line| line == group), "{listed}");
    assert_eq!(
        offsets(&mut tools, &group),
        [[0, 4, 4, 0], [1, 2, 3, 1], [2, 4, 4, 0]]
    );
    let state = tools.output(
        "kafka-consumer-groups",
        &["--describe", "--group", &group, "--state"],
    );
    assert!(
        columns(&state, &group)
            .iter()
            .any(|line| line.contains(&"Empty".to_owned())),
        "{state}"
    );
    let members = tools.run(
        "kafka-consumer-groups",
        &["--describe", "--group", &group, "--members", "--verbose"],
    );
    assert!(
        members.stderr.contains("has no active members")
            || members.stdout.contains("has no active members"),
        "{members:?}"
    );

    let reset = |how: &[&'static str]| {
        let mut words = vec![
            "--reset-offsets".to_owned(),
            "--group".to_owned(),
            group.clone(),
        ];
        words.extend(["--topic".to_owned(), topic.clone(), "--execute".to_owned()]);
        words.extend(how.iter().map(ToString::to_string));
        words
    };
    for (how, expected) in [
        (&["--to-earliest"][..], [0, 0, 0]),
        (&["--shift-by", "2"], [2, 2, 2]),
        (&["--to-offset", "1"], [1, 1, 1]),
        (&["--to-latest"], [4, 3, 4]),
    ] {
        let words = reset(how);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        tools.output("kafka-consumer-groups", &words);
        let now: Vec<i64> = offsets(&mut tools, &group)
            .iter()
            .map(|row| row[1])
            .collect();
        assert_eq!(now, expected, "after {how:?}");
    }

    tools.output("kafka-consumer-groups", &["--delete", "--group", &group]);
    let listed = tools.output("kafka-consumer-groups", &["--list"]);
    assert!(!listed.lines().any(|line| line == group), "{listed}");
    let gone = tools.run("kafka-consumer-groups", &["--describe", "--group", &group]);
    let reason = format!("GroupIdNotFoundException: Group {group} not found.");
    assert!(gone.stdout.contains(&reason), "{gone:?}");
}

#[test]
fn configuration_is_described_altered_and_refused() {
    let broker = Broker::start();
    let Some(mut tools) = Tools::start(&broker) else {
        return;
    };
    let topic = broker.name("configs-topic");
    tools.output("kafka-topics", &["--create", "--topic", &topic]);
    let entity = ["--entity-type", "topics", "--entity-name", &topic];
    let with = |more: &[&'static str]| {
        entity
            .iter()
            .copied()
            .chain(more.iter().copied())
            .collect::<Vec<&str>>()
    };

    tools.output(
        "kafka-configs",
        &with(&[
            "--alter",
            "--add-config",
            "retention.ms=1000000,cleanup.policy=compact",
        ]),
    );
    let described = tools.output("kafka-configs", &with(&["--describe"]));
    assert!(described.contains("retention.ms=1000000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1000000"), "{described}");
    assert!(described.contains("cleanup.policy=compact"), "{described}");

    tools.output(
        "kafka-configs",
        &with(&["--alter", "--delete-config", "retention.ms"]),
    );
    let described = tools.output("kafka-configs", &with(&["--describe"]));
    assert!(!described.contains("retention.ms="), "{described}");
    let all = tools.output("kafka-configs", &with(&["--describe", "--all"]));
    assert!(all.contains("retention.ms=604800000"), "{all}");

    let refused = tools.run(
        "kafka-configs",
        &with(&["--alter", "--add-config", "retention.ms=soon"]),
    );
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        format!("{}{}", refused.stdout, refused.stderr)
            .contains("Invalid value soon for configuration retention.ms"),
        "{refused:?}"
    );

    let broker_configs = tools.output(
        "kafka-configs",
        &[
            "--entity-type",
            "brokers",
            "--entity-name",
            "1",
            "--describe",
            "--all",
        ],
    );
    assert!(
        broker_configs.contains("message.max.bytes="),
        "{broker_configs}"
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
    produce(&mut tools, &topic, TEN_MESSAGES);
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
        consume(&mut tools, &topic, &broker.name("offsets-group"), 7).len(),
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
    produce(&mut tools, &topic, TEN_MESSAGES);
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
    assert_eq!(offsets(&mut tools, &group), [[0, 1000, 1000, 0]]);
}

/// Produces lines of `key:value`.
fn produce(tools: &mut Tools, topic: &str, lines: &str) {
    let arguments = [
        "--topic",
        topic,
        "--property",
        "parse.key=true",
        "--property",
        "key.separator=:",
    ];
    let ran = tools.run_with_input("kafka-console-producer", &arguments, lines);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stderr.contains("ERROR"), "{ran:?}");
}

/// Consumes as a group: the values.
fn consume(tools: &mut Tools, topic: &str, group: &str, count: usize) -> Vec<String> {
    let count = count.to_string();
    let arguments = [
        "--topic",
        topic,
        "--group",
        group,
        "--from-beginning",
        "--max-messages",
        &count,
        "--timeout-ms",
        "20000",
    ];
    tools
        .output("kafka-console-consumer", &arguments)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// What a group has committed: partition, offset, end of the log, lag.
fn offsets(tools: &mut Tools, group: &str) -> Vec<[i64; 4]> {
    let described = tools.output("kafka-consumer-groups", &["--describe", "--group", group]);
    let number = |word: &String| {
        word.parse()
            .unwrap_or_else(|_| panic!("{word} is no number in {described}"))
    };
    let mut rows: Vec<[i64; 4]> = columns(&described, group)
        .iter()
        .map(|words| [2, 3, 4, 5].map(|column| number(&words[column])))
        .collect();
    rows.sort_unstable();
    rows
}

/// The words of each line about a group.
fn columns(said: &str, group: &str) -> Vec<Vec<String>> {
    said.lines()
        .filter(|line| line.starts_with(group))
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .collect()
}
