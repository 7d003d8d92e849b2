//! How members come, live and go.

use super::*;

#[test]
fn a_client_is_told_its_id_first_and_joins_with_it() {
    let mut bench = Bench::new();
    let id = bench.id_for("a");
    assert!(id.starts_with("a-"), "{id}");
    assert_eq!(bench.state(), "Empty");

    let joined = bench.send(join("a", &id));
    let joined = bench.joined(joined);
    assert_eq!((joined.error, joined.generation_id), (ErrorCode::None, 1));
    assert_eq!((&joined.leader, &joined.member_id), (&id, &id));
    assert_eq!(joined.protocol_name.as_deref(), Some("range"));
    assert_eq!(joined.members.len(), 1);
    assert_eq!(joined.members[0].metadata, subscription("orders"));
    assert_eq!(bench.state(), "CompletingRebalance");

    let synced = bench.send(sync(&id, 1, vec![(id.clone(), Bytes::from_static(b"all"))]));
    let synced = bench.synced(synced);
    assert_eq!(
        (synced.error, &synced.assignment[..]),
        (ErrorCode::None, &b"all"[..])
    );
    assert_eq!(bench.state(), "Stable");
    assert_eq!(bench.heartbeat(&id), ErrorCode::None);
}

#[test]
fn an_old_client_joins_without_knowing_its_id() {
    let mut bench = Bench::new();
    let joined = bench.send(GroupRequest::Join(JoinGroupRequest {
        require_known_member_id: false,
        ..join_request("a", "")
    }));
    let joined = bench.joined(joined);
    assert_eq!((joined.error, joined.generation_id), (ErrorCode::None, 1));
    assert!(!joined.member_id.is_empty());
}

#[test]
fn an_id_that_is_not_used_is_forgotten() {
    let mut bench = Bench::new();
    let id = bench.id_for("a");
    bench.advance(SESSION_TIMEOUT_MS.into());
    let joined = bench.send(join("a", &id));
    assert_eq!(bench.joined(joined).error, ErrorCode::UnknownMemberId);
}

#[test]
fn the_story_of_a_group_can_be_told() {
    let mut bench = Bench::new();
    let id = bench.member("a");
    bench.assign();
    bench.leave(&id, None);
    let story = bench.story().replace(id.as_str(), "a-1");
    expect_test::expect![[r#"
        group project: a-1 is to join with this id
        group project: a-1 joins (client a)
        group project: Empty -> PreparingRebalance (a-1 joins)
        group project: PreparingRebalance -> CompletingRebalance (all have joined)
        group project: generation 1, 1 member(s), leader a-1, range
        group project: CompletingRebalance -> Stable (the leader has assigned)
        group project: a-1 knows its partitions
        group project: a-1 is gone: it left
        group project: Stable -> PreparingRebalance (members have left)
        group project: PreparingRebalance -> Empty (nobody is left)"#]]
    .assert_eq(&story);
}

#[test]
fn a_silent_member_is_removed_after_its_session_timeout() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    for _ in 0..3 {
        bench.advance(2_000);
        bench.heartbeat(&ids[0]);
    }
    assert_eq!(bench.state(), "PreparingRebalance");
    assert_eq!(bench.group().members().len(), 1);
    assert_eq!(bench.heartbeat(&ids[1]), ErrorCode::UnknownMemberId);
    assert_eq!(bench.heartbeat(&ids[0]), ErrorCode::RebalanceInProgress);
}

#[test]
fn commits_keep_a_member_alive_as_heartbeats_do() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    for offset in 0..5 {
        bench.advance(4_000);
        assert_eq!(
            bench.commit(&ids[0], bench.group().generation_id(), 0, offset),
            ErrorCode::None
        );
    }
    assert_eq!(bench.state(), "Stable");
}

#[test]
fn a_newcomer_that_waits_too_long_is_given_up() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let id = bench.id_for("b");
    let patient = GroupRequest::Join(JoinGroupRequest {
        rebalance_timeout_ms: 3_600_000,
        ..join_request("b", &id)
    });
    let parked = bench.send(patient);
    for _ in 0..75 {
        bench.heartbeat(&ids[0]);
        bench.advance(4_000);
    }
    let given_up = bench.joined(parked);
    assert_eq!(given_up.error, ErrorCode::UnknownMemberId);
}

