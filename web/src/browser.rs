//! What is asked of the browser in more than one place.

use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, HtmlElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::NodeRef;

/// The page's document; `None` only in a page that is being closed.
pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether a media query holds now: `(max-width: 860px)`.
pub(crate) fn matches_media(query: &str) -> bool {
    let query = web_sys::window().and_then(|window| window.match_media(query).ok()?);
    query.is_some_and(|query| query.matches())
}

/// Gives the focus to a node, if it is there and can have it.
pub(crate) fn focus(node: &NodeRef) {
    focus_element(node.cast());
}

/// Gives the focus to an element, if it is there and can have it.
pub(crate) fn focus_element(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // An element of the page can have the focus.
        let _ = element.focus();
    }
}

/// Whether a key goes into a text.
pub(crate) fn is_writing(event: &KeyboardEvent) -> bool {
    let target = event.target();
    let element = target.and_then(|target| target.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.is_content_editable()
    })
}

/// Whether a list is scrolled to its end, or nearly: whoever reads further up is to be left there.
pub(crate) fn is_near_end(list: &Element, within_px: i32) -> bool {
    list.scroll_height() - list.client_height() - list.scroll_top() < within_px
}

/// Scrolls until a node can be seen, and no further.
pub(crate) fn bring_into_sight(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}
