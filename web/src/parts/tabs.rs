//! Tabs: the arrow keys go from one to the next, as everywhere.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::focus_element;

/// What [`Tabs`] are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// No other tabs of the page have it.
    pub(crate) id: AttrValue,
    /// What they are about.
    pub(crate) label: AttrValue,
    /// What they say.
    pub(crate) names: Vec<AttrValue>,
    /// Which is chosen, by its place.
    pub(crate) chosen: usize,
    /// Another one is chosen.
    pub(crate) on_choose: Callback<usize>,
    /// What the chosen one shows.
    pub(crate) children: Html,
    /// What stands at the end of the line.
    #[prop_or_default]
    pub(crate) tool: Html,
}

/// A line of tabs, and what the chosen one shows.
#[component]
pub(crate) fn Tabs(props: &Props) -> Html {
    let count = props.names.len();
    let list = use_node_ref();
    let onkeydown = {
        let (list, on_choose, chosen) = (list.clone(), props.on_choose.clone(), props.chosen);
        move |event: KeyboardEvent| {
            let Some(next) = next(&event.key(), chosen, count) else {
                return;
            };
            event.prevent_default();
            // The same key moves the scene elsewhere on the page.
            event.stop_propagation();
            on_choose.emit(next);
            focus(&list, next);
        }
    };
    let tabs = props.names.iter().enumerate().map(|(index, name)| {
        let is_chosen = index == props.chosen;
        let onclick = props.on_choose.reform(move |_: MouseEvent| index);
        html! {
            <button
                type="button" role="tab" id={format!("{}-tab-{index}", props.id)} {onclick}
                aria-selected={is_chosen.to_string()} aria-controls={format!("{}-panel", props.id)}
                tabindex={if is_chosen { "0" } else { "-1" }}
            >{ name.clone() }</button>
        }
    });
    html! {
        <>
            <div class="tabs">
                <div ref={list} role="tablist" aria-label={props.label.clone()} {onkeydown}>{ for tabs }</div>
                { props.tool.clone() }
            </div>
            <div
                class="tabpanel" role="tabpanel" id={format!("{}-panel", props.id)}
                aria-labelledby={format!("{}-tab-{}", props.id, props.chosen)}
            >{ props.children.clone() }</div>
        </>
    }
}

fn next(key: &str, chosen: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((chosen + 1) % count),
        "ArrowLeft" => Some((chosen + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

fn focus(list: &NodeRef, index: usize) {
    let tab = list
        .cast::<HtmlElement>()
        .and_then(|list| list.children().item(u32::try_from(index).ok()?))
        .and_then(|tab| tab.dyn_into().ok());
    focus_element(tab);
}
