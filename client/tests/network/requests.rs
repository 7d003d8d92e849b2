use expect_test::expect;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::StrBytes;
use ottla_client::network::{BrokerId, CoordinatorKey, Target};
use ottla_core::ErrorCode;

use crate::support::Net;

pub(crate) fn topic(name: &str, partitions_count: i32) -> CreateTopicsRequest {
    let topic = CreatableTopic::default()
        .with_name(name_of(name))
        .with_num_partitions(partitions_count)
        .with_replication_factor(1);
    CreateTopicsRequest::default()
        .with_topics(vec![topic])
        .with_timeout_ms(1000)
}

fn name_of(topic: &str) -> TopicName {
    TopicName(StrBytes::from_string(topic.to_owned()))
}

pub(crate) fn latest(topic: &str, partition: i32) -> ListOffsetsRequest {
    let partition = ListOffsetsPartition::default()
        .with_partition_index(partition)
        .with_timestamp(-1);
    let topic = ListOffsetsTopic::default()
        .with_name(name_of(topic))
        .with_partitions(vec![partition]);
    ListOffsetsRequest::default().with_topics(vec![topic])
}

/// A fetch that waits half a second for records.
pub(crate) fn fetch(topic: &str) -> FetchRequest {
    let partition = FetchPartition::default().with_partition_max_bytes(1 << 20);
    let topic = FetchTopic::default()
        .with_topic(name_of(topic))
        .with_partitions(vec![partition]);
    FetchRequest::default()
        .with_max_wait_ms(500)
        .with_min_bytes(1)
        .with_topics(vec![topic])
}

#[test]
fn a_question_for_anybody_takes_one_connection_and_no_metadata() {
    let mut net = Net::new();
    let _: ListGroupsResponse = net
        .ask(Target::Any, ListGroupsRequest::default())
        .expect("an answer");
    expect![[r#"
        connecting to bootstrap broker 1 at broker.test:9092
        ApiVersions v3 to bootstrap broker 1, request 0, 28 bytes
        ApiVersions v3 answered by bootstrap broker 1, request 0, 243 bytes, after 0 us
        connected to bootstrap broker 1
        ListGroups v5 to bootstrap broker 1, request 1, 18 bytes
        ListGroups v5 answered by bootstrap broker 1, request 1, 17 bytes, after 0 us
    "#]]
    .assert_eq(&net.log());
}

#[test]
fn the_controller_a_broker_and_the_coordinator_are_found() {
    let mut net = Net::new();
    let created: CreateTopicsResponse = net
        .ask(Target::Controller, topic("rides", 2))
        .expect("an answer");
    assert_eq!(created.topics[0].error_code, 0);

    let offsets: ListOffsetsResponse = net
        .ask(Target::Broker(BrokerId(1)), latest("rides", 1))
        .expect("an answer");
    assert_eq!(offsets.topics[0].partitions[0].offset, 0);

    let group = Target::Coordinator(CoordinatorKey::Group("riders".into()));
    let request = DescribeGroupsRequest::default().with_groups(vec![GroupId("riders".into())]);
    let described: DescribeGroupsResponse = net.ask(group, request).expect("an answer");
    assert_eq!(
        described.groups[0].error_code,
        ErrorCode::GroupIdNotFound.number()
    );
    expect![[r#"
        connecting to bootstrap broker 1 at broker.test:9092
        ApiVersions v3 to bootstrap broker 1, request 0, 28 bytes
        ApiVersions v3 answered by bootstrap broker 1, request 0, 243 bytes, after 0 us
        connected to bootstrap broker 1
        Metadata v12 to bootstrap broker 1, request 1, 19 bytes
        Metadata v12 answered by bootstrap broker 1, request 1, 65 bytes, after 0 us
        metadata 1: 1 brokers, 0 topics
        CreateTopics v7 to broker 1, request 2, 37 bytes
        CreateTopics v7 answered by broker 1, request 2, 1130 bytes, after 0 us
        ListOffsets v10 to broker 1, request 3, 51 bytes
        ListOffsets v10 answered by broker 1, request 3, 50 bytes, after 0 us
        FindCoordinator v6 to broker 1, request 4, 25 bytes
        FindCoordinator v6 answered by broker 1, request 4, 46 bytes, after 0 us
        the coordinator of group riders is broker 1 at broker.test:9092
        connecting to coordinator 1 at broker.test:9092
        ApiVersions v3 to coordinator 1, request 0, 28 bytes
        ApiVersions v3 answered by coordinator 1, request 0, 243 bytes, after 0 us
        connected to coordinator 1
        DescribeGroups v6 to coordinator 1, request 1, 25 bytes
        DescribeGroups v6 answered by coordinator 1, request 1, 61 bytes, after 0 us
    "#]]
    .assert_eq(&net.log());
}
