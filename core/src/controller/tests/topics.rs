use super::*;

#[test]
fn the_offsets_topic_is_made_as_kafka_makes_it_and_by_nobody_else() {
    let mut world = World::with_topics();
    let topic = world.metadata.topic("__consumer_offsets").unwrap();
    assert_eq!(topic.partitions.len(), 50);
    let config = world.metadata.log_config(topic);
    assert!(config.cleanup_policy.compact && !config.cleanup_policy.delete);
    assert_eq!(config.segment_bytes, 104_857_600);
    assert_eq!(
        world.create(new_topic("__consumer_offsets", 1)),
        "42 Creation of internal topic __consumer_offsets is prohibited."
    );
    assert_eq!(
        delete(&mut world, &[name("__consumer_offsets")]),
        ["__consumer_offsets 42 Deletion of internal topic __consumer_offsets is prohibited."]
    );
}

#[test]
fn topics_are_deleted_by_name_and_by_id_and_take_their_logs_with_them() {
    let mut world = World::with_topics();
    let id = world.metadata.topic("five").unwrap().id;
    for (topics, answers) in [
        (
            vec![name("zip")],
            vec!["zip 3 This server does not host this topic-partition."],
        ),
        (
            vec![TopicRef::Id(crate::Uuid([9; 16]))],
            vec!["? 100 This server does not host this topic ID."],
        ),
        (
            vec![TopicRef::Id(crate::Uuid::ZERO)],
            vec!["? 42 Neither topic name nor id were specified."],
        ),
        (
            vec![name("five"), name("five")],
            vec!["five 42 Duplicate topic name."],
        ),
        (
            vec![TopicRef::Id(id), TopicRef::Id(id)],
            vec!["? 42 Duplicate topic id."],
        ),
        (
            vec![name("a b")],
            vec!["a b 3 This server does not host this topic-partition."],
        ),
    ] {
        assert_eq!(delete(&mut world, &topics), answers);
        assert_eq!(world.changes, []);
    }
    assert_eq!(
        delete(&mut world, &[name("five"), TopicRef::Id(id)]),
        ["five 42 The provided topic name maps to an ID that was already supplied."]
    );
    assert_eq!(delete(&mut world, &[TopicRef::Id(id)]), ["five ok"]);
    assert_eq!(world.changes.len(), 6);
    assert_eq!(
        world.changes[5],
        Change::TopicDeleted {
            name: "five".into()
        }
    );
    assert_eq!(world.create(new_topic("five", 1)), "ok");
    let again = world.metadata.topic("five").unwrap();
    assert_ne!(again.id, id);
    assert_eq!(
        world.metadata.topic_by_id(id).map(|topic| &topic.name),
        None
    );

    assert_eq!(delete(&mut world, &[name("a.b")]), ["a.b ok"]);
    assert_eq!(world.create(new_topic("a_b", 1)), "ok");

    let mut world = World::new(&[("delete.topic.enable", "false")]);
    world.create(new_topic("q", 1));
    assert_eq!(
        delete(&mut world, &[name("q")]),
        ["q 73 Topic deletion is disabled."]
    );
}

#[test]
fn partitions_can_only_be_added() {
    let mut world = World::with_topics();
    for (count, assignment, answer) in [
        (5, None, "37 Topic already has 5 partition(s)."),
        (
            4,
            None,
            "37 The topic five currently has 5 partition(s); 4 would not be an increase.",
        ),
        (
            -1,
            None,
            "37 The topic five currently has 5 partition(s); -1 would not be an increase.",
        ),
        (
            20_000,
            None,
            "44 Excessively large number of partitions per request.",
        ),
        (
            7,
            Some(vec![vec![1]]),
            "39 Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.",
        ),
        (
            6,
            Some(vec![vec![9]]),
            "39 The manual partition assignment includes broker 9, but no such broker is registered.",
        ),
        (
            6,
            Some(vec![vec![1, 1]]),
            "39 The manual partition assignment includes the broker 1 more than once.",
        ),
        (
            6,
            Some(vec![vec![]]),
            "39 The manual partition assignment includes an empty replica list.",
        ),
        (6, Some(vec![vec![1]]), "ok"),
        (8, None, "ok"),
    ] {
        assert_eq!(partitions(&mut world, "five", count, assignment), answer);
    }
    assert_eq!(world.metadata.topic("five").unwrap().partitions.len(), 8);
    assert_eq!(partitions(&mut world, "nope", 4, None), "3 ");
}

#[test]
fn logs_are_numbered_in_the_order_of_the_records_from_one_on() {
    let mut world = World::new(&[]);
    world.create(new_topic("a", 2));
    world.create(new_topic("b", 1));
    let logs: Vec<_> = world
        .metadata
        .topics()
        .flat_map(|topic| &topic.partitions)
        .map(|partition| partition.log.0)
        .collect();
    assert_eq!(logs, [1, 2, 3]);
    let expected = Change::LogCreated {
        log: crate::LogId(3),
        partition: crate::TopicPartition {
            topic: "b".into(),
            partition: 0,
        },
        topic_id: world.metadata.topic("b").unwrap().id,
    };
    assert_eq!(world.changes, [expected]);
}

