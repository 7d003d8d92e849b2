use expect_test::expect;
use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::World;

#[test]
fn a_repeated_batch_gets_its_first_offset_and_is_not_written_twice() {
    let mut world = World::default().with_topic("orders", 1);
    let writer = world.client("writer");
    let me = world.producer_id(writer);
    let one = world.idempotent_batch(me, 0, &["one", "two"]);
    let two = world.idempotent_batch(me, 2, &["three"]);
    let writes = [one.clone(), two].map(|batch| world.write_batch(writer, "orders", 0, batch));
    assert_eq!(writes, [Ok(Offset(0)), Ok(Offset(2))]);
    world.story();

    assert_eq!(world.write_batch(writer, "orders", 0, one), Ok(Offset(0)));
    expect![[r#"
        00:00.000  orders-0: producer 0 repeated what is at offset 0 already
    "#]]
    .assert_eq(&world.story());
    assert_eq!(world.values(writer, "orders", 0), ["one", "two", "three"]);
}

#[test]
fn a_repeat_of_what_is_still_on_its_way_is_answered_when_that_is_stored() {
    let mut world = World::default().with_topic("orders", 1);
    let writer = world.client("writer");
    let me = world.producer_id(writer);
    world.disk.takes_ms(20);
    let batch = world.idempotent_batch(me, 0, &["one"]);
    world.produce(writer, "orders", 0, batch.clone());
    world.disconnect(writer);
    let repeat = world.produce(writer, "orders", 0, batch);
    assert!(world.produced(repeat).is_none());
    world.advance("20ms");
    assert_eq!(world.produced(repeat), Some(Ok(Offset(0))));
}

#[test]
fn a_gap_in_the_sequence_is_refused_until_it_is_filled() {
    let mut world = World::default().with_topic("orders", 1);
    let writer = world.client("writer");
    let me = world.producer_id(writer);
    let batches = [(0, "a"), (2, "c"), (1, "b"), (2, "c")];
    let outcomes = batches.map(|(sequence, value)| {
        let batch = world.idempotent_batch(me, sequence, &[value]);
        world.write_batch(writer, "orders", 0, batch)
    });
    let refused = Err(ErrorCode::OutOfOrderSequenceNumber);
    let expected = [Ok(Offset(0)), refused, Ok(Offset(1)), Ok(Offset(2))];
    assert_eq!(outcomes, expected);
    assert_eq!(world.values(writer, "orders", 0), ["a", "b", "c"]);
}
