use super::*;
use crate::disk::checkpoint::parse_epochs;

#[test]
fn a_tail_torn_at_any_byte_is_cut_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(2, 40, 1));
    world.append(batch(3, 40, 2));
    let good = world.position;
    world.append(batch(1, 40, 3));
    let log = world.path("00000000000000000000.log");
    let whole = fs::read(&log).unwrap();
    for torn in good as usize..whole.len() {
        fs::write(&log, &whole[..torn]).unwrap();
        world = world.crash();
        let found = world.recover().unwrap().unwrap();
        assert_eq!(
            (found.log_end_offset, found.segments[0].size_bytes),
            (Offset(5), good),
            "torn at {torn}"
        );
        assert_eq!(size(&log), u64::from(good));
        assert_eq!(world.all_batches(), [(0, 2), (2, 3)]);
    }
    // And it goes on from there.
    world.append(batch(4, 40, 3));
    world = world.crash();
    world.recover().unwrap().unwrap();
    assert_eq!(world.all_batches(), [(0, 2), (2, 3), (5, 4)]);
}

#[test]
fn a_tail_of_zeros_or_garbage_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(2, 40, 1));
    let log = world.path("00000000000000000000.log");
    let whole = fs::read(&log).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() - 1] ^= 1;
    for tail in [vec![0; 100_000], vec![2; 100_000], flipped] {
        fs::write(&log, [&whole[..], &tail].concat()).unwrap();
        world = world.crash();
        world.recover().unwrap().unwrap();
        assert_eq!(world.all_batches(), [(0, 2)]);
        assert_eq!(size(&log), whole.len() as u64);
    }
}

#[test]
fn damage_in_front_of_good_records_is_reported_and_not_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(2, 40, 1));
    let damaged = world.position;
    world.append(batch(3, 40, 2));
    world.append(batch(1, 40, 3));
    let log = world.path("00000000000000000000.log");
    let whole = fs::read(&log).unwrap();
    for byte in [0, 9, 16, 17, 30, 70] {
        let mut bytes = whole.clone();
        bytes[damaged as usize + byte] ^= 0x11;
        fs::write(&log, &bytes).unwrap();
        world = world.crash();
        let message = world.recover().unwrap_err().to_string();
        let says = format!("unreadable at byte {damaged} (offset 2), but later records are whole");
        assert!(message.contains(&says), "{message}");
        assert!(
            message.contains(&format!("truncate -s {damaged} '{}'", log.display())),
            "{message}"
        );
        assert_eq!(fs::read(&log).unwrap(), bytes);
    }
}

#[test]
fn damage_in_front_of_a_good_segment_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(2, 40, 1));
    let size = world.position;
    world.roll();
    world.append(batch(1, 40, 2));
    let log = world.path("00000000000000000000.log");
    world.store.sync.finish();
    fs::remove_file(folder.path().join("recovery-point-offset-checkpoint")).unwrap();
    File::options()
        .write(true)
        .open(&log)
        .unwrap()
        .set_len(u64::from(size) - 1)
        .unwrap();
    world = world.crash();
    assert!(
        world
            .recover()
            .unwrap_err()
            .to_string()
            .contains("unreadable at byte 0 (offset 0)")
    );
    // The remedy that the message names works.
    File::options()
        .write(true)
        .open(&log)
        .unwrap()
        .set_len(0)
        .unwrap();
    world = world.crash();
    world.recover().unwrap().unwrap();
    assert_eq!(world.all_batches(), [(2, 1)]);
}

#[test]
fn an_orderly_end_is_believed_and_a_crash_gives_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.store.apply(StoreOp::Epoch {
        log: ORDERS,
        epoch: 0,
        start_offset: Offset(0),
    });
    for segment in 0..3 {
        world.roll();
        for round in 0..50 {
            world.append(batch(2, 500, segment * 100 + (round * 7) % 50));
        }
    }
    let mut world = world.restart();
    let believed = format!("{:?}", world.recover().unwrap().unwrap());
    let index = |world: &World| {
        ["index", "timeindex"]
            .map(|suffix| fs::read(world.path(&format!("00000000000000000200.{suffix}"))).unwrap())
    };
    let before = index(&world);
    let mut world = world.crash();
    let read_through = format!("{:?}", world.recover().unwrap().unwrap());
    // The crash has no snapshot to begin with, and there are no idempotent producers.
    assert_eq!(believed, read_through);
    let world = world.restart();
    assert_eq!(index(&world), before);
}

#[test]
fn lost_indexes_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    for round in 0..50 {
        world.append(batch(2, 900, round));
    }
    let world = world.restart();
    let path = world.path("00000000000000000000.index");
    let before = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let mut world = world.restart();
    world.recover().unwrap().unwrap();
    let _world = world.restart();
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn only_segments_behind_the_recovery_point_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(2, 40, 1));
    world.roll();
    world.append(batch(1, 40, 2));
    world.store.sync.finish();
    let points =
        fs::read_to_string(folder.path().join("recovery-point-offset-checkpoint")).unwrap();
    assert_eq!(points, "0\n1\norders 0 2\n");
    // A flipped bit in front of the recovery point is for a client's CRC check to find: start-up does not read it.
    let log = world.path("00000000000000000000.log");
    let mut bytes = fs::read(&log).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&log, bytes).unwrap();
    let mut world = world.crash();
    assert_eq!(world.recover().unwrap().unwrap().log_end_offset, Offset(3));
}

