use super::*;

#[test]
fn topics_that_cannot_be_created_are_refused_in_kafkas_words() {
    let mut world = World::with_topics();
    let long = "x".repeat(250);
    let assigned = |assignment: &[(i32, &[i32])]| NewTopic {
        partitions_count: None,
        assignment: assignment
            .iter()
            .map(|(i, ids)| (*i, ids.to_vec()))
            .collect(),
        ..new_topic("q", 1)
    };
    let too_long = format!(
        "17 Topic name is invalid: the length of '{long}' is longer than the max allowed length 249"
    );
    for (topic, answer) in [
        (new_topic("five", 1), "36 Topic 'five' already exists."),
        (new_topic("a.b", 1), "36 Topic 'a.b' already exists."),
        (
            new_topic("a_b", 1),
            "17 Topic 'a_b' collides with existing topic: a.b",
        ),
        (
            new_topic("a b", 1),
            "17 Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
        ),
        (
            new_topic("", 1),
            "17 Topic name is invalid: the empty string is not allowed",
        ),
        (
            new_topic(".", 1),
            "17 Topic name is invalid: '.' is not allowed",
        ),
        (
            new_topic("..", 1),
            "17 Topic name is invalid: '..' is not allowed",
        ),
        (new_topic(&long, 1), &*too_long),
        (
            new_topic("__cluster_metadata", 1),
            "42 Creation of internal topic __cluster_metadata is prohibited.",
        ),
        (
            new_topic("q", 0),
            "37 Number of partitions was set to an invalid non-positive value.",
        ),
        (
            new_topic("q", -2),
            "37 Number of partitions was set to an invalid non-positive value.",
        ),
        (
            new_topic("q", 10_001),
            "44 Excessively large number of partitions per request.",
        ),
        (
            new_topic("q", i32::MAX),
            "44 Excessively large number of partitions per request.",
        ),
        (
            NewTopic {
                replication_factor: Some(0),
                ..new_topic("q", 0)
            },
            "38 Replication factor must be larger than 0, or -1 to use the default value.",
        ),
        (
            NewTopic {
                replication_factor: Some(-2),
                ..new_topic("q", 1)
            },
            "38 Replication factor must be larger than 0, or -1 to use the default value.",
        ),
        (
            NewTopic {
                partitions_count: Some(1),
                ..assigned(&[(0, &[1])])
            },
            "42 A manual partition assignment was specified, but numPartitions was not set to -1.",
        ),
        (
            NewTopic {
                replication_factor: Some(1),
                ..assigned(&[(0, &[1])])
            },
            "42 A manual partition assignment was specified, but replication factor was not set to -1.",
        ),
        (
            assigned(&[(0, &[7])]),
            "39 The manual partition assignment includes broker 7, but no such broker is registered.",
        ),
        (
            assigned(&[(0, &[1, 1])]),
            "39 The manual partition assignment includes the broker 1 more than once.",
        ),
        (
            assigned(&[(0, &[])]),
            "39 The manual partition assignment includes an empty replica list.",
        ),
        (
            assigned(&[(0, &[1]), (0, &[1])]),
            "39 Found multiple manual partition assignments for partition 0",
        ),
        (
            assigned(&[(1, &[1])]),
            "39 partitions should be a consecutive 0-based integer sequence",
        ),
        (
            assigned(&[(-1, &[1])]),
            "39 partitions should be a consecutive 0-based integer sequence",
        ),
    ] {
        assert_eq!(world.create(topic), answer);
        assert_eq!(world.records, []);
    }
    assert_eq!(world.create(assigned(&[(1, &[1]), (0, &[1])])), "ok");
}

#[test]
fn a_topics_configuration_is_checked_when_it_is_created() {
    let mut world = World::new(&[]);
    for (configs, answer) in [
        (
            &[("no.such", Some("1"))][..],
            "40 Unknown topic config name: no.such",
        ),
        (
            &[("retention.ms", None), ("segment.ms", None)],
            "40 Null value not supported for topic configs: retention.ms,segment.ms",
        ),
        (
            &[("retention.ms", Some("soon"))],
            "40 Invalid value soon for configuration retention.ms: Not a number of type LONG",
        ),
        (
            &[("remote.storage.enable", Some("true"))],
            "40 Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.",
        ),
        (
            &[
                ("min.compaction.lag.ms", Some("10")),
                ("max.compaction.lag.ms", Some("5")),
            ],
            "40 conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)",
        ),
        (
            &[("retention.ms", Some("1")), ("retention.ms", Some("2"))],
            "ok",
        ),
    ] {
        let configs = configs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)));
        let topic = NewTopic {
            configs: configs.collect(),
            ..new_topic("q", 1)
        };
        assert_eq!(world.create(topic), answer);
    }
    let topic = world.metadata.topic("q").unwrap();
    assert_eq!(world.metadata.log_config(topic).retention_ms, 2);
}

