use expect_test::expect;
use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::{World, topic};

#[test]
fn a_topic_that_is_created_again_is_another_one_and_empty() {
    let mut world = World::default();
    let admin = world.client("admin");
    let wish = topic("orders", Some(2), &[("retention.ms", "1000000")]);
    let first = world.create(admin, wish.clone(), false).expect("it is new");
    let twice = world.create(admin, wish.clone(), false);
    expect!["TOPIC_ALREADY_EXISTS: Topic 'orders' already exists."]
        .assert_eq(&twice.unwrap_err().to_string());
    let found = world
        .broker
        .metadata()
        .topic("orders")
        .expect("it is there");
    assert_eq!((found.id, found.partitions.len()), (first.id, 2));
    world
        .write(admin, "orders", 1, &["old"])
        .expect("it is stored");

    world.delete_topic(admin, "orders").expect("it is there");
    assert_eq!(
        world.write(admin, "orders", 1, &["lost"]),
        Err(ErrorCode::UnknownTopicOrPartition)
    );
    let again = world.delete_topic(admin, "orders");
    assert_eq!(again.unwrap_err().code, ErrorCode::UnknownTopicOrPartition);

    let second = world.create(admin, wish, false).expect("it is new");
    assert_ne!(second.id, first.id);
    assert_eq!(world.write(admin, "orders", 1, &["new"]), Ok(Offset(0)));
    expect![[r#"
        00:00.000  topic orders: created with 2 partition(s)
        00:00.000  orders-1: 1 record(s) from offset 0 on, 71 bytes
        00:00.000  orders-1: high watermark 1
        00:00.000  topic orders: deleted
        00:00.000  topic orders: created with 2 partition(s)
        00:00.000  orders-1: 1 record(s) from offset 0 on, 71 bytes
        00:00.000  orders-1: high watermark 1
    "#]]
    .assert_eq(&world.story());

    world.restart();
    let found = world
        .broker
        .metadata()
        .topic("orders")
        .expect("it is there");
    assert_eq!(found.id, second.id);
    assert!(world.broker.metadata().topic_by_id(first.id).is_none());
    assert_eq!(world.values(admin, "orders", 1), ["new"]);
}

#[test]
fn a_produce_that_waits_for_the_store_is_refused_when_its_topic_goes() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    world.disk.log_takes_ms(world.log("orders", 0), 1_000);
    let produce = world.produce(admin, "orders", 0, world.batch(&["one"]));
    world.delete_topic(admin, "orders").expect("it is there");
    assert_eq!(
        world.produced(produce),
        Some(Err(ErrorCode::UnknownTopicOrPartition))
    );
    world.advance("1s");
    assert!(world.disk.is_idle());
    assert_eq!(world.unanswered().count(), 0);
}
