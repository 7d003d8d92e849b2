//! What stands at a strip: the groups' committed offsets, their readers' positions, how far behind they are.

use ottla_lab::TopicPartition;
use ottla_lab::scene::{Scene, TopicView};
use ottla_lab::sorted::Map;
use yew::prelude::*;

use super::layout::{CellSize, Strip};
use super::strip::px;
use crate::strings::stage as strings;

/// The marks of one partition.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Marks {
    /// One for each group that has something to do with it.
    pub(crate) groups: Vec<GroupMark>,
    /// Where those are who read it alone, in no group: one for each place.
    pub(crate) readers: Vec<ReaderMark>,
}

/// Consumers without a group that will be given the same record next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReaderMark {
    pub(crate) names: Vec<String>,
    pub(crate) position: i64,
}

/// What a group has done with a partition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GroupMark {
    pub(crate) group: String,
    /// The next offset that the group will read.
    pub(crate) committed: Option<i64>,
    /// The next offset that its reader takes.
    pub(crate) position: Option<i64>,
    pub(crate) is_paused: bool,
    pub(crate) lag: i64,
    /// Whether it is the one that the cells are faded for.
    pub(crate) is_chosen: bool,
}

/// The marks of a topic's partitions: of all groups if there are one or two, of the chosen one if there are more.
pub(crate) fn marks(scene: &Scene, topic: &TopicView, chosen: usize) -> Vec<Marks> {
    let mut all = vec![Marks::default(); topic.partitions.len()];
    let is_crowded = scene.groups.len() > FLAGS_MAX;
    for (index, group) in scene.groups.iter().enumerate() {
        let is_chosen = index == chosen;
        if is_crowded && !is_chosen {
            continue;
        }
        for offset in group
            .offsets
            .iter()
            .filter(|offset| *offset.partition.topic == *topic.name)
        {
            let place = usize::try_from(offset.partition.partition).ok();
            if let Some(marks) = place.and_then(|place| all.get_mut(place)) {
                let (position, is_paused) = position(scene, index, &offset.partition);
                marks.groups.push(GroupMark {
                    group: group.id.clone(),
                    committed: offset.committed,
                    position,
                    is_paused,
                    lag: offset.lag,
                    is_chosen,
                });
            }
        }
    }
    for (partition, marks) in topic.partitions.iter().zip(&mut all) {
        marks.readers = readers(scene, &topic.name, partition.index);
    }
    all
}

/// Who reads a partition in no group, from the one who is last to the one who is first.
fn readers(scene: &Scene, topic: &str, partition: i32) -> Vec<ReaderMark> {
    let mut names: Map<i64, Vec<String>> = Map::new();
    for consumer in scene.consumers.iter().filter(|it| it.group.is_none()) {
        let read = consumer
            .partitions
            .iter()
            .find(|read| *read.partition.topic == *topic && read.partition.partition == partition);
        if let Some(position) = read.and_then(|read| read.position) {
            names
                .entry(position)
                .or_default()
                .push(consumer.name.clone());
        }
    }
    let readers = names.into_iter();
    readers
        .map(|(position, names)| ReaderMark { names, position })
        .collect()
}

/// Where the reader of a partition is, and whether it has paused it.
fn position(scene: &Scene, group: usize, partition: &TopicPartition) -> (Option<i64>, bool) {
    let group = &scene.groups[group];
    let is_owner = |place: usize| group.members[place].partitions.contains(partition);
    let mut consumers = scene.consumers.iter();
    let reader = consumers.find(|consumer| group.member_of(consumer).is_some_and(is_owner));
    let mut reads = reader.iter().flat_map(|reader| &reader.partitions);
    let read = reads.find(|read| read.partition == *partition);
    (
        read.and_then(|read| read.position),
        read.is_some_and(|read| read.is_paused),
    )
}

impl Marks {
    /// Whether the group that was chosen has committed past it.
    pub(crate) fn is_done(&self, offset: i64) -> bool {
        let chosen = self.groups.iter().find(|mark| mark.is_chosen);
        chosen
            .and_then(|mark| mark.committed)
            .is_some_and(|committed| offset < committed)
    }

    /// For those who hear the scene.
    pub(crate) fn sentences(&self) -> String {
        let groups = self.groups.iter();
        let groups = groups.map(|mark| strings::group_mark(&mark.group, mark.committed, mark.lag));
        let readers = self.readers.iter();
        let readers = readers.map(|mark| strings::reader_mark(&mark.names, mark.position));
        groups.chain(readers).collect()
    }
}

/// The marks of a strip.
pub(crate) fn nodes(strip: &Strip, marks: &Marks) -> Html {
    let is_alone = marks.groups.len() < 2;
    html! {
        <>
            { for marks.groups.iter().filter_map(|mark| flag(strip, mark)) }
            { for marks.groups.iter().filter_map(|mark| caret(strip, mark)) }
            { for marks.readers.iter().enumerate().filter_map(|(index, mark)| reader(strip, &marks.readers[..index], mark)) }
            { lag(strip, marks, is_alone) }
        </>
    }
}