#[test]
fn a_topic_that_is_named_twice_is_not_created_and_the_others_are() {
    let mut world = World::new(&[]);
    let created = world.create_all(vec![
        new_topic("q", 1),
        new_topic("q", 2),
        new_topic("r", 1),
    ]);
    let answers: Vec<_> = created
        .into_iter()
        .map(|topic| said(topic.outcome))
        .collect();
    assert_eq!(answers, ["42 Duplicate topic name.", "ok"]);
    assert!(world.metadata.topic("q").is_none());
}

#[test]
fn validation_alone_answers_the_same_and_creates_nothing() {
    let mut world = World::new(&[]);
    let request = CreateTopicsRequest {
        topics: vec![new_topic("q", 2)],
        validate_only: true,
        automatic: false,
    };
    let decision = world.controller.create_topics(&world.metadata, &request);
    let Response::CreateTopics(created) = world.carry_out(decision) else {
        panic!("another answer")
    };
    let summary = created[0].outcome.clone().unwrap();
    assert_eq!(summary.partitions_count, 2);
    assert!(world.metadata.topic("q").is_none());
    assert_eq!(world.events, Vec::<String>::new());
}

#[test]
fn a_topic_for_three_brokers_works_on_one_unless_that_is_forbidden() {
    let topic = || NewTopic {
        replication_factor: Some(3),
        ..new_topic("q", 2)
    };
    let mut world = World::new(&[]);
    assert_eq!(world.create(topic()), "ok");
    assert_eq!(
        world.metadata.topic("q").unwrap().partitions[1]
            .replicas
            .ids(),
        [1]
    );
    assert!(
        world.events[1].contains("asks for 3 replicas and gets 1"),
        "{:?}",
        world.events
    );

    let mut world = World::new(&[("ottla.replication.factor.strict", "true")]);
    assert_eq!(
        world.create(topic()),
        "38 Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned."
    );
}

#[test]
fn a_first_use_creates_a_topic_and_the_next_one_finds_it() {
    let mut world = World::new(&[("num.partitions", "3")]);
    let first = world.create_automatically("q").unwrap();
    assert_eq!(first.partitions_count, 3);
    assert_eq!(world.create_automatically("q").unwrap(), first);
    assert_eq!(world.records, []);
    assert_eq!(
        said(world.create_automatically("a b")),
        "17 Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
    );

    let mut world = World::new(&[("auto.create.topics.enable", "false")]);
    assert_eq!(
        said(world.create_automatically("q")),
        "3 This server does not host this topic-partition."
    );
    assert!(world.create_automatically("__consumer_offsets").is_ok());
}

#[test]
fn a_broker_makes_no_more_topics_and_partitions_than_it_is_told() {
    let mut world = World::new(&[
        ("ottla.max.topics", "2"),
        ("ottla.max.partitions.per.topic", "3"),
    ]);
    let wide = "44 Topic 'q' cannot have 4 partitions: on this broker a topic has 3 at most (ottla.max.partitions.per.topic).";
    assert_eq!(world.create(new_topic("q", 4)), wide);
    // Of one request too.
    let all = ["a", "b", "c"].map(|name| new_topic(name, 3)).to_vec();
    let outcomes = world.create_all(all).into_iter().map(|it| said(it.outcome));
    let third = "44 Topic 'c' is one too many: this broker keeps 2 at most (ottla.max.topics). Delete one that is not needed.";
    assert_eq!(outcomes.collect::<Vec<_>>(), ["ok", "ok", third]);
    assert_eq!(
        said(world.create_automatically("c")),
        third,
        "by its first use"
    );
    assert!(world.create_automatically("__consumer_offsets").is_ok());
}