#[test]
fn heartbeats_are_checked() {
    let mut bench = Bench::new();
    assert_eq!(bench.heartbeat(&"a-1".into()), ErrorCode::UnknownMemberId);
    let ids = bench.stable(&["a"]);
    let generation_id = bench.group().generation_id();
    assert_eq!(bench.heartbeat(&"a-1".into()), ErrorCode::UnknownMemberId);
    assert_eq!(
        bench.heartbeat_of(&ids[0], generation_id - 1, None),
        ErrorCode::IllegalGeneration
    );
    assert_eq!(
        bench.heartbeat_of(&ids[0], generation_id, Some("i")),
        ErrorCode::UnknownMemberId
    );
}

#[test]
fn joins_are_checked() {
    let mut bench = Bench::new();
    let refused = |bench: &mut Bench, request: JoinGroupRequest| {
        let id = bench.send(GroupRequest::Join(request));
        bench.joined(id).error
    };
    let request = join_request("a", "");
    let nobody = JoinGroupRequest {
        group: "".into(),
        ..request.clone()
    };
    assert_eq!(refused(&mut bench, nobody), ErrorCode::InvalidGroupId);
    for session_timeout_ms in [5_999, 1_800_001, -1] {
        let request = JoinGroupRequest {
            session_timeout_ms,
            ..request.clone()
        };
        assert_eq!(
            refused(&mut bench, request),
            ErrorCode::InvalidSessionTimeout
        );
    }
    let stranger = join_request("a", "a-1");
    assert_eq!(
        refused(&mut bench, stranger.clone()),
        ErrorCode::UnknownMemberId
    );
    assert_eq!(bench.state(), "none");

    bench.stable(&["a"]);
    assert_eq!(refused(&mut bench, stranger), ErrorCode::UnknownMemberId);
    let other_type = JoinGroupRequest {
        protocol_type: "connect".to_owned(),
        ..request.clone()
    };
    assert_eq!(
        refused(&mut bench, other_type),
        ErrorCode::InconsistentGroupProtocol
    );
    let other_assignor = JoinGroupRequest {
        protocols: vec![("RoundRobinAssigner".to_owned(), Bytes::new())],
        ..request.clone()
    };
    assert_eq!(
        refused(&mut bench, other_assignor),
        ErrorCode::InconsistentGroupProtocol
    );
    let no_assignor = JoinGroupRequest {
        protocols: Vec::new(),
        ..request
    };
    assert_eq!(
        refused(&mut bench, no_assignor),
        ErrorCode::InconsistentGroupProtocol
    );
}

#[test]
fn a_full_group_lets_nobody_in() {
    let mut bench = Bench::configured(&[("group.max.size", "2")]);
    let ids = bench.stable(&["a", "b"]);
    let refused = bench.send(join("c", ""));
    assert_eq!(bench.joined(refused).error, ErrorCode::GroupMaxSizeReached);
    assert_eq!(bench.state(), "Stable");
    assert_eq!(bench.heartbeat(&ids[0]), ErrorCode::None);
}

#[test]
fn members_leave_one_by_one_in_a_batch_each_with_its_outcome() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let leaving = |member: &str, instance_id: Option<&str>| LeavingMember {
        member_id: member.into(),
        instance_id: instance_id.map(str::to_owned),
        reason: None,
    };
    let members = vec![
        leaving(&ids[0], None),
        leaving("x-1", None),
        leaving("", Some("i")),
    ];
    let group = GROUP.into();
    let response = bench.ask(GroupRequest::Leave(LeaveGroupRequest { group, members }));
    let Response::LeaveGroup(response) = response else {
        panic!("{response:?}");
    };
    let outcomes: Vec<ErrorCode> = response
        .members
        .iter()
        .map(|(_, outcome)| *outcome)
        .collect();
    assert_eq!(
        outcomes,
        [
            ErrorCode::None,
            ErrorCode::UnknownMemberId,
            ErrorCode::UnknownMemberId
        ]
    );
    assert_eq!(bench.state(), "PreparingRebalance");
}

#[test]
fn when_all_have_left_the_group_is_empty_and_keeps_its_offsets() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let generation_id = bench.group().generation_id();
    bench.commit(&ids[0], generation_id, 0, 7);
    assert_eq!(bench.leave(&ids[0], None), ErrorCode::None);
    assert_eq!(
        (bench.state(), bench.group().generation_id()),
        ("Empty", generation_id + 1)
    );
    assert_eq!(bench.leave(&ids[0], None), ErrorCode::UnknownMemberId);
    assert_eq!(bench.offset(0), Some(7));
}

#[test]
fn a_pending_member_may_leave() {
    let mut bench = Bench::new();
    let id = bench.id_for("a");
    assert_eq!(bench.leave(&id, None), ErrorCode::None);
    let joined = bench.send(join("a", &id));
    assert_eq!(bench.joined(joined).error, ErrorCode::UnknownMemberId);
}
