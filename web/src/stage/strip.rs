//! A partition's strip: cells, flags, marks, lag.

use std::rc::Rc;
use std::sync::Arc;

use ottla_lab::scene::{Cell, PartitionView, Scene};
use ottla_lab::sorted::Map;
use yew::prelude::*;

use super::flights::Arrivals;
use super::layout::{CellSize, Strip};
use super::marks::{self, Marks};
use super::object::{Object, ObjectNode};
use crate::player::partition_differs;
use crate::strings::stage as strings;

/// What is needed to render a strip. Equal if it looks the same.
#[derive(Clone, Properties)]
pub(crate) struct StripProps {
    pub(crate) scene: Rc<Scene>,
    /// The topic's place in the scene, and the partition's index.
    pub(crate) topic: usize,
    pub(crate) partition: usize,
    pub(crate) strip: Strip,
    pub(crate) marks: Marks,
    pub(crate) arrivals: Arrivals,
    pub(crate) jumps_count: u64,
    pub(crate) on_open: Callback<Object>,
    pub(crate) is_open: bool,
}

impl StripProps {
    fn view(&self) -> &PartitionView {
        &self.scene.topics[self.topic].partitions[self.partition]
    }

    fn name(&self) -> &str {
        &self.scene.topics[self.topic].name
    }
}

impl PartialEq for StripProps {
    fn eq(&self, other: &Self) -> bool {
        (self.topic, self.partition, self.jumps_count, self.is_open)
            == (
                other.topic,
                other.partition,
                other.jumps_count,
                other.is_open,
            )
            && self.strip == other.strip
            && self.marks == other.marks
            && !partition_differs(self.view(), other.view())
            && self.name() == other.name()
    }
}

/// A partition's strip.
#[component]
pub(crate) fn StripNode(props: &StripProps) -> Html {
    let born = use_mut_ref(Born::default);
    let (strip, view) = (&props.strip, props.view());
    let from = strip.first_offset - HIDDEN_CELLS;
    let cells: Vec<&Cell> = view
        .cells
        .iter()
        .map(Arc::as_ref)
        .filter(|cell| cell.offset >= from)
        .collect();
    born.borrow_mut().see(props, &cells);
    let born = born.borrow();

    let pitch = strip.size.pitch();
    let slide = format!(
        "transform:translate({}px,0)",
        EDGE - strip.first_offset as f64 * pitch
    );
    let row = strip.row;
    let object = Object::Partition(props.name().to_owned(), view.index);
    let end_x = strip.x(view.end_offset) - (pitch - strip.size.width()) / 2.0;
    let is_tick = strip.size == CellSize::Tick;
    html! {
        <ObjectNode {object} rect={row} inset={if is_tick { 0.0 } else { 4.0 }} on_open={props.on_open.clone()} is_open={props.is_open}
            label={strings::partition_label(props.name(), view, &props.marks.sentences())} class="partition">
            <text class={classes!("name", size_class(strip.size))} x={px(row.x + if is_tick { 12.0 } else { 18.0 })} y={px(strip.middle() + if is_tick { 3.0 } else { 5.0 })}>
                { format!("P{}", view.index) }
            </text>
            <line class="log" x1={px(strip.cells.x - EDGE)} x2={px(strip.cells.right())} y1={px(strip.cells.bottom() + if is_tick { 1.0 } else { 2.0 })} y2={px(strip.cells.bottom() + if is_tick { 1.0 } else { 2.0 })} />
            <svg class="window" x={px(strip.cells.x - EDGE)} y={px(row.y)} width={px(strip.cells.width + EDGE)} height={px(row.height)}>
                <g class="slide" style={slide}>
                    { for cells.iter().map(|cell| cell_node(props, cell, born.wait(cell.offset))) }
                </g>
            </svg>
            if !is_tick && end_x <= strip.cells.right() {
                <line class="end" x1={px(end_x)} x2={px(end_x)} y1={px(strip.cells.bottom() - 6.0)} y2={px(strip.cells.bottom() + 6.0)} />
            }
            if strip.hidden_count > 0 && strip.size.has_offsets() {
                <text class="hidden" x={px(row.x + 18.0)} y={px(strip.middle() + 18.0)}>{ strings::hidden(strip.hidden_count) }</text>
            } else if strip.hidden_count > 0 && !is_tick {
                <text class="hidden" x={px(strip.cells.x - 8.0)} y={px(strip.middle() + 4.0)}>{ "‹" }</text>
            }
            { marks::nodes(strip, &props.marks) }
        </ObjectNode>
    }
}

