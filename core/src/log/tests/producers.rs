use super::*;

fn sequence(epoch: i16, first: i32, count: usize) -> Batch {
    let values = vec!["x"; count];
    builder(1_000_000, &values)
        .producer(4, epoch, first)
        .build()
}

fn world() -> World {
    World::new(LogConfig::default())
}

#[test]
fn a_repeat_of_any_of_the_last_five_batches_gets_its_first_offset() {
    let mut world = world();
    for first in 0..6 {
        world.append(sequence(0, first * 2, 2)).unwrap();
    }
    for first in 1..6 {
        let again = world.append(sequence(0, first * 2, 2)).unwrap();
        assert!(again.duplicate);
        assert_eq!(again.appended.base_offset, Offset(i64::from(first) * 2));
        assert_eq!(again.through, Offset(i64::from(first) * 2 + 2));
    }
    assert_eq!(world.log.end_offset(), Offset(12));
    assert_eq!(
        error(world.append(sequence(0, 0, 2))),
        ErrorCode::OutOfOrderSequenceNumber,
        "the sixth last is forgotten"
    );
}

#[test]
fn the_same_sequence_with_another_length_is_out_of_order() {
    let mut world = world();
    world.append(sequence(0, 0, 2)).unwrap();
    let refused = error(world.append(sequence(0, 0, 3)));
    assert_eq!(refused, ErrorCode::OutOfOrderSequenceNumber);
}

#[test]
fn a_gap_is_refused() {
    let mut world = world();
    world.append(sequence(0, 0, 2)).unwrap();
    let refused = error(world.append(sequence(0, 3, 1)));
    assert_eq!(refused, ErrorCode::OutOfOrderSequenceNumber);
    world.append(sequence(0, 2, 1)).unwrap();
}

#[test]
fn an_unknown_producer_may_begin_anywhere() {
    assert!(world().append(sequence(3, 77, 1)).is_ok());
}

#[test]
fn a_new_epoch_begins_at_0_and_fences_the_old_one() {
    let mut world = world();
    world.append(sequence(1, 0, 2)).unwrap();
    let refused = error(world.append(sequence(2, 2, 1)));
    assert_eq!(refused, ErrorCode::OutOfOrderSequenceNumber);
    world.append(sequence(2, 0, 1)).unwrap();
    let refused = error(world.append(sequence(1, 2, 1)));
    assert_eq!(refused, ErrorCode::InvalidProducerEpoch);
}

#[test]
fn sequence_numbers_go_on_at_0_after_the_largest() {
    let mut world = world();
    world.append(sequence(0, i32::MAX - 1, 3)).unwrap();
    assert_eq!(world.log.producers().next().unwrap().last_sequence, 0);
    assert!(
        world
            .append(sequence(0, i32::MAX - 1, 3))
            .unwrap()
            .duplicate
    );
    world.append(sequence(0, 1, 1)).unwrap();
}

#[test]
fn producers_are_known_again_after_a_restart() {
    let mut world = world();
    for first in 0..7 {
        world.append(sequence(0, first, 1)).unwrap();
    }
    let before: Vec<_> = world.log.producers().collect();
    world.restart();
    assert_eq!(world.log.producers().collect::<Vec<_>>(), before);
    assert!(
        world.append(sequence(0, 2, 1)).unwrap().duplicate,
        "rebuilt from the batches"
    );

    let mut out = Vec::new();
    world.log.snapshot_producers(&mut out);
    assert_eq!(out.len(), 1);
    world.apply(out);
    world.restart();
    assert_eq!(world.log.producers().collect::<Vec<_>>(), before);
    assert!(world.append(sequence(0, 6, 1)).unwrap().duplicate);
    world.append(sequence(0, 7, 1)).unwrap();
    assert_eq!(world.log.end_offset(), Offset(8));
}

#[test]
fn a_snapshot_is_taken_at_most_once_for_an_offset() {
    let mut world = world();
    let mut out = Vec::new();
    world.log.snapshot_producers(&mut out);
    assert!(out.is_empty(), "nothing to keep");
    world.append(sequence(0, 0, 1)).unwrap();
    world.log.snapshot_producers(&mut out);
    world.log.snapshot_producers(&mut out);
    assert_eq!(out.len(), 1);
}

#[test]
fn a_silent_producer_is_forgotten() {
    let mut world = world();
    world.append(sequence(0, 0, 1)).unwrap();
    world.now.wall = Timestamp(1_000_000 + 999);
    world.log.expire_producers(world.now, 1_000);
    assert_eq!(world.log.producers().count(), 1);
    world.now.wall = Timestamp(1_000_000 + 1_000);
    world.log.expire_producers(world.now, 1_000);
    assert_eq!(world.log.producers().count(), 0);
    assert!(!world.append(sequence(0, 0, 1)).unwrap().duplicate);
}
