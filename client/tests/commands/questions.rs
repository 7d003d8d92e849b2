//! Each question finds its answer.

use expect_test::expect;
use ottla_client::admin::*;
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, GroupId};

use crate::support::{World, partition};

#[test]
fn the_cluster_names_its_brokers() {
    let cluster = World::new().ask(DescribeCluster).unwrap();
    assert!(cluster.id.is_some());
    let brokers: Vec<String> = cluster
        .brokers
        .iter()
        .map(|broker| format!("{} at {}", broker.id, broker.address))
        .collect();
    assert_eq!(brokers, ["1 at broker.test:9092"]);
    assert_eq!(cluster.controller, Some(1));
}

#[test]
fn topics_are_made_listed_described_and_deleted() {
    let mut world = World::new();
    world.create("orders", 3);
    let listed = world.ask(ListTopics { internal: true }).unwrap();
    let names: Vec<&str> = listed.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["orders"]);
    assert_eq!(listed["orders"].partitions_count, 3);

    let names = vec!["orders".into(), "payments".into()];
    let described = world
        .ask(DescribeTopics {
            names: names.clone(),
        })
        .unwrap();
    let orders = described["orders"].as_ref().unwrap();
    assert_eq!(orders.id, listed["orders"].id);
    let [first, ..] = &orders.partitions[..] else {
        panic!("{orders:?}");
    };
    assert_eq!(
        (first.leader, &first.replicas, &first.isr),
        (Some(1), &vec![1], &vec![1])
    );
    let missing = described["payments"].as_ref().unwrap_err();
    assert_eq!(missing.code, ErrorCode::UnknownTopicOrPartition);

    let deleted = world.ask(DeleteTopics { names }).unwrap();
    assert!(deleted["orders"].is_ok());
    assert_eq!(
        deleted["payments"].as_ref().unwrap_err().code,
        ErrorCode::UnknownTopicOrPartition
    );
    assert!(world.ask(ListTopics { internal: true }).unwrap().is_empty());
}

