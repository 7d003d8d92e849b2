use ottla_core::ErrorCode;
use ottla_tests::world::{Who, World};

#[test]
fn without_a_topic_for_its_state_a_group_is_told_to_try_again() {
    let settings = [
        ("ottla.replication.factor.strict", "true"),
        ("offsets.topic.replication.factor", "3"),
    ];
    let mut world = World::new(&settings);
    let tool = world.client("tool");
    for _ in 0..2 {
        let refused = world.commit(tool, &Who::newcomer("project"), "orders", (0, 3));
        assert_eq!(refused, ErrorCode::CoordinatorNotAvailable);
        assert!(
            world
                .story()
                .contains("__consumer_offsets cannot be created")
        );
    }
}
