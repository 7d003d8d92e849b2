//! Whatever bytes stand where an answer should be: it is read or it is not, and nobody panics or takes memory for what is only announced.

use bytes::Bytes;
use kafka_protocol::messages::*;
use ottla_client::protocol::{APIS, Request, Response, versions};
use proptest::prelude::*;

/// One request of each API.
fn requests() -> Vec<Request> {
    let requests: Vec<Request> = vec![
        ProduceRequest::default().into(),
        FetchRequest::default().into(),
        ListOffsetsRequest::default().into(),
        MetadataRequest::default().into(),
        OffsetCommitRequest::default().into(),
        OffsetFetchRequest::default().into(),
        FindCoordinatorRequest::default().into(),
        JoinGroupRequest::default().into(),
        HeartbeatRequest::default().into(),
        LeaveGroupRequest::default().into(),
        SyncGroupRequest::default().into(),
        DescribeGroupsRequest::default().into(),
        ListGroupsRequest::default().into(),
        ApiVersionsRequest::default().into(),
        CreateTopicsRequest::default().into(),
        DeleteTopicsRequest::default().into(),
        DeleteRecordsRequest::default().into(),
        InitProducerIdRequest::default().into(),
        OffsetForLeaderEpochRequest::default().into(),
        DescribeConfigsRequest::default().into(),
        AlterConfigsRequest::default().into(),
        DescribeLogDirsRequest::default().into(),
        CreatePartitionsRequest::default().into(),
        DeleteGroupsRequest::default().into(),
        IncrementalAlterConfigsRequest::default().into(),
        ListPartitionReassignmentsRequest::default().into(),
        OffsetDeleteRequest::default().into(),
        DescribeClusterRequest::default().into(),
        DescribeProducersRequest::default().into(),
        ConsumerGroupDescribeRequest::default().into(),
        ListConfigResourcesRequest::default().into(),
        DescribeTopicPartitionsRequest::default().into(),
    ];
    let apis: Vec<ApiKey> = requests.iter().map(Request::api).collect();
    assert_eq!(apis, APIS);
    requests
}

/// Bytes that look a little like an answer: mostly small numbers, some lies.
fn answer() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        6 => Just(0u8),
        4 => 1u8..12,
        1 => Just(0xff),
        1 => Just(0x7f),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_an_answer_or_none(answer in answer()) {
        let answer = Bytes::from(answer);
        for request in requests() {
            for version in versions(request.api()).expect("it is spoken") {
                // What it is does not matter: that there is an end, does.
                let _ = Response::decode(&request, version, answer.clone());
            }
        }
    }
}
