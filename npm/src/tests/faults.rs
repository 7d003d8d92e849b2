//! What a test lets go wrong.

use expect_test::expect;
use kafka_protocol::messages::{ApiVersionsRequest, MetadataRequest, ProduceRequest};
use ottla_core::batch::Compression;
use serde_json::{Value as Json, json};

use super::support::{Guest, at_ms, produce, start, value, values};
use crate::FaultOptions;

const NOT_LEADER_OR_FOLLOWER: i16 = 6;

fn guest() -> Guest {
    Guest::new(start(json!({ "topics": { "orders": {} } })))
}

fn add(guest: &mut Guest, options: Json) -> u32 {
    let options = FaultOptions::read(&value(options)).expect("sound options");
    guest.process.add_fault(options)
}

#[test]
fn a_request_fails_as_often_as_was_asked_and_is_not_done() {
    let mut guest = guest();
    let options =
        json!({ "kind": "fail", "api": "Produce", "error": "NOT_LEADER_OR_FOLLOWER", "times": 2 });
    let fault = add(&mut guest, options);
    for hits in 1..=2 {
        let error = guest.produce("orders", Compression::None, &["refused"]);
        assert_eq!(error, NOT_LEADER_OR_FOLLOWER);
        assert_eq!(guest.process.fault_hits(fault), Some(hits));
    }
    assert_eq!(guest.produce("orders", Compression::None, &["taken"]), 0);
    assert_eq!(guest.process.fault_hits(fault), Some(2));
    assert_eq!(values(&guest.process, "orders"), ["taken"]);
}

#[test]
fn a_fault_that_was_removed_takes_no_effect_and_keeps_its_count() {
    let mut guest = guest();
    let fault = add(
        &mut guest,
        json!({ "kind": "fail", "error": "REQUEST_TIMED_OUT" }),
    );
    assert_eq!(guest.ask(0, &ApiVersionsRequest::default()).error_code, 7);
    guest.process.remove_fault(fault);
    assert_eq!(guest.ask(0, &ApiVersionsRequest::default()).error_code, 0);
    assert_eq!(guest.process.fault_hits(fault), Some(1));
    assert_eq!(guest.process.fault_hits(fault + 1), None);
}

#[test]
fn a_fault_may_be_meant_for_one_client() {
    let mut guest = guest();
    let of_another = json!({ "kind": "disconnect", "clientId": "another" });
    let fault = add(&mut guest, of_another);
    guest.ask(9, &MetadataRequest::default());
    assert_eq!(guest.process.fault_hits(fault), Some(0));
    add(
        &mut guest,
        json!({ "kind": "disconnect", "clientId": "guest" }),
    );
    guest.send(9, &MetadataRequest::default());
    assert_eq!(guest.process.take_output(), [(guest.connection, None)]);
}

#[test]
fn a_delayed_request_holds_up_its_connection_and_no_other() {
    let mut guest = guest();
    add(
        &mut guest,
        json!({ "kind": "delay", "api": "Produce", "delayMs": 500, "times": 1 }),
    );
    guest.send(9, &produce("orders", Compression::None, &["late"]));
    guest.send(0, &ApiVersionsRequest::default());
    assert_eq!(guest.process.take_output(), []);
    let slow = guest.connection;
    guest.connect();
    assert_eq!(guest.produce("orders", Compression::None, &["swift"]), 0);

    assert_eq!(guest.process.next_deadline(), Some(at_ms(500).mono));
    guest.process.set_time(at_ms(500));
    guest.process.tick();
    let output = guest.process.take_output();
    let ids: Vec<_> = output
        .iter()
        .map(|(connection, bytes)| (*connection, bytes.as_ref().expect("an answer")[7]))
        .collect();
    assert_eq!(ids, [(slow, 1), (slow, 2)]);
    assert_eq!(values(&guest.process, "orders"), ["swift", "late"]);
}