#[test]
fn the_same_seed_makes_the_same_topic_ids_and_another_one_others() {
    let ids = |seed| {
        let mut world = World::new(&[]);
        world.controller = Controller::new(seed);
        world.create_all((0..50).map(|i| new_topic(&format!("t{i}"), 1)).collect());
        world
            .metadata
            .topics()
            .map(|topic| topic.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
    assert!(ids(1).iter().all(|id| !id.to_string().starts_with('-')));
}

#[test]
fn a_thousand_topics_of_three_partitions_are_one_request_away() {
    let mut world = World::new(&[]);
    let topics = (0..1000)
        .map(|i| new_topic(&format!("topic-{i}"), 3))
        .collect();
    assert!(
        world
            .create_all(topics)
            .iter()
            .all(|topic| topic.outcome.is_ok())
    );
    assert_eq!(world.metadata.topics().len(), 1000);
    assert_eq!(world.records.len(), 4000);
    assert!(size_of::<PartitionInfo>() <= 64);
}

#[test]
fn producer_ids_are_claimed_a_thousand_at_a_time_and_never_given_twice() {
    let mut world = World::new(&[]);
    for expected in 0..2500 {
        assert_eq!(producer_id(&mut world, None), Ok(expected));
        assert_eq!(world.records.len(), usize::from(expected % 1000 == 0));
    }
    world.controller = Controller::new(8); // A restart.
    assert_eq!(producer_id(&mut world, Some((0, 0))), Ok(3000));
    assert_eq!(
        producer_id(&mut world, Some((5, -1))),
        Err(ErrorCode::InvalidRequest)
    );
    assert_eq!(
        producer_id(&mut world, Some((-1, 5))),
        Err(ErrorCode::InvalidRequest)
    );
}

#[test]
fn an_id_waits_for_the_record_that_claims_it() {
    let mut world = World::new(&[]);
    let request = InitProducerIdRequest {
        transactional_id: None,
        current: None,
    };
    let first = world.controller.init_producer_id(&world.metadata, &request);
    let second = world.controller.init_producer_id(&world.metadata, &request);
    assert_eq!(first.records, second.records);
    assert_eq!(first.records.len(), 1);
}

fn producer_id(world: &mut World, current: Option<(i64, i16)>) -> Result<i64, ErrorCode> {
    let current = current.map(|(producer_id, producer_epoch)| ProducerIdentity {
        producer_id,
        producer_epoch,
    });
    let request = InitProducerIdRequest {
        transactional_id: None,
        current,
    };
    let decision = world.controller.init_producer_id(&world.metadata, &request);
    match world.carry_out(decision) {
        Response::InitProducerId(outcome) => outcome.map(|identity| {
            assert_eq!(identity.producer_epoch, 0);
            identity.producer_id
        }),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_topic_gets_no_more_partitions_than_the_broker_lets_it_have() {
    let mut world = World::new(&[("ottla.max.partitions.per.topic", "3")]);
    assert_eq!(world.create(new_topic("q", 1)), "ok");
    assert_eq!(
        partitions(&mut world, "q", 4, None),
        "44 Topic 'q' cannot have 4 partitions: on this broker a topic has 3 at most (ottla.max.partitions.per.topic)."
    );
    assert_eq!(partitions(&mut world, "q", 3, None), "ok");
}

fn partitions(
    world: &mut World,
    name: &str,
    partitions_count: i32,
    assignment: Option<Vec<Vec<i32>>>,
) -> String {
    let topic = MorePartitions {
        name: name.into(),
        partitions_count,
        assignment,
    };
    let request = CreatePartitionsRequest {
        topics: vec![topic],
        validate_only: false,
    };
    let decision = world
        .controller
        .create_partitions(&world.metadata, &request);
    match world.carry_out(decision) {
        Response::CreatePartitions(mut outcomes) => said(outcomes.remove(0).1),
        other => panic!("{other:?}"),
    }
}

fn delete(world: &mut World, topics: &[TopicRef]) -> Vec<String> {
    let request = DeleteTopicsRequest {
        topics: topics.to_vec(),
    };
    let decision = world.controller.delete_topics(&world.metadata, &request);
    let Response::DeleteTopics(deleted) = world.carry_out(decision) else {
        panic!("another answer")
    };
    let text = |topic: DeletedTopic| {
        let name = topic.name.map_or("?".to_owned(), |name| name.to_string());
        format!("{name} {}", said(topic.outcome))
    };
    deleted.into_iter().map(text).collect()
}

fn name(name: &str) -> TopicRef {
    TopicRef::Name(TopicName::from(name))
}
