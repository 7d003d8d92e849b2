//! The picture as a whole. What can be opened stands in the order in which Tab goes through it: producers, partitions, members, groups, broker.

use std::rc::Rc;

use ottla_lab::scene::{Life, ProducerView, Scene};
use yew::prelude::*;

use super::flights::Arrivals;
use super::layout::{Arrangement, Layout, Rect, TroupePlace};
use super::lines::{LinesNode, curve, lines};
use super::marks::{CARET, CLOTH, marks};
use super::members::{GroupLines, MemberNode, ShortNames, TitleNode, card, shortened};
use super::object::{Object, ObjectNode};
use super::strip::{StripNode, px};
use crate::player::Shown;
use crate::strings::stage as strings;

#[derive(Properties, PartialEq)]
pub(super) struct PictureProps {
    pub(super) shown: Shown,
    pub(super) layout: Rc<Layout>,
    /// The group that the cells are faded for.
    pub(super) chosen: usize,
    /// Whether this came by a jump in time: nothing is tweened.
    pub(super) is_still: bool,
    pub(super) arrivals: Arrivals,
    pub(super) svg: NodeRef,
    pub(super) dots: NodeRef,
    pub(super) open: Option<Object>,
    pub(super) on_open: Callback<Object>,
    pub(super) on_choose: Callback<usize>,
}

/// The picture as a whole.
#[component]
pub(super) fn Picture(props: &PictureProps) -> Html {
    let (layout, scene) = (&props.layout, &props.shown.scene);
    let view_box = format!("0 0 {} {}", px(layout.width), px(layout.height));
    let class = classes!(
        "stage",
        match layout.arrangement {
            Arrangement::Wide => "wide",
            Arrangement::Narrow => "narrow",
        },
        props.is_still.then_some("still"),
    );
    let chosen = if props.chosen < scene.groups.len() {
        props.chosen
    } else {
        0
    };
    html! {
        <svg {class} viewBox={view_box} width={px(layout.width)} height={px(layout.height)} role="group" aria-label={strings::scene_label(&scene.summary())} ref={props.svg.clone()}>
            { broker_card(props) }
            { for layout.troupes.iter().map(card) }
            { for layout.producers.iter().map(|(name, rect)| link(name, *rect, layout)) }
            <LinesNode lines={lines(layout)} jumps_count={props.shown.jumps_count} />
            { for scene.producers.iter().zip(&layout.producers).map(|(producer, (_, rect))| producer_node(props, producer, *rect)) }
            { for (0..scene.topics.len()).map(|topic| strips(props, topic, chosen)) }
            { members(props) }
            { titles(props, chosen) }
            { broker_title(props) }
            { legend(props) }
            <g class="flights" aria-hidden="true" ref={props.dots.clone()} />
        </svg>
    }
}

fn broker_card(props: &PictureProps) -> Html {
    let rect = props.layout.broker;
    let class = classes!("card", "broker", life_class(props.shown.scene.broker.life));
    html! { <rect {class} x={px(rect.x)} y={px(rect.y)} width={px(rect.width)} height={px(rect.height)} rx="14" /> }
}

fn broker_title(props: &PictureProps) -> Html {
    let (layout, scene) = (&props.layout, &props.shown.scene);
    let (rect, is_wide) = (layout.broker, layout.arrangement == Arrangement::Wide);
    let (height, y) = if is_wide { (36.0, 28.0) } else { (28.0, 21.0) };
    let hit = Rect {
        x: rect.x + 6.0,
        y: rect.y + 5.0,
        width: 130.0,
        height,
    };
    let is_open = props.open == Some(Object::Broker);
    let topics = scene.topics.iter().zip(&layout.topics);
    html! {
        <>
            { for topics.map(|(topic, place)| {
                let (x, y, anchor, hit) = match place.header {
                    Some(header) => (header.x + 18.0, header.y + 18.0, "start", Rect { x: header.x + 6.0, width: 200.0, ..header }),
                    None => (rect.right() - 18.0, rect.y + y, "end", Rect { x: rect.right() - 206.0, y: rect.y + 5.0, width: 200.0, height }),
                };
                html! {
                    <ObjectNode key={format!("topic {}", topic.name)} object={Object::Topic(topic.name.clone())} rect={hit} class="topic"
                        label={strings::topic_label(&topic.name, topic.partitions.len())} on_open={props.on_open.clone()}
                        is_open={props.open == Some(Object::Topic(topic.name.clone()))}>
                        <text class="name" x={px(x)} y={px(y)} text-anchor={anchor}>{ shortened(&topic.name, 26) }</text>
                    </ObjectNode>
                }
            }) }
            <ObjectNode object={Object::Broker} rect={hit} class="broker" label={strings::broker_label(&scene.broker)} on_open={props.on_open.clone()} {is_open}>
                <text class="title" x={px(rect.x + 18.0)} y={px(rect.y + y)}>
                    { strings::broker(&scene.broker) }
                    if scene.broker.life != Life::Running { <tspan class="trouble" dx="8">{ strings::life(scene.broker.life) }</tspan> }
                </text>
            </ObjectNode>
        </>
    }
}

