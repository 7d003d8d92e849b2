use expect_test::expect;
use ottla_core::{ErrorCode, LogId, Offset};
use ottla_tests::world::{Who, World, topic};

#[test]
fn a_store_failure_refuses_what_it_loses_and_the_next_produce_works() {
    let mut world = World::default().with_topic("orders", 1);
    let writer = world.client("writer");
    assert_eq!(world.write(writer, "orders", 0, &["kept"]), Ok(Offset(0)));
    world.story();

    let log = world.log("orders", 0);
    world.disk.takes_ms(10);
    world.disk.fails(log, true);
    let first = world.produce(writer, "orders", 0, world.batch(&["lost"]));
    let second = world.produce(writer, "orders", 0, world.batch(&["lost too"]));
    expect![[r#"
        00:00.000  orders-0: 1 record(s) from offset 1 on, 72 bytes
        00:00.000  orders-0: 1 record(s) from offset 2 on, 76 bytes
        00:00.010  orders-0: could not be written
    "#]]
    .assert_eq(&world.advance("10ms"));
    let refused = Some(Err(ErrorCode::KafkaStorageError));
    assert_eq!(world.produced(first), refused);
    assert_eq!(world.produced(second), refused);

    world.disk.fails(log, false);
    assert_eq!(world.write(writer, "orders", 0, &["again"]), Ok(Offset(1)));
    assert_eq!(world.values(writer, "orders", 0), ["kept", "again"]);
    world.restart();
    assert_eq!(world.values(writer, "orders", 0), ["kept", "again"]);
}

#[test]
fn a_topic_that_could_not_be_recorded_does_not_exist() {
    let mut world = World::default();
    let admin = world.client("admin");
    world.disk.fails(LogId::METADATA, true);
    let refused = world.create(admin, topic("orders", Some(1), &[]), false);
    assert_eq!(refused.unwrap_err().code, ErrorCode::KafkaStorageError);
    assert!(world.broker.metadata().topic("orders").is_none());

    world.disk.fails(LogId::METADATA, false);
    let created = world.create(admin, topic("orders", Some(1), &[]), false);
    assert_eq!(created.expect("it works again").partitions_count, 1);
}

#[test]
fn a_commit_that_could_not_be_stored_leaves_the_old_offset() {
    let mut world = World::new(&[("offsets.topic.num.partitions", "1")]).with_topic("orders", 1);
    let tool = world.client("tool");
    let who = Who::newcomer("project");
    assert_eq!(world.commit(tool, &who, "orders", (0, 3)), ErrorCode::None);
    world.disk.fails(world.log("__consumer_offsets", 0), true);
    let refused = world.commit(tool, &who, "orders", (0, 4));
    assert_eq!(refused, ErrorCode::NotCoordinator);
    assert_eq!(world.committed("project", "orders", 0), Some(3));
}

#[test]
fn a_repeat_that_waits_for_an_earlier_offset_hides_no_failure() {
    let mut world = World::default().with_topic("orders", 1);
    let writer = world.client("writer");
    let me = world.producer_id(writer);
    let log = world.log("orders", 0);
    world.disk.takes_ms(10);
    let first = world.idempotent_batch(me, 0, &["one"]);
    world.produce(writer, "orders", 0, first.clone());
    world.advance("5ms");
    let second = world.produce(writer, "orders", 0, world.idempotent_batch(me, 1, &["two"]));
    let repeat = world.produce(writer, "orders", 0, first);
    world.advance("5ms");
    assert_eq!(world.produced(repeat), Some(Ok(Offset(0))));

    world.disk.fails(log, true);
    world.advance("5ms");
    let refused = Some(Err(ErrorCode::KafkaStorageError));
    assert_eq!(world.produced(second), refused);
}
