use expect_test::expect;
use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::World;

#[test]
fn an_unknown_topic_is_created_when_it_is_used_once_however_many_use_it() {
    let mut world = World::new(&[("num.partitions", "2")]);
    let (a, b) = (world.client("a"), world.client("b"));
    world.disk.takes_ms(10);
    let first = world.create_on_use(a, "orders").expect("it is created");
    let second = world.create_on_use(b, "orders").expect("it is there");
    assert_eq!((second.id, second.partitions_count), (first.id, 2));
    assert_eq!(world.write(b, "orders", 1, &["one"]), Ok(Offset(0)));
    expect![[r#"
        00:00.010  topic orders: created with 2 partition(s)
        00:00.010  orders-1: 1 record(s) from offset 0 on, 71 bytes
        00:00.020  orders-1: high watermark 1
    "#]]
    .assert_eq(&world.story());

    let illegal = world.create_on_use(a, "what a name");
    assert_eq!(illegal.unwrap_err().code, ErrorCode::InvalidTopicException);
}

#[test]
fn a_broker_that_creates_nothing_by_itself_says_that_it_knows_no_such_topic() {
    let mut world = World::new(&[("auto.create.topics.enable", "false")]);
    let a = world.client("a");
    let refused = world.create_on_use(a, "orders");
    assert_eq!(
        refused.unwrap_err().code,
        ErrorCode::UnknownTopicOrPartition
    );
    assert_eq!(world.broker.metadata().topics().count(), 0);
}
