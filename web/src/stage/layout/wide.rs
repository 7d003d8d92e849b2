//! From left to right: producers, broker, groups.

use ottla_lab::scene::Scene;

use super::{Arrangement, Layout, Point, Rect, rows, strips};
use crate::stage::cast::Troupe;

pub(super) fn place(scene: &Scene, troupes: Vec<Troupe>, width: f64, hint: f64) -> Layout {
    // Where there is hardly room for the cards the legend would be cut off.
    let has_legend = hint >= HEIGHT_WITH_LEGEND;
    let below = if has_legend { LEGEND } else { TOP };
    let room = hint - TOP - below;
    let strips_plan = strips::plan(scene, room - BROKER_LINES, strips::CellSize::Tick);
    let wish = rows::Wish {
        room,
        columns: 1..=COLUMNS_MAX,
        largest: rows::RowSize::Roomy,
        has_flat_titles: false,
    };
    let rows_plan = rows::plan(&troupes, &wish);
    let broker_height = BROKER_LINES + strips_plan.height;
    let producers_plan = producers(scene.producers.len(), room);
    let producers_height = producers_plan.1 * scene.producers.len() as f64;
    let body = broker_height.max(rows_plan.height).max(producers_height);
    let height = hint.max(TOP + body + below);
    let top = TOP + (height - TOP - below - body) / 2.0;

    let has_producers = !scene.producers.is_empty();
    let has_troupes = !troupes.is_empty();
    let columns = rows_plan.columns_count as f64;
    let groups_width = match (has_troupes, columns > 1.0) {
        (false, _) => 0.0,
        (true, false) => (width * 0.238).clamp(196.0, 290.0),
        (true, true) => (columns * 116.0 + 24.0).min(width * 0.5),
    };
    let card_width = (width * 0.13).clamp(PRODUCER_WIDTH_MIN, PRODUCER_WIDTH_MAX);
    let producer_width = if has_producers { card_width } else { 0.0 };
    // Where many are to be shown, the cells need the room more than the lines do.
    let air = if columns > 1.0 { 0.55 } else { 1.0 };
    let left_gap = if has_producers {
        (width * 0.064).clamp(34.0, 72.0) * air
    } else {
        0.0
    };
    let right_gap = if has_troupes {
        (width * 0.073).clamp(40.0, 84.0) * air
    } else {
        0.0
    };
    let taken = 2.0 * SIDE + producer_width + left_gap + right_gap + groups_width;
    let broker_width = (width - taken).min(BROKER_WIDTH_MAX);
    let left = SIDE + (width - taken - broker_width) / 2.0;

    let broker_full = if body - broker_height <= STRETCH_MAX {
        body
    } else {
        broker_height
    };
    let broker = Rect {
        x: left + producer_width + left_gap,
        y: top + (body - broker_full) / 2.0,
        width: broker_width,
        height: broker_full,
    };
    let area = Rect {
        y: broker.y + BROKER_TITLE,
        height: broker.height - BROKER_LINES,
        ..broker
    };
    let groups = Rect {
        x: broker.right() + right_gap,
        y: top,
        width: groups_width,
        height: body,
    };
    let producers_top = broker.middle().y - producers_height / 2.0;
    let (producer_height, pitch) = producers_plan;
    let producers = scene.producers.iter().enumerate().map(|(index, producer)| {
        let rect = Rect {
            x: left,
            y: producers_top + index as f64 * pitch + (pitch - producer_height) / 2.0,
            width: card_width,
            height: producer_height,
        };
        (producer.name.clone(), rect)
    });
    Layout {
        width,
        height,
        arrangement: Arrangement::Wide,
        producers: producers.collect(),
        broker,
        topics: strips::place(scene, strips_plan, area),
        troupes: rows::place(troupes, rows_plan, groups),
        legend: has_legend.then_some(Point {
            x: broker.x + 52.0,
            y: broker.bottom() + 26.0,
        }),
    }
}

/// How high a producer is, and from one to the next.
fn producers(count: usize, room: f64) -> (f64, f64) {
    let each = room / count.max(1) as f64;
    match each {
        each if each >= 72.0 => (60.0, each.min(84.0)),
        each if each >= 46.0 => (40.0, each.min(52.0)),
        _ => (24.0, 29.0),
    }
}

const COLUMNS_MAX: usize = 5;
const SIDE: f64 = 14.0;
const TOP: f64 = 14.0;
/// The room for the legend under the cards.
const LEGEND: f64 = 44.0;
const HEIGHT_WITH_LEGEND: f64 = 220.0;
const PRODUCER_WIDTH_MIN: f64 = 106.0;
const PRODUCER_WIDTH_MAX: f64 = 124.0;
const BROKER_TITLE: f64 = 44.0;
/// The broker's line and the room under the strips.
const BROKER_LINES: f64 = BROKER_TITLE + 14.0;
const BROKER_WIDTH_MAX: f64 = 860.0;
const STRETCH_MAX: f64 = 120.0;
