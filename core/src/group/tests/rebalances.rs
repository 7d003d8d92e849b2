//! How a generation comes about.

use super::*;

#[test]
fn a_newcomer_waits_until_the_others_have_joined_again() {
    let mut bench = Bench::new();
    let a = bench.member("a");
    bench.assign();
    let b = bench.id_for("b");
    let newcomer = bench.send(join("b", &b));
    assert!(bench.is_parked(newcomer));
    assert_eq!(bench.heartbeat(&a), ErrorCode::RebalanceInProgress);

    let leader = bench.send(join("a", &a));
    let (leader, follower) = (bench.joined(leader), bench.joined(newcomer));
    assert_eq!((leader.generation_id, follower.generation_id), (2, 2));
    assert_eq!((leader.members.len(), follower.members.len()), (2, 0));
    assert_eq!((&leader.leader, &follower.leader), (&a, &a));
}

#[test]
fn followers_wait_for_the_leaders_assignment() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let joins = [
        bench.send(join("a", &ids[0])),
        bench.send(join("b", &ids[1])),
    ];
    let generation_id = bench.joined(joins[0]).generation_id;

    let follower = bench.send(sync(&ids[1], generation_id, Vec::new()));
    assert!(bench.is_parked(follower));
    assert_eq!(bench.heartbeat(&ids[1]), ErrorCode::None);
    let parts = vec![
        (ids[1].clone(), Bytes::from_static(b"b's")),
        ("x-1".into(), Bytes::from_static(b"x's")),
    ];
    let leader = bench.send(sync(&ids[0], generation_id, parts));
    assert_eq!(bench.synced(follower).assignment, "b's");
    // The leader has left itself out, and made up a member.
    let leader = bench.synced(leader);
    assert_eq!(
        (leader.error, &leader.assignment[..]),
        (ErrorCode::None, &b""[..])
    );
    assert_eq!(bench.group().members().len(), 2);
}

#[test]
fn who_does_not_join_again_in_time_is_removed() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let leader = bench.send(join("a", &ids[0]));
    assert!(bench.is_parked(leader));
    for _ in 0..15 {
        bench.heartbeat(&ids[1]);
        bench.advance(4_000);
    }
    let joined = bench.joined(leader);
    assert_eq!((joined.error, joined.members.len()), (ErrorCode::None, 1));
    assert_eq!(bench.heartbeat(&ids[1]), ErrorCode::UnknownMemberId);
}

#[test]
fn a_leader_that_does_not_join_again_loses_the_lead() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    assert_eq!(bench.group().leader(), Some(&ids[0]));
    let c = bench.id_for("c");
    bench.send(join("c", &c));
    let follower = bench.send(join("b", &ids[1]));
    bench.advance(SESSION_TIMEOUT_MS.into());
    let joined = bench.joined(follower);
    assert_ne!(joined.leader, ids[0]);
    assert_eq!(bench.group().members().len(), 2);
}

#[test]
fn who_does_not_ask_for_its_assignment_in_time_is_removed() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let joins = [
        bench.send(join("a", &ids[0])),
        bench.send(join("b", &ids[1])),
    ];
    let generation_id = bench.joined(joins[0]).generation_id;
    bench.send(sync(&ids[0], generation_id, Vec::new()));
    assert_eq!(bench.state(), "Stable");
    for _ in 0..15 {
        bench.heartbeat(&ids[0]);
        bench.heartbeat(&ids[1]);
        bench.advance(4_000);
    }
    assert_eq!(bench.state(), "PreparingRebalance");
    assert_eq!(bench.heartbeat(&ids[1]), ErrorCode::UnknownMemberId);
}

#[test]
fn a_join_during_the_assignment_sends_everyone_back() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let joins = [
        bench.send(join("a", &ids[0])),
        bench.send(join("b", &ids[1])),
    ];
    let generation_id = bench.joined(joins[0]).generation_id;
    let waiting = bench.send(sync(&ids[1], generation_id, Vec::new()));
    let c = bench.id_for("c");
    bench.send(join("c", &c));
    assert_eq!(bench.synced(waiting).error, ErrorCode::RebalanceInProgress);
    let late = bench.send(sync(&ids[0], generation_id, Vec::new()));
    assert_eq!(bench.synced(late).error, ErrorCode::RebalanceInProgress);
}

