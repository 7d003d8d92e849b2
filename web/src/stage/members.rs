//! The groups' cards and who stands in them.

use std::rc::Rc;

use ottla_lab::TopicPartition;
use ottla_lab::scene::Scene;
use yew::prelude::*;

use super::cast::{Look, Row};
use super::chips::{Chip, chips};
use super::layout::{Rect, RowSize, TroupePlace};
use super::object::{Object, ObjectNode};
use super::strip::px;
use crate::strings::stage as strings;

#[derive(Properties, PartialEq)]
pub(crate) struct MemberProps {
    pub(crate) row: Row,
    pub(crate) rect: Rect,
    pub(crate) size: RowSize,
    /// The group's id.
    pub(crate) group: String,
    /// Names of partitions, short enough for a chip.
    pub(crate) short_names: Rc<ShortNames>,
    pub(crate) on_open: Callback<Object>,
    pub(crate) is_open: bool,
}

/// Somebody in a card.
#[component]
pub(crate) fn MemberNode(props: &MemberProps) -> Html {
    let (row, rect, size) = (&props.row, props.rect, props.size);
    let object = match row.consumer {
        Some(_) => Object::Consumer(row.name.clone()),
        None => Object::Member(props.group.clone(), row.key.clone()),
    };
    let inner = Rect {
        x: 0.0,
        y: 0.0,
        ..rect
    };
    let place = format!("transform:translate({}px,{}px)", px(rect.x), px(rect.y));
    let (name_x, name_y, name_size) = match size {
        RowSize::Roomy => (14.0, 25.0, 8.0),
        RowSize::Medium => (11.0, 18.0, 8.2),
        RowSize::Small if row.look.removed_at().is_some() => (13.0, 15.0, 6.2),
        RowSize::Small => (8.0, 15.0, 6.2),
    };
    let chips_width =
        (rect.width - name_x - row.name.chars().count() as f64 * name_size - 18.0).max(34.0);
    let chips = chips(row, &props.short_names, size, chips_width);
    let chips_taken: f64 = chips.iter().map(|chip| chip.width + 4.0).sum();
    let name_room = ((rect.width - name_x - chips_taken - 8.0) / name_size).max(3.0) as usize;
    let label = strings::row_label(row, &props.short_names.sentence(&row.partitions));
    html! {
        <g class="place" style={place}>
            <ObjectNode {object} rect={inner} class={classes!("member", look_class(&row.look), size_class(size))} {label} on_open={props.on_open.clone()} is_open={props.is_open}>
                <text class="name" x={px(name_x)} y={px(name_y)}>{ shortened(&row.name, name_room) }</text>
                if size != RowSize::Small {
                    <text class="state" data-state={row.key.clone()} x={px(name_x)} y={px(if size == RowSize::Roomy { 44.0 } else { 34.0 })}></text>
                }
                <rect class="work" data-work={row.key.clone()} x={px(name_x)} y={px(rect.height - if size == RowSize::Roomy { 8.0 } else { 5.0 })} width={px(rect.width - 2.0 * name_x)} height="2.5" rx="1.2" />
                { chip_nodes(&chips, rect, size) }
                if row.look.removed_at().is_some() { { ring(&row.key, size) } }
            </ObjectNode>
        </g>
    }
}

fn chip_nodes(chips: &[Chip], rect: Rect, size: RowSize) -> Html {
    let (y, height) = match size {
        RowSize::Roomy => (12.0, 20.0),
        RowSize::Medium => (7.0, 16.0),
        RowSize::Small => (3.0, 16.0),
    };
    let mut right = rect.width - if size == RowSize::Roomy { 10.0 } else { 6.0 };
    let nodes = chips.iter().rev().map(|chip| {
        let x = right - chip.width;
        right = x - 4.0;
        html! {
            <g class={classes!("chip", chip.class)} transform={format!("translate({} {y})", px(x))}>
                <rect width={px(chip.width)} height={px(height)} rx={px(height / 2.0)} />
                <text x={px(chip.width / 2.0)} y={px(height / 2.0)}>{ &chip.text }</text>
            </g>
        }
    });
    html! { <g class="chips">{ for nodes }</g> }
}

