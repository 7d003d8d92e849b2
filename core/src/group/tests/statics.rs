//! Static members.

use super::*;

fn static_join(instance_id: &str, member: &str) -> JoinGroupRequest {
    JoinGroupRequest {
        instance_id: Some(instance_id.to_owned()),
        ..join_request("s", member)
    }
}

/// A stable group of one dynamic leader and one static member; gives back their ids.
fn with_static(bench: &mut Bench) -> [MemberId; 2] {
    let ids = bench.stable(&["a"]);
    let parked = bench.send(GroupRequest::Join(static_join("i", "")));
    bench.send(join("a", &ids[0]));
    let id = bench.joined(parked).member_id;
    bench.assign();
    [ids[0].clone(), id]
}

#[test]
fn a_static_member_needs_no_handshake() {
    let mut bench = Bench::new();
    let joined = bench.send(GroupRequest::Join(static_join("i", "")));
    let joined = bench.joined(joined);
    assert_eq!(joined.error, ErrorCode::None);
    assert!(joined.member_id.starts_with("i-"), "{}", joined.member_id);
}

#[test]
fn a_static_member_that_restarts_takes_its_place_without_a_rebalance() {
    let mut bench = Bench::new();
    let [leader, old] = with_static(&mut bench);
    let generation_id = bench.group().generation_id();
    bench.advance(3_000);
    bench.heartbeat(&leader);

    let back = bench.send(GroupRequest::Join(static_join("i", "")));
    let back = bench.joined(back);
    assert_eq!(
        (back.error, back.generation_id),
        (ErrorCode::None, generation_id)
    );
    assert_ne!(back.member_id, old);
    assert_eq!(bench.state(), "Stable");
    let synced = bench.send(sync(&back.member_id, generation_id, Vec::new()));
    assert_eq!(bench.synced(synced).assignment, "s");

    // Whoever still uses the old id is fenced; its session ends without effect.
    assert_eq!(
        bench.heartbeat_of(&old, generation_id, Some("i")),
        ErrorCode::FencedInstanceId
    );
    assert_eq!(
        bench.heartbeat_of(&old, generation_id, None),
        ErrorCode::UnknownMemberId
    );
    bench.advance(4_000);
    bench.heartbeat(&leader);
    assert_eq!(
        bench.heartbeat_of(&back.member_id, generation_id, Some("i")),
        ErrorCode::None
    );
    assert_eq!(bench.group().members().len(), 2);
}

#[test]
fn a_static_leader_that_restarts_need_not_assign_again() {
    let mut bench = Bench::new();
    let first = bench.send(GroupRequest::Join(static_join("i", "")));
    let old = bench.joined(first).member_id;
    bench.assign();

    let back = bench.send(GroupRequest::Join(static_join("i", "")));
    let back = bench.joined(back);
    assert_eq!(
        (&back.leader, back.skip_assignment),
        (&back.member_id, true)
    );
    assert_eq!(back.members.len(), 1);

    // A client that does not know of that is kept from taking itself for the leader.
    let older = JoinGroupRequest {
        supports_skipping_assignment: false,
        ..static_join("i", "")
    };
    let older = bench.send(GroupRequest::Join(older));
    let older = bench.joined(older);
    assert_eq!(
        (&older.leader, older.skip_assignment),
        (&back.member_id, false)
    );
    assert_ne!(older.member_id, back.member_id);
    assert!(older.members.is_empty());
    assert_ne!(old, older.member_id);
}

#[test]
fn a_static_member_that_comes_back_with_another_assignor_causes_a_rebalance() {
    let mut bench = Bench::new();
    let both = |member: &str| JoinGroupRequest {
        protocols: ["range", "sticky"]
            .map(|name| (name.to_owned(), Bytes::new()))
            .into(),
        ..static_join("i", member)
    };
    bench.send(GroupRequest::Join(both("")));
    bench.assign();
    bench.replies.clear();
    let sticky = JoinGroupRequest {
        protocols: vec![("sticky".to_owned(), Bytes::new())],
        ..static_join("i", "")
    };
    let back = bench.send(GroupRequest::Join(sticky));
    let back = bench.joined(back);
    assert_eq!(
        (back.generation_id, back.protocol_name.as_deref()),
        (2, Some("sticky"))
    );
}

