//! Where a partition begins and ends, and where it was at a time.

use kafka_protocol::messages::delete_records_request::{
    DeleteRecordsPartition, DeleteRecordsTopic,
};
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::offset_for_leader_epoch_request::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use kafka_protocol::messages::{
    DeleteRecordsRequest, ListOffsetsRequest, OffsetForLeaderEpochRequest,
};
use ottla_core::ConnectionId;

use crate::requests::{create, name, produce};
use crate::support::{Net, batch};

#[test]
fn offsets_by_time_are_exact_to_the_record() {
    let (mut net, client) = filled();
    let mut at = |timestamp| list(&mut net, client, 10, timestamp);
    assert_eq!(at(0), (0, 0, 1000));
    assert_eq!(at(1001), (0, 1, 2000), "in the middle of a batch");
    assert_eq!(at(5000), (0, 3, 10_000), "in the next batch");
    assert_eq!(at(10_001), (0, 4, 11_000));
    assert_eq!(at(12_001), (0, -1, -1), "nothing is that late");
}

#[test]
fn deleted_records_are_not_found_by_time() {
    let (mut net, client) = filled();
    let partition = DeleteRecordsPartition::default().with_offset(1);
    let topic = DeleteRecordsTopic::default()
        .with_name(name())
        .with_partitions(vec![partition]);
    let request = DeleteRecordsRequest::default().with_topics(vec![topic]);
    let answer = net.ask(client, 2, &request);
    assert_eq!(answer.topics[0].partitions[0].low_watermark, 1);
    assert_eq!(list(&mut net, client, 10, 0), (0, 1, 2000));
    assert_eq!(list(&mut net, client, 10, -2), (0, 1, -1));
}

#[test]
fn special_timestamps_are_known_from_their_version_on() {
    let (mut net, client) = filled();
    for version in 1..=10 {
        assert_eq!(list(&mut net, client, version, -1), (0, 6, -1), "the end");
        assert_eq!(list(&mut net, client, version, -2), (0, 0, -1), "the start");
        let of = |since: i16, answer| {
            if version >= since {
                answer
            } else {
                (35, -1, -1)
            }
        };
        assert_eq!(
            list(&mut net, client, version, -3),
            of(7, (0, 5, 12_000)),
            "the largest timestamp"
        );
        assert_eq!(list(&mut net, client, version, -4), of(8, (0, 0, -1)));
        assert_eq!(list(&mut net, client, version, -5), of(9, (0, -1, -1)));
        assert_eq!(list(&mut net, client, version, -6), (35, -1, -1));
        assert_eq!(list(&mut net, client, version, -7), (35, -1, -1));
    }
}

#[test]
fn an_epoch_that_is_not_the_leaders_is_told_so() {
    let (mut net, client) = filled();
    for (epoch, error) in [(-1, 0), (0, 0), (1, 75)] {
        let partition = ListOffsetsPartition::default()
            .with_timestamp(-1)
            .with_current_leader_epoch(epoch);
        let request = request(partition);
        let answer = net.ask(client, 4, &request);
        assert_eq!(answer.topics[0].partitions[0].error_code, error);
    }
    for version in 2..=4 {
        let partition = OffsetForLeaderPartition::default()
            .with_leader_epoch(0)
            .with_current_leader_epoch(0);
        let topic = OffsetForLeaderTopic::default()
            .with_topic(name())
            .with_partitions(vec![partition]);
        let answer = net.ask(
            client,
            version,
            &OffsetForLeaderEpochRequest::default().with_topics(vec![topic]),
        );
        let found = &answer.topics[0].partitions[0];
        assert_eq!(
            (found.error_code, found.leader_epoch, found.end_offset),
            (0, 0, 6)
        );
    }
}

#[test]
fn a_partition_named_twice_or_unknown_is_an_error_of_its_own() {
    let (mut net, client) = filled();
    let partition = ListOffsetsPartition::default().with_timestamp(-1);
    let mut request = request(partition.clone());
    request.topics[0].partitions.push(partition.clone());
    request.topics[0]
        .partitions
        .push(partition.with_partition_index(9));
    let answer = net.ask(client, 7, &request);
    let errors: Vec<i16> = answer.topics[0]
        .partitions
        .iter()
        .map(|partition| partition.error_code)
        .collect();
    assert_eq!(errors, [42, 3], "the one named twice is answered once");
}

/// Three records from 1000 on, one second apart, and three from 10000 on.
fn filled() -> (Net, ConnectionId) {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    net.ask(
        client,
        9,
        &produce(9, id, 0, 1, batch(1000, &["a", "b", "c"])),
    );
    net.ask(
        client,
        9,
        &produce(9, id, 0, 1, batch(10_000, &["d", "e", "f"])),
    );
    (net, client)
}

/// Error, offset and timestamp.
fn list(net: &mut Net, client: ConnectionId, version: i16, timestamp: i64) -> (i16, i64, i64) {
    let answer = net.ask(
        client,
        version,
        &request(ListOffsetsPartition::default().with_timestamp(timestamp)),
    );
    let found = &answer.topics[0].partitions[0];
    (found.error_code, found.offset, found.timestamp)
}

fn request(partition: ListOffsetsPartition) -> ListOffsetsRequest {
    let topic = ListOffsetsTopic::default()
        .with_name(name())
        .with_partitions(vec![partition]);
    ListOffsetsRequest::default()
        .with_replica_id((-1).into())
        .with_topics(vec![topic])
}
