//! The picture: a scene as SVG. Yew sets its structure; what moves is moved by `transform`, in each frame.

mod cast;
mod chips;
mod flights;
mod inspector;
mod layout;
mod lines;
mod live;
mod marks;
mod members;
mod object;
mod picture;
mod size;
mod strip;

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::player::{Motion, PlayerHandle, use_painter, use_scene};
use crate::strings::stage as strings;

pub(crate) use cast::{Look, Row};
pub(crate) use object::Object;

use flights::Flights;
use inspector::Inspector;
use layout::{Layout, layout};
use live::Live;
use picture::Picture;
pub(crate) use size::use_size;

#[derive(Properties, PartialEq)]
pub(crate) struct StageProps {
    pub(crate) player: PlayerHandle,
}

/// What painters share with the picture.
#[derive(Default)]
struct Canvas {
    layout: Option<Rc<Layout>>,
    flights: Flights,
    live: Live,
}

/// The scene of a player, in the room that its parent gives it.
#[component]
pub(crate) fn Stage(props: &StageProps) -> Html {
    let player = &props.player;
    let frame = use_node_ref();
    let svg = use_node_ref();
    let dots = use_node_ref();
    let size = use_size(&frame);
    let shown = use_scene(player);
    let chosen = use_state(|| 0_usize);
    let open = use_state(|| None::<Object>);
    let canvas = use_memo((), |()| RefCell::new(Canvas::default()));
    let rendered_jumps = use_mut_ref(|| u64::MAX);

    let layout = size.map(|(width, height)| Rc::new(layout(&shown.scene, width, height)));
    canvas.borrow_mut().layout = layout.clone();
    let is_still = rendered_jumps.replace(shown.jumps_count) != shown.jumps_count;
    {
        // After each rendering: nodes may be others.
        let (live, svg, player) = (canvas.clone(), svg.clone(), player.clone());
        use_effect(move || {
            if let Some(svg) = svg.cast() {
                live.borrow_mut().live.attach(svg);
                player.repaint();
            }
        });
        let (canvas, dots) = (canvas.clone(), dots.clone());
        use_effect_with(layout.is_some(), move |_| {
            if let Some(dots) = dots.cast() {
                canvas.borrow_mut().flights.attach(dots);
            }
        });
    }
    {
        let canvas = canvas.clone();
        use_painter(player, (), move |()| {
            move |moment: &crate::player::Moment<'_>| {
                let mut canvas = canvas.borrow_mut();
                let Some(layout) = canvas.layout.clone() else {
                    return Motion::Settled;
                };
                canvas.live.paint(moment, &layout);
                canvas.flights.paint(moment, &layout)
            }
        });
    }
    let on_open = {
        let open = open.setter();
        Callback::from(move |object| open.set(Some(object)))
    };
    let on_close = {
        let open = open.setter();
        Callback::from(move |()| open.set(None))
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |group| chosen.set(group))
    };
    let is_empty = shown.scene.topics.is_empty()
        && shown.scene.consumers.is_empty()
        && shown.scene.producers.is_empty();
    html! {
        <div class="stage-frame" ref={frame}>
            if let Some(layout) = layout {
                <Picture {shown} {layout} chosen={*chosen} {is_still} arrivals={canvas.borrow().flights.arrivals()} svg={svg} dots={dots}
                    open={(*open).clone()} on_open={on_open.clone()} {on_choose} />
            }
            if let (Some(object), Some(room)) = ((*open).clone(), size) {
                <Inspector player={player.clone()} {object} {room} on_open={on_open} {on_close} />
            }
            if is_empty { <p class="stage-empty">{ strings::EMPTY }</p> }
        </div>
    }
}