#[test]
fn a_static_member_replaced_while_it_waits_is_fenced() {
    let mut bench = Bench::new();
    let [_, old] = with_static(&mut bench);
    let c = bench.id_for("c");
    bench.send(join("c", &c));
    let waiting = bench.send(GroupRequest::Join(static_join("i", &old)));
    assert!(bench.is_parked(waiting));
    let second = bench.send(GroupRequest::Join(static_join("i", "")));
    assert_eq!(bench.joined(waiting).error, ErrorCode::FencedInstanceId);
    assert!(bench.is_parked(second));
}

#[test]
fn a_static_member_replaced_during_the_assignment_causes_a_rebalance() {
    let mut bench = Bench::new();
    let [leader, old] = with_static(&mut bench);
    bench.send(join("a", &leader));
    bench.send(GroupRequest::Join(static_join("i", &old)));
    assert_eq!(bench.state(), "CompletingRebalance");
    let waiting = bench.send(sync(&old, bench.group().generation_id(), Vec::new()));
    let back = bench.send(GroupRequest::Join(static_join("i", "")));
    assert_eq!(bench.synced(waiting).error, ErrorCode::FencedInstanceId);
    assert!(bench.is_parked(back));
    assert_eq!(bench.state(), "PreparingRebalance");
}

#[test]
fn an_administrator_removes_a_static_member_by_its_name() {
    let mut bench = Bench::new();
    let [_, id] = with_static(&mut bench);
    assert_eq!(bench.leave("x", Some("i")), ErrorCode::FencedInstanceId);
    assert_eq!(bench.leave("", Some("i")), ErrorCode::None);
    assert_eq!(bench.heartbeat(&id), ErrorCode::UnknownMemberId);
    assert_eq!(bench.leave("", Some("i")), ErrorCode::UnknownMemberId);
}

#[test]
fn a_silent_static_member_is_not_removed_by_a_rebalance_but_when_it_does_not_ask_for_its_assignment()
 {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let patient = JoinGroupRequest {
        session_timeout_ms: 120_000,
        ..static_join("i", "")
    };
    let parked = bench.send(GroupRequest::Join(patient));
    bench.send(join("a", &ids[0]));
    assert_eq!(bench.joined(parked).error, ErrorCode::None);
    bench.assign();

    let leader = bench.send(join("a", &ids[0]));
    bench.advance(REBALANCE_TIMEOUT_MS.into());
    let joined = bench.joined(leader);
    assert_eq!(joined.members.len(), 2);
    bench.send(sync(&ids[0], joined.generation_id, Vec::new()));
    bench.advance(3_000);
    bench.heartbeat(&ids[0]);
    assert_eq!(
        (bench.state(), bench.group().members().len()),
        ("Stable", 2)
    );

    // It has not asked for its assignment either.
    for _ in 0..20 {
        bench.advance(3_000);
        bench.heartbeat(&ids[0]);
    }
    assert_eq!(bench.group().members().len(), 1);
}

#[test]
fn two_that_take_the_same_place_at_once_end_with_one_member() {
    let mut bench = Bench::new();
    let [_, old] = with_static(&mut bench);
    bench.stores = false;
    let first = bench.send(GroupRequest::Join(static_join("i", "")));
    let second = bench.send(GroupRequest::Join(static_join("i", "")));
    bench.stores = true;
    bench.store_all();
    let [first, second] = [bench.joined(first), bench.joined(second)];
    assert_eq!([first.error, second.error], [ErrorCode::None; 2]);
    let generation_id = bench.group().generation_id();
    for fenced in [&old, &first.member_id] {
        let error = bench.heartbeat_of(fenced, generation_id, Some("i"));
        assert_eq!(error, ErrorCode::FencedInstanceId);
    }
    assert_eq!(
        bench.heartbeat_of(&second.member_id, generation_id, Some("i")),
        ErrorCode::None
    );
    assert_eq!(bench.restart().group().members().len(), 2);
}

#[test]
fn silent_static_members_without_a_rebalance_timeout_do_not_stop_the_clock() {
    let mut bench = Bench::new();
    let hasty = |request| JoinGroupRequest {
        rebalance_timeout_ms: 0,
        ..request
    };
    let join = bench.send(GroupRequest::Join(hasty(static_join("i", ""))));
    let named = bench.joined(join).member_id;
    bench.assign();
    let other = bench.id_for("a");
    bench.send(GroupRequest::Join(hasty(join_request("a", &other))));
    bench.send(GroupRequest::Join(hasty(static_join("i", &named))));
    bench.assign();
    assert_eq!(bench.leave(&other, None), ErrorCode::None);

    bench.advance(10);
    assert_eq!(bench.state(), "PreparingRebalance");
    bench.advance(SESSION_TIMEOUT_MS.into());
    assert_eq!(bench.state(), "Empty");
}
