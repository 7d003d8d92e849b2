use super::*;
use crate::log::CleanupPolicy;

/// Segments of four batches of one record, timestamps 0, 10, 20 and so on.
fn filled(count: i64, change: impl FnOnce(&mut LogConfig)) -> World {
    let mut config = LogConfig {
        segment_bytes: 4 * batch(0, &["00"]).header().size_bytes,
        ..LogConfig::default()
    };
    change(&mut config);
    let mut world = World::new(config);
    for offset in 0..count {
        world
            .append(batch(offset * 10, &[&format!("{offset:02}")]))
            .unwrap();
    }
    world
}

#[test]
fn a_full_segment_is_followed_by_a_new_one() {
    let world = filled(10, |_| {});
    assert_eq!(world.segments(), [0, 4, 8]);
    let rolled: Vec<&Event> = world
        .events
        .iter()
        .filter(|event| matches!(event, Event::SegmentRolled { .. }))
        .collect();
    assert_eq!(rolled.len(), 2);
}

#[test]
fn segment_ms_goes_by_the_records_clock() {
    let mut world = filled(0, |config| config.segment_ms = 100);
    world.append(batch(1_000, &["00"])).unwrap();
    world.now.wall = Timestamp(9_000_000);
    world.append(batch(1_100, &["01"])).unwrap();
    assert_eq!(world.segments(), [0]);
    world.append(batch(1_101, &["02"])).unwrap();
    assert_eq!(world.segments(), [0, 2]);
}

#[test]
fn segment_ms_goes_by_our_clock_if_the_records_have_none() {
    let mut world = filled(0, |config| config.segment_ms = 100);
    let start = world.now.wall.0;
    for (after_ms, segments) in [(0, 1), (100, 1), (101, 2)] {
        world.now.wall = Timestamp(start + after_ms);
        let mut timeless = BatchBuilder::new();
        world
            .append(timeless.push(Timestamp::NONE, None, None).build())
            .unwrap();
        assert_eq!(world.segments().len(), segments, "after {after_ms} ms");
    }
}

#[test]
fn retention_bytes_deletes_the_oldest_whole_segments() {
    let size = u64::from(batch(0, &["00"]).header().size_bytes);
    let mut world = filled(10, |config| config.retention_bytes = 5 * size as i64);
    world.apply_retention();
    assert_eq!(world.segments(), [4, 8]);
    assert_eq!(world.log.start_offset(), Offset(4));
    assert_eq!(world.log.size_bytes(), 6 * size);
    assert_eq!(world.read(4).len(), 6);
    world.restart();
    assert_eq!(world.segments(), [4, 8]);
    assert_eq!(world.log.start_offset(), Offset(4));
}

#[test]
fn retention_ms_deletes_segments_whose_newest_record_is_too_old() {
    let mut world = filled(10, |config| config.retention_ms = 1_000);
    world.now.wall = Timestamp(30 + 1_000);
    world.apply_retention();
    assert_eq!(world.segments(), [0, 4, 8], "offset 3 is just young enough");
    world.now.wall = Timestamp(31 + 1_000);
    world.apply_retention();
    assert_eq!(world.segments(), [4, 8]);
    assert!(world.events.contains(&Event::RecordsDeleted {
        partition: world.log.partition().clone(),
        log_start_offset: Offset(4),
    }));
}

#[test]
fn even_the_active_segment_goes_and_the_offsets_go_on() {
    let mut world = filled(10, |config| config.retention_ms = 1_000);
    world.now.wall = Timestamp(1_000_000_000);
    world.apply_retention();
    assert_eq!(world.segments(), [10]);
    assert_eq!(world.log.start_offset(), Offset(10));
    world.apply_retention();
    assert_eq!(world.segments(), [10], "an empty segment stays");
    world.restart();
    assert_eq!(world.log.end_offset(), Offset(10));
    world.append(batch(0, &["10"])).unwrap();
    assert_eq!(world.read(10), [(10, "10".to_owned())]);
}

#[test]
fn nothing_in_flight_is_deleted() {
    let mut world = filled(4, |config| config.retention_ms = 1_000);
    let mut out = Vec::new();
    world.append_only(batch(40, &["04"]), &mut out).unwrap();
    world.now.wall = Timestamp(1_000_000_000);
    world.log.apply_retention(world.now, &mut out);
    assert_eq!(
        world.segments(),
        [4],
        "the segment below the high watermark is gone"
    );
    world.log.store_failed(Offset(4));
    assert_eq!(world.log.end_offset(), Offset(4));
    assert_eq!(world.segments(), [4]);
    assert_eq!(world.log.size_bytes(), 0);
}

#[test]
fn delete_records_moves_the_start_and_drops_whole_segments() {
    let mut world = filled(10, |_| {});
    assert_eq!(world.delete_records(6), Ok(Offset(6)));
    assert_eq!(world.segments(), [4, 8]);
    assert_eq!(world.read(6).len(), 4);
    assert_eq!(
        world.delete_records(2),
        Ok(Offset(6)),
        "it never moves back"
    );
    assert_eq!(world.delete_records(11), Err(ErrorCode::OffsetOutOfRange));
    assert_eq!(world.delete_records(-2), Err(ErrorCode::OffsetOutOfRange));
    world.restart();
    assert_eq!(world.log.start_offset(), Offset(6));
    assert_eq!(world.delete_records(-1), Ok(Offset(10)));
    assert_eq!(world.segments(), [8], "the active segment stays");
    assert_eq!(world.read(10), []);
}

#[test]
fn a_log_that_is_only_compacted_keeps_its_records() {
    let mut world = filled(10, |config| {
        config.retention_ms = 1;
        config.cleanup_policy = CleanupPolicy {
            delete: false,
            compact: true,
        };
    });
    world.apply_retention();
    assert_eq!(world.segments(), [0, 4, 8]);
    assert_eq!(world.delete_records(5), Err(ErrorCode::PolicyViolation));
}
