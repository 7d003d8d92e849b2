use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_member_that_lives_but_does_not_join_again_holds_up_the_others_for_its_rebalance_timeout() {
    let mut world = World::default().with_topic("orders", 2);
    let slow = world
        .consumer("slow", "project", &["orders"])
        .rebalance_timeout_ms(20_000)
        .join();
    world.run_until_quiet();
    world.story();

    world.busy(slow, true);
    let quick = world
        .consumer("quick", "project", &["orders"])
        .rebalance_timeout_ms(20_000)
        .join();
    expect![[r#"
        00:00.000  group project: quick is to join with this id
        00:00.000  group project: quick joins (client quick)
        00:00.000  group project: Stable -> PreparingRebalance (quick joins)
        00:02.000  slow is told REBALANCE_IN_PROGRESS
    "#]]
    .assert_eq(&world.advance("19s"));
    expect![[r#"
        00:20.000  group project: slow is gone: it did not join again in time
        00:20.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:20.000  group project: generation 2, 1 member(s), leader quick, range
        00:20.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:20.000  group project: quick knows its partitions
        00:20.000  quick reads orders-0, orders-1
        00:20.000  slow is told UNKNOWN_MEMBER_ID
    "#]]
    .assert_eq(&world.advance("3s"));
    assert_eq!(world.owner("orders", 0), Some(quick));

    world.busy(slow, false);
    world.run_until_quiet();
    expect![[r#"
        00:22.000  group project: slow' is to join with this id
        00:22.000  group project: slow' joins (client slow)
        00:22.000  group project: Stable -> PreparingRebalance (slow' joins)
        00:24.000  quick is told REBALANCE_IN_PROGRESS
        00:24.000  group project: PreparingRebalance -> CompletingRebalance (all have joined)
        00:24.000  group project: generation 3, 2 member(s), leader quick, range
        00:24.000  group project: CompletingRebalance -> Stable (the leader has assigned)
        00:24.000  group project: quick knows its partitions
        00:24.000  group project: slow' knows its partitions
        00:24.000  slow reads orders-1
        00:24.000  quick reads orders-0
    "#]]
    .assert_eq(&world.story());
}
