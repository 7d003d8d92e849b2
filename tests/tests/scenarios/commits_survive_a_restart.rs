use ottla_core::ErrorCode;
use ottla_tests::world::{Who, World};

#[test]
fn what_was_committed_is_there_after_a_restart_and_what_was_not_is_not() {
    let mut world = World::default().with_topic("orders", 3);
    let a = world.client("a");
    let tool = Who::newcomer("project");
    assert_eq!(world.commit(a, &tool, "orders", (0, 41)), ErrorCode::None);
    assert_eq!(world.commit(a, &tool, "orders", (0, 42)), ErrorCode::None);
    assert_eq!(world.commit(a, &tool, "orders", (1, 7)), ErrorCode::None);

    world.disk.takes_ms(50);
    let lost = world.send_commit(a, &tool, "orders", (2, 1_000));
    world.advance("49ms");
    assert!(world.take(lost).is_none());
    assert_eq!(world.committed("project", "orders", 2), None);

    world.restart();
    let offsets = [0, 1, 2].map(|partition| world.committed("project", "orders", partition));
    assert_eq!(offsets, [Some(42), Some(7), None]);
    world.restart();
    assert_eq!(world.committed("project", "orders", 0), Some(42));
}
