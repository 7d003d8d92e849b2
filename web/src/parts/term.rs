//! One of Kafka's words, with what it means.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::glossary;
use crate::markdown::Prose;

/// What a [`Term`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The word as it stands in the text.
    pub(crate) word: AttrValue,
}

/// A strong word. If the glossary knows it, its meaning is shown while it is pointed at, has the focus, or was pressed.
#[component]
pub(crate) fn Term(props: &Props) -> Html {
    let node = use_node_ref();
    let place = use_state(|| None::<Place>);
    let Some(meaning) = glossary::meaning(&props.word) else {
        return html! { <strong>{ props.word.clone() }</strong> };
    };
    let show = {
        let node = node.clone();
        let place = place.clone();
        Callback::from(move |()| place.set(Place::beside(&node)))
    };
    let hide = {
        let place = place.clone();
        Callback::from(move |()| place.set(None))
    };
    let onkeydown = {
        let hide = hide.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                hide.emit(());
            }
        }
    };
    let id = format!("term-{}", crate::route::slug(&props.word));
    html! {
        <span class="term" onmouseenter={show.reform(|_| ())} onmouseleave={hide.reform(|_| ())}>
            <button
                ref={node} type="button" {onkeydown}
                onclick={show.reform(|_| ())} onfocus={show.reform(|_| ())} onblur={hide.reform(|_| ())}
                aria-describedby={place.is_some().then(|| id.clone())}
            >{ props.word.clone() }</button>
            if let Some(place) = *place {
                <span role="tooltip" class="tip" {id} style={place.style()}><Prose text={meaning} /></span>
            }
        </span>
    }
}

/// Where a meaning is shown: under its word, or above it, always inside the window.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    left: f64,
    top: Option<f64>,
    bottom: f64,
}

impl Place {
    fn beside(node: &NodeRef) -> Option<Self> {
        let rect = node.cast::<HtmlElement>()?.get_bounding_client_rect();
        let window = web_sys::window()?;
        let width = window.inner_width().ok()?.as_f64()?;
        let height = window.inner_height().ok()?.as_f64()?;
        let has_room_below = rect.bottom() + ROOM_PX < height;
        Some(Self {
            left: rect.left().min(width - WIDTH_PX - EDGE_PX).max(EDGE_PX),
            top: has_room_below.then(|| rect.bottom()),
            bottom: height - rect.top(),
        })
    }

    fn style(self) -> String {
        match self.top {
            Some(top) => format!("left:{}px;top:{top}px", self.left),
            None => format!("left:{}px;bottom:{}px", self.left, self.bottom),
        }
    }
}

const WIDTH_PX: f64 = 300.0;
const EDGE_PX: f64 = 12.0;
const ROOM_PX: f64 = 140.0;