#[test]
fn a_request_may_wait_and_then_fail() {
    let mut guest = guest();
    add(
        &mut guest,
        json!({ "kind": "fail", "error": "NOT_LEADER_OR_FOLLOWER" }),
    );
    add(&mut guest, json!({ "kind": "delay", "delayMs": 20 }));
    guest.send(9, &produce("orders", Compression::None, &["late"]));
    guest.process.set_time(at_ms(20));
    guest.process.tick();
    let answer = guest.answer::<ProduceRequest>(9);
    let error = answer.responses[0].partition_responses[0].error_code;
    assert_eq!(error, NOT_LEADER_OR_FOLLOWER);
}

#[test]
fn who_leaves_or_crashes_is_not_answered_when_the_delay_is_over() {
    for crashes in [false, true] {
        let mut guest = guest();
        add(&mut guest, json!({ "kind": "delay", "delayMs": 20 }));
        guest.send(9, &produce("orders", Compression::None, &["lost"]));
        if crashes {
            guest.process.restart();
            guest.connect();
        } else {
            guest.process.disconnect(guest.connection);
        }
        guest.process.take_output();
        guest.process.set_time(at_ms(20));
        guest.process.tick();
        assert_eq!(guest.process.take_output(), []);
        assert_eq!(values(&guest.process, "orders"), Vec::<String>::new());
    }
}

#[test]
fn a_fork_has_no_faults() {
    let mut guest = guest();
    add(&mut guest, json!({ "kind": "disconnect" }));
    let mut fork = Guest::new(guest.process.fork());
    assert_eq!(fork.produce("orders", Compression::None, &["a"]), 0);
}

#[test]
fn what_is_wrong_with_a_fault_is_named() {
    let wrong = [
        json!({}),
        json!({ "kind": "explode" }),
        json!({ "kind": "fail" }),
        json!({ "kind": "fail", "error": "NONE" }),
        json!({ "kind": "fail", "error": "TOO_LATE" }),
        json!({ "kind": "delay" }),
        json!({ "kind": "delay", "delayMs": -1 }),
        json!({ "kind": "disconnect", "times": 0 }),
        json!({ "kind": "disconnect", "clientId": 7 }),
        json!({ "kind": "disconnect", "when": "now" }),
        json!({ "kind": "disconnect", "api": "Produse" }),
        json!([]),
    ];
    let told = wrong.map(|options| {
        let failure = FaultOptions::read(&value(options)).expect_err("wrong");
        format!("{}: {}\n", failure.code, failure.message)
    });
    expect![[r#"
        ERR_OPTION: kind must be "fail", "delay" or "disconnect", not nothing
        ERR_OPTION: kind must be "fail", "delay" or "disconnect", not "explode"
        ERR_OPTION: error must be the name of an error of Kafka's, such as "NOT_LEADER_OR_FOLLOWER", not nothing
        ERR_OPTION: error must be the name of an error of Kafka's, such as "NOT_LEADER_OR_FOLLOWER", not "NONE"
        ERR_OPTION: error must be the name of an error of Kafka's, such as "NOT_LEADER_OR_FOLLOWER", not "TOO_LATE"
        ERR_OPTION: delayMs must be a whole number from 0 on, not nothing
        ERR_OPTION: delayMs must be a whole number from 0 on, not -1
        ERR_OPTION: times must be a whole number from 1 on, not 0
        ERR_OPTION: clientId must be a text, not 7
        ERR_OPTION: a fault may have kind, api, error, delayMs, clientId, times, but not "when"
        ERR_API: "Produse" is no API of this broker; there are Produce, Fetch, ListOffsets, Metadata, OffsetCommit, OffsetFetch, FindCoordinator, JoinGroup, Heartbeat, LeaveGroup, SyncGroup, DescribeGroups, ListGroups, ApiVersions, CreateTopics, DeleteTopics, DeleteRecords, InitProducerId, OffsetForLeaderEpoch, DescribeConfigs, AlterConfigs, DescribeLogDirs, CreatePartitions, DeleteGroups, IncrementalAlterConfigs, ListPartitionReassignments, OffsetDelete, DescribeCluster, DescribeProducers, ListConfigResources, DescribeTopicPartitions
        ERR_OPTION: a fault must be an object, not a list
    "#]].assert_eq(&told.concat());
}
