use bytes::Bytes;
use expect_test::{Expect, expect};
use kafka_protocol::messages::*;
use ottla_client::network::{CallError, NetworkConfig, Target, WatchedTopics};
use ottla_client::protocol::Response;

use crate::links::Behaviour;
use crate::requests::{fetch, topic};
use crate::support::{BROKER, Net, address};

fn ask(net: &mut Net) -> Result<ListGroupsResponse, CallError> {
    net.ask(Target::Any, ListGroupsRequest::default())
}

/// What people are told about someone who behaves like this.
fn told(behaviour: Option<Behaviour>, expected: Expect) -> Net {
    let mut net = Net::new();
    net.listening.clear();
    if let Some(behaviour) = behaviour {
        net.listening.insert(address(BROKER), behaviour);
    }
    let error = ask(&mut net).expect_err("no answer");
    expected.assert_eq(&format!("{error} (after {} ms)", net.now.mono.0 / 1000));
    net
}

#[test]
fn who_is_no_broker_is_described() {
    let say = |words: &'static [u8]| Some(Behaviour::Say(Bytes::from_static(words)));
    told(
        None,
        expect!["broker.test:9092: connection refused (after 30000 ms)"],
    );
    told(
        Some(Behaviour::Silent),
        expect!["broker.test:9092: no answer to ApiVersions within 10000 ms (after 30000 ms)"],
    );
    told(
        Some(Behaviour::HangUp),
        expect![
            "broker.test:9092: connection reset, before it said which versions it speaks; does it ask for TLS? (after 30000 ms)"
        ],
    );
    told(
        Some(Behaviour::OnlyVersions),
        expect!["connection reset, at the first request; does it ask for SASL? (after 0 ms)"],
    );
    told(
        say(b"\x15\x03\x03\x00\x02\x02\x50"),
        expect!["broker.test:9092: the other side speaks TLS: it sent an alert (after 0 ms)"],
    );
    told(
        say(b"\x16\x03\x01\x00\xff"),
        expect!["broker.test:9092: the other side speaks TLS: it sent a handshake (after 0 ms)"],
    );
    told(
        say(b"HTTP/1.1 400 Bad Request\r\n"),
        expect!["broker.test:9092: not a Kafka broker: the other side speaks HTTP (after 0 ms)"],
    );
    told(
        say(b"SSH-2.0-OpenSSH_9.9\r\n"),
        expect![[
            r#"broker.test:9092: not a Kafka broker: the other side sent text, beginning with "SSH-" (after 0 ms)"#
        ]],
    );
    told(
        say(&[0xff; 12]),
        expect![
            "broker.test:9092: not a Kafka broker: the other side announced an answer of -1 bytes (after 0 ms)"
        ],
    );
    told(
        say(&[0, 0, 0, 2, 0, 0]),
        expect![
            "broker.test:9092: not a Kafka broker: the other side announced an answer of 2 bytes (after 0 ms)"
        ],
    );
    told(
        say(&[0x06, 0x40, 0, 1, 0, 0]),
        expect![
            "broker.test:9092: the other side announced an answer of 104857601 bytes; at most 104857600 are taken (after 0 ms)"
        ],
    );
    told(
        say(&[0, 0, 0, 4, 0, 0, 0, 9]),
        expect![
            "broker.test:9092: the broker answered request 9 where the answer to request 0 was due (after 0 ms)"
        ],
    );
    told(
        say(&[0, 0, 0, 6, 0, 0, 0, 0, 0, 0]),
        expect![
            "broker.test:9092: the broker's answer of 2 bytes is not one to ApiVersions version 3 (after 0 ms)"
        ],
    );
}

#[test]
fn a_broker_that_comes_back_is_found_again() {
    let mut net = Net::new();
    let broker = net.listening.remove(&address(BROKER)).expect("the broker");
    let call = net.request(Target::Any, ListGroupsRequest::default());
    net.pass_ms(5000);
    assert!(net.network.why_unreachable().is_some());
    let attempts_count = net.connects_count();
    assert!(
        (5..=12).contains(&attempts_count),
        "{attempts_count} attempts in five seconds"
    );
    net.listening.insert(address(BROKER), broker);
    assert!(matches!(net.wait_for(call), Ok(Response::ListGroups(_))));
    assert!(net.now.mono.0 < 7_000_000, "{:?}", net.now.mono);
    assert_eq!(net.network.why_unreachable(), None);
}

#[test]
fn a_link_that_breaks_fails_what_is_under_way_and_is_made_again() {
    let mut net = Net::new();
    let _: CreateTopicsResponse = net
        .ask(Target::Controller, topic("rides", 1))
        .expect("an answer");
    let call = net.request(Target::Any, fetch("rides"));
    for link in net.open_links() {
        net.cut(link);
    }
    assert!(
        matches!(net.wait_for(call), Err(CallError::Disconnected(reason)) if reason == "connection reset")
    );
    ask(&mut net).expect("an answer");
}

#[test]
fn whoever_is_not_reachable_is_passed_over() {
    let config = NetworkConfig::new(vec![
        address("gone.test:1"),
        address(BROKER),
        address("gone.test:2"),
    ]);
    for _ in 0..4 {
        let mut net = Net::with(config.clone());
        ask(&mut net).expect("an answer");
        net.act(|network, now, out| network.watch_topics(now, WatchedTopics::All, false, out));
        assert_eq!(net.network.metadata().brokers.len(), 1);
        assert_eq!(net.open_links().len(), 1);
    }
}