/// Runs until the coordinator notices.
fn ring(key: &str, size: RowSize) -> Html {
    let radius = if size == RowSize::Small { 5.5 } else { 9.0 };
    let around = px(std::f64::consts::TAU * radius);
    html! {
        <g class="ring" transform={if size == RowSize::Small { "translate(0 11)" } else { "translate(6 2)" }}>
            <circle class="under" r={px(radius)} />
            <circle class="track" r={px(radius)} />
            <circle class="rest" data-ring={key.to_owned()} r={px(radius)} stroke-dasharray={around} transform="rotate(-90)" />
        </g>
    }
}

/// A group's own lines. The card itself is drawn before the lines that end in it.
#[derive(Properties, PartialEq)]
pub(crate) struct TitleProps {
    /// The group as the coordinator sees it.
    pub(crate) group: Option<GroupLines>,
    /// Its id; empty for consumers without a group.
    pub(crate) id: String,
    pub(crate) rect: Rect,
    /// Whether all is said in one line.
    pub(crate) is_flat: bool,
    /// Whether the flags and faded cells are this group's; `None`: there is only one.
    pub(crate) is_chosen: Option<bool>,
    pub(crate) on_open: Callback<Object>,
    pub(crate) on_choose: Callback<usize>,
    pub(crate) is_open: bool,
}

/// What is said of a group.
#[derive(Clone, PartialEq)]
pub(crate) struct GroupLines {
    /// Its place in the scene.
    pub(crate) index: usize,
    pub(crate) state: String,
    pub(crate) label: String,
}

/// A group's own lines.
#[component]
pub(crate) fn TitleNode(props: &TitleProps) -> Html {
    let rect = props.rect;
    let Some(group) = &props.group else {
        let title = if props.id.is_empty() {
            strings::NO_GROUP.into()
        } else {
            strings::group(&props.id)
        };
        return html! { <text class="title" x={px(rect.x + 18.0)} y={px(rect.y + 28.0)}>{ title }</text> };
    };
    let index = group.index;
    let right = rect.right()
        - if props.is_chosen.is_some() {
            50.0
        } else {
            16.0
        };
    let title_y = rect.y + if props.is_flat { 23.0 } else { 28.0 };
    let hit = Rect {
        x: rect.x + 6.0,
        y: rect.y + if props.is_flat { 4.0 } else { 6.0 },
        width: right - rect.x - 2.0,
        height: if props.is_flat { 28.0 } else { 44.0 },
    };
    let choose = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on_choose.emit(index);
        })
    };
    let key_choose = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                on_choose.emit(index);
            }
        })
    };
    let state_room = if props.is_flat {
        group.state.chars().count() as f64 * 6.9 + 12.0
    } else {
        0.0
    };
    let room = ((right - rect.x - 20.0 - state_room) / 7.6).max(4.0) as usize;
    let flag_y = rect.y + if props.is_flat { 8.0 } else { 14.0 };
    html! {
        <>
            <ObjectNode object={Object::Group(props.id.clone())} rect={hit} class="group" label={group.label.clone()} on_open={props.on_open.clone()} is_open={props.is_open}>
                <text class="title" x={px(rect.x + 18.0)} y={px(title_y)}>{ shortened(&strings::group(&props.id), room) }</text>
                if props.is_flat {
                    <text class="state" text-anchor="end" x={px(right)} y={px(rect.y + 23.0)}>{ &group.state }</text>
                } else {
                    <text class="state" x={px(rect.x + 18.0)} y={px(rect.y + 47.0)}>{ &group.state }</text>
                }
            </ObjectNode>
            if let Some(is_chosen) = props.is_chosen {
                <g role="button" tabindex="0" class={classes!("object", "choose", is_chosen.then_some("chosen"))} aria-pressed={is_chosen.to_string()}
                    aria-label={strings::choose(&props.id)} onclick={choose} onkeydown={key_choose}>
                    <rect class="hit" x={px(rect.right() - 46.0)} y={px(flag_y - 6.0)} width="36" height="30" rx="8" />
                    <path class="pole" d={format!("M{} {} v18", px(rect.right() - 31.0), px(flag_y))} />
                    <path class="cloth" d={if is_chosen {
                        format!("M{} {} h9 l-2.5 4.5 l2.5 4.5 h-9z", px(rect.right() - 31.0), px(flag_y))
                    } else {
                        format!("M{} {} h9 l-2.5 -4.5 l2.5 -4.5 h-9z", px(rect.right() - 31.0), px(flag_y + 18.0))
                    }} />
                </g>
            }
        </>
    }
}

