use expect_test::expect;
use ottla_core::ErrorCode;
use ottla_tests::world::{Who, World};

#[test]
fn a_topic_that_is_deleted_takes_its_committed_offsets_with_it() {
    let mut world = World::default()
        .with_topic("orders", 1)
        .with_topic("payments", 1);
    let tool = world.client("tool");
    let who = Who::newcomer("project");
    assert_eq!(world.commit(tool, &who, "orders", (0, 3)), ErrorCode::None);
    assert_eq!(
        world.commit(tool, &who, "payments", (0, 4)),
        ErrorCode::None
    );
    world.story();

    world.delete_topic(tool, "orders").expect("it is there");
    expect![[r#"
        00:00.000  topic orders: deleted
        00:00.000  group project: its offset of orders-0 is forgotten
    "#]]
    .assert_eq(&world.story());
    assert_eq!(world.committed("project", "orders", 0), None);
    assert_eq!(world.committed("project", "payments", 0), Some(4));

    world.restart();
    assert_eq!(world.committed("project", "orders", 0), None);
    assert_eq!(world.committed("project", "payments", 0), Some(4));
}
