use ottla_core::{ErrorCode, Offset};
use ottla_tests::world::World;

#[test]
fn a_producers_sequence_goes_on_after_a_restart_and_no_id_is_given_twice() {
    for orderly in [false, true] {
        let mut world = World::default().with_topic("orders", 1);
        let writer = world.client("writer");
        let me = world.producer_id(writer);
        let first = world.idempotent_batch(me, 0, &["one", "two"]);
        let written = world.write_batch(writer, "orders", 0, first.clone());
        assert_eq!(written, Ok(Offset(0)));

        if orderly {
            world.stop_and_start();
        } else {
            world.restart();
        }
        assert_eq!(world.write_batch(writer, "orders", 0, first), Ok(Offset(0)));
        let gap = world.idempotent_batch(me, 5, &["six"]);
        assert_eq!(
            world.write_batch(writer, "orders", 0, gap),
            Err(ErrorCode::OutOfOrderSequenceNumber)
        );
        let next = world.idempotent_batch(me, 2, &["three"]);
        assert_eq!(world.write_batch(writer, "orders", 0, next), Ok(Offset(2)));
        assert_ne!(world.producer_id(writer), me);
    }
}

#[test]
fn a_producer_that_has_long_been_silent_is_forgotten() {
    let mut world = World::new(&[("producer.id.expiration.ms", "3600000")]).with_topic("orders", 1);
    let writer = world.client("writer");
    let me = world.producer_id(writer);
    let first = world.idempotent_batch(me, 0, &["one"]);
    assert_eq!(world.write_batch(writer, "orders", 0, first), Ok(Offset(0)));
    world.advance("59m");
    let log = |world: &World| {
        world
            .broker
            .partition_log("orders", 0)
            .map(|log| log.producers().count())
    };
    assert_eq!(log(&world), Some(1));
    world.advance("21m");
    assert_eq!(log(&world), Some(0));
}
