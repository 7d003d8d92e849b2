//! The log cannot be written.

use super::*;

#[test]
fn a_commit_that_is_not_stored_does_not_count() {
    let mut bench = Bench::new();
    bench.stores = false;
    let id = bench.send(commit("", -1, 0, 5));
    assert!(bench.is_parked(id));
    assert_eq!(bench.offset(0), None);
    bench.fail_all();
    assert_eq!(bench.committed(id), ErrorCode::NotCoordinator);
    assert_eq!(bench.state(), "none");
}

#[test]
fn an_assignment_that_is_not_stored_does_not_hold() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let joins = [
        bench.send(join("a", &ids[0])),
        bench.send(join("b", &ids[1])),
    ];
    let generation_id = bench.joined(joins[0]).generation_id;
    bench.stores = false;
    let follower = bench.send(sync(&ids[1], generation_id, Vec::new()));
    let leader = bench.send(sync(&ids[0], generation_id, Vec::new()));
    assert_eq!(bench.state(), "CompletingRebalance");
    bench.fail_all();
    for id in [follower, leader] {
        assert_eq!(bench.synced(id).error, ErrorCode::NotCoordinator);
    }
    assert_eq!(bench.state(), "PreparingRebalance");
    bench.stores = true;
    for (client, id) in ["a", "b"].iter().zip(&ids) {
        bench.send(join(client, id));
    }
    bench.assign();
    assert_eq!(bench.state(), "Stable");
}

#[test]
fn a_group_whose_creation_is_not_stored_does_not_exist() {
    let mut bench = Bench::new();
    bench.stores = false;
    let id = bench.id_for("a");
    let joined = bench.send(join("a", &id));
    let generation_id = bench.joined(joined).generation_id;
    let syncing = bench.send(sync(&id, generation_id, Vec::new()));
    bench.fail_all();
    assert_eq!(bench.synced(syncing).error, ErrorCode::NotCoordinator);
    assert_eq!(bench.state(), "none");
    assert_eq!(bench.timers.next(), None);
}

#[test]
fn a_deletion_that_is_not_stored_leaves_the_group() {
    let mut bench = Bench::new();
    bench.commit("", -1, 0, 5);
    bench.stores = false;
    let groups = vec![GROUP.into()];
    let id = bench.send(GroupRequest::DeleteGroups(DeleteGroupsRequest { groups }));
    bench.fail_all();
    let Response::DeleteGroups(outcomes) = bench.answer(id) else {
        panic!("an answer to DeleteGroups");
    };
    assert_eq!(outcomes[0].1, ErrorCode::NotCoordinator);
    assert_eq!((bench.state(), bench.offset(0)), ("Empty", Some(5)));
}

#[test]
fn a_static_member_whose_new_id_is_not_stored_keeps_the_old_one() {
    let mut bench = Bench::new();
    let request = JoinGroupRequest {
        instance_id: Some("i".to_owned()),
        ..join_request("s", "")
    };
    let first = bench.send(GroupRequest::Join(request.clone()));
    let old = bench.joined(first).member_id;
    bench.assign();
    bench.stores = false;
    let back = bench.send(GroupRequest::Join(request));
    bench.fail_all();
    assert_eq!(bench.joined(back).error, ErrorCode::NotCoordinator);
    let generation_id = bench.group().generation_id();
    assert_eq!(
        bench.heartbeat_of(&old, generation_id, Some("i")),
        ErrorCode::None
    );
}
