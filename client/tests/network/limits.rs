use expect_test::expect;
use kafka_protocol::messages::*;
use ottla_client::network::{BrokerId, CallError, NetworkConfig, NetworkEvent, Target};
use ottla_client::{Event, LinkOp, Output};

use crate::cluster::Cluster;
use crate::links::Behaviour;
use crate::support::{BROKER, Net, address};

fn one(change: impl FnOnce(&mut Cluster)) -> Net {
    let mut net = Net::new();
    let mut cluster = Cluster::of(&[(1, BROKER)]);
    change(&mut cluster);
    net.serve(cluster);
    net
}

fn ask(net: &mut Net) -> Result<ListGroupsResponse, CallError> {
    net.ask(Target::Any, ListGroupsRequest::default())
}

#[test]
fn a_broker_that_does_not_know_the_question_for_versions_is_asked_in_its_own() {
    let mut net = one(|cluster| cluster.speaks(ApiKey::ApiVersions, 0, 2));
    ask(&mut net).expect("an answer");
    expect![[r#"
        connecting to bootstrap broker 1 at broker.test:9092
        ApiVersions v3 to bootstrap broker 1, request 0, 28 bytes
        ApiVersions v0 answered by bootstrap broker 1, request 0, 20 bytes, after 0 us
        ApiVersions v2 to bootstrap broker 1, request 1, 14 bytes
        ApiVersions v2 answered by bootstrap broker 1, request 1, 54 bytes, after 0 us
        connected to bootstrap broker 1
        ListGroups v5 to bootstrap broker 1, request 2, 18 bytes
        ListGroups v5 answered by bootstrap broker 1, request 2, 17 bytes, after 0 us
    "#]]
    .assert_eq(&net.log());

    let mut net = one(|cluster| {
        cluster.speaks(ApiKey::ApiVersions, 0, 0);
        cluster.names_versions = false;
    });
    ask(&mut net).expect("an answer");
    expect![[r#"
        connecting to bootstrap broker 1 at broker.test:9092
        ApiVersions v3 to bootstrap broker 1, request 0, 28 bytes
        ApiVersions v0 answered by bootstrap broker 1, request 0, 14 bytes, after 0 us
        ApiVersions v0 to bootstrap broker 1, request 1, 14 bytes
        ApiVersions v0 answered by bootstrap broker 1, request 1, 50 bytes, after 0 us
        connected to bootstrap broker 1
        ListGroups v5 to bootstrap broker 1, request 2, 18 bytes
        ListGroups v5 answered by bootstrap broker 1, request 2, 17 bytes, after 0 us
    "#]]
    .assert_eq(&net.log());
}

#[test]
fn what_a_broker_does_not_speak_is_said_with_both_ranges() {
    let mut net = one(|cluster| {
        cluster.versions.remove(&(ApiKey::ListGroups as i16));
    });
    let error = ask(&mut net).expect_err("unsupported");
    expect!["the broker does not have ListGroups (asked for in versions 0 to 5)"]
        .assert_eq(&error.to_string());
    assert!(!error.is_retriable());

    let mut net = one(|cluster| cluster.speaks(ApiKey::ListGroups, 6, 7));
    let error = ask(&mut net).expect_err("unsupported");
    expect!["the broker speaks ListGroups in versions 6 to 7, this client in versions 0 to 5"]
        .assert_eq(&error.to_string());
}

#[test]
fn what_the_brokers_version_cannot_express_is_not_sent() {
    let mut net = one(|cluster| cluster.speaks(ApiKey::ListGroups, 0, 3));
    let request = ListGroupsRequest::default().with_states_filter(vec!["Empty".into()]);
    let error = net
        .ask::<ListGroupsResponse>(Target::Any, request)
        .expect_err("inexpressible");
    expect!["ListGroups version 3 cannot express this request: A field is set that is not available on the selected protocol version"].assert_eq(&error.to_string());
    ask(&mut net).expect("the connection is as good as before");
}

#[test]
fn no_more_is_in_flight_than_allowed_and_the_order_is_kept() {
    let mut config = NetworkConfig::new(vec![address(BROKER)]);
    config.max_in_flight = 2;
    let mut net = Net::with(config);
    net.serve(Cluster::of(&[(1, BROKER)]));
    ask(&mut net).expect("an answer");
    net.log();
    assert!(net.network.can_send(&Target::Any));
    net.hold_answers = true;
    let calls: Vec<_> = (0..5)
        .map(|_| net.request(Target::Any, ListGroupsRequest::default()))
        .collect();
    assert!(!net.network.can_send(&Target::Any));
    assert_eq!(net.log().matches("ListGroups v5 to").count(), 2);
    net.release_answers();
    for call in calls {
        net.wait_for(call).expect("an answer");
    }
    assert!(net.network.can_send(&Target::Any));
}

#[test]
fn a_request_that_is_not_answered_in_time_costs_the_connection() {
    let mut net = one(|_| {});
    ask(&mut net).expect("an answer");
    net.log();
    net.hold_answers = true;
    let first = net.request(Target::Any, ListGroupsRequest::default());
    net.pass_ms(10_000);
    let second = net.request(Target::Any, ListGroupsRequest::default());
    assert_eq!(
        net.wait_for(first),
        Err(CallError::TimedOut { after_ms: 30_000 })
    );
    assert_eq!(net.now.mono.0, 30_000_000);
    net.hold_answers = false;
    let error = net.wait_for(second).expect_err("its connection is gone");
    expect!["no answer to ListGroups within 30000 ms"].assert_eq(&error.to_string());
    ask(&mut net).expect("a new connection");
    expect![[r#"
        ListGroups v5 to bootstrap broker 1, request 2, 18 bytes
        ListGroups v5 to bootstrap broker 1, request 3, 18 bytes
        disconnected from bootstrap broker 1 at broker.test:9092: no answer to ListGroups within 30000 ms (not tried again for 55 ms)
        connecting to bootstrap broker 1 at broker.test:9092
        ApiVersions v3 to bootstrap broker 1, request 0, 28 bytes
        ApiVersions v3 answered by bootstrap broker 1, request 0, 58 bytes, after 0 us
        connected to bootstrap broker 1
        ListGroups v5 to bootstrap broker 1, request 1, 18 bytes
        ListGroups v5 answered by bootstrap broker 1, request 1, 17 bytes, after 0 us
    "#]].assert_eq(&net.log());
}

#[test]
fn an_answer_that_is_none_fails_its_own_call_for_good_and_others_for_now() {
    let mut net = one(|_| {});
    ask(&mut net).expect("an answer");
    net.hold_answers = true;
    let calls: Vec<_> = (0..3)
        .map(|_| net.request(Target::Any, ListGroupsRequest::default()))
        .collect();
    net.spoil_held(0, |answer| answer.truncate(answer.len() - 1));
    net.release_answers();
    let errors = calls
        .into_iter()
        .map(|call| net.wait_for(call).expect_err("no answer"));
    let told = errors.map(|error| format!("{error:?}\n"));
    expect![[r#"
        Garbage("broker.test:9092: the broker's answer of 8 bytes is not one to ListGroups version 5")
        Disconnected("the broker's answer of 8 bytes is not one to ListGroups version 5")
        Disconnected("the broker's answer of 8 bytes is not one to ListGroups version 5")
    "#]]
    .assert_eq(&told.collect::<String>());

    net.hold_answers = true;
    let calls: Vec<_> = (0..2)
        .map(|_| net.request(Target::Any, ListGroupsRequest::default()))
        .collect();
    net.release_answers();
    for call in calls {
        net.wait_for(call)
            .expect("a new connection is as good as new");
    }
}

#[test]
fn answers_in_the_wrong_order_end_the_connection() {
    let mut net = one(|_| {});
    ask(&mut net).expect("an answer");
    net.hold_answers = true;
    let first = net.request(Target::Any, ListGroupsRequest::default());
    let second = net.request(Target::Any, ListGroupsRequest::default());
    net.spoil_held(0, |answer| answer[7] += 1);
    net.release_answers();
    let error = net.wait_for(first).expect_err("no answer");
    expect![
        "broker.test:9092: the broker answered request 3 where the answer to request 2 was due"
    ]
    .assert_eq(&error.to_string());
    assert!(net.wait_for(second).expect_err("no answer").is_retriable());
    ask(&mut net).expect("a new connection is as good as new");
}

#[test]
fn a_cancelled_call_is_not_heard_of_again() {
    let mut net = one(|_| {});
    net.hold_answers = true;
    let call = net.request(Target::Any, ListGroupsRequest::default());
    net.act(|network, _, _| network.cancel(call));
    net.release_answers();
    let kept = net.request(Target::Any, ListGroupsRequest::default());
    net.hold_answers = true;
    let in_flight = net.request(Target::Any, ListGroupsRequest::default());
    net.act(|network, _, _| network.cancel(in_flight));
    net.release_answers();
    net.wait_for(kept).expect("an answer");
    assert_eq!(net.arrived, []);
}

#[test]
fn a_produce_without_acknowledgement_is_done_when_it_is_sent() {
    let mut net = one(|_| {});
    let request = ProduceRequest::default().with_acks(0);
    let _: ProduceResponse = net.ask(Target::Broker(BrokerId(1)), request).expect("sent");
    ask(&mut net).expect("the connection goes on");
}

#[test]
fn closing_ends_all_links_and_forgets_all_calls() {
    let mut net = one(|_| {});
    net.listening.insert(address(BROKER), Behaviour::Silent);
    net.request(Target::Any, ListGroupsRequest::default());
    assert_eq!(net.open_links().len(), 1);
    let mut out = Vec::new();
    net.network.close(&mut out);
    assert!(matches!(out[..], [Output::Link(LinkOp::Close(_))]));
    assert_eq!(net.network.next_deadline(), None);
}

#[test]
fn the_same_seed_and_the_same_inputs_give_the_same_events() {
    let play = || {
        let mut net = Net::new();
        net.listening.clear();
        net.request(Target::Any, ListGroupsRequest::default());
        net.pass_ms(20_000);
        net.events
    };
    let events = play();
    let is_failure =
        |event: &&Event| matches!(event, Event::Network(NetworkEvent::Disconnected { .. }));
    assert!(events.iter().filter(is_failure).count() > 10);
    assert_eq!(events, play());
}
