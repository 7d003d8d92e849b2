use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_static_member_that_restarts_within_its_session_gets_its_partitions_without_a_rebalance() {
    let mut world = World::default().with_topic("orders", 2);
    world.consumer("a", "project", &["orders"]).join();
    let b = world
        .consumer("b", "project", &["orders"])
        .instance("kitchen")
        .join();
    world.run_until_quiet();
    let generation_id = world.who(b).generation_id;
    world.story();

    world.crash(b);
    world.advance("3s");
    let again = world
        .consumer("b", "project", &["orders"])
        .instance("kitchen")
        .join();
    world.run_until_quiet();

    assert_eq!(world.who(again).generation_id, generation_id);
    assert_eq!(world.owner("orders", 1), Some(again));
    expect![[r#"
        00:05.000  group project: kitchen' takes the place of kitchen
        00:05.000  b reads orders-1
    "#]]
    .assert_eq(&world.story());
    expect![[""]].assert_eq(&world.advance("30s"));
}