/// A group's card, without what stands on it.
pub(crate) fn card(place: &TroupePlace) -> Html {
    let rect = place.rect;
    html! {
        <rect key={format!("card {}", place.troupe.id)} class="card" x={px(rect.x)} y={px(rect.y)} width={px(rect.width)} height={px(rect.height)} rx="14" />
    }
}

/// How partitions are called where there is little room.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShortNames {
    /// Of each topic the shortest beginning that no other has; empty if there is only one topic.
    prefixes: Vec<(String, String)>,
}

impl ShortNames {
    pub(crate) fn of(scene: &Scene) -> Self {
        let names: Vec<&str> = scene
            .topics
            .iter()
            .map(|topic| topic.name.as_str())
            .collect();
        let prefix = |name: &str| {
            let ends = name.char_indices().map(|(at, char)| at + char.len_utf8());
            let is_unique = |end: &usize| {
                names
                    .iter()
                    .filter(|other| other.starts_with(&name[..*end]))
                    .count()
                    == 1
            };
            let end = ends.clone().find(is_unique).unwrap_or(name.len());
            name[..end].to_owned()
        };
        let is_alone = names.len() < 2;
        let prefixes = names.iter().map(|name| {
            let short = if is_alone {
                String::new()
            } else {
                prefix(name)
            };
            ((*name).to_owned(), short)
        });
        Self {
            prefixes: prefixes.collect(),
        }
    }

    /// `P0`; with several topics `orders·0`, its topic as short as can be.
    pub(crate) fn name(&self, partition: &TopicPartition) -> String {
        let known = self
            .prefixes
            .iter()
            .find(|(name, _)| name == partition.topic.as_str());
        match known {
            Some((_, prefix)) if prefix.is_empty() => format!("P{}", partition.partition),
            Some((_, prefix)) => format!("{prefix}·{}", partition.partition),
            None => partition.to_string(),
        }
    }

    fn sentence(&self, partitions: &[TopicPartition]) -> String {
        let names: Vec<String> = partitions
            .iter()
            .map(|partition| self.name(partition))
            .collect();
        names.join(", ")
    }
}

pub(super) fn look_class(look: &Look) -> &'static str {
    match look {
        Look::Reading | Look::Working => "reading",
        Look::Idle => "idle",
        Look::Joining => "joining",
        Look::Frozen(_) => "frozen",
        Look::Crashed(_) | Look::Failed(_) => "crashed",
        Look::Ghost(_) => "ghost",
        Look::Gone | Look::Left => "gone",
        Look::Foreign => "foreign",
    }
}

fn size_class(size: RowSize) -> &'static str {
    match size {
        RowSize::Roomy => "roomy",
        RowSize::Medium => "medium",
        RowSize::Small => "small",
    }
}

/// A name that fits, with an ellipsis in its middle if it had to be cut.
pub(super) fn shortened(name: &str, room: usize) -> String {
    let count = name.chars().count();
    if count <= room.max(3) {
        return name.to_owned();
    }
    let keep = room.max(3) - 1;
    let (front, back) = (keep.div_ceil(2), keep / 2);
    let start: String = name.chars().take(front).collect();
    let end: String = name.chars().skip(count - back).collect();
    format!("{start}…{end}")
}
