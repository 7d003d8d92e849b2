//! Who reads what: lines from partitions to members, drawn when the coordinator has answered.

use ottla_lab::sorted::Set;
use yew::prelude::*;

use super::cast::Look;
use super::layout::{Arrangement, Layout, Rect, RowSize, Strip};
use super::strip::px;

/// An assignment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    key: String,
    path: String,
    class: &'static str,
}

/// The lines of all members.
pub(super) fn lines(layout: &Layout) -> Vec<Line> {
    let mut lines = Vec::new();
    for place in &layout.troupes {
        for (row, rect) in place.troupe.rows.iter().zip(&place.rows) {
            let class = match (&row.look, place.size) {
                (Look::Crashed(_) | Look::Frozen(_) | Look::Ghost(_) | Look::Failed(_), _) => {
                    "line lost"
                }
                (_, RowSize::Small) => "line thin",
                _ => "line",
            };
            for partition in &row.partitions {
                let Some(strip) = layout.strip(partition.topic.as_str(), partition.partition)
                else {
                    continue;
                };
                let key = format!("{} {partition} {}", place.troupe.id, row.key);
                lines.push(Line {
                    key,
                    path: path(layout, strip, *rect),
                    class,
                });
            }
        }
    }
    lines
}

fn path(layout: &Layout, strip: &Strip, member: Rect) -> String {
    match layout.arrangement {
        Arrangement::Wide => {
            let (from_x, from_y) = (layout.broker.right(), strip.middle());
            let (to_x, to_y) = (member.x, member.middle().y - 1.0);
            let half = from_x + (to_x - from_x).min(60.0) * 0.55;
            curve([(from_x, from_y), (half, from_y), (half, to_y), (to_x, to_y)])
        }
        Arrangement::Narrow => {
            let share = (strip.middle() - layout.broker.y) / layout.broker.height;
            let from_x = layout.broker.x + layout.broker.width * (0.12 + 0.76 * share);
            let (from_y, to_x, to_y) = (layout.broker.bottom(), member.middle().x, member.y);
            let half = (from_y + to_y) / 2.0;
            curve([(from_x, from_y), (from_x, half), (to_x, half), (to_x, to_y)])
        }
    }
}

/// A cubic curve as a path: from the first point to the last.
pub(super) fn curve(points: [(f64, f64); 4]) -> String {
    let [from, first, second, to] = points.map(|(x, y)| format!("{} {}", px(x), px(y)));
    format!("M{from} C{first} {second} {to}")
}

#[derive(Properties, PartialEq)]
pub(super) struct LinesProps {
    pub(super) lines: Vec<Line>,
    pub(super) jumps_count: u64,
}

/// The lines of all members. Those that are new draw themselves.
#[component]
pub(super) fn LinesNode(props: &LinesProps) -> Html {
    let seen = use_mut_ref(|| (None::<u64>, Set::<String>::new(), Set::<String>::new()));
    let mut seen = seen.borrow_mut();
    let (jumps_count, known, fresh) = &mut *seen;
    let keys: Set<String> = props.lines.iter().map(|line| line.key.clone()).collect();
    if *jumps_count == Some(props.jumps_count) {
        fresh.extend(keys.difference(known).cloned());
        fresh.retain(|key| keys.contains(key));
    } else {
        fresh.clear();
    }
    (*jumps_count, *known) = (Some(props.jumps_count), keys);
    html! {
        <g class="lines" aria-hidden="true">
            { for props.lines.iter().map(|line| html! {
                <path key={line.key.clone()} class={classes!(line.class, fresh.contains(&line.key).then_some("new"))} d={line.path.clone()} pathLength="1" />
            }) }
        </g>
    }
}
