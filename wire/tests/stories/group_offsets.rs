//! Offsets of groups over the wire, in every version that is served.

use bytes::{BufMut, BytesMut};
use kafka_protocol::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use kafka_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use kafka_protocol::messages::{
    DeleteGroupsRequest, OffsetCommitRequest, OffsetDeleteRequest, OffsetFetchRequest,
    ResponseHeader,
};
use kafka_protocol::protocol::{Decodable, HeaderVersion, Request};
use ottla_core::ConnectionId;
use uuid::Uuid;

use crate::group_requests::*;
use crate::requests::create;
use crate::support::{Arrived, Net, frame};

/// What a version says of partition 0 and of partition 1 of topic `t`: offset, note, error.
fn fetch(
    net: &mut Net,
    client: ConnectionId,
    version: i16,
    group: &str,
) -> Vec<(i64, String, i16)> {
    let request = OffsetFetchRequest::default();
    if version < 8 {
        let topic = OffsetFetchRequestTopic::default()
            .with_name(text("t").into())
            .with_partition_indexes(vec![0, 1]);
        let request = request
            .with_group_id(text(group).into())
            .with_topics(Some(vec![topic]));
        let fetched = net.ask(client, version, &request);
        let partitions = fetched.topics[0].partitions.iter();
        return partitions
            .map(|p| {
                (
                    p.committed_offset,
                    p.metadata.clone().unwrap_or_default().to_string(),
                    p.error_code,
                )
            })
            .collect();
    }
    let topic = OffsetFetchRequestTopics::default()
        .with_name(text("t").into())
        .with_partition_indexes(vec![0, 1]);
    let wanted = OffsetFetchRequestGroup::default()
        .with_group_id(text(group).into())
        .with_topics(Some(vec![topic]));
    let fetched = net.ask(client, version, &request.with_groups(vec![wanted]));
    let partitions = fetched.groups[0].topics[0].partitions.iter();
    partitions
        .map(|p| {
            (
                p.committed_offset,
                p.metadata.clone().unwrap_or_default().to_string(),
                p.error_code,
            )
        })
        .collect()
}

#[test]
fn what_every_version_commits_every_version_fetches() {
    let mut net = Net::new();
    let client = net.connect();
    create(&mut net, client, "t");
    for version in 2..=9 {
        let committed = net.ask(client, version, &commit("g", -1, version.into()));
        assert_eq!(
            committed.topics[0].partitions[0].error_code, NONE,
            "OffsetCommit {version}"
        );
        for reader in 1..=9 {
            let expected = [
                (version.into(), "note".to_owned(), NONE),
                (-1, String::new(), NONE),
            ];
            assert_eq!(
                fetch(&mut net, client, reader, "g"),
                expected,
                "OffsetFetch {reader}"
            );
        }
    }
    for reader in 1..=9 {
        assert_eq!(fetch(&mut net, client, reader, "unknown")[0].0, -1);
    }
}

#[test]
fn all_offsets_of_a_group_are_told_when_no_topics_are_named() {
    let mut net = Net::new();
    let client = net.connect();
    create(&mut net, client, "t");
    net.ask(client, 9, &commit("g", -1, 7));
    let all = OffsetFetchRequest::default()
        .with_group_id(text("g").into())
        .with_topics(None);
    for version in 2..=7 {
        let fetched = net.ask(client, version, &all);
        assert_eq!(fetched.topics[0].partitions[0].committed_offset, 7);
    }
    let groups = ["g", "unknown"].map(|group| {
        OffsetFetchRequestGroup::default()
            .with_group_id(text(group).into())
            .with_topics(None)
    });
    let fetched = net.ask(
        client,
        9,
        &OffsetFetchRequest::default().with_groups(groups.into()),
    );
    let topics: Vec<usize> = fetched
        .groups
        .iter()
        .map(|group| group.topics.len())
        .collect();
    assert_eq!(topics, [1, 0]);
}

#[test]
fn a_commit_of_a_generation_that_never_was_is_refused_in_the_words_of_its_version() {
    let mut net = Net::new();
    let client = net.connect();
    create(&mut net, client, "t");
    for (version, expected) in [
        (2, ILLEGAL_GENERATION),
        (8, ILLEGAL_GENERATION),
        (9, GROUP_ID_NOT_FOUND),
    ] {
        let refused = net.ask(client, version, &commit("unknown", 3, 1));
        assert_eq!(
            refused.topics[0].partitions[0].error_code, expected,
            "OffsetCommit {version}"
        );
    }
}

