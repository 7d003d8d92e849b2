//! Canonical requests in old versions and old answers in canonical form, through the codec's other side.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::leave_group_response::MemberResponse;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponsePartition, OffsetFetchResponseTopic,
};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, StrBytes};
use ottla_client::protocol::{APIS, Request, Response, versions};

/// What a broker reads.
fn read<T: Decodable + HeaderVersion>(request: &Request, version: i16) -> T {
    let mut frame = request.encode(version, 7, "me").expect("it can be written");
    assert_eq!(frame.get_i32() as usize, frame.len());
    let header = RequestHeader::decode(&mut frame, T::header_version(version)).expect("a header");
    assert_eq!(header.request_api_key, request.api() as i16);
    assert_eq!(header.request_api_version, version);
    assert_eq!(header.correlation_id, 7);
    assert_eq!(header.client_id.as_deref(), Some("me"));
    let body = T::decode(&mut frame, version).expect("a body");
    assert!(frame.is_empty());
    body
}

/// What the client makes of an answer.
fn answer<T, R>(request: &Request, version: i16, body: &T) -> R
where
    T: Encodable + HeaderVersion,
    R: TryFrom<Response>,
{
    let mut frame = BytesMut::new();
    if T::header_version(version) >= 1 {
        // Two tagged fields that nobody knows.
        frame.put_slice(&[2, 9, 1, 0xff, 10, 0]);
    }
    body.encode(&mut frame, version).expect("an answer");
    let response = Response::decode(request, version, frame.freeze()).expect("it can be read");
    R::try_from(response).ok().expect("of the right kind")
}

fn text(text: &'static str) -> StrBytes {
    StrBytes::from_static_str(text)
}

#[test]
fn what_is_spoken_lies_within_what_the_codec_knows() {
    assert!(APIS.is_sorted_by_key(|api| *api as i16));
    for api in APIS {
        let spoken = versions(*api).expect("it is spoken");
        let known = api.valid_versions();
        assert!(
            known.min <= *spoken.start() && *spoken.end() <= known.max,
            "{api:?}"
        );
    }
    assert_eq!(versions(ApiKey::Vote), None);
}

#[test]
fn a_coordinator_is_asked_for_by_key_or_by_keys() {
    let request: Request = FindCoordinatorRequest::default()
        .with_coordinator_keys(vec![text("riders")])
        .into();
    for version in 0..=6 {
        let body: FindCoordinatorRequest = read(&request, version);
        match version {
            0..=3 => assert_eq!(body.key, text("riders")),
            _ => assert_eq!(body.coordinator_keys, [text("riders")]),
        }
    }
    let old = FindCoordinatorResponse::default()
        .with_error_code(15)
        .with_node_id(BrokerId(3))
        .with_host(text("here"))
        .with_port(9);
    for version in 0..=3 {
        let response: FindCoordinatorResponse = answer(&request, version, &old);
        let [coordinator] = &response.coordinators[..] else {
            panic!("{response:?}");
        };
        assert_eq!(coordinator.key, text("riders"));
        assert_eq!(coordinator.error_code, 15);
        assert_eq!((coordinator.node_id, coordinator.port), (BrokerId(3), 9));
        assert_eq!(coordinator.host, text("here"));
    }
    let two = FindCoordinatorRequest::default().with_coordinator_keys(vec![text("a"), text("b")]);
    let error = Request::from(two).encode(3, 7, "me").expect_err("only one");
    assert_eq!(
        error.to_string(),
        "FindCoordinator version 3 cannot express this request: not exactly one key"
    );
}

#[test]
fn offsets_are_fetched_for_a_group_or_for_groups() {
    let topic = OffsetFetchRequestTopics::default()
        .with_name(TopicName(text("rides")))
        .with_partition_indexes(vec![0, 4]);
    let group = OffsetFetchRequestGroup::default()
        .with_group_id(GroupId(text("riders")))
        .with_topics(Some(vec![topic]));
    let request: Request = OffsetFetchRequest::default()
        .with_groups(vec![group.clone()])
        .with_require_stable(true)
        .into();
    for version in 2..=9 {
        let body: OffsetFetchRequest = read(&request, version);
        assert_eq!(body.require_stable, version >= 7);
        if version <= 7 {
            assert_eq!(body.group_id, GroupId(text("riders")));
            let topics = body.topics.expect("topics");
            assert_eq!(topics[0].name, TopicName(text("rides")));
            assert_eq!(topics[0].partition_indexes, [0, 4]);
        } else {
            assert_eq!(body.groups, std::slice::from_ref(&group));
        }
    }
    let partition = OffsetFetchResponsePartition::default()
        .with_partition_index(4)
        .with_committed_offset(17)
        .with_metadata(Some(text("note")));
    let topic = OffsetFetchResponseTopic::default()
        .with_name(TopicName(text("rides")))
        .with_partitions(vec![partition]);
    let old = OffsetFetchResponse::default()
        .with_topics(vec![topic])
        .with_error_code(14);
    for version in 2..=7 {
        let response: OffsetFetchResponse = answer(&request, version, &old);
        let group = &response.groups[0];
        assert_eq!(group.group_id, GroupId(text("riders")));
        assert_eq!(group.error_code, 14);
        let partition = &group.topics[0].partitions[0];
        assert_eq!(
            (partition.partition_index, partition.committed_offset),
            (4, 17)
        );
        assert_eq!(partition.metadata, Some(text("note")));
    }
    let all = OffsetFetchRequest::default().with_groups(vec![group.with_topics(None)]);
    let body: OffsetFetchRequest = read(&all.into(), 5);
    assert_eq!(body.topics, None, "all topics of the group");
}