fn strips(props: &PictureProps, topic: usize, chosen: usize) -> Html {
    let scene = &props.shown.scene;
    let view = &scene.topics[topic];
    let Some(place) = props.layout.topics.get(topic) else {
        return Html::default();
    };
    let all = marks(scene, view, chosen)
        .into_iter()
        .zip(&place.strips)
        .enumerate();
    html! {
        <g key={view.name.clone()} class={classes!("strips", life_class(scene.broker.life))}>
            { for all.map(|(partition, (marks, strip))| html! {
                <StripNode key={partition} scene={scene.clone()} {topic} {partition} strip={strip.clone()} {marks} arrivals={props.arrivals.clone()}
                    jumps_count={props.shown.jumps_count} on_open={props.on_open.clone()}
                    is_open={props.open == Some(Object::Partition(view.name.clone(), partition as i32))} />
            }) }
        </g>
    }
}

fn producer_node(props: &PictureProps, producer: &ProducerView, rect: Rect) -> Html {
    let object = Object::Producer(producer.name.clone());
    let is_open = props.open.as_ref() == Some(&object);
    let has_two_lines = rect.height >= 36.0;
    let middle = rect.middle();
    let state = match producer.life {
        Life::Running => producer.summary.clone(),
        life => strings::life(life).to_owned(),
    };
    let letters = |letter_px: f64| ((rect.width - 8.0) / letter_px) as usize;
    let (name_y, state_y) = if rect.height >= 56.0 {
        (middle.y - 4.0, middle.y + 15.0)
    } else {
        (middle.y - 2.0, middle.y + 12.0)
    };
    html! {
        <ObjectNode key={format!("producer {}", producer.name)} {object} {rect} class={classes!("producer", life_class(producer.life))}
            label={strings::producer_label(producer)} on_open={props.on_open.clone()} {is_open}>
            <text class="name" x={px(middle.x)} y={px(if has_two_lines { name_y } else { middle.y + 5.0 })}>{ shortened(&producer.name, letters(NAME_LETTER_PX)) }</text>
            if has_two_lines { <text class="state" x={px(middle.x)} y={px(state_y)}>{ cut(&state, letters(STATE_LETTER_PX)) }</text> }
        </ObjectNode>
    }
}

/// A text that fits: without its last parts, or else with an ellipsis at its end, if it had to be cut.
fn cut(text: &str, room: usize) -> String {
    let fits = |text: &&str| text.chars().count() <= room;
    let mut whole = std::iter::successors(Some(text), |text| Some(text.rsplit_once(", ")?.0));
    if let Some(text) = whole.find(fits) {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end_matches([' ', ',', '.']))
}

fn link(name: &str, rect: Rect, layout: &Layout) -> Html {
    let (broker, from) = (layout.broker, rect.middle());
    let path = match layout.arrangement {
        Arrangement::Wide => {
            let to_y = from.y.clamp(broker.y + 40.0, broker.bottom() - 20.0);
            let half = (rect.right() + broker.x) / 2.0;
            curve([
                (rect.right(), from.y),
                (half, from.y),
                (half, to_y),
                (broker.x, to_y),
            ])
        }
        Arrangement::Narrow => format!("M{} {} V{}", px(from.x), px(rect.bottom()), px(broker.y)),
    };
    html! { <path key={format!("link {name}")} class="link" d={path} /> }
}

