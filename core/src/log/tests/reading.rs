use super::*;
use crate::batch::{first_at_or_after, with_max_timestamp};

fn small_segments() -> World {
    let mut world = World::new(LogConfig {
        segment_bytes: 300,
        ..LogConfig::default()
    });
    for offset in 0..20 {
        world
            .append(batch(offset * 10, &[&offset.to_string()]))
            .unwrap();
    }
    world
}

#[test]
fn any_offset_is_found_over_all_segments() {
    let world = small_segments();
    assert!(world.segments().len() > 4);
    for offset in 0..20 {
        let records = world.read(offset);
        assert_eq!(records.len() as i64, 20 - offset);
        assert_eq!(records[0], (offset, offset.to_string()));
    }
}

#[test]
fn an_offset_in_the_middle_of_a_batch_finds_the_whole_batch() {
    let mut world = World::new(LogConfig::default());
    world.append(batch(0, &["a", "b", "c"])).unwrap();
    let slice = world.find(Offset(2), 1).unwrap().slice.unwrap();
    let bytes = world.store.locate(&slice).unwrap().concat();
    assert_eq!(BatchHeader::parse(&bytes).unwrap().base_offset, Offset(0));
}

#[test]
fn offsets_outside_the_log_are_out_of_range() {
    let mut world = small_segments();
    world.delete_records(5).unwrap();
    let code = |offset| {
        world
            .find(Offset(offset), 100)
            .map(|found| found.slice.is_some())
    };
    assert_eq!(code(4), Err(ErrorCode::OffsetOutOfRange));
    assert_eq!(code(5), Ok(true));
    assert_eq!(code(20), Ok(false));
    assert_eq!(code(21), Err(ErrorCode::OffsetOutOfRange));
    assert_eq!(code(-1), Err(ErrorCode::OffsetOutOfRange));
}

#[test]
fn available_bytes_are_exact_near_the_end_and_never_too_few() {
    let mut world = small_segments();
    let sizes: Vec<u64> = world
        .store
        .read(LOG, Offset(0))
        .map(|b| b.len() as u64)
        .collect();
    let exact = |offset: usize| sizes[offset..].iter().sum::<u64>();
    for offset in 0..20 {
        let found = world.find(Offset(offset as i64), 100).unwrap();
        assert_eq!(found.available_bytes, exact(offset), "offset {offset}");
        assert!(found.slice.unwrap().position.is_some());
    }
    world.restart();
    for offset in 0..20 {
        let found = world.find(Offset(offset as i64), 100).unwrap();
        assert!(found.available_bytes >= exact(offset), "offset {offset}");
        assert!(found.available_bytes <= exact(offset) + 300);
    }
}

#[test]
fn a_limit_cuts_between_batches_but_leaves_one_if_it_must() {
    let mut world = World::new(LogConfig::default());
    for _ in 0..200 {
        world.append(batch(0, &["x"])).unwrap();
    }
    let size = world.store.read(LOG, Offset(0)).next().unwrap().len() as u32;
    let read = |offset: i64, max_bytes, whole_batch| {
        let read = Read {
            offset: Offset(offset),
            max_bytes,
            whole_batch,
        };
        let slice = world.log.read(&read).unwrap().slice.unwrap();
        let pieces = world.store.locate(&slice).unwrap();
        pieces.iter().map(|piece| piece.len() as u32).sum::<u32>() / size
    };
    for offset in [0, 63, 64, 130, 199] {
        assert_eq!(read(offset, 0, true), 1);
        assert_eq!(read(offset, size - 1, false), 0);
        assert_eq!(read(offset, size, false), 1);
    }
    assert_eq!(read(10, 100 * size + 1, true), 100);
    assert_eq!(read(10, u32::MAX, true), 190);
}

#[test]
fn a_timestamp_finds_its_record_even_inside_a_compressed_batch() {
    let mut world = World::new(LogConfig::default());
    world.append(batch(100, &["a", "b", "c"])).unwrap();
    let mut packed = builder(200, &["d", "e", "f"]);
    world
        .append(packed.compression(crate::batch::Compression::Zstd).build())
        .unwrap();
    let find = |timestamp| {
        let batch = world
            .store
            .find_timestamp(LOG, Offset(0), Offset(0), Timestamp(timestamp))?;
        first_at_or_after(&batch, Timestamp(timestamp)).unwrap()
    };
    assert_eq!(find(0), Some((Offset(0), Timestamp(100))));
    assert_eq!(find(101), Some((Offset(1), Timestamp(101))));
    assert_eq!(find(103), Some((Offset(3), Timestamp(200))));
    assert_eq!(find(202), Some((Offset(5), Timestamp(202))));
    assert_eq!(find(203), None);

    let segment = *world.log.segments().next().unwrap();
    let batch = world
        .store
        .find_timestamp(LOG, segment.base_offset, Offset(0), segment.max_timestamp)
        .unwrap();
    assert_eq!(
        with_max_timestamp(&batch).unwrap(),
        Some((Offset(5), Timestamp(202)))
    );
}

#[test]
fn a_copy_of_a_store_goes_its_own_way() {
    let mut world = small_segments();
    let mut fork = world.clone();
    fork.append(batch(0, &["fork"])).unwrap();
    world.append(batch(0, &["world"])).unwrap();
    assert_eq!(fork.read(20), [(20, "fork".to_owned())]);
    assert_eq!(world.read(20), [(20, "world".to_owned())]);
}