/// A request of version 10, whose topics are named by ids: its header's frame, then the body by hand.
fn ask_with_ids<R: Request>(
    net: &mut Net,
    client: ConnectionId,
    empty: &R,
    body: &[u8],
) -> R::Response {
    let version_9 = frame(77, 9, empty);
    // The header: key, version, correlation id, client id ("test"), no tagged fields.
    let mut frame = BytesMut::from(&version_9[..15]);
    frame[2..4].copy_from_slice(&10i16.to_be_bytes());
    frame.put_slice(body);
    net.send_frame(client, frame.freeze())
        .expect("a sound frame");
    let Some(Arrived::Frame(mut answer)) = net.arrived(client) else {
        panic!("no answer");
    };
    let mut answer = answer.split_off(4);
    ResponseHeader::decode(&mut answer, R::Response::header_version(10)).expect("a header");
    R::Response::decode(&mut answer, 10).expect("an answer")
}

#[test]
fn version_10_names_topics_by_their_ids() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    let unknown = Uuid::from_u128(9);
    let mut body = BytesMut::new();
    body.put_slice(b"\x02g\xff\xff\xff\xff\x01\x00\x03");
    for id in [id, unknown] {
        body.put_slice(id.as_bytes());
        // Partition 0, offset 5, epoch -1, the note "n".
        body.put_slice(b"\x02\0\0\0\0\0\0\0\0\0\0\0\x05\xff\xff\xff\xff\x02n\0\0");
    }
    body.put_u8(0);
    let committed = ask_with_ids(&mut net, client, &OffsetCommitRequest::default(), &body);
    let outcomes: Vec<_> = committed
        .topics
        .iter()
        .map(|topic| (topic.topic_id, topic.partitions[0].error_code))
        .collect();
    assert_eq!(outcomes, [(id, NONE), (unknown, UNKNOWN_TOPIC_ID)]);

    // Three groups of requests: both topics, everything, and of a group that nobody knows.
    let mut body = BytesMut::new();
    body.put_slice(b"\x04\x02g\0\xff\xff\xff\xff\x03");
    for id in [id, unknown] {
        body.put_slice(id.as_bytes());
        body.put_slice(b"\x02\0\0\0\0\0");
    }
    body.put_slice(b"\0\x02g\0\xff\xff\xff\xff\0\0\x02u\0\xff\xff\xff\xff\0\0\x01\0");
    let fetched = ask_with_ids(&mut net, client, &OffsetFetchRequest::default(), &body);
    let told: Vec<Vec<_>> = fetched
        .groups
        .iter()
        .map(|group| {
            let topics = group.topics.iter();
            topics
                .map(|topic| (topic.topic_id, &topic.partitions[0]))
                .map(|(id, p)| (id, p.committed_offset, p.error_code))
                .collect()
        })
        .collect();
    let whole = (id, 5, NONE);
    assert_eq!(
        told,
        [
            vec![whole, (unknown, -1, UNKNOWN_TOPIC_ID)],
            vec![whole],
            vec![]
        ]
    );
}

#[test]
fn a_body_of_version_10_that_is_cut_short_is_malformed() {
    let mut net = Net::new();
    let client = net.connect();
    let header = frame(1, 9, &OffsetCommitRequest::default()).slice(..15);
    let body = b"\x02g\xff\xff\xff\xff\x01\x00\x02................\x01\0\0";
    for cut in 0..body.len() {
        let mut frame = BytesMut::from(&header[..]);
        frame[2..4].copy_from_slice(&10i16.to_be_bytes());
        frame.put_slice(&body[..cut]);
        assert!(
            net.send_frame(client, frame.freeze()).is_err(),
            "cut at {cut}"
        );
    }
}

#[test]
fn groups_and_offsets_are_deleted() {
    let mut net = Net::new();
    let client = net.connect();
    create(&mut net, client, "t");
    for version in 0..=2 {
        let busy = format!("busy-{version}");
        member(&mut net, client, &busy);
        net.ask(client, 9, &commit("gone", -1, 1));
        let names = ["gone", "unknown", &busy, "gone"].map(|name| text(name).into());
        let deleted = net.ask(
            client,
            version,
            &DeleteGroupsRequest::default().with_groups_names(names.into()),
        );
        let outcomes: Vec<i16> = deleted
            .results
            .iter()
            .map(|result| result.error_code)
            .collect();
        assert_eq!(outcomes, [NONE, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP]);
    }

    net.ask(client, 9, &commit("g", -1, 1));
    let topic = OffsetDeleteRequestTopic::default()
        .with_name(text("t").into())
        .with_partitions(vec![OffsetDeleteRequestPartition::default()]);
    let mut delete = |group: &str| {
        let request = OffsetDeleteRequest::default()
            .with_group_id(text(group).into())
            .with_topics(vec![topic.clone()]);
        net.ask(client, 0, &request)
    };
    let deleted = delete("g");
    assert_eq!(
        (
            deleted.error_code,
            deleted.topics[0].partitions[0].error_code
        ),
        (NONE, NONE)
    );
    assert_eq!(delete("unknown").error_code, GROUP_ID_NOT_FOUND);
    assert_eq!(delete("").error_code, INVALID_GROUP_ID);
    assert_eq!(fetch(&mut net, client, 9, "g")[0].0, -1);
}
