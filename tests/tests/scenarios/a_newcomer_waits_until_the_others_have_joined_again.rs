use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_newcomer_waits_for_the_rebalance_and_the_others_are_told_by_their_heartbeats() {
    let mut world = World::default().with_topic("orders", 3);
    world.consumer("a", "project", &["orders"]).join();
    world.run_until_quiet();
    expect![[r#"
        00:00.000  group project: a is to join with this id
        00:00.000  group project: a joins (client a)
        00:00.000  group project: Empty -> PreparingRebalance (a joins)
        00:00.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:00.000  group project: generation 1, 1 member(s), leader a, range
        00:00.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:00.000  group project: a knows its partitions
        00:00.000  a reads orders-0, orders-1, orders-2
    "#]]
    .assert_eq(&world.story());

    world.advance("500ms");
    world.consumer("b", "project", &["orders"]).join();
    expect![[r#"
        00:00.500  group project: b is to join with this id
        00:00.500  group project: b joins (client b)
        00:00.500  group project: Stable -> PreparingRebalance (b joins)
    "#]]
    .assert_eq(&world.advance("1s"));
    expect![[r#"
        00:02.000  a is told REBALANCE_IN_PROGRESS
        00:02.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:02.000  group project: generation 2, 2 member(s), leader a, range
        00:02.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:02.000  group project: a knows its partitions
        00:02.000  group project: b knows its partitions
        00:02.000  b reads orders-2
        00:02.000  a reads orders-0, orders-1
    "#]]
    .assert_eq(&world.advance("1s"));
}