#[test]
fn syncs_are_checked() {
    let mut bench = Bench::new();
    let refused = |bench: &mut Bench, request| {
        let id = bench.send(request);
        bench.synced(id).error
    };
    assert_eq!(
        refused(&mut bench, sync("a-1", 1, Vec::new())),
        ErrorCode::UnknownMemberId
    );
    let ids = bench.stable(&["a"]);
    let generation_id = bench.group().generation_id();
    assert_eq!(
        refused(&mut bench, sync("a-1", generation_id, Vec::new())),
        ErrorCode::UnknownMemberId
    );
    assert_eq!(
        refused(&mut bench, sync(&ids[0], 0, Vec::new())),
        ErrorCode::IllegalGeneration
    );
    let GroupRequest::Sync(request) = sync(&ids[0], generation_id, Vec::new()) else {
        unreachable!("a sync");
    };
    let other = SyncGroupRequest {
        protocol_name: Some("sticky".to_owned()),
        ..request
    };
    assert_eq!(
        refused(&mut bench, GroupRequest::Sync(other)),
        ErrorCode::InconsistentGroupProtocol
    );
    assert_eq!(
        refused(&mut bench, sync(&ids[0], generation_id, Vec::new())),
        ErrorCode::None
    );
}

#[test]
fn a_follower_that_changes_nothing_causes_no_rebalance() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let again = bench.send(join("b", &ids[1]));
    assert_eq!(
        bench.joined(again).generation_id,
        bench.group().generation_id()
    );
    assert_eq!(bench.state(), "Stable");
}

#[test]
fn a_follower_with_a_new_subscription_causes_one() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let protocols = vec![("range".to_owned(), subscription("payments"))];
    let changed = JoinGroupRequest {
        protocols,
        ..join_request("b", &ids[1])
    };
    let parked = bench.send(GroupRequest::Join(changed));
    assert!(bench.is_parked(parked));
    assert_eq!(bench.state(), "PreparingRebalance");
}

#[test]
fn most_votes_among_what_all_know_choose_the_assignor() {
    let mut bench = Bench::new();
    let assignors: [&[&str]; 3] = [
        &["mine", "sticky", "range"],
        &["range", "sticky"],
        &["range", "sticky", "mine"],
    ];
    let mut last = None;
    for (client, names) in ["a", "b", "c"].into_iter().zip(assignors) {
        let protocols: Vec<_> = names
            .iter()
            .map(|name| ((*name).to_owned(), Bytes::new()))
            .collect();
        let request = JoinGroupRequest {
            protocols,
            require_known_member_id: false,
            ..join_request(client, "")
        };
        last = Some(bench.send(GroupRequest::Join(request)));
    }
    // "a" does not join again.
    bench.advance(REBALANCE_TIMEOUT_MS.into());
    let chosen = bench.joined(last.expect("c's join")).protocol_name;
    assert_eq!(chosen.as_deref(), Some("range"));
}

#[test]
fn an_empty_group_waits_for_company_and_longer_for_each_newcomer() {
    let mut bench = Bench::configured(&[("group.initial.rebalance.delay.ms", "3000")]);
    let ids: Vec<MemberId> = ["a", "b", "c"]
        .iter()
        .map(|client| bench.id_for(client))
        .collect();
    let a = bench.send(join("a", &ids[0]));
    bench.advance(2_000);
    let b = bench.send(join("b", &ids[1]));
    bench.advance(2_000);
    // Three seconds are over, but b has come.
    assert!(bench.is_parked(a) && bench.is_parked(b));
    let c = bench.send(join("c", &ids[2]));
    bench.advance(2_000);
    assert!(bench.is_parked(a));
    bench.advance(3_000);
    assert_eq!(bench.joined(a).members.len(), 3);
    assert_eq!(
        [bench.joined(b).generation_id, bench.joined(c).generation_id],
        [1, 1]
    );
}

#[test]
fn a_client_that_joins_twice_gets_two_answers() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let first = bench.send(join("a", &ids[0]));
    let second = bench.send(join("a", &ids[0]));
    assert_eq!(bench.joined(first).error, ErrorCode::RebalanceInProgress);
    assert!(bench.is_parked(second));
    bench.send(join("b", &ids[1]));
    assert_eq!(bench.joined(second).error, ErrorCode::None);
}