fn cell_node(props: &StripProps, cell: &Cell, wait_ms: Option<u32>) -> Html {
    let (strip, view) = (&props.strip, props.view());
    let (width, size) = (strip.size.width(), strip.size);
    let (x, y) = (
        cell.offset as f64 * size.pitch(),
        strip.cells.y - strip.row.y,
    );
    let height = strip.cells.height;
    let is_done = props.marks.is_done(cell.offset);
    let class = classes!(
        "cell",
        cell.colour.map(|colour| format!("k{colour}")),
        is_done.then_some("done"),
        (cell.offset >= view.high_watermark).then_some("unstored"),
        wait_ms.is_some().then_some("new"),
    );
    let wait = wait_ms.map(|wait| format!("animation-delay:{wait}ms"));
    if size == CellSize::Tick {
        // There are thousands of them: one node each, as what is painted anew in each frame is the whole picture.
        return html! {
            <rect key={cell.offset.to_string()} {class} data-offset={cell.offset.to_string()} x={x.to_string()} y={px(y)} width={px(width)} height={px(height)} rx="1" style={wait} />
        };
    }
    let label = fitting(&cell.label, if size == CellSize::Roomy { 4 } else { 3 });
    let classes = ["short", "longer", "longest", "word"];
    let label_class = classes[label.chars().count().clamp(1, 4) - 1];
    html! {
        <g key={cell.offset.to_string()} {class} data-offset={cell.offset.to_string()} transform={format!("translate({x} {y})")}>
            <g class="body" style={wait.clone()}>
                <rect width={px(width)} height={px(height)} rx={match size { CellSize::Roomy => "6", CellSize::Medium => "5", _ => "4" }} />
                <text class={classes!("key", size_class(size), label_class)} x={px(width / 2.0)} y={px(height / 2.0)}>{ label }</text>
            </g>
            if size.has_offsets() {
                <text class={classes!("offset", size_class(size))} style={wait} x={px(width / 2.0)} y={px(height + if size == CellSize::Roomy { 16.0 } else { 13.0 })}>{ cell.offset }</text>
            }
        </g>
    }
}

/// As much of a label as there is room for.
pub(in crate::stage) fn fitting(label: &str, chars_max: usize) -> &str {
    let end = label.char_indices().nth(chars_max);
    &label[..end.map_or(label.len(), |(end, _)| end)]
}

/// Which cells came while one was looking, and how long each waits until the record that becomes it has flown there.
#[derive(Default)]
struct Born {
    waits: Map<i64, u32>,
    next_offset: i64,
    jumps_count: Option<u64>,
}

impl Born {
    fn see(&mut self, props: &StripProps, cells: &[&Cell]) {
        let view = props.view();
        let is_jump = self.jumps_count != Some(props.jumps_count);
        if is_jump || view.end_offset < self.next_offset {
            self.waits.clear();
        } else {
            let new = cells.iter().filter(|cell| cell.offset >= self.next_offset);
            for cell in new {
                let wait = props.arrivals.wait_ms(props.name(), view.index);
                self.waits.insert(cell.offset, wait);
            }
            let oldest = cells.first().map_or(view.end_offset, |cell| cell.offset);
            self.waits.retain(|offset, _| *offset >= oldest);
        }
        self.jumps_count = Some(props.jumps_count);
        self.next_offset = view.end_offset;
    }

    fn wait(&self, offset: i64) -> Option<u32> {
        self.waits.get(&offset).copied()
    }
}

pub(super) fn size_class(size: CellSize) -> &'static str {
    match size {
        CellSize::Roomy => "roomy",
        CellSize::Medium => "medium",
        CellSize::Small => "small",
        CellSize::Tick => "tick",
    }
}

/// A length as an attribute, to a tenth of a pixel.
pub(super) fn px(length: f64) -> String {
    let tenths = (length * 10.0).round() / 10.0;
    tenths.to_string()
}

/// Cells that have just slid out of sight are still there while they do.
const HIDDEN_CELLS: i64 = 2;
/// The first cell's stroke is not cut off.
const EDGE: f64 = 2.0;
