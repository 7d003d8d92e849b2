use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_generation_goes_on_after_a_restart_without_a_rebalance() {
    let mut world = World::default().with_topic("orders", 2);
    let a = world.consumer("a", "project", &["orders"]).join();
    let b = world.consumer("b", "project", &["orders"]).join();
    world.run_until_quiet();
    let generation_id = world.who(a).generation_id;
    world.story();

    world.restart();
    assert_eq!(world.state("project"), "Stable");
    expect![[r#"
        00:02.000  the broker starts again
    "#]]
    .assert_eq(&world.advance("20s"));
    assert_eq!(world.who(b).generation_id, generation_id);

    // Who does not come back after the restart has its whole session timeout, and not more.
    world.restart();
    world.crash(b);
    expect![[r#"
        00:22.000  the broker starts again
        00:28.000  group project: b is gone: it sent no heartbeat for its session timeout
        00:28.000  group project: Stable -> PreparingRebalance (b was silent for its session timeout)
        00:28.000  a is told REBALANCE_IN_PROGRESS
        00:28.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:28.000  group project: generation 3, 1 member(s), leader a, range
        00:28.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:28.000  group project: a knows its partitions
        00:28.000  a reads orders-0, orders-1
    "#]].assert_eq(&world.advance("10s"));
    assert_eq!(world.owner("orders", 1), Some(a));
}
