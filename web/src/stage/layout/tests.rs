//! What must be true of every arrangement.

use std::sync::Arc;

use ottla_lab::Instant;
use ottla_lab::TopicPartition;
use ottla_lab::scene::{
    Activity, BrokerView, Cell, ConsumerView, GroupView, Life, MemberView, PartitionView,
    ProducerView, Scene, TopicView,
};

use super::*;

/// A topic of so many partitions with so many records each, read by so many members, one partition each.
fn scene(partitions_count: usize, records_count: i64, members_count: usize) -> Scene {
    let cell = |offset| Cell {
        offset,
        key: Some("k".into()),
        label: "k".into(),
        colour: Some(0),
        value: "v".into(),
        timestamp_ms: 0,
        producer: Some("shop".into()),
    };
    let partition = |index: usize| PartitionView {
        index: index as i32,
        start_offset: 0,
        high_watermark: records_count,
        end_offset: records_count,
        cells: ((records_count - 200).max(0)..records_count)
            .map(|offset| Arc::new(cell(offset)))
            .collect(),
    };
    let place = |index: usize| TopicPartition {
        topic: "orders".into(),
        partition: index as i32,
    };
    let assigned = |index: usize| {
        if index < partitions_count {
            vec![place(index)]
        } else {
            Vec::new()
        }
    };
    let member = |index: usize| MemberView {
        member_id: format!("id-{index}"),
        client: format!("worker-{index}"),
        group_instance_id: None,
        is_leader: index == 0,
        is_awaited: false,
        partitions: assigned(index),
        heard_at: Some(Instant(0)),
        session_ends_at: Some(Instant(10_000_000)),
    };
    let consumer = |index: usize| ConsumerView {
        name: format!("worker-{index}"),
        life: Life::Running,
        group: Some("billing".into()),
        activity: Activity::Waiting,
        member_id: Some(format!("id-{index}")),
        generation: Some(1),
        partitions: Vec::new(),
        processed_count: 0,
        summary: String::new(),
    };
    Scene {
        at: Instant(0),
        broker: BrokerView {
            id: 1,
            life: Life::Running,
        },
        topics: vec![TopicView {
            name: "orders".into(),
            partitions: (0..partitions_count).map(partition).collect(),
        }],
        groups: vec![GroupView {
            id: "billing".into(),
            state: "Stable".into(),
            generation: 1,
            assignor: "range".into(),
            rebalance_ends_at: None,
            members: (0..members_count).map(member).collect(),
            offsets: Vec::new(),
        }],
        producers: vec![ProducerView {
            name: "shop".into(),
            life: Life::Running,
            topic: "orders".into(),
            summary: "keys 0..9".into(),
            sent_count: 0,
            acknowledged_count: 0,
            failed_count: 0,
            buffered_count: 0,
        }],
        consumers: (0..members_count).map(consumer).collect(),
        flights: Vec::new(),
    }
}

fn is_inside(inner: Rect, outer: Rect) -> bool {
    inner.x >= outer.x - 0.01
        && inner.y >= outer.y - 0.01
        && inner.right() <= outer.right() + 0.01
        && inner.bottom() <= outer.bottom() + 0.01
}

fn overlap(one: Rect, other: Rect) -> bool {
    one.x + 0.01 < other.right()
        && other.x + 0.01 < one.right()
        && one.y + 0.01 < other.bottom()
        && other.y + 0.01 < one.bottom()
}

#[test]
fn whatever_the_room_everything_stands_inside_and_nothing_on_another() {
    for (partitions, members) in [(1, 1), (3, 4), (6, 2), (12, 12), (64, 64), (3, 30), (40, 1)] {
        for (width, height) in [
            (960.0, 560.0),
            (1600.0, 900.0),
            (720.0, 400.0),
            (360.0, 300.0),
            (600.0, 500.0),
        ] {
            let scene = scene(partitions, 12, members);
            let layout = layout(&scene, width, height);
            let case = format!("{partitions} partitions, {members} members in {width}x{height}");
            let page = Rect {
                x: 0.0,
                y: 0.0,
                width,
                height: layout.height,
            };
            assert!(layout.height >= height, "{case}");
            let cards = layout.troupes.iter().map(|place| place.rect);
            let cards: Vec<Rect> = cards
                .chain([layout.broker])
                .chain(layout.producers.iter().map(|(_, rect)| *rect))
                .collect();
            for (index, card) in cards.iter().enumerate() {
                assert!(is_inside(*card, page), "{case}: {card:?} in {page:?}");
                assert!(
                    cards[index + 1..]
                        .iter()
                        .all(|other| !overlap(*card, *other)),
                    "{case}: {card:?}"
                );
            }
            let strips: Vec<Rect> = layout.topics[0]
                .strips
                .iter()
                .map(|strip| strip.row)
                .collect();
            for (index, row) in strips.iter().enumerate() {
                assert!(is_inside(*row, layout.broker), "{case}: strip {row:?}");
                assert!(
                    strips[index + 1..]
                        .iter()
                        .all(|other| !overlap(*row, *other)),
                    "{case}: strip {row:?}"
                );
            }
            for place in &layout.troupes {
                assert_eq!(place.rows.len(), members, "{case}");
                for (index, row) in place.rows.iter().enumerate() {
                    assert!(
                        is_inside(*row, place.rect),
                        "{case}: member {row:?} in {:?}",
                        place.rect
                    );
                    assert!(
                        place.rows[index + 1..]
                            .iter()
                            .all(|other| !overlap(*row, *other)),
                        "{case}: member {row:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_small_scene_in_a_usual_room_is_shown_large_and_a_crowded_one_fits_too() {
    let small = layout(&scene(3, 8, 4), 920.0, 520.0);
    assert_eq!(small.topics[0].strips[0].size, CellSize::Roomy);
    assert_eq!(small.troupes[0].size, RowSize::Roomy);
    assert_eq!(small.height, 520.0);

    let crowded = layout(&scene(64, 8, 64), 920.0, 520.0);
    assert_eq!(crowded.topics[0].strips[0].size, CellSize::Tick);
    assert_eq!(crowded.troupes[0].size, RowSize::Small);
    assert_eq!(crowded.height, 520.0);
}

#[test]
fn a_long_log_shows_its_newest_records_and_says_how_many_are_hidden() {
    let layout = layout(&scene(3, 500, 1), 920.0, 520.0);
    let strip = &layout.topics[0].strips[0];
    assert!(strip.x(499) + strip.size.width() <= strip.cells.right());
    assert!(
        strip.x(500) + strip.size.width() <= strip.cells.right() + 0.01,
        "a place for the next one"
    );
    assert_eq!(strip.hidden_count, strip.first_offset);
    assert!(strip.first_offset > 480);
}

#[test]
fn a_narrow_room_puts_the_group_below_the_broker() {
    let layout = layout(&scene(3, 8, 4), 344.0, 320.0);
    assert_eq!(layout.arrangement, Arrangement::Narrow);
    assert!(layout.troupes[0].rect.y > layout.broker.bottom());
    assert!(layout.producers[0].1.bottom() < layout.broker.y);
}
