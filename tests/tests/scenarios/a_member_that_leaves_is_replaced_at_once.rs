use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_member_that_leaves_is_replaced_without_waiting_for_its_session() {
    let mut world = World::default().with_topic("orders", 2);
    let a = world.consumer("a", "project", &["orders"]).join();
    let b = world.consumer("b", "project", &["orders"]).join();
    world.run_until_quiet();
    world.story();

    world.leave(b);
    world.run_until_quiet();
    expect![[r#"
        00:02.000  group project: b is gone: it left
        00:02.000  group project: Stable -> PreparingRebalance (members have left)
        00:04.000  a is told REBALANCE_IN_PROGRESS
        00:04.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:04.000  group project: generation 3, 1 member(s), leader a, range
        00:04.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:04.000  group project: a knows its partitions
        00:04.000  a reads orders-0, orders-1
    "#]]
    .assert_eq(&world.story());
    assert_eq!(world.owner("orders", 1), Some(a));

    world.leave(a);
    assert_eq!(world.state("project"), "Empty");
    expect![[r#"
        00:04.000  group project: a is gone: it left
        00:04.000  group project: Stable -> PreparingRebalance (members have left)
        00:04.000  group project: PreparingRebalance -> Empty (nobody is left)
    "#]]
    .assert_eq(&world.story());
}