#[test]
fn what_cannot_be_made_is_said_for_each_topic() {
    let mut world = World::new();
    world.create("there", 1);
    let new = |name: &str, partitions_count| NewTopic {
        name: name.into(),
        partitions_count: Some(partitions_count),
        replication_factor: None,
        assignments: Map::new(),
        configs: Vec::new(),
    };
    let created = world
        .ask(CreateTopics {
            topics: vec![new("there", 1), new("bad name", 1), new("none", 0)],
            validate_only: false,
        })
        .unwrap();
    let lines: Vec<String> = created
        .iter()
        .map(|(name, outcome)| format!("{name}: {}\n", outcome.as_ref().unwrap_err()))
        .collect();
    expect![[r#"
        bad name: INVALID_TOPIC_EXCEPTION: Topic name is invalid: 'bad name' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'
        none: INVALID_PARTITIONS: Number of partitions was set to an invalid non-positive value.
        there: TOPIC_ALREADY_EXISTS: Topic 'there' already exists.
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn a_topic_grows() {
    let mut world = World::new();
    world.create("orders", 1);
    let grow = |total_count| CreatePartitions {
        topics: Map::from([(
            "orders".into(),
            NewPartitions {
                total_count,
                assignments: None,
            },
        )]),
        validate_only: false,
    };
    assert!(world.ask(grow(4)).unwrap()["orders"].is_ok());
    let error = world.ask(grow(2)).unwrap()["orders"].clone().unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidPartitions);
    let listed = world.ask(ListTopics { internal: false }).unwrap();
    assert_eq!(listed["orders"].partitions_count, 4);
}

#[test]
fn settings_are_changed_one_by_one() {
    let mut world = World::new();
    world.create("orders", 1);
    let orders = ConfigResource::topic("orders");
    let change = |name: &str, op| ConfigChange {
        name: name.to_owned(),
        op,
    };
    let changed = world
        .ask(AlterConfigs {
            changes: Map::from([
                (
                    orders.clone(),
                    vec![
                        change("retention.ms", ConfigOp::Set("1000".to_owned())),
                        change("cleanup.policy", ConfigOp::Append("compact".to_owned())),
                    ],
                ),
                (
                    ConfigResource::topic("nowhere"),
                    vec![change("retention.ms", ConfigOp::Delete)],
                ),
            ]),
            validate_only: false,
        })
        .unwrap();
    assert_eq!(changed[&orders], Ok(()));
    assert!(changed[&ConfigResource::topic("nowhere")].is_err());

    let described = world
        .ask(DescribeConfigs {
            resources: vec![orders.clone(), ConfigResource::broker(1)],
            keys: None,
            synonyms: true,
            documentation: true,
        })
        .unwrap();
    let own: Vec<String> = described[&orders]
        .as_ref()
        .unwrap()
        .iter()
        .filter(|entry| entry.source == ConfigSource::Topic)
        .map(|entry| format!("{}={}", entry.name, entry.value.as_deref().unwrap()))
        .collect();
    assert_eq!(own, ["cleanup.policy=delete,compact", "retention.ms=1000"]);
    let broker = described[&ConfigResource::broker(1)].as_ref().unwrap();
    let node = broker.iter().find(|entry| entry.name == "node.id").unwrap();
    assert!(node.read_only);
}

#[test]
fn offsets_are_asked_of_leaders_and_records_are_cut_off() {
    let mut world = World::new();
    world.create("orders", 2);
    world.produce("orders", 0, &["a", "b", "c"]);
    let later = world.now.wall.0 + 500;
    let specs = [
        OffsetSpec::Earliest,
        OffsetSpec::Latest,
        OffsetSpec::MaxTimestamp,
        OffsetSpec::At(later),
    ];
    let offsets = |world: &mut World, index: i32| {
        specs.map(|spec| {
            let partitions = Map::from([(partition("orders", index), spec)]);
            let listed = world.ask(ListOffsets {
                partitions,
                read_committed: false,
            });
            let listed = listed.unwrap().pop_first().unwrap().1;
            listed.unwrap().offset
        })
    };
    assert_eq!(offsets(&mut world, 0), [0, 3, 2, 1]);
    assert_eq!(offsets(&mut world, 1), [0, 0, -1, -1]);

    let before = Map::from([(partition("orders", 0), 2), (partition("orders", 7), 2)]);
    let cut = world.ask(DeleteRecords { before }).unwrap();
    assert_eq!(cut[&partition("orders", 0)], Ok(2));
    let missing = cut[&partition("orders", 7)].as_ref().unwrap_err();
    assert_eq!(missing.code, ErrorCode::UnknownTopicOrPartition);
    assert_eq!(offsets(&mut world, 0)[0], 2);
}

#[test]
fn a_group_is_listed_described_moved_and_deleted() {
    let mut world = World::new();
    world.create("orders", 2);
    let group = GroupId::from("billing");
    let offsets = Map::from([(partition("orders", 0), 7), (partition("orders", 9), 1)]);
    let set = world
        .ask(CommitOffsets {
            group: group.clone(),
            offsets,
        })
        .unwrap();
    assert_eq!(set[&partition("orders", 0)], Ok(()));
    assert!(set[&partition("orders", 9)].is_err());

    let committed = world
        .ask(FetchOffsets {
            group: group.clone(),
            partitions: None,
        })
        .unwrap();
    let committed: Vec<String> = committed
        .iter()
        .map(|(partition, offset)| format!("{partition} {}", offset.as_ref().unwrap().offset))
        .collect();
    assert_eq!(committed, ["orders-0 7"]);

    let list = world.ask(ListGroups::default()).unwrap();
    assert_eq!(list.groups[&group].state.as_deref(), Some("Empty"));
    assert_eq!(list.failures, Map::new());

    world.join("billing", &[("orders", 1), ("orders", 0)]);
    let described = world
        .ask(DescribeGroups {
            groups: vec![group.clone(), "nobody".into()],
        })
        .unwrap();
    let billing = described[&group].as_ref().unwrap();
    assert_eq!(billing.state, "Stable");
    assert_eq!(billing.assignor, "range");
    assert_eq!(billing.coordinator.as_ref().unwrap().id, 1);
    let [member] = &billing.members[..] else {
        panic!("{billing:?}");
    };
    assert_eq!(
        (member.client_id.as_str(), member.host.as_str()),
        ("test-client", "/127.0.0.1")
    );
    assert_eq!(
        member.assignment,
        [partition("orders", 1), partition("orders", 0)]
    );
    let missing = described[&GroupId::from("nobody")].as_ref().unwrap_err();
    assert_eq!(missing.code, ErrorCode::GroupIdNotFound);

    let refused = world
        .ask(DeleteGroups {
            groups: vec![group.clone(), "nobody".into()],
        })
        .unwrap();
    assert_eq!(
        refused[&group].as_ref().unwrap_err().code,
        ErrorCode::NonEmptyGroup
    );
    assert_eq!(
        refused[&GroupId::from("nobody")].as_ref().unwrap_err().code,
        ErrorCode::GroupIdNotFound
    );
}

#[test]
fn a_groups_offsets_are_forgotten() {
    let mut world = World::new();
    world.create("orders", 1);
    let group = GroupId::from("billing");
    let missing = world.ask(DeleteOffsets {
        group: group.clone(),
        partitions: vec![partition("orders", 0)],
    });
    let Err(AskError::Refused(error)) = missing else {
        panic!("{missing:?}");
    };
    assert_eq!(error.code, ErrorCode::GroupIdNotFound);
    world
        .ask(CommitOffsets {
            group: group.clone(),
            offsets: Map::from([(partition("orders", 0), 7)]),
        })
        .unwrap();
    let deleted = world.ask(DeleteOffsets {
        group: group.clone(),
        partitions: vec![partition("orders", 0)],
    });
    assert_eq!(deleted.unwrap()[&partition("orders", 0)], Ok(()));
    assert_eq!(
        world.ask(DeleteGroups {
            groups: vec![group.clone()]
        }),
        Ok(Map::from([(group.clone(), Ok(()))]))
    );
    let node = world.ask(FindCoordinator { group }).unwrap();
    assert_eq!(node.address.to_string(), "broker.test:9092");
}

#[test]
fn brokers_tell_what_they_can_do_and_what_they_keep() {
    let mut world = World::new();
    world.create("orders", 1);
    world.produce("orders", 0, &["a", "b"]);
    let apis = world.ask(DescribeApis).unwrap();
    let (broker, apis) = apis.first_key_value().unwrap();
    assert_eq!(broker.id, 1);
    assert_eq!(apis.as_ref().unwrap().versions[&18], (0, 4));

    let dirs = world
        .ask(DescribeLogDirs {
            brokers: None,
            partitions: None,
        })
        .unwrap();
    let dirs = dirs[&1].as_ref().unwrap();
    let replica = dirs[0].replicas[&partition("orders", 0)];
    assert!(replica.size_bytes > 0, "{replica:?}");

    let moves = world.ask(ListPartitionReassignments).unwrap();
    assert!(moves.is_empty());
    let producers = world
        .ask(DescribeProducers {
            partitions: vec![partition("orders", 0)],
        })
        .unwrap();
    assert_eq!(producers[&partition("orders", 0)], Ok(Vec::new()));
}

#[test]
fn a_question_about_nothing_is_answered_without_asking_anybody() {
    let mut world = World::new();
    let described = world.ask(DescribeTopics { names: Vec::new() });
    assert_eq!(described, Ok(Map::new()));
    assert_eq!(world.now.mono.0, 0);
}
