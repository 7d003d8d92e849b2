use expect_test::expect;
use ottla_core::Offset;
use ottla_tests::world::World;

#[test]
fn records_go_a_segment_at_a_time_when_they_are_past_their_retention() {
    let configs = [("retention.ms", "3600000"), ("segment.ms", "1800000")];
    let mut world = World::default().with_configured_topic("orders", 1, &configs);
    let writer = world.client("writer");
    for value in ["one", "two", "three"] {
        world
            .write(writer, "orders", 0, &[value])
            .expect("it is stored");
        world.advance("31m");
    }
    world
        .write(writer, "orders", 0, &["four"])
        .expect("it is stored");
    expect![[r#"
        1:33:00.000  orders-0: a new segment begins at offset 3
        1:33:00.000  orders-0: 1 record(s) from offset 3 on, 72 bytes
        1:33:00.000  orders-0: high watermark 4
    "#]]
    .assert_eq(&world.story());
    expect![[r#"
        1:35:00.000  orders-0: begins at offset 2 now
    "#]]
    .assert_eq(&world.advance("10m"));
    assert_eq!(world.values(writer, "orders", 0), ["three", "four"]);
    world.restart();
    assert_eq!(world.values(writer, "orders", 0), ["three", "four"]);
}

#[test]
fn even_the_last_segment_goes_when_all_of_it_is_too_old() {
    let configs = [("retention.ms", "3600000")];
    let mut world = World::default().with_configured_topic("orders", 1, &configs);
    let writer = world.client("writer");
    world
        .write(writer, "orders", 0, &["one", "two"])
        .expect("it is stored");
    world.story();
    expect![[r#"
        1:05:00.000  orders-0: a new segment begins at offset 2
        1:05:00.000  orders-0: begins at offset 2 now
    "#]]
    .assert_eq(&world.advance("66m"));
    assert_eq!(world.write(writer, "orders", 0, &["three"]), Ok(Offset(2)));
}

#[test]
fn a_log_that_is_too_large_loses_its_oldest_segments() {
    let configs = [("retention.bytes", "400"), ("segment.ms", "60000")];
    let mut world = World::default().with_configured_topic("orders", 1, &configs);
    let writer = world.client("writer");
    for _ in 0..6 {
        let written = world.write(
            writer,
            "orders",
            0,
            &["one hundred bytes, more or less ....."],
        );
        written.expect("it is stored");
        world.advance("61s");
    }
    world.advance("5m");
    let log = world.broker.partition_log("orders", 0).expect("a log");
    // What is left may be above the limit by less than a segment: one more would have been too much to lose.
    assert_eq!(log.size_bytes(), 4 * 105);
    assert_eq!(
        (log.start_offset(), log.end_offset()),
        (Offset(2), Offset(6))
    );
}
