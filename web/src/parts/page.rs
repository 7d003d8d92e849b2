//! What every page does when it is opened.

use yew::prelude::*;

use crate::browser::focus;
use crate::strings::parts as strings;

/// Names the window after the page, and gives its heading to the focus, so that a screen reader reads it.
///
/// The heading has `tabindex="-1"`. The page that the visit began with leaves the focus where it is.
#[hook]
pub(crate) fn use_page_title(title: &str, heading: NodeRef) {
    let is_first = use_context::<IsFirstPage>().is_none_or(|first| first.0);
    use_effect_with(title.to_owned(), move |title| {
        if let Some(window) = web_sys::window() {
            if let Some(document) = window.document() {
                document.set_title(&strings::window_title(title));
            }
            if !is_first {
                window.scroll_to_with_x_and_y(0.0, 0.0);
                focus(&heading);
            }
        }
    });
}

/// Whether nobody has gone from page to page yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct IsFirstPage(pub(crate) bool);
