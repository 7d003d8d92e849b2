use ottla_core::{ErrorCode, MemberId};
use ottla_tests::world::World;

#[test]
fn a_commit_counts_only_from_a_member_of_the_present_generation() {
    let mut world = World::default().with_topic("orders", 2);
    let a = world.consumer("a", "project", &["orders"]).join();
    world.run_until_quiet();
    let old = world.who(a);
    assert_eq!(world.commit(a, &old, "orders", (0, 7)), ErrorCode::None);

    world.consumer("b", "project", &["orders"]).join();
    // While the next generation gathers, work of the last one may still be finished.
    assert_eq!(world.state("project"), "PreparingRebalance");
    assert_eq!(world.commit(a, &old, "orders", (0, 8)), ErrorCode::None);
    world.run_until_quiet();

    let new = world.who(a);
    assert_eq!(new.generation_id, old.generation_id + 1);
    assert_eq!(
        world.commit(a, &old, "orders", (0, 9)),
        ErrorCode::IllegalGeneration
    );
    let mut stranger = new.clone();
    stranger.member_id = MemberId::from("stranger");
    assert_eq!(
        world.commit(a, &stranger, "orders", (0, 9)),
        ErrorCode::UnknownMemberId
    );
    assert_eq!(world.committed("project", "orders", 0), Some(8));
    assert_eq!(world.commit(a, &new, "orders", (0, 9)), ErrorCode::None);
    assert_eq!(world.committed("project", "orders", 0), Some(9));
}
