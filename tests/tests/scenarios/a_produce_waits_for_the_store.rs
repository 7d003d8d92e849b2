use expect_test::expect;
use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::World;

#[test]
fn records_are_acknowledged_and_readable_only_when_they_are_stored() {
    let mut world = World::default().with_topic("orders", 1);
    let (writer, reader) = (world.client("writer"), world.client("reader"));
    world.disk.takes_ms(30);

    let first = world.produce(writer, "orders", 0, world.batch(&["one", "two"]));
    world.advance("10ms");
    let second = world.produce(writer, "orders", 0, world.batch(&["three"]));
    expect![[r#"
        00:00.010  orders-0: 1 record(s) from offset 2 on, 73 bytes
    "#]]
    .assert_eq(&world.advance("19ms"));
    assert!(world.produced(first).is_none());
    let early = world.read(reader, "orders", (0, 0));
    assert_eq!((early.high_watermark, early.records.len()), (0, 0));

    expect![[r#"
        00:00.030  orders-0: high watermark 2
    "#]]
    .assert_eq(&world.advance("1ms"));
    assert_eq!(world.produced(first), Some(Ok(Offset(0))));
    assert!(world.produced(second).is_none());
    assert_eq!(world.values(reader, "orders", 0), ["one", "two"]);

    expect![[r#"
        00:00.030  orders-0: reader reads from offset 0
        00:00.040  orders-0: high watermark 3
    "#]]
    .assert_eq(&world.advance("10ms"));
    assert_eq!(world.produced(second), Some(Ok(Offset(2))));
}

#[test]
fn a_produce_gives_up_after_its_timeout_though_its_records_may_still_be_stored() {
    let mut world = World::default().with_topic("orders", 1);
    let writer = world.client("writer");
    world.disk.takes_ms(40_000);
    let slow = world.produce(writer, "orders", 0, world.batch(&["late"]));
    world.advance("29s");
    assert!(world.produced(slow).is_none());
    world.advance("1s");
    assert_eq!(world.produced(slow), Some(Err(ErrorCode::RequestTimedOut)));
    world.advance("10s");
    assert_eq!(world.values(writer, "orders", 0), ["late"]);
}
