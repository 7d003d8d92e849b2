//! Committed offsets.

use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn a_member_commits_in_its_generation() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let generation_id = bench.group().generation_id();
    assert_eq!(bench.commit(&ids[0], generation_id, 0, 5), ErrorCode::None);
    assert_eq!(bench.offset(0), Some(5));
    assert_eq!(
        bench.commit(&ids[0], generation_id - 1, 0, 6),
        ErrorCode::IllegalGeneration
    );
    assert_eq!(
        bench.commit("a-1", generation_id, 0, 6),
        ErrorCode::UnknownMemberId
    );
    assert_eq!(bench.commit("", -1, 0, 6), ErrorCode::UnknownMemberId);
    assert_eq!(bench.offset(0), Some(5));
}

#[test]
fn commits_are_accepted_while_members_gather_but_not_while_the_leader_assigns() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a", "b"]);
    let generation_id = bench.group().generation_id();
    bench.send(join("a", &ids[0]));
    assert_eq!(bench.state(), "PreparingRebalance");
    assert_eq!(bench.commit(&ids[1], generation_id, 0, 5), ErrorCode::None);
    bench.send(join("b", &ids[1]));
    assert_eq!(bench.state(), "CompletingRebalance");
    assert_eq!(
        bench.commit(&ids[1], generation_id + 1, 0, 6),
        ErrorCode::RebalanceInProgress
    );
    assert_eq!(bench.offset(0), Some(5));
}

#[test]
fn who_is_no_member_may_commit_while_nobody_is() {
    let mut bench = Bench::new();
    assert_eq!(bench.commit("a-1", 3, 0, 5), ErrorCode::GroupIdNotFound);
    assert_eq!(bench.state(), "none");
    assert_eq!(bench.commit("", -1, 0, -2), ErrorCode::None);
    assert_eq!((bench.state(), bench.offset(0)), ("Empty", Some(-2)));
    assert_eq!(bench.group().protocol_type(), None);
}

#[test]
fn each_partition_has_its_own_outcome() {
    let mut bench = Bench::new();
    let at = |partition, metadata: &str| OffsetToCommit {
        partition,
        offset: Offset(1),
        leader_epoch: Some(0),
        metadata: Some(metadata.to_owned()),
    };
    let long = "é".repeat(4097);
    let response = bench.ask(GroupRequest::CommitOffsets(CommitOffsetsRequest {
        group: GROUP.into(),
        generation_id: -1,
        member_id: "".into(),
        instance_id: None,
        retention_ms: None,
        topics: vec![
            (TopicRef::Name("missing".into()), vec![at(0, "")]),
            (TopicRef::Id(Uuid([9; 16])), vec![at(0, "")]),
            (
                TopicRef::Name("orders".into()),
                vec![at(2, &long[2..]), at(3, ""), at(-1, ""), at(0, &long)],
            ),
        ],
    }));
    let Response::CommitOffsets(response) = response else {
        panic!("{response:?}");
    };
    let outcomes: Vec<_> = response
        .topics
        .into_iter()
        .map(|(_, partitions)| partitions)
        .collect();
    assert_eq!(
        outcomes,
        [
            vec![(0, ErrorCode::UnknownTopicOrPartition)],
            vec![(0, ErrorCode::UnknownTopicId)],
            vec![
                (2, ErrorCode::None),
                (3, ErrorCode::UnknownTopicOrPartition),
                (-1, ErrorCode::UnknownTopicOrPartition),
                (0, ErrorCode::OffsetMetadataTooLarge),
            ],
        ]
    );
    assert_eq!((bench.offset(2), bench.offset(0)), (Some(1), None));
}

fn delete(topic: &str, partitions: &[i32]) -> GroupRequest {
    GroupRequest::DeleteOffsets(DeleteOffsetsRequest {
        group: GROUP.into(),
        topics: vec![(topic.into(), partitions.to_vec())],
    })
}

fn deleted(response: Response) -> Result<Vec<(i32, ErrorCode)>, ErrorCode> {
    match response {
        Response::DeleteOffsets(DeleteOffsetsResponse {
            error: ErrorCode::None,
            topics,
        }) => Ok(topics
            .into_iter()
            .flat_map(|(_, outcomes)| outcomes)
            .collect()),
        Response::DeleteOffsets(response) => Err(response.error),
        other => panic!("{other:?}"),
    }
}

#[test]
fn offsets_of_topics_that_nobody_reads_can_be_deleted() {
    let mut bench = Bench::new();
    assert_eq!(
        deleted(bench.ask(delete("orders", &[0]))),
        Err(ErrorCode::GroupIdNotFound)
    );
    bench.commit("", -1, 0, 5);
    let ids = bench.stable(&["a"]);
    let refused = deleted(bench.ask(delete("orders", &[0, 7])));
    let expected = [
        (0, ErrorCode::GroupSubscribedToTopic),
        (7, ErrorCode::UnknownTopicOrPartition),
    ];
    assert_eq!(refused, Ok(expected.to_vec()));
    assert_eq!(
        deleted(bench.ask(delete("payments", &[0]))),
        Ok(vec![(0, ErrorCode::None)])
    );

    bench.leave(&ids[0], None);
    assert_eq!(
        deleted(bench.ask(delete("orders", &[0]))),
        Ok(vec![(0, ErrorCode::None)])
    );
    assert_eq!(bench.offset(0), None);
    assert_eq!(bench.restart().offset(0), None);
}

