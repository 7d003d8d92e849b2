use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_silent_member_loses_its_partitions_after_its_session_timeout() {
    let mut world = World::default().with_topic("orders", 4);
    let a = world.consumer("a", "project", &["orders"]).join();
    let b = world.consumer("b", "project", &["orders"]).join();
    world.run_until_quiet();
    assert_eq!(world.owner("orders", 3), Some(b));
    world.story();

    world.crash(b);
    expect![[r#"
        00:08.000  group project: b is gone: it sent no heartbeat for its session timeout
        00:08.000  group project: Stable -> PreparingRebalance (b was silent for its session timeout)
        00:08.000  a is told REBALANCE_IN_PROGRESS
        00:08.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:08.000  group project: generation 3, 1 member(s), leader a, range
        00:08.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:08.000  group project: a knows its partitions
        00:08.000  a reads orders-0, orders-1, orders-2, orders-3
    "#]].assert_eq(&world.advance("10s"));
    assert_eq!(world.owner("orders", 3), Some(a));
}