#[test]
fn members_leave_by_id_or_by_list() {
    let member = MemberIdentity::default().with_member_id(text("m-1"));
    let request: Request = LeaveGroupRequest::default()
        .with_group_id(GroupId(text("riders")))
        .with_members(vec![member.clone()])
        .into();
    for version in 0..=5 {
        let body: LeaveGroupRequest = read(&request, version);
        match version {
            0..=2 => assert_eq!(body.member_id, text("m-1")),
            _ => assert_eq!(body.members[0].member_id, text("m-1")),
        }
    }
    let outcome = |code| {
        let old = LeaveGroupResponse::default().with_error_code(code);
        let response: LeaveGroupResponse = answer(&request, 1, &old);
        let members = response
            .members
            .iter()
            .map(|member: &MemberResponse| member.error_code);
        (response.error_code, members.collect::<Vec<_>>())
    };
    assert_eq!(outcome(0), (0, vec![0]));
    assert_eq!(
        outcome(25),
        (0, vec![25]),
        "UNKNOWN_MEMBER_ID is about the member"
    );
    assert_eq!(
        outcome(16),
        (16, vec![]),
        "NOT_COORDINATOR is about the whole"
    );

    let fixed = member.with_group_instance_id(Some(text("one")));
    let request = LeaveGroupRequest::default().with_members(vec![fixed]);
    assert!(Request::from(request).encode(2, 7, "me").is_err());
}

#[test]
fn topics_are_deleted_by_name_where_ids_are_not_known() {
    let topic = delete_topics_request::DeleteTopicState::default();
    let named = topic.clone().with_name(Some(TopicName(text("rides"))));
    let request = DeleteTopicsRequest::default()
        .with_topics(vec![named])
        .with_timeout_ms(5);
    for version in 1..=6 {
        let body: DeleteTopicsRequest = read(&request.clone().into(), version);
        assert_eq!(body.timeout_ms, 5);
        match version {
            1..=5 => assert_eq!(body.topic_names, [TopicName(text("rides"))]),
            _ => assert_eq!(body.topics, request.topics),
        }
    }
    let by_id = topic
        .with_name(None)
        .with_topic_id(uuid::Uuid::from_u128(1));
    let request = DeleteTopicsRequest::default().with_topics(vec![by_id]);
    assert!(Request::from(request).encode(5, 7, "me").is_err());
}

#[test]
fn special_offsets_are_asked_only_of_those_who_know_them() {
    let lowest = |timestamp| {
        let partition = ListOffsetsPartition::default().with_timestamp(timestamp);
        let topic = ListOffsetsTopic::default().with_partitions(vec![partition]);
        let request = Request::from(ListOffsetsRequest::default().with_topics(vec![topic]));
        (1..=10).find(|version| request.encode(*version, 7, "me").is_ok())
    };
    assert_eq!(lowest(1_700_000_000_000), Some(1));
    assert_eq!(
        [-1, -2, -3, -4, -5].map(lowest),
        [Some(1), Some(1), Some(7), Some(8), Some(9)]
    );
}

#[test]
fn hints_are_dropped_where_there_is_no_place_for_them() {
    let metadata: Request = MetadataRequest::default()
        .with_include_cluster_authorized_operations(true)
        .with_include_topic_authorized_operations(true)
        .into();
    for version in 4..=12 {
        let body: MetadataRequest = read(&metadata, version);
        assert_eq!(body.include_topic_authorized_operations, version >= 8);
        let asks = body.include_cluster_authorized_operations;
        assert_eq!(asks, (8..=10).contains(&version));
    }
    let partition = fetch_request::FetchPartition::default().with_last_fetched_epoch(3);
    let topic = fetch_request::FetchTopic::default().with_partitions(vec![partition]);
    let forgotten = fetch_request::ForgottenTopic::default().with_partitions(vec![1]);
    let fetch: Request = FetchRequest::default()
        .with_topics(vec![topic])
        .with_forgotten_topics_data(vec![forgotten])
        .into();
    for version in 4..=12 {
        let body: FetchRequest = read(&fetch, version);
        assert_eq!(
            body.topics[0].partitions[0].last_fetched_epoch,
            if version >= 12 { 3 } else { -1 }
        );
        assert_eq!(body.forgotten_topics_data.len(), usize::from(version >= 7));
    }
}

#[test]
fn an_answer_that_ends_early_or_announces_too_much_is_none() {
    let request: Request = ListGroupsRequest::default().into();
    let undecodable = |answer: &'static [u8]| {
        let answer = Response::decode(&request, 5, Bytes::from_static(answer));
        answer.expect_err("no answer").to_string()
    };
    for answer in [
        &[][..],
        &[0],
        &[0, 0, 0, 0, 0, 0, 0],
        &[0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f],
        &[1, 5, 200],
    ] {
        assert_eq!(
            undecodable(answer),
            format!(
                "the broker's answer of {} bytes is not one to ListGroups version 5",
                answer.len()
            )
        );
    }
}
