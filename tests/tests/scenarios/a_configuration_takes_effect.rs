use expect_test::expect;
use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::World;

#[test]
fn a_changed_key_is_obeyed_by_the_next_append() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    let large = "x".repeat(2_000);
    assert_eq!(world.write(admin, "orders", 0, &[&large]), Ok(Offset(0)));
    world
        .configure(admin, "orders", ("max.message.bytes", "1000"), false)
        .expect("a value");
    assert_eq!(
        world.write(admin, "orders", 0, &[&large]),
        Err(ErrorCode::MessageTooLarge)
    );
    world.restart();
    assert_eq!(
        world.write(admin, "orders", 0, &[&large]),
        Err(ErrorCode::MessageTooLarge)
    );
    expect![[r#"
        00:00.000  orders-0: 1 record(s) from offset 0 on, 2070 bytes
        00:00.000  orders-0: high watermark 1
        00:00.000  topic orders: max.message.bytes=1000
        00:00.000  orders-0: refused a batch: MESSAGE_TOO_LARGE: The request included a message larger than the max message size the server will accept.
        00:00.000  the broker starts again
        00:00.000  orders-0: refused a batch: MESSAGE_TOO_LARGE: The request included a message larger than the max message size the server will accept.
    "#]].assert_eq(&world.story());
}

#[test]
fn a_shorter_retention_deletes_what_is_there_already() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    world
        .write(admin, "orders", 0, &["one"])
        .expect("it is stored");
    world.advance("2h");
    assert_eq!(world.values(admin, "orders", 0), ["one"]);
    world
        .configure(admin, "orders", ("retention.ms", "3600000"), false)
        .expect("a value");
    world.story();
    expect![[r#"
        2:05:00.000  orders-0: a new segment begins at offset 1
        2:05:00.000  orders-0: begins at offset 1 now
    "#]]
    .assert_eq(&world.advance("5m"));
}

#[test]
fn a_value_that_cannot_be_changes_nothing() {
    let mut world = World::default().with_topic("orders", 1);
    let admin = world.client("admin");
    let refused = world.configure(admin, "orders", ("retention.ms", "soon"), false);
    expect!["INVALID_CONFIG: Invalid value soon for configuration retention.ms: Not a number of type LONG"].assert_eq(&refused.unwrap_err().to_string());
    let log = world.broker.partition_log("orders", 0).expect("a log");
    assert_eq!(log.config().retention_ms, 7 * 24 * 3_600_000);
}
