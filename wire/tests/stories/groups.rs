//! Groups over the wire: a consumer's life and administration, in every version that is served.

use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::{
    DescribeGroupsRequest, FindCoordinatorRequest, HeartbeatRequest, JoinGroupRequest,
    LeaveGroupRequest, ListGroupsRequest,
};
use ottla_core::ConnectionId;

use crate::group_requests::*;
use crate::requests::create;
use crate::support::Net;

#[test]
fn a_consumer_lives_in_every_version() {
    let mut net = Net::new();
    let client = net.connect();
    for version in 0..=9 {
        let group = format!("g{version}");
        let mut joined = net.ask(client, version, &join(version, &group, ""));
        if version >= 4 {
            assert_eq!(joined.error_code, MEMBER_ID_REQUIRED);
            assert_eq!(joined.generation_id, -1);
            let protocol = joined.protocol_name.as_deref().map(str::to_owned);
            assert_eq!(protocol.as_deref(), (version < 7).then_some(""));
            joined = net.ask(client, version, &join(version, &group, &joined.member_id));
        }
        assert_eq!(
            (joined.error_code, joined.generation_id),
            (NONE, 1),
            "JoinGroup {version}"
        );
        assert_eq!(joined.protocol_name.as_deref(), Some("range"));
        assert_eq!(
            (&joined.leader, joined.members.len()),
            (&joined.member_id, 1)
        );
        assert_eq!(joined.members[0].metadata, "m");

        let id = joined.member_id.to_string();
        let older = version.min(5);
        let synced = net.ask(client, older, &sync(older, &group, &id));
        assert_eq!(
            (synced.error_code, &synced.assignment[..]),
            (NONE, &b"mine"[..])
        );

        let heartbeat = HeartbeatRequest::default()
            .with_group_id(text(&group).into())
            .with_generation_id(1)
            .with_member_id(text(&id));
        assert_eq!(net.ask(client, version.min(4), &heartbeat).error_code, NONE);

        assert_eq!(leave(&mut net, client, older, &group, &id), NONE);
        assert_eq!(
            leave(&mut net, client, older, &group, &id),
            UNKNOWN_MEMBER_ID
        );
        assert_eq!(
            leave(&mut net, client, older, "unknown", &id),
            UNKNOWN_MEMBER_ID
        );
        assert_eq!(leave(&mut net, client, older, "", &id), INVALID_GROUP_ID);
    }
}

/// The error of the only member, wherever the version has it.
fn leave(net: &mut Net, client: ConnectionId, version: i16, group: &str, member: &str) -> i16 {
    let request = LeaveGroupRequest::default().with_group_id(text(group).into());
    let request = if version < 3 {
        request.with_member_id(text(member))
    } else {
        request.with_members(vec![MemberIdentity::default().with_member_id(text(member))])
    };
    let left = net.ask(client, version, &request);
    left.members
        .first()
        .map_or(left.error_code, |member| member.error_code)
}

#[test]
fn a_join_waits_for_the_others_and_holds_up_nobody_else() {
    let mut net = Net::new();
    let [first, second, other] = [net.connect(), net.connect(), net.connect()];
    let leader = member(&mut net, first, "g");
    let asked = net.ask(second, 9, &join(9, "g", ""));
    let parked = net.send(second, 9, &join(9, "g", &asked.member_id));
    assert_eq!(net.arrived(second), None);
    assert_eq!(
        net.ask(other, 9, &join(9, "h", "")).error_code,
        MEMBER_ID_REQUIRED
    );

    let joined = net.ask(first, 9, &join(9, "g", &leader));
    let follower = net.answer::<JoinGroupRequest>(second, 9, parked);
    assert_eq!((joined.generation_id, follower.generation_id), (2, 2));
    assert_eq!((joined.members.len(), follower.members.len()), (2, 0));
    assert_eq!(follower.leader.as_str(), leader);
}

#[test]
fn from_version_5_on_a_sync_must_name_its_protocol() {
    let mut net = Net::new();
    let client = net.connect();
    let id = member(&mut net, client, "g");
    let nameless = sync(4, "g", &id);
    let refused = net.ask(client, 5, &nameless).error_code;
    assert_eq!(refused, INCONSISTENT_GROUP_PROTOCOL);
    assert_eq!(net.ask(client, 4, &nameless).error_code, NONE);
}

