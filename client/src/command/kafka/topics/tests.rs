//! What the tool shows of clusters that the recorded scenarios have no room for.

use expect_test::expect;
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, TopicPartition, Uuid};

use super::run;
use crate::admin::{
    AskError, Cluster, ConfigEntry, ConfigResource, ConfigSource, DescribeCluster, DescribeConfigs,
    DescribeTopics, ListPartitionReassignments, ListTopics, ListedTopic, Node,
    PartitionDescription, Reassignment, TopicDescription,
};
use crate::command::rehearsal::{Played, Rehearsal};
use crate::interface::Address;

/// A topic on three brokers, of which the third is gone: partition 1 has no leader, partition 2 is on its way to broker 1.
fn describe(options: &str) -> Played {
    let partition = |index, leader, isr: &[i32], replicas: &[i32]| PartitionDescription {
        index,
        error: ErrorCode::None,
        leader,
        leader_epoch: Some(0),
        replicas: replicas.to_vec(),
        isr: isr.to_vec(),
        offline: vec![3],
        eligible_leaders: None,
        last_known_eligible_leaders: None,
    };
    let topic = TopicDescription {
        id: Uuid([7; 16]),
        internal: false,
        partitions: vec![
            partition(0, Some(1), &[1, 2], &[1, 2, 3]),
            partition(1, None, &[3], &[3, 1, 2]),
            partition(2, Some(2), &[2, 1], &[2, 1, 3]),
        ],
    };
    let listed = ListedTopic {
        id: topic.id,
        internal: false,
        partitions_count: 3,
    };
    let entry = |name: &str, value: &str, source| ConfigEntry {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        source,
        read_only: false,
        sensitive: false,
        synonyms: Vec::new(),
        kind: 0,
        documentation: None,
    };
    let entries = vec![
        entry("min.insync.replicas", "2", ConfigSource::StaticBroker),
        entry("retention.ms", "604800000", ConfigSource::Default),
    ];
    let node = |id| Node {
        id,
        address: Address {
            host: "localhost".to_owned(),
            port: 9092,
        },
        rack: None,
    };
    let cluster = Cluster {
        id: None,
        controller: Some(1),
        brokers: vec![node(1), node(2)],
    };
    let moved = Reassignment {
        replicas: vec![2, 1, 3],
        adding: vec![1],
        removing: vec![],
    };
    let moves = Map::from([(
        TopicPartition {
            topic: "orders".into(),
            partition: 2,
        },
        moved,
    )]);
    let arguments = words(&format!(
        "--bootstrap-server localhost:9092 --describe {options}"
    ));
    Rehearsal::new()
        .answer::<ListTopics>(Ok(Map::from([("orders".into(), listed)])))
        .answer::<DescribeTopics>(Ok(Map::from([("orders".into(), Ok(topic))])))
        .answer::<DescribeConfigs>(Ok(Map::from([(
            ConfigResource::topic("orders"),
            Ok(entries),
        )])))
        .answer::<DescribeCluster>(Ok(cluster))
        .answer::<ListPartitionReassignments>(Ok(moves))
        .play(move |desk| run(desk, &arguments))
}

/// With its tabs to be seen.
fn shown(options: &str) -> String {
    describe(options).stdout.replace('\t', "|")
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_partition_without_leader_and_one_on_the_move_are_shown() {
    expect![[r#"
        Topic: orders|TopicId: BwcHBwcHBwcHBwcHBwcHBw|PartitionCount: 3|ReplicationFactor: 3|Configs: min.insync.replicas=2
        |Topic: orders|Partition: 0|Leader: 1|Replicas: 1,2,3|Isr: 1,2|Elr: N/A|LastKnownElr: N/A
        |Topic: orders|Partition: 1|Leader: none|Replicas: 3,1,2|Isr: 3|Elr: N/A|LastKnownElr: N/A
        |Topic: orders|Partition: 2|Leader: 2|Replicas: 2,1,3|Isr: 2,1|Adding Replicas: 1|Removing Replicas: |Elr: N/A|LastKnownElr: N/A
    "#]].assert_eq(&shown("--topic orders"));
}

#[test]
fn the_reports_narrow_partitions_down() {
    expect![[r#"
        |Topic: orders|Partition: 0|Leader: 1|Replicas: 1,2,3|Isr: 1,2|Elr: N/A|LastKnownElr: N/A
        |Topic: orders|Partition: 1|Leader: none|Replicas: 3,1,2|Isr: 3|Elr: N/A|LastKnownElr: N/A
    "#]]
    .assert_eq(&shown("--under-replicated-partitions"));
    expect![[r#"
        |Topic: orders|Partition: 1|Leader: none|Replicas: 3,1,2|Isr: 3|Elr: N/A|LastKnownElr: N/A
    "#]]
    .assert_eq(&shown("--unavailable-partitions"));
    expect![[r#"
        |Topic: orders|Partition: 1|Leader: none|Replicas: 3,1,2|Isr: 3|Elr: N/A|LastKnownElr: N/A
    "#]]
    .assert_eq(&shown("--under-min-isr-partitions"));
    expect![[r#"
        |Topic: orders|Partition: 0|Leader: 1|Replicas: 1,2,3|Isr: 1,2|Elr: N/A|LastKnownElr: N/A
        |Topic: orders|Partition: 2|Leader: 2|Replicas: 2,1,3|Isr: 2,1|Adding Replicas: 1|Removing Replicas: |Elr: N/A|LastKnownElr: N/A
    "#]].assert_eq(&shown("--at-min-isr-partitions"));
}

#[test]
fn an_unreachable_broker_is_named() {
    let unreachable = AskError::Unreachable {
        call: "listTopics",
        why: "localhost:9092: connection refused".to_owned(),
    };
    let arguments = words("--bootstrap-server localhost:9092 --list");
    let played = Rehearsal::new()
        .answer::<ListTopics>(Err(unreachable))
        .play(move |desk| run(desk, &arguments));
    expect!["Error while executing topic command : Timed out waiting for a node assignment. Call: listTopics\n"]
        .assert_eq(&played.stdout);
    expect!["ottla: cannot reach localhost:9092: connection refused\n"].assert_eq(&played.stderr);
    assert_eq!(played.exit, Some(1));
}
