//! All the time that was lived, with marks for what happened, and a handle to go to any of it.

use std::rc::Rc;

use ottla_lab::Instant;
use ottla_lab::timeline::{Mark, MarkKind};
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use super::PartProps;
use super::keys::by_seconds;
use crate::player::{LAST_MOMENT, Moment, Motion, PlayerHandle, use_painter, use_player_version};
use crate::strings::controls as strings;
use crate::strings::time::clock;

/// All the time that was lived, as a slider.
#[component]
pub(super) fn Scrubber(props: &PartProps) -> Html {
    let player = &props.player;
    use_player_version(player);
    let track = use_node_ref();
    let is_dragged = use_mut_ref(|| false);
    let (end, now, marks) = {
        let timeline = player.timeline();
        let end = timeline.end();
        (end, timeline.now(), thinned(timeline.marks(), horizon(end)))
    };
    {
        let track = track.clone();
        use_painter(player, (), move |()| {
            let said = Rc::new(std::cell::Cell::new(None::<(u64, u64)>));
            move |moment: &Moment<'_>| {
                let now = (moment.now.0, moment.timeline.end().0);
                if said.replace(Some(now)) != Some(now)
                    && let Some(track) = track.cast::<Element>()
                {
                    say(&track, moment);
                }
                Motion::Settled
            }
        });
    }
    let seek = {
        let (player, track) = (player.clone(), track.clone());
        move |event: &PointerEvent| {
            if let Some(track) = track.cast::<Element>() {
                let rect = track.get_bounding_client_rect();
                let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
                let horizon = horizon(player.timeline().end());
                let to = share.clamp(0.0, 1.0) * horizon.0 as f64;
                player.seek(snapped(&player, Instant(to as u64), rect.width()));
            }
        }
    };
    let onpointerdown = {
        let (seek, is_dragged, track) = (seek.clone(), is_dragged.clone(), track.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(track) = track.cast::<Element>() {
                // Without it a drag ends at the element's edge, and that is all.
                let _ = track.set_pointer_capture(event.pointer_id());
            }
            is_dragged.replace(true);
            seek(&event);
        })
    };
    let onpointermove = {
        let is_dragged = is_dragged.clone();
        Callback::from(move |event: PointerEvent| {
            if *is_dragged.borrow() {
                seek(&event);
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| {
        is_dragged.replace(false);
    });
    let onkeydown = {
        let player = player.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => by_seconds(&player, 1),
                "ArrowLeft" | "ArrowDown" => by_seconds(&player, -1),
                "PageUp" => by_seconds(&player, 10),
                "PageDown" => by_seconds(&player, -10),
                "Home" => player.seek(Instant(0)),
                "End" => {
                    let end = player.timeline().end();
                    player.seek(end);
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <div class="scrubber" role="slider" tabindex="0" ref={track} aria-label={strings::SCRUBBER} aria-valuemin="0"
            aria-valuemax={seconds(end)} aria-valuenow={seconds(now)} aria-valuetext={clock(now)}
            {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup} {onkeydown}>
            <span class="rail" /><span class="lived" /><span class="past" />
            { for marks.iter().map(|(share, mark)| html! {
                <i class={class(mark.kind)} style={format!("left:{:.2}%", share * 100.0)} title={strings::mark(mark.at, &mark.text)} />
            }) }
            <b />
        </div>
    }
}

/// The moment that is shown.
#[component]
pub(super) fn Clock(props: &PartProps) -> Html {
    let node = use_node_ref();
    let now = props.player.timeline().now();
    {
        let node = node.clone();
        use_painter(&props.player, (), move |()| {
            let said = std::cell::Cell::new(u64::MAX);
            move |moment: &Moment<'_>| {
                let millis = moment.now.0 / 1000;
                if said.replace(millis) != millis
                    && let Some(node) = node.cast::<Element>()
                {
                    // As an attribute, which the style shows: what stands in the element is Yew's.
                    let _ = node.set_attribute("data-now", &clock(moment.now));
                }
                Motion::Settled
            }
        });
    }
    html! { <span class="clock" role="timer" aria-label={strings::CLOCK} ref={node} data-now={clock(now)} /> }
}

fn say(track: &Element, moment: &Moment<'_>) {
    let horizon = horizon(moment.timeline.end()).0.max(1) as f64;
    let now = moment.now.0 as f64 / horizon;
    let lived = moment.timeline.end().0 as f64 / horizon;
    // A node's attributes can always be set: nothing is to be done if not.
    let _ = track.set_attribute("style", &format!("--now:{now:.5};--lived:{lived:.5}"));
}

/// Where the track ends: a round time a little after all that was lived, so that it seldom changes.
fn horizon(end: Instant) -> Instant {
    let wanted = end.0 + end.0 / 20;
    let mut round = HORIZONS_S.iter().map(|seconds| seconds * 1_000_000);
    round
        .find(|horizon| *horizon >= wanted)
        .map_or(LAST_MOMENT, Instant)
}

/// A mark that is nearly hit is meant.
fn snapped(player: &PlayerHandle, to: Instant, width: f64) -> Instant {
    let timeline = player.timeline();
    let reach = (horizon(timeline.end()).0 as f64 / width.max(1.0) * SNAP_PX) as u64;
    let near = timeline.marks().iter().map(|mark| mark.at);
    near.min_by_key(|at| at.0.abs_diff(to.0))
        .filter(|at| at.0.abs_diff(to.0) <= reach)
        .unwrap_or(to)
}

/// The marks with their places, 0 to 1: where two would cover each other, the one that weighs more.
fn thinned(marks: &[Mark], horizon: Instant) -> Vec<(f64, Mark)> {
    let mut shown: Vec<(f64, Mark)> = Vec::new();
    for mark in marks {
        let share = mark.at.0 as f64 / horizon.0.max(1) as f64;
        match shown.last_mut() {
            Some((last, other)) if share - *last < MARK_SHARE => {
                if weight(mark.kind) > weight(other.kind) {
                    *other = mark.clone();
                }
            }
            _ => shown.push((share, mark.clone())),
        }
    }
    shown
}

fn weight(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Event => 0,
        MarkKind::Loss => 1,
        MarkKind::Action => 2,
    }
}

fn class(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Event => "event",
        MarkKind::Loss => "loss",
        MarkKind::Action => "me",
    }
}

fn seconds(at: Instant) -> String {
    (at.0 / 1_000_000).to_string()
}

const HORIZONS_S: [u64; 14] = [
    15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1200, 1800, 3600,
];
const SNAP_PX: f64 = 4.0;
const MARK_SHARE: f64 = 0.006;
