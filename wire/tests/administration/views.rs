use kafka_protocol::messages::describe_log_dirs_request::DescribableLogDirTopic;
use kafka_protocol::messages::describe_producers_request;
use kafka_protocol::messages::describe_topic_partitions_request::{self, Cursor};

use super::*;

#[test]
fn the_data_directory_is_described_with_the_logs_that_are_asked_for() {
    let mut pair = with_topics(&[("q", 3), ("r", 1)]);
    for version in 1..=4 {
        let topic = DescribableLogDirTopic::default()
            .with_topic(name("q"))
            .with_partitions(vec![0, 2, 9]);
        let asked = pair.ask(
            version,
            &DescribeLogDirsRequest::default().with_topics(Some(vec![topic])),
        );
        let [directory] = &asked.results[..] else {
            panic!("one directory")
        };
        let partitions: Vec<i32> = directory.topics[0]
            .partitions
            .iter()
            .map(|p| p.partition_index)
            .collect();
        assert_eq!(
            (directory.log_dir.as_str(), partitions),
            ("memory", vec![0, 2])
        );
        let all = pair.ask(
            version,
            &DescribeLogDirsRequest::default().with_topics(None),
        );
        assert_eq!(all.results[0].topics.len(), 2);
    }
}

#[test]
fn the_cluster_is_one_broker_that_is_not_being_reassigned() {
    let mut pair = Pair::new(&[("node.id", "3"), ("cluster.id", "test-cluster")]);
    for version in 0..=2 {
        let request =
            DescribeClusterRequest::default().with_include_cluster_authorized_operations(true);
        let answer = pair.ask(version, &request);
        assert_eq!(
            (answer.cluster_id.as_str(), answer.controller_id.0),
            ("test-cluster", 3)
        );
        assert_eq!(
            (answer.brokers[0].host.as_str(), answer.brokers[0].port),
            ("localhost", 9092)
        );
        assert_eq!(answer.cluster_authorized_operations, 8096);
    }
    let controllers = pair.ask(2, &DescribeClusterRequest::default().with_endpoint_type(2));
    assert_eq!(
        (controllers.error_code, controllers.brokers.len()),
        (114, 0)
    );
    let reassignments = pair.ask(
        0,
        &ListPartitionReassignmentsRequest::default().with_topics(None),
    );
    assert_eq!(
        (reassignments.error_message, reassignments.topics.len()),
        (None, 0)
    );
}

#[test]
fn producers_are_described_partition_by_partition() {
    let mut pair = with_topics(&[("q", 1)]);
    let topic = |topic| {
        describe_producers_request::TopicRequest::default()
            .with_name(name(topic))
            .with_partition_indexes(vec![0, 9])
    };
    let request = DescribeProducersRequest::default().with_topics(vec![
        topic("q"),
        topic("unknown"),
        topic("a/b"),
    ]);
    let answer = pair.ask(0, &request);
    let outcome = |topic: usize, partition: usize| {
        let partition = &answer.topics[topic].partitions[partition];
        (partition.error_code, partition.error_message.is_some())
    };
    assert_eq!((outcome(0, 0), outcome(0, 1)), ((0, false), (3, false)));
    assert_eq!((outcome(1, 0), outcome(2, 0)), ((3, true), (17, true)));
}

#[test]
fn what_can_be_configured_is_listed_by_type() {
    let mut pair = with_topics(&[("q", 1)]);
    assert_eq!(
        pair.ask(0, &ListConfigResourcesRequest::default())
            .config_resources,
        []
    );
    let mut list = |types| {
        let answer = pair.ask(
            1,
            &ListConfigResourcesRequest::default().with_resource_types(types),
        );
        let found = answer
            .config_resources
            .iter()
            .map(|found| format!("{} {}", found.resource_type, found.resource_name));
        (answer.error_code, found.collect::<Vec<_>>().join(", "))
    };
    assert_eq!(list(vec![]), (0, "2 q, 4 1, 8 1".to_owned()));
    assert_eq!(list(vec![8, 4]), (0, "4 1, 8 1".to_owned()));
    assert_eq!(list(vec![99]), (35, String::new()));
}

#[test]
fn topics_are_described_page_by_page() {
    let mut pair = with_topics(&[("a", 3), ("b", 1)]);
    let mut describe = |topics: &[&str], limit, cursor: Option<(&str, i32)>| {
        let topics = topics.iter().map(|topic| {
            describe_topic_partitions_request::TopicRequest::default().with_name(name(topic))
        });
        let cursor = cursor.map(|(topic, index)| {
            Cursor::default()
                .with_topic_name(name(topic))
                .with_partition_index(index)
        });
        let request = DescribeTopicPartitionsRequest::default()
            .with_topics(topics.collect())
            .with_response_partition_limit(limit)
            .with_cursor(cursor);
        let answer = pair.ask(0, &request);
        let topics = answer.topics.iter().map(|topic| {
            let indexes: Vec<i32> = topic
                .partitions
                .iter()
                .map(|partition| partition.partition_index)
                .collect();
            format!(
                "{} {} {indexes:?}",
                topic.name.as_ref().expect("a name").as_str(),
                topic.error_code
            )
        });
        let next = answer
            .next_cursor
            .map(|next| format!("then {} {}", next.topic_name.as_str(), next.partition_index));
        topics.chain(next).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(describe(&["b", "a"], 100, None), "a 0 [0, 1, 2], b 0 [0]");
    assert_eq!(describe(&[], 100, None), "a 0 [0, 1, 2], b 0 [0]");
    assert_eq!(describe(&["a", "b"], 2, None), "a 0 [0, 1], then a 2");
    assert_eq!(describe(&["a", "b"], 2, Some(("a", 2))), "a 0 [2], b 0 [0]");
    assert_eq!(describe(&["a", "b"], 3, None), "a 0 [0, 1, 2], then b 0");
    assert_eq!(describe(&["a"], 0, None), "a 0 [0], then a 1");
    assert_eq!(describe(&["a"], 5, Some(("a", 3))), "a 0 []");
    assert_eq!(describe(&["a"], 5, Some(("a", -1))), "a 42 []");
    assert_eq!(describe(&["a"], 5, Some(("b", 0))), "a 42 []");
    assert_eq!(
        describe(&["a", "ab", "a/b"], 5, None),
        "a 0 [0, 1, 2], a/b 17 [], ab 3 []"
    );
}
