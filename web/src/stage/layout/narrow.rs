//! From top to bottom: producers, broker, groups. The same objects, each as large as a finger.

use ottla_lab::scene::Scene;

use super::{Arrangement, Layout, Point, Rect, rows, strips};
use crate::stage::cast::Troupe;

pub(super) fn place(scene: &Scene, troupes: Vec<Troupe>, width: f64, hint: f64) -> Layout {
    let inner = width - 2.0 * SIDE;
    let columns = if inner >= 520.0 { 3 } else { 2 };
    let producer_rows = scene.producers.len().div_ceil(columns);
    let producers_height = producer_rows as f64 * (PRODUCER_HEIGHT + PRODUCER_GAP);
    let gap = if troupes.is_empty() { 0.0 } else { GAP };
    let has_legend = hint >= LEGEND_FROM;
    let legend_height = if has_legend { LEGEND } else { 0.0 };
    let fixed =
        TOP + producers_height + PRODUCER_LINK * f64::from(producer_rows > 0) + gap + legend_height;
    let room = hint - fixed;
    let groups_share = if troupes.is_empty() { 0.0 } else { 0.5 };
    let rows_plan = rows::plan(
        &troupes,
        &rows::Wish {
            room: room * groups_share,
            columns: columns..=columns,
            largest: rows::RowSize::Medium,
            has_flat_titles: true,
        },
    );
    let groups_height = if troupes.is_empty() {
        0.0
    } else {
        rows_plan.height
    };
    let strips_room = room - groups_height - BROKER_LINES;
    let partitions_count: usize = scene
        .topics
        .iter()
        .map(|topic| topic.partitions.len())
        .sum();
    // A finger scrolls sooner than it hits a tick.
    let smallest = if partitions_count > TICKS_FROM {
        strips::CellSize::Tick
    } else {
        strips::CellSize::Small
    };
    let strips_plan = strips::plan(scene, strips_room, smallest);

    let producer_width = (inner - (columns - 1) as f64 * PRODUCER_GAP) / columns as f64;
    let producers = scene.producers.iter().enumerate().map(|(index, producer)| {
        let rect = Rect {
            x: SIDE + (index % columns) as f64 * (producer_width + PRODUCER_GAP),
            y: TOP + (index / columns) as f64 * (PRODUCER_HEIGHT + PRODUCER_GAP),
            width: producer_width,
            height: PRODUCER_HEIGHT,
        };
        (producer.name.clone(), rect)
    });
    let producers = producers.collect();
    let y = TOP
        + producers_height
        + if producer_rows > 0 {
            PRODUCER_LINK
        } else {
            0.0
        };
    let broker = Rect {
        x: SIDE,
        y,
        width: inner,
        height: BROKER_LINES + strips_plan.height,
    };
    let area = Rect {
        y: broker.y + BROKER_TITLE,
        height: strips_plan.height,
        ..broker
    };
    let legend = Point {
        x: SIDE + 8.0,
        y: broker.bottom() + 16.0,
    };
    let groups = Rect {
        x: SIDE,
        y: broker.bottom() + legend_height + gap,
        width: inner,
        height: groups_height,
    };
    Layout {
        width,
        height: hint.max(groups.bottom() + 4.0),
        arrangement: Arrangement::Narrow,
        producers,
        broker,
        topics: strips::place(scene, strips_plan, area),
        troupes: rows::place(troupes, rows_plan, groups),
        legend: has_legend.then_some(legend),
    }
}

const TICKS_FROM: usize = 12;
const SIDE: f64 = 8.0;
const TOP: f64 = 8.0;
const PRODUCER_HEIGHT: f64 = 36.0;
const PRODUCER_GAP: f64 = 8.0;
/// Between the producers and the broker.
const PRODUCER_LINK: f64 = 8.0;
/// Between the legend and the groups: the assignment lines are seen there.
const GAP: f64 = 14.0;
const LEGEND: f64 = 22.0;
const LEGEND_FROM: f64 = 340.0;
const BROKER_TITLE: f64 = 30.0;
const BROKER_LINES: f64 = BROKER_TITLE + 8.0;
