use expect_test::expect;
use ottla_core::ErrorCode;
use ottla_tests::world::World;

#[test]
fn of_two_members_with_one_name_the_later_one_wins() {
    let mut world = World::default().with_topic("orders", 1);
    let first = world
        .consumer("first", "project", &["orders"])
        .instance("kitchen")
        .join();
    world.run_until_quiet();
    let old = world.who(first);
    world.story();

    let twin = world
        .consumer("twin", "project", &["orders"])
        .instance("kitchen")
        .join();
    assert_eq!(
        world.commit(first, &old, "orders", (0, 5)),
        ErrorCode::FencedInstanceId
    );
    expect![[r#"
        00:00.000  group project: kitchen' takes the place of kitchen
        00:00.000  twin reads orders-0
        00:02.000  first is told FENCED_INSTANCE_ID
    "#]]
    .assert_eq(&world.advance("10s"));
    assert_eq!(world.owner("orders", 0), Some(twin));
    assert_eq!(world.committed("project", "orders", 0), None);
}
