use expect_test::expect;
use ottla_tests::world::World;

#[test]
fn a_full_segment_is_followed_by_a_new_one_and_readers_do_not_notice() {
    let configs = [("segment.bytes", "1048576")];
    let mut world = World::default().with_configured_topic("orders", 1, &configs);
    let writer = world.client("writer");
    world.disk.takes_ms(1);
    let large = "x".repeat(400_000);
    for _ in 0..5 {
        world
            .write(writer, "orders", 0, &[&large])
            .expect("it is stored");
    }
    expect![[r#"
        00:00.000  orders-0: 1 record(s) from offset 0 on, 400072 bytes
        00:00.001  orders-0: high watermark 1
        00:00.001  orders-0: 1 record(s) from offset 1 on, 400072 bytes
        00:00.002  orders-0: high watermark 2
        00:00.002  orders-0: a new segment begins at offset 2
        00:00.002  orders-0: 1 record(s) from offset 2 on, 400072 bytes
        00:00.003  orders-0: high watermark 3
        00:00.003  orders-0: 1 record(s) from offset 3 on, 400072 bytes
        00:00.004  orders-0: high watermark 4
        00:00.004  orders-0: a new segment begins at offset 4
        00:00.004  orders-0: 1 record(s) from offset 4 on, 400072 bytes
        00:00.005  orders-0: high watermark 5
    "#]]
    .assert_eq(&world.story());
    let bases = |world: &World| -> Vec<i64> {
        let log = world.broker.partition_log("orders", 0).expect("a log");
        log.segments()
            .map(|segment| segment.base_offset.0)
            .collect()
    };
    assert_eq!(bases(&world), [0, 2, 4]);
    world.restart();
    assert_eq!(bases(&world), [0, 2, 4]);

    let mut offset = 0;
    while offset < 5 {
        let fetched = world.read(writer, "orders", (0, offset));
        assert!(!fetched.records.is_empty());
        for (found, value) in fetched.records {
            assert_eq!((found, value.len()), (offset, large.len()));
            offset += 1;
        }
    }
}

#[test]
fn a_segment_that_is_old_enough_is_followed_by_a_new_one_at_the_next_append() {
    let configs = [("segment.ms", "60000")];
    let mut world = World::default().with_configured_topic("orders", 1, &configs);
    let writer = world.client("writer");
    world
        .write(writer, "orders", 0, &["one"])
        .expect("it is stored");
    world.advance("59s");
    world
        .write(writer, "orders", 0, &["two"])
        .expect("it is stored");
    world.advance("2s");
    world
        .write(writer, "orders", 0, &["three"])
        .expect("it is stored");
    expect![[r#"
        01:01.000  orders-0: a new segment begins at offset 2
        01:01.000  orders-0: 1 record(s) from offset 2 on, 73 bytes
        01:01.000  orders-0: high watermark 3
    "#]]
    .assert_eq(&world.story());
}