#[test]
fn groups_are_deleted_when_they_are_empty_each_by_itself() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let groups = vec![GROUP.into(), "other".into(), GROUP.into()];
    let request = GroupRequest::DeleteGroups(DeleteGroupsRequest { groups });
    let outcome = |bench: &mut Bench| match bench.ask(request.clone()) {
        Response::DeleteGroups(outcomes) => outcomes
            .into_iter()
            .map(|(_, outcome)| outcome)
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        outcome(&mut bench),
        [ErrorCode::NonEmptyGroup, ErrorCode::GroupIdNotFound]
    );
    bench.leave(&ids[0], None);
    bench.commit("", -1, 0, 5);
    assert_eq!(
        outcome(&mut bench),
        [ErrorCode::None, ErrorCode::GroupIdNotFound]
    );
    assert_eq!(bench.state(), "none");
    assert_eq!(bench.restart().state(), "none");
}

#[test]
fn a_group_that_is_being_deleted_asks_clients_to_try_again() {
    let mut bench = Bench::new();
    bench.commit("", -1, 0, 5);
    bench.stores = false;
    let late = bench.send(commit("", -1, 1, 6));
    let groups = vec![GROUP.into()];
    let deletion = bench.send(GroupRequest::DeleteGroups(DeleteGroupsRequest { groups }));
    assert!(bench.is_parked(deletion));
    assert_eq!(bench.state(), "Dead");
    let joined = bench.send(join("a", ""));
    assert_eq!(
        bench.joined(joined).error,
        ErrorCode::CoordinatorNotAvailable
    );
    assert_eq!(
        bench.commit("", -1, 2, 7),
        ErrorCode::CoordinatorNotAvailable
    );
    bench.store_all();
    // The commit on its way was first: it counted, and is gone with the rest.
    assert_eq!(bench.committed(late), ErrorCode::None);
    assert!(!bench.is_parked(deletion));
    assert_eq!(bench.state(), "none");
    assert_eq!(bench.restart().state(), "none");
}

#[test]
fn a_deleted_topic_takes_its_offsets_with_it() {
    let mut bench = Bench::new();
    bench.commit("", -1, 0, 5);
    bench.stores = false;
    let late = bench.send(commit("", -1, 1, 6));
    bench.topics.0.remove("orders");
    bench.act(|coordinator, now, world, fx| {
        coordinator.topic_deleted(now, &"orders".into(), world, fx)
    });
    bench.stores = true;
    bench.store_all();
    assert_eq!(bench.committed(late), ErrorCode::None);
    assert_eq!((bench.offset(0), bench.offset(1)), (None, None));
    assert_eq!(bench.restart().group().offsets().iter().count(), 0);
}

#[test]
fn offsets_expire_when_the_group_has_long_been_empty_and_then_the_group() {
    let mut bench = Bench::new();
    let ids = bench.stable(&["a"]);
    let generation_id = bench.group().generation_id();
    bench.commit(&ids[0], generation_id, 0, 5);
    bench.act(|coordinator, now, world, fx| coordinator.loaded(now, world, fx));
    for _ in 0..(8 * DAY_MS / 5_000) {
        bench.advance(5_000);
        bench.heartbeat(&ids[0]);
    }
    // The members are alive, so what they read is kept, however old.
    assert_eq!(bench.offset(0), Some(5));
    bench.leave(&ids[0], None);
    bench.advance(7 * DAY_MS - 600_000);
    assert_eq!(bench.offset(0), Some(5));
    bench.advance(1_200_000);
    assert_eq!(bench.state(), "none");
    assert!(bench.story().contains("project"));
    assert_eq!(bench.restart().state(), "none");
}

#[test]
fn a_client_may_say_how_long_its_offset_is_kept() {
    let mut bench = Bench::new();
    bench.act(|coordinator, now, world, fx| coordinator.loaded(now, world, fx));
    let GroupRequest::CommitOffsets(request) = commit("", -1, 0, 5) else {
        unreachable!("a commit");
    };
    let short = CommitOffsetsRequest {
        retention_ms: Some(3_600_000),
        ..request
    };
    bench.send(GroupRequest::CommitOffsets(short));
    bench.commit("", -1, 1, 6);
    bench.advance(3_000_000);
    assert_eq!((bench.offset(0), bench.offset(1)), (Some(5), Some(6)));
    bench.advance(1_200_000);
    assert_eq!((bench.offset(0), bench.offset(1)), (None, Some(6)));
}

#[test]
fn a_group_id_that_no_record_can_hold_is_refused() {
    let mut bench = Bench::new();
    let GroupRequest::CommitOffsets(request) = commit("", -1, 0, 5) else {
        unreachable!("it is a commit")
    };
    let id = bench.send(GroupRequest::CommitOffsets(CommitOffsetsRequest {
        group: "ü".repeat(20_000).as_str().into(),
        ..request
    }));
    assert_eq!(bench.committed(id), ErrorCode::InvalidGroupId);
    assert_eq!(bench.log, []);
}