#[test]
fn producers_come_from_the_snapshot_and_the_batches_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    let idempotent = |sequence| {
        BatchBuilder::new()
            .producer(9, 0, sequence)
            .push(Timestamp(1), None, Some(b"v"))
            .build()
    };
    world.append(idempotent(0));
    world.append(idempotent(1));
    let snapshot = Bytes::from_static(&[0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]);
    world.store.apply(StoreOp::Producers {
        log: ORDERS,
        offset: Offset(2),
        snapshot: snapshot.clone(),
    });
    world.append(batch(1, 10, 1));
    world.append(idempotent(2));
    let mut world = world.crash();
    let found = world.recover().unwrap().unwrap();
    assert_eq!(found.producers, Some((Offset(2), snapshot)));
    let sequences: Vec<_> = found
        .producer_batches
        .iter()
        .map(|header| header.base_sequence)
        .collect();
    assert_eq!(sequences, [2]);

    // A snapshot that is damaged does not count.
    fs::write(world.path("00000000000000000002.snapshot"), "x").unwrap();
    let mut world = world.crash();
    let found = world.recover().unwrap().unwrap();
    assert_eq!((found.producers, found.producer_batches.len()), (None, 3));
}

#[test]
fn epochs_and_the_first_offset_survive() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.store.apply(StoreOp::Epoch {
        log: ORDERS,
        epoch: 0,
        start_offset: Offset(0),
    });
    world.append(batch(10, 10, 1));
    world.store.apply(StoreOp::Epoch {
        log: ORDERS,
        epoch: 3,
        start_offset: Offset(10),
    });
    world.append(batch(1, 10, 1));
    world.store.apply(StoreOp::LogStart {
        log: ORDERS,
        offset: Offset(4),
    });
    let text = fs::read_to_string(world.path("leader-epoch-checkpoint")).unwrap();
    assert_eq!(
        parse_epochs(&text).unwrap(),
        [(0, Offset(0)), (3, Offset(10))]
    );
    let mut world = world.crash();
    let found = world.recover().unwrap().unwrap();
    assert_eq!(found.epochs, [(0, Offset(0)), (3, Offset(10))]);
    assert_eq!(found.log_start_offset, Offset(4));
}

#[test]
fn a_log_whose_records_have_all_been_deleted_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(10, 10, 1));
    world.store.apply(StoreOp::LogStart {
        log: ORDERS,
        offset: Offset(10),
    });
    world.store.apply(StoreOp::DeleteSegments {
        log: ORDERS,
        before: Offset(10),
    });
    for clean in [true, false] {
        world = if clean {
            world.restart()
        } else {
            world.crash()
        };
        let found = world.recover().unwrap().unwrap();
        assert_eq!(
            (found.log_start_offset, found.log_end_offset),
            (Offset(10), Offset(10))
        );
        assert_eq!(found.segments.len(), 1);
    }
    assert_eq!(world.append(batch(1, 10, 1)), Applied::Done);
    assert_eq!(world.all_batches(), [(10, 1)]);
}

#[test]
fn a_folder_of_an_earlier_topic_of_that_name_is_not_taken_for_the_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(1, 10, 1));
    let mut world = world.restart();
    world.store.apply(StoreOp::Delete { log: ORDERS });
    world.create(LogId(2), "orders", Uuid([8; 16]));
    assert!(world.store.recover(LogId(2)).unwrap().is_none());
    world.store.finish_recovery().unwrap();
    world.store.sync.finish();
    assert!(!world.folder.join("orders-0").exists());
}

#[test]
fn a_topic_deleted_and_made_again_keeps_the_later_ones_records() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(1, 10, 1));
    let mut world = world.restart();
    // At start the earlier topic's life is replayed first.
    world.store.logs.truncate(1);
    world.create(LogId(1), "orders", Uuid([6; 16]));
    world.store.apply(StoreOp::Delete { log: LogId(1) });
    world.create(LogId(2), "orders", TOPIC_ID);
    let found = world.store.recover(LogId(2)).unwrap().unwrap();
    assert_eq!(found.log_end_offset, Offset(1));
}

#[test]
fn a_folder_that_nobody_names_is_put_aside_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(1, 10, 1));
    let mut world = world.restart();
    world.store.logs.truncate(1);
    world.store.finish_recovery().unwrap();
    let kept = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let kept: Vec<_> = kept
        .filter(|name| name.starts_with("orders-0.") && name.ends_with("-stray"))
        .collect();
    assert_eq!(kept.len(), 1);
    assert!(
        folder
            .path()
            .join(&kept[0])
            .join("00000000000000000000.log")
            .exists()
    );
}

#[test]
fn a_folder_without_a_segment_is_used_by_the_first_append() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(1, 10, 1));
    let log = world.path("00000000000000000000.log");
    drop(world);
    fs::remove_file(&log).unwrap();
    let mut world = World::new(folder.path());
    assert!(world.recover().unwrap().is_none());
    assert_eq!(world.append(batch(3, 10, 1)), Applied::Done);
    assert_eq!(world.all_batches(), [(0, 3)]);
}