fn members(props: &PictureProps) -> Html {
    let names = Rc::new(ShortNames::of(&props.shown.scene));
    let places = props.layout.troupes.iter().flat_map(|place| {
        place
            .troupe
            .rows
            .iter()
            .zip(&place.rows)
            .map(move |(row, rect)| (place, row, *rect))
    });
    html! {
        <g class="members">
            { for places.map(|(place, row, rect)| {
                let is_open = match &props.open {
                    Some(Object::Consumer(name)) => row.consumer.is_some() && *name == row.name,
                    Some(Object::Member(_, id)) => row.consumer.is_none() && *id == row.key,
                    _ => false,
                };
                html! {
                    <MemberNode key={row.key.clone()} row={row.clone()} {rect} size={place.size} group={place.troupe.id.clone()}
                        short_names={names.clone()} on_open={props.on_open.clone()} {is_open} />
                }
            }) }
        </g>
    }
}

fn titles(props: &PictureProps, chosen: usize) -> Html {
    let scene = &props.shown.scene;
    let is_choice = scene.groups.len() > 1;
    html! {
        <g class="titles">
            { for props.layout.troupes.iter().map(|place| html! {
                <TitleNode key={place.troupe.id.clone()} group={group_lines(scene, place)} id={place.troupe.id.clone()} rect={place.rect} is_flat={props.layout.arrangement == Arrangement::Narrow}
                    is_chosen={is_choice.then_some(place.troupe.group == Some(chosen))} on_open={props.on_open.clone()} on_choose={props.on_choose.clone()}
                    is_open={props.open == Some(Object::Group(place.troupe.id.clone()))} />
            }) }
        </g>
    }
}

fn group_lines(scene: &Scene, place: &TroupePlace) -> Option<GroupLines> {
    let index = place.troupe.group?;
    let group = scene.groups.get(index)?;
    Some(GroupLines {
        index,
        state: strings::group_state(group, place.rect.width),
        label: strings::group_label(group),
    })
}

fn legend(props: &PictureProps) -> Html {
    let (layout, scene) = (&props.layout, &props.shown.scene);
    let has_committed = scene.groups.iter().any(|group| {
        group
            .offsets
            .iter()
            .any(|offset| offset.committed.is_some())
    });
    let has_readers = (scene.consumers.iter())
        .any(|consumer| consumer.group.is_none() && !consumer.partitions.is_empty());
    let is_told = has_committed || has_readers;
    let Some(place) = layout.legend.filter(|_| is_told) else {
        return Html::default();
    };
    let is_wide = layout.arrangement == Arrangement::Wide && layout.broker.width > 640.0;
    let (committed, position) = if is_wide {
        (strings::LEGEND_COMMITTED, strings::LEGEND_POSITION)
    } else {
        (
            strings::LEGEND_COMMITTED_SHORT,
            strings::LEGEND_POSITION_SHORT,
        )
    };
    let (x, y) = (place.x, place.y);
    let next_x = match has_committed {
        true => x + 10.0 + committed.len() as f64 * LETTER_PX + 22.0,
        false => x,
    };
    html! {
        <g class="legend" aria-hidden="true">
            if has_committed {
                <g class="flag chosen" style={moved(x, y - 6.0)}>
                    <path class="pole" d="M0 -6 V10" />
                    <path class="cloth" d={CLOTH} />
                </g>
                <text x={px(x + 14.0)} y={px(y)}>{ committed }</text>
            }
            <g class="caret chosen" style={moved(next_x, y - 9.0)}><path d={CARET} /></g>
            <text x={px(next_x + 11.0)} y={px(y)}>{ position }</text>
        </g>
    }
}

fn moved(x: f64, y: f64) -> String {
    format!("transform:translate({}px,{}px)", px(x), px(y))
}

fn life_class(life: Life) -> Option<&'static str> {
    match life {
        Life::Running => None,
        Life::Frozen(_) => Some("frozen"),
        Life::Crashed(_) => Some("crashed"),
        Life::Left(_) => Some("gone"),
    }
}

/// How wide a letter of the legend is, rather too wide than too narrow.
const LETTER_PX: f64 = 6.6;
/// How wide the letters of a producer's two lines are.
const NAME_LETTER_PX: f64 = 8.0;
const STATE_LETTER_PX: f64 = 6.4;
