use ottla_core::{ErrorCode, LogId};
use ottla_tests::world::{World, topic};

#[test]
fn what_is_only_validated_is_answered_like_the_real_thing_and_changes_nothing() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    let end_offset = |world: &World| {
        world
            .broker
            .log(LogId::METADATA)
            .map(|log| log.end_offset())
    };
    let before = end_offset(&world);

    let wish = topic("payments", Some(3), &[("retention.ms", "1000")]);
    let summary = world
        .create(admin, wish, true)
        .expect("it could be created");
    assert_eq!(summary.partitions_count, 3);
    let taken = world.create(admin, topic("orders", Some(3), &[]), true);
    assert_eq!(taken.unwrap_err().code, ErrorCode::TopicAlreadyExists);
    world
        .add_partitions(admin, "orders", 2, true)
        .expect("it could grow");
    let shrunk = world.add_partitions(admin, "orders", 1, true);
    assert_eq!(shrunk.unwrap_err().code, ErrorCode::InvalidPartitions);
    world
        .configure(admin, "orders", ("retention.ms", "1000"), true)
        .expect("a value");
    let soon = world.configure(admin, "orders", ("retention.ms", "soon"), true);
    assert_eq!(soon.unwrap_err().code, ErrorCode::InvalidConfig);

    assert_eq!(end_offset(&world), before);
    assert_eq!(world.broker.metadata().topics().count(), 1);
    assert_eq!(
        world
            .broker
            .metadata()
            .topic("orders")
            .map(|t| t.partitions.len()),
        Some(1)
    );
    assert_eq!(world.story(), "");
}
