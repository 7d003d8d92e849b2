use super::*;
use crate::disk::index::{IndexEntry, IndexFile, TimeEntry};

#[test]
fn what_was_appended_is_found_by_every_offset() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    // Sizes on both sides of the interval between two entries, and a batch that is larger than what is read at a time.
    for round in 0..300 {
        assert_eq!(
            world.append(batch(3, [10, 700, 5000, 30_000][round % 4], round as i64)),
            Applied::Done
        );
    }
    let end = world.position;
    for offset in 0..900 {
        assert_eq!(
            world.first_offset_at(Offset(0), end, offset),
            offset / 3 * 3
        );
    }
    // The same with the index in its file, as a later process finds it.
    let mut world = world.restart();
    world.recover().unwrap().unwrap();
    for offset in (0..900).rev() {
        assert_eq!(
            world.first_offset_at(Offset(0), end, offset),
            offset / 3 * 3
        );
    }
}

#[test]
fn an_index_of_several_blocks_is_searched_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    for round in 0..1500 {
        world.append(batch(1, 5000, round));
    }
    let end = world.position;
    let index = IndexFile::open(
        &world.path("00000000000000000000.index"),
        IndexEntry::SIZE_BYTES,
    )
    .unwrap();
    assert_eq!(
        index.unwrap().entries,
        1024,
        "written in two lots; the rest is in memory"
    );
    for offset in (0..1500).rev().step_by(7).chain(0..1500) {
        assert_eq!(world.first_offset_at(Offset(0), end, offset), offset);
    }
}

#[test]
fn a_fetch_keeps_to_its_limits_but_for_one_whole_batch() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    for _ in 0..10 {
        world.append(batch(1, 100, 5));
    }
    let one = world.position / 10;
    let mut locate = |max_bytes, whole_batch, end| {
        let slice = LogSlice {
            max_bytes,
            whole_batch,
            ..slice(Offset(0), end, 4)
        };
        let located = world.store.locate(&slice).unwrap();
        assert_eq!(located.extent.len, located.size_bytes);
        (located.extent.position, located.size_bytes)
    };
    let from = u64::from(one) * 4;
    assert_eq!(locate(1 << 20, true, one * 10), (from, one * 6));
    assert_eq!(locate(1 << 20, true, one * 5), (from, one));
    assert_eq!(locate(one + 7, true, one * 10), (from, one + 7));
    assert_eq!(locate(1, true, one * 10), (from, one));
    assert_eq!(locate(1, false, one * 10), (from, 1));
    assert_eq!(locate(1 << 20, true, one * 4), (from, 0));
}

#[test]
fn the_stamp_is_in_the_file_and_the_rest_is_the_producers() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(5, 20, 1));
    let sent = batch(2, 20, 2);
    let before = world.position;
    world.append(sent.clone());
    let located = world
        .store
        .locate(&slice(Offset(0), world.position, 5))
        .unwrap();
    assert_eq!(located.extent.position, u64::from(before));
    let found = read(&located.extent);
    assert_eq!(found[..8], 5_i64.to_be_bytes());
    assert_eq!(found[12..16], 0_i32.to_be_bytes());
    assert_eq!(
        (&found[8..12], &found[16..]),
        (&sent.bytes()[8..12], &sent.bytes()[16..])
    );
}

#[test]
fn a_time_is_found_exactly_to_the_batch() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    // Timestamps go up and down: 0, 11, 4, 15, 8, 19 ...
    let times: Vec<i64> = (0..400).map(|round| round * 2 + (round % 2) * 9).collect();
    for time in &times {
        world.append(batch(1, 900, *time));
    }
    let check = |world: &mut World| {
        for wanted in 0..820 {
            let expected = times.iter().position(|time| *time >= wanted);
            let found = world
                .store
                .find_timestamp(ORDERS, Offset(0), Offset(0), Timestamp(wanted))
                .unwrap();
            let found = found.map(|bytes| header(&bytes).base_offset.0 as usize);
            assert_eq!(found, expected, "at time {wanted}");
        }
    };
    check(&mut world);
    let mut world = world.restart();
    world.recover().unwrap().unwrap();
    check(&mut world);
}

#[test]
fn indexes_end_as_apache_kafka_ends_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    for round in 0..100_i64 {
        world.append(batch(2, 600, 1000 - (round - 70).abs()));
    }
    let one = world.position / 100;
    world.roll();
    world.append(batch(1, 10, 5000));
    let index = IndexFile::open(
        &world.path("00000000000000000000.index"),
        IndexEntry::SIZE_BYTES,
    )
    .unwrap()
    .unwrap();
    assert!(index.whole && index.entries > 20);
    for slot in 0..index.entries {
        let entry = index.index_entry(slot).unwrap();
        // The entry names the batch's last offset and begins at the batch.
        assert_eq!(entry.position % one, 0);
        assert_eq!(entry.offset, entry.position / one * 2 + 1);
    }
    let times = IndexFile::open(
        &world.path("00000000000000000000.timeindex"),
        TimeEntry::SIZE_BYTES,
    )
    .unwrap()
    .unwrap();
    let last = times.time_entry(times.entries - 1).unwrap();
    assert_eq!(
        last,
        TimeEntry {
            timestamp: Timestamp(1000),
            offset: 141
        }
    );
}

#[test]
fn a_log_without_records_has_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    for id in 2..3002 {
        world.create(LogId(id), &format!("topic{id}"), TOPIC_ID);
    }
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        !names
            .iter()
            .any(|name| name.to_string_lossy().starts_with("topic")),
        "{names:?}"
    );
}

#[test]
fn more_segments_than_open_files_are_all_readable() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::with(folder.path(), 3, Box::new(|_: &File| Ok(())));
    let mut segments = Vec::new();
    for _ in 0..20 {
        world.append(batch(1, 100, 1));
        segments.push((world.segment, world.position));
        world.roll();
    }
    for (segment, end) in segments.iter().chain(segments.iter().rev()) {
        assert_eq!(world.first_offset_at(*segment, *end, segment.0), segment.0);
    }
    let open = world
        .store
        .files(ORDERS)
        .unwrap()
        .segments
        .iter()
        .filter(|segment| segment.file.is_some())
        .count();
    assert!(open <= 3, "{open} files are open");
}

#[test]
fn what_is_being_read_outlives_its_segment_and_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.append(batch(1, 100, 1));
    let end = world.position;
    let first = world.store.locate(&slice(Offset(0), end, 0)).unwrap();
    world.roll();
    world.append(batch(1, 100, 1));
    let second = world
        .store
        .locate(&slice(Offset(1), world.position, 1))
        .unwrap();
    world.store.apply(StoreOp::DeleteSegments {
        log: ORDERS,
        before: Offset(1),
    });
    assert!(world.store.locate(&slice(Offset(0), end, 0)).is_err());
    world.store.apply(StoreOp::Delete { log: ORDERS });
    world.store.sync.finish();
    assert!(!folder.path().join("orders-0").exists());
    for located in [first, second] {
        header(&read(&located.extent));
    }
}
