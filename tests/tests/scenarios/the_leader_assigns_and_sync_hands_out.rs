use expect_test::expect;
use ottla_core::{ErrorCode, TopicPartition};
use ottla_tests::world::World;

#[test]
fn the_leader_assigns_and_each_member_gets_its_own_share_once_it_is_stored() {
    let mut world = World::new(&[("group.initial.rebalance.delay.ms", "1000")]);
    world = world.with_topic("orders", 2);
    let (a, b) = (world.client("a"), world.client("b"));
    let mut first = world.member_id(a, "project", &["orders"]);
    let mut second = world.member_id(b, "project", &["orders"]);
    let joins = [
        world.send_join(a, &first, &["orders"]),
        world.send_join(b, &second, &["orders"]),
    ];
    world.advance("2s");
    let [of_a, of_b] = joins.map(|id| world.joined(id).expect("everyone is here"));
    assert_eq!(of_a.leader, first.member_id);
    assert_eq!((of_a.members.len(), of_b.members.len()), (2, 0));
    first.generation_id = of_a.generation_id;
    second.generation_id = of_b.generation_id;

    world.disk.takes_ms(20);
    let share = |partition| TopicPartition {
        topic: "orders".into(),
        partition,
    };
    let assignments = vec![
        (first.member_id.clone(), vec![share(0)]),
        (second.member_id.clone(), vec![share(1)]),
    ];
    let follower = world.send_sync(b, &second, Vec::new());
    let leader = world.send_sync(a, &first, assignments);
    assert!(
        world.synced(leader).is_none(),
        "nobody reads what may be lost"
    );
    expect![[r#"
        00:02.020  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:02.020  group project: a knows its partitions
        00:02.020  group project: b knows its partitions
    "#]]
    .assert_eq(&world.advance("20ms"));

    let (of_a, of_b) = (world.synced(leader), world.synced(follower));
    let (of_a, of_b) = (of_a.expect("an answer"), of_b.expect("an answer"));
    assert_eq!((of_a.error, of_b.error), (ErrorCode::None, ErrorCode::None));
    assert_ne!(of_a.assignment, of_b.assignment);
    assert_eq!(
        &of_b.assignment[of_b.assignment.len() - 8..],
        [0, 0, 0, 1, 255, 255, 255, 255]
    );
}