#[test]
fn the_coordinator_is_this_broker_and_its_topic_is_there_at_once() {
    for version in 0..=6 {
        let mut net = Net::new();
        let client = net.connect();
        let request = FindCoordinatorRequest::default();
        let request = match version {
            0..4 => request.with_key(text("g")),
            _ => request.with_coordinator_keys(vec![text("g"), text("h")]),
        };
        let found = net.ask(client, version, &request);
        let nodes = if version < 4 {
            vec![(found.error_code, found.node_id.0, found.host, found.port)]
        } else {
            let found = found.coordinators.into_iter();
            found
                .map(|c: Coordinator| (c.error_code, c.node_id.0, c.host, c.port))
                .collect()
        };
        let node_id = net.gateway.broker().config().node_id;
        let expected = (NONE, node_id, text("broker.test"), 9092);
        assert_eq!(
            nodes,
            vec![expected; if version < 4 { 1 } else { 2 }],
            "FindCoordinator {version}"
        );
        assert!(
            net.gateway
                .broker()
                .metadata()
                .topic("__consumer_offsets")
                .is_some()
        );
    }
}

#[test]
fn transactions_have_a_coordinator_and_share_groups_have_none() {
    let mut net = Net::new();
    let client = net.connect();
    for (key_type, error, message) in [
        (1, NONE, ""),
        (2, INVALID_REQUEST, "This most"),
        (7, INVALID_REQUEST, "This most"),
    ] {
        let request = FindCoordinatorRequest::default()
            .with_key_type(key_type)
            .with_coordinator_keys(vec![text("k")]);
        let found = net.ask(client, 6, &request);
        let found = &found.coordinators[0];
        assert_eq!((found.key.as_str(), found.error_code), ("k", error));
        assert!(
            found
                .error_message
                .as_deref()
                .is_some_and(|text| text.starts_with(message))
        );
    }
}

#[test]
fn groups_are_described_in_every_version() {
    let mut net = Net::new();
    let client = net.connect();
    let id = member(&mut net, client, "g");
    let groups = ["g", "unknown"].map(|group| text(group).into());
    let request = DescribeGroupsRequest::default().with_groups(groups.into());
    for version in 0..=6 {
        let described = net.ask(client, version, &request).groups;
        let [known, unknown] = &described[..] else {
            panic!("two groups");
        };
        assert_eq!(
            (known.group_state.as_str(), known.protocol_data.as_str()),
            ("Stable", "range")
        );
        let [member] = &known.members[..] else {
            panic!("one member");
        };
        assert_eq!(
            (member.member_id.as_str(), member.client_id.as_str()),
            (id.as_str(), "test")
        );
        assert_eq!(
            (member.client_host.as_str(), &member.member_assignment[..]),
            ("/127.0.0.1", &b"mine"[..])
        );
        let expected = if version < 6 {
            NONE
        } else {
            GROUP_ID_NOT_FOUND
        };
        assert_eq!(
            (unknown.group_state.as_str(), unknown.error_code),
            ("Dead", expected)
        );
        if version >= 6 {
            assert_eq!(
                unknown.error_message.as_deref(),
                Some("Group unknown not found.")
            );
        }
    }
}

#[test]
fn groups_are_listed_by_state_and_type() {
    let mut net = Net::new();
    let client = net.connect();
    create(&mut net, client, "t");
    member(&mut net, client, "stable");
    net.ask(client, 9, &commit("simple", -1, 1));
    let mut list = |version: i16, states: &[&str], types: &[&str]| -> Vec<String> {
        let all = |names: &[&str]| names.iter().map(|name| text(name)).collect::<Vec<_>>();
        let request = ListGroupsRequest::default()
            .with_states_filter(all(states))
            .with_types_filter(all(types));
        let listed = net.ask(client, version, &request).groups.into_iter();
        listed
            .map(|group| {
                let parts = [
                    group.group_id.0,
                    group.protocol_type,
                    group.group_state,
                    group.group_type,
                ];
                parts.map(|part| part.to_string()).join("|")
            })
            .collect()
    };
    for version in 0..=3 {
        assert_eq!(list(version, &[], &[]), ["simple|||", "stable|consumer||"]);
    }
    assert_eq!(list(4, &["stable"], &[]), ["stable|consumer|Stable|"]);
    assert_eq!(list(5, &["EMPTY"], &["Classic"]), ["simple||Empty|classic"]);
    assert!(list(5, &[], &["share"]).is_empty());
    assert!(list(5, &["Sleeping"], &[]).is_empty());
}
