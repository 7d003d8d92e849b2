use expect_test::expect;
use ottla_core::ErrorCode;
use ottla_tests::world::{Who, World};

#[test]
fn offsets_are_kept_while_a_group_lives_and_for_their_retention_after_it() {
    let mut world = World::new(&[("offsets.retention.minutes", "60")]).with_topic("orders", 1);
    let a = world.consumer("a", "project", &["orders"]).join();
    world.run_until_quiet();
    let who = world.who(a);
    assert_eq!(world.commit(a, &who, "orders", (0, 3)), ErrorCode::None);
    world.advance("3h");
    assert_eq!(world.committed("project", "orders", 0), Some(3));

    world.leave(a);
    world.story();
    expect![[""]].assert_eq(&world.advance("59m"));
    assert_eq!(world.committed("project", "orders", 0), Some(3));
    expect![[r#"
        4:00:00.000  group project: Empty -> Dead (its last offset has expired)
        4:00:00.000  group project: its offset of orders-0 is forgotten
        4:00:00.000  group project: forgotten
    "#]]
    .assert_eq(&world.advance("12m"));
    assert!(world.broker.group("project").is_none());
    world.restart();
    assert!(
        world.broker.group("project").is_none(),
        "it stays forgotten"
    );
}

#[test]
fn offsets_under_a_mere_name_expire_by_their_own_commit() {
    let mut world = World::new(&[("offsets.retention.minutes", "60")]).with_topic("orders", 2);
    let tool = world.client("tool");
    let who = Who::newcomer("backup");
    assert_eq!(world.commit(tool, &who, "orders", (0, 3)), ErrorCode::None);
    world.advance("40m");
    assert_eq!(world.commit(tool, &who, "orders", (1, 4)), ErrorCode::None);
    world.story();
    expect![[r#"
        1:00:00.000  group backup: its offset of orders-0 is forgotten
    "#]]
    .assert_eq(&world.advance("31m"));
    assert_eq!(world.committed("backup", "orders", 1), Some(4));
}