/// The chosen group's flag flies over the cells, another's hangs under them.
fn flag(strip: &Strip, mark: &GroupMark) -> Option<Html> {
    let committed = mark.committed?;
    let is_tick = strip.size == CellSize::Tick;
    let gap = (strip.size.pitch() - strip.size.width()) / 2.0;
    let (x, hidden) = visible(strip, committed);
    let at = format!(
        "transform:translate({}px,{}px)",
        px(x - gap),
        px(strip.cells.y)
    );
    let height = strip.cells.height;
    let class = classes!(
        "flag",
        mark.is_chosen.then_some("chosen"),
        hidden.then_some("outside")
    );
    let (pole, cloth) = match (is_tick, mark.is_chosen) {
        (true, _) => (format!("M0 -1.5 V{}", height + 1.5), String::new()),
        (false, true) => (format!("M0 -6 V{}", height + 4.0), CLOTH.into()),
        (false, false) => {
            let foot = height + 6.0;
            (
                format!("M0 -4 V{foot}"),
                format!("M0 {foot} h9 l-2.5 -4.5 l2.5 -4.5 h-9z"),
            )
        }
    };
    Some(html! {
        <g key={format!("flag {}", mark.group)} {class} style={at}>
            <path class="pole" d={pole} />
            if !is_tick { <path class="cloth" d={cloth} /> }
            <title>{ strings::flag_title(&mark.group, committed) }</title>
        </g>
    })
}

/// Where the reader is, if that is not where the flag stands.
fn caret(strip: &Strip, mark: &GroupMark) -> Option<Html> {
    let is_apart = |position: &i64| mark.committed != Some(*position);
    let position = mark.position.filter(is_apart);
    let position = position.filter(|_| strip.size != CellSize::Tick)?;
    let gap = (strip.size.pitch() - strip.size.width()) / 2.0;
    let (x, hidden) = visible(strip, position);
    let at = format!(
        "transform:translate({}px,{}px)",
        px(x - gap),
        px(strip.cells.bottom() + 2.0)
    );
    let class = classes!(
        "caret",
        mark.is_chosen.then_some("chosen"),
        hidden.then_some("outside")
    );
    Some(html! {
        <g key={format!("caret {}", mark.group)} {class} style={at}>
            <path d={CARET} />
            <title>{ strings::position_title(&mark.group, position) }</title>
        </g>
    })
}

/// Where somebody is who reads in no group: it has no flag, only its own place and, where there is room, its name.
fn reader(strip: &Strip, before: &[ReaderMark], mark: &ReaderMark) -> Option<Html> {
    if strip.size == CellSize::Tick {
        return None;
    }
    let gap = (strip.size.pitch() - strip.size.width()) / 2.0;
    let (x, hidden) = visible(strip, mark.position);
    let at = format!(
        "transform:translate({}px,{}px)",
        px(x - gap),
        px(strip.cells.bottom() + 2.0)
    );
    let name = mark.names.join(", ");
    // Names that would lie in one another stand in lines.
    let width = |names: &[String]| names.join(", ").chars().count() as f64 * NAME_LETTER_PX;
    let is_near = |other: &&ReaderMark| {
        (visible(strip, other.position).0 - x).abs()
            < (width(&other.names) + width(&mark.names)) / 2.0
    };
    let line = before.iter().filter(is_near).count() as f64;
    Some(html! {
        <g key={format!("reader {}", mark.names[0])} class={classes!("caret", "chosen", hidden.then_some("outside"))} style={at}>
            <path d={CARET} />
            if strip.size == CellSize::Roomy {
                <text class="reader" y={px(28.0 + 13.0 * line)}>{ &name }</text>
            }
            <title>{ strings::reader_title(&mark.names, mark.position) }</title>
        </g>
    })
}

fn lag(strip: &Strip, marks: &Marks, is_alone: bool) -> Html {
    let behind = marks.groups.iter().filter(|mark| mark.lag > 0);
    let texts: Vec<(String, bool)> = behind
        .map(|mark| {
            let text = if is_alone || strip.size != CellSize::Roomy {
                strings::lag(mark.lag)
            } else {
                strings::lag_of(&mark.group, mark.lag)
            };
            (text, mark.is_chosen)
        })
        .collect();
    let texts = if strip.size == CellSize::Roomy {
        texts
    } else {
        texts
            .into_iter()
            .filter(|(_, is_chosen)| *is_chosen)
            .collect()
    };
    let (x, y) = match strip.size {
        CellSize::Roomy => (strip.cells.right(), strip.cells.y - 8.0),
        CellSize::Tick => (strip.row.right() - 10.0, strip.middle() + 3.0),
        _ => (strip.row.right() - 12.0, strip.middle() + 4.0),
    };
    let is_paused = marks
        .groups
        .iter()
        .any(|mark| mark.is_chosen && mark.is_paused);
    html! {
        <text class={classes!("lag", super::strip::size_class(strip.size))} x={px(x)} y={px(y)}>
            if is_paused { <tspan class="paused">{ strings::PAUSED }</tspan> }
            { for texts.iter().enumerate().map(|(index, (text, is_chosen))| html! {
                <tspan class={is_chosen.then_some("chosen")} dx={(index > 0 || is_paused).then_some("8")}>{ text }</tspan>
            }) }
        </text>
    }
}

/// Where an offset's left edge is; at the nearer end, and so said, if it is out of sight.
fn visible(strip: &Strip, offset: i64) -> (f64, bool) {
    let x = strip.x(offset);
    let nearest = x.clamp(strip.cells.x, strip.cells.right());
    (nearest, nearest != x)
}

/// What flies at the pole of the chosen group's flag, 6 above the cells.
pub(super) const CLOTH: &str = "M0 -6 h9 l-2.5 4.5 l2.5 4.5 h-9z";
/// What points at a position from below.
pub(super) const CARET: &str = "M0 0 l4.5 7 h-9z";
/// How wide a letter of a reader's name is, rather too wide than too narrow.
const NAME_LETTER_PX: f64 = 6.6;
/// Of more groups the flags could not be told apart.
const FLAGS_MAX: usize = 2;
