//! Apache Kafka's own command-line tools, 4.3.1, unmodified, that administer: topics, groups and configuration.

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
    tools.produce(&topic, TEN_MESSAGES);
    tools.consume(&topic, &group, 10);
    tools.produce(&topic, "4:more\n");

    let listed = tools.output("kafka-consumer-groups", &["--list"]);
    assert!(listed.lines().any(|line| line == group), "{listed}");
    assert_eq!(
        tools.group_offsets(&group),
        [[0, 4, 4, 0], [1, 2, 3, 1], [2, 4, 4, 0]]
    );
    let state = tools.output(
        "kafka-consumer-groups",
        &["--describe", "--group", &group, "--state"],
    );
    let stands_empty = |line: &str| line.starts_with(&group) && line.contains(" Empty ");
    assert!(state.lines().any(stands_empty), "{state}");
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
        let now: Vec<i64> = tools
            .group_offsets(&group)
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
