//! Bytes come in pieces of any size, and links break after any byte.

use kafka_protocol::messages::*;
use ottla_client::network::{BrokerId, CallError, CoordinatorKey, Target};
use ottla_client::protocol::{Request, Response};

use crate::requests::{latest, topic};
use crate::support::Net;

/// Asks anybody, a broker and a coordinator, each until it answers.
fn converse(net: &mut Net) -> Vec<Response> {
    let group = Target::Coordinator(CoordinatorKey::Group("riders".into()));
    let asked: [(Target, Request); 3] = [
        (Target::Any, DescribeClusterRequest::default().into()),
        (Target::Broker(BrokerId(1)), latest("rides", 1).into()),
        (
            group,
            DescribeGroupsRequest::default()
                .with_groups(vec![GroupId("riders".into())])
                .into(),
        ),
    ];
    let answers = asked.map(|(target, request)| persist(net, target, request));
    answers.into()
}

fn persist(net: &mut Net, target: Target, request: Request) -> Response {
    for _ in 0..10 {
        let call = net.request(target.clone(), request.clone());
        match net.wait_for(call) {
            Ok(response) => return response,
            Err(error) => assert!(error.is_retriable(), "{error}"),
        }
        net.pass_ms(100);
    }
    panic!("no answer to {request:?}\n{}", net.log());
}

fn prepared() -> Net {
    let mut net = Net::new();
    let created: Result<CreateTopicsResponse, CallError> =
        net.ask(Target::Controller, topic("rides", 2));
    created.expect("the topic is there");
    net.act(|network, _, out| network.close(out));
    net.restart_client();
    net
}

#[test]
fn how_bytes_are_cut_makes_no_difference() {
    let expected = converse(&mut prepared());
    let mut whole = prepared();
    converse(&mut whole);
    let log = whole.log();
    for piece_bytes in 1..300 {
        let mut net = prepared();
        net.piece_bytes = piece_bytes;
        assert_eq!(converse(&mut net), expected, "in pieces of {piece_bytes}");
        assert_eq!(net.log(), log, "in pieces of {piece_bytes}");
    }
}

#[test]
fn a_link_may_break_after_any_byte_of_an_answer() {
    let mut whole = prepared();
    let expected = converse(&mut whole);
    let sizes = whole.delivered_bytes();
    assert_eq!(
        sizes.len(),
        2,
        "a link to the broker, and one to the coordinator"
    );
    for (link, size) in sizes.into_iter().enumerate() {
        for broken_at in 0..size {
            let mut net = prepared();
            net.breaks = (0..link).map(|_| usize::MAX).chain([broken_at]).collect();
            assert_eq!(
                converse(&mut net),
                expected,
                "link {link} breaks after {broken_at} bytes"
            );
            assert_eq!(
                net.connects_count(),
                3,
                "link {link} breaks after {broken_at} bytes"
            );
        }
    }
}

#[test]
fn a_link_that_breaks_twice_is_made_a_third_time() {
    for broken_at in (0..500).step_by(7) {
        let mut net = prepared();
        net.breaks = [broken_at, broken_at / 2].into();
        converse(&mut net);
    }
}
