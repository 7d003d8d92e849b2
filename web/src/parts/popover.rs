//! A small form under a button.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, Node};
use yew::prelude::*;

use crate::browser::{document, focus_element};

/// What a [`Popover`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What the button says.
    pub(crate) label: AttrValue,
    /// Whether it is open.
    pub(crate) is_open: bool,
    /// It is to be opened or closed.
    pub(crate) on_toggle: Callback<bool>,
    /// What is inside.
    pub(crate) children: Html,
}

/// A button that opens what is under it. Esc closes it, and so does leaving it.
#[component]
pub(crate) fn Popover(props: &Props) -> Html {
    let whole = use_node_ref();
    let inside = use_node_ref();
    use_effect_with(props.is_open, {
        let (whole, inside) = (whole.clone(), inside.clone());
        move |is_open| {
            // What is inside is made a moment later.
            let timeout = is_open.then(|| Timeout::new(0, move || focus_first(&inside)));
            let was_open = *is_open;
            move || {
                drop(timeout);
                if was_open && is_focus_lost() {
                    focus_first(&whole);
                }
            }
        }
    });
    let is_open = props.is_open;
    let onclick = props.on_toggle.reform(move |_: MouseEvent| !is_open);
    let onkeydown = {
        let on_toggle = props.on_toggle.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && is_open {
                event.stop_propagation();
                on_toggle.emit(false);
            }
        }
    };
    let onfocusout = {
        let (whole, on_toggle) = (whole.clone(), props.on_toggle.clone());
        move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|to| to.dyn_into::<Node>().ok());
            let stays = match (whole.cast::<Node>(), &to) {
                (Some(whole), Some(to)) => whole.contains(Some(to)),
                // The focus goes nowhere: a click on what cannot have it, perhaps inside.
                _ => true,
            };
            if !stays {
                on_toggle.emit(false);
            }
        }
    };
    html! {
        <div ref={whole} class="popover" {onkeydown} {onfocusout}>
            <button type="button" class="btn" aria-expanded={is_open.to_string()} {onclick}>{ props.label.clone() }</button>
            if is_open {
                <div ref={inside} class="under" tabindex="-1" role="group" aria-label={props.label.clone()}>{ props.children.clone() }</div>
            }
        </div>
    }
}

fn focus_first(inside: &NodeRef) {
    let first = inside
        .cast::<HtmlElement>()
        .and_then(|inside| {
            inside
                .query_selector("input, select, a, button")
                .ok()
                .flatten()
        })
        .and_then(|first| first.dyn_into().ok());
    focus_element(first);
}

/// Whether what had the focus is gone.
fn is_focus_lost() -> bool {
    document()
        .and_then(|document| document.active_element())
        .is_none_or(|element| element.tag_name() == "BODY")
}
