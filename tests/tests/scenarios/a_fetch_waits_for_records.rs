use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_fetch_waits_for_min_bytes_and_is_answered_by_the_produce_that_brings_them() {
    let mut world = World::default().with_topic("orders", 1);
    let (reader, writer) = (world.client("reader"), world.client("writer"));
    world.disk.takes_ms(5);

    let fetch = world.fetch(reader, "orders", (0, 0), (100, 10_000));
    world.advance("1s");
    assert!(world.fetched(fetch).is_none());
    world.produce(writer, "orders", 0, world.batch(&["one"]));
    world.advance("1s");
    assert!(world.fetched(fetch).is_none(), "72 bytes are not enough");
    world.produce(writer, "orders", 0, world.batch(&["two"]));
    world.advance("4ms");
    assert!(world.fetched(fetch).is_none(), "it is not stored yet");
    expect![[r#"
        00:02.005  orders-0: high watermark 2
        00:02.005  orders-0: reader reads from offset 0
    "#]]
    .assert_eq(&world.advance("1ms"));

    let fetched = world.fetched(fetch).expect("there is enough now");
    assert_eq!(
        fetched.records,
        [(0, "one".to_owned()), (1, "two".to_owned())]
    );
    assert_eq!(fetched.high_watermark, 2);
}
