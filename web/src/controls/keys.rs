//! The keys of time. They work wherever nobody is writing.

use gloo_events::{EventListener, EventListenerOptions};
use ottla_lab::Instant;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::player::{PlayerHandle, Speed};

/// Listens to the page's keys as long as the component is there.
#[hook]
pub(super) fn use_keys(player: &PlayerHandle) {
    use_effect_with(player.clone(), |player| {
        let player = player.clone();
        let listener = web_sys::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                if !event.default_prevented() && !is_taken(event) && obey(&player, event) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

/// Whether the key means something here.
fn obey(player: &PlayerHandle, event: &KeyboardEvent) -> bool {
    let key = event.key();
    if event.ctrl_key() || event.meta_key() {
        match (key.to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => drop(player.undo()),
            ("z", true) | ("y", _) => drop(player.redo()),
            _ => return false,
        }
        return true;
    }
    if event.alt_key() {
        return false;
    }
    match (key.as_str(), event.shift_key()) {
        (" ", _) => player.toggle(),
        ("ArrowRight", true) => by_seconds(player, 1),
        ("ArrowLeft", true) => by_seconds(player, -1),
        ("ArrowRight" | ".", _) => player.step(),
        ("ArrowLeft" | ",", _) => player.step_back(),
        ("Home", _) => player.seek(Instant(0)),
        ("End", _) => {
            let end = player.timeline().end();
            player.seek(end);
        }
        ("+" | "=", _) => faster(player, 1),
        ("-" | "_", _) => faster(player, -1),
        ("u" | "U", _) => drop(player.undo()),
        ("r" | "R", _) => drop(player.redo()),
        _ => return false,
    }
    true
}

/// Goes a few seconds on or back.
pub(super) fn by_seconds(player: &PlayerHandle, seconds: i64) {
    let now = player.timeline().now();
    let to = now.0.saturating_add_signed(seconds * 1_000_000);
    player.seek(Instant(to));
}

fn faster(player: &PlayerHandle, steps: isize) {
    let index = player.speed().index().checked_add_signed(steps);
    if let Some(speed) = index.and_then(Speed::at) {
        player.set_speed(speed);
    }
}

/// Whether the element that has the focus needs the key for itself, or something lies over the page.
fn is_taken(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target else { return false };
    let is = |selector: &str| target.closest(selector).is_ok_and(|found| found.is_some());
    let is_pressed =
        event.key() == " " && is("button, a, summary, [role=button], [role=tab], label");
    is_pressed || is(WRITES) || (event.key().starts_with("Arrow") && is(TAKES_ARROWS))
}

const WRITES: &str = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog, .cm-editor";
const TAKES_ARROWS: &str =
    "[role=tab], [role=slider], [role=menu], [role=listbox], [type=radio], pre, table";
