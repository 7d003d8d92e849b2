//! A list of which only what is in view is there, however long it is.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::is_near_end;

/// What a [`Window`] is given.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// No other element of the page has it.
    pub(super) id: AttrValue,
    /// What it lists.
    pub(super) label: AttrValue,
    pub(super) class: Classes,
    /// How many rows there are.
    pub(super) count: usize,
    /// How high each of them is, in pixels.
    pub(super) row_px: i32,
    /// The row of an index.
    pub(super) row: Callback<usize, Html>,
    /// This row is to be in view.
    pub(super) in_view: Option<usize>,
    /// Which row is chosen, for those who do not see it: its element's id.
    pub(super) active_id: Option<AttrValue>,
    /// What an element with children of these roles is.
    #[prop_or(AttrValue::Static("listbox"))]
    pub(super) role: AttrValue,
    /// The row at the end is to be in view as long as nobody has scrolled away from it.
    #[prop_or_default]
    pub(super) is_following: bool,
    pub(super) onkeydown: Callback<KeyboardEvent>,
    #[prop_or_default]
    pub(super) onmouseover: Callback<MouseEvent>,
    #[prop_or_default]
    pub(super) onmouseleave: Callback<MouseEvent>,
    #[prop_or_default]
    pub(super) onclick: Callback<MouseEvent>,
}

/// The rows that are in view, and a few more.
#[component]
pub(super) fn Window(props: &Props) -> Html {
    let node = use_node_ref();
    // Where it is scrolled to, and how high it is.
    let place = use_state_eq(|| (0, 400));
    let look = {
        let (node, place) = (node.clone(), place.setter());
        move || {
            if let Some(list) = node.cast::<HtmlElement>() {
                place.set((list.scroll_top(), list.client_height()));
            }
        }
    };
    // Whoever reads further up is left there.
    let is_at_end = use_mut_ref(|| true);
    let onscroll = {
        let (look, node, is_at_end) = (look.clone(), node.clone(), is_at_end.clone());
        move |_: Event| {
            look();
            if let Some(list) = node.cast::<HtmlElement>() {
                *is_at_end.borrow_mut() = is_near_end(&list, FOLLOWS_WITHIN_PX);
            }
        }
    };
    let (count, row_px) = (props.count as i32, props.row_px);
    use_effect_with((props.in_view, row_px), {
        let node = node.clone();
        move |(in_view, row_px)| {
            if let (Some(index), Some(list)) = (*in_view, node.cast::<HtmlElement>()) {
                show(&list, index as i32 * row_px, *row_px);
            }
        }
    });
    use_effect_with((count, props.is_following), {
        let node = node.clone();
        move |(count, is_following)| {
            let is_following = *is_following && *is_at_end.borrow();
            if let (true, Some(list)) = (is_following, node.cast::<HtmlElement>()) {
                list.set_scroll_top(count * row_px);
            }
        }
    });
    use_effect(look);
    let (top, height) = *place;
    let first = (top / row_px - MORE).clamp(0, count);
    let end = (first + height / row_px + 2 * MORE + 1).min(count);
    let rows = (first..end).map(|index| props.row.emit(index as usize));
    html! {
        <div
            ref={node} id={props.id.clone()} class={classes!("window", props.class.clone())} tabindex="0" role={props.role.clone()}
            aria-label={props.label.clone()} aria-activedescendant={props.active_id.clone()} {onscroll}
            onkeydown={props.onkeydown.clone()} onmouseover={props.onmouseover.clone()} onmouseleave={props.onmouseleave.clone()}
            onclick={props.onclick.clone()}
        >
            <div role="presentation" style={format!("height:{}px;padding-top:{}px", count * row_px, first * row_px)}>{ for rows }</div>
        </div>
    }
}

/// Scrolls no further than it must.
fn show(list: &HtmlElement, top: i32, row_px: i32) {
    let (from, height) = (list.scroll_top(), list.client_height());
    if top < from {
        list.set_scroll_top(top);
    } else if top + row_px > from + height {
        list.set_scroll_top(top + row_px - height);
    }
}

/// Where a key leads in a list; `None`: it is no key of lists.
pub(super) fn moved(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let index = match (key, from) {
        ("Home", _) | ("ArrowDown", None) => 0,
        ("End", _) | ("ArrowUp", None) => last,
        ("ArrowDown", Some(from)) => from + 1,
        ("ArrowUp", Some(from)) => from.saturating_sub(1),
        ("PageDown", from) => from.unwrap_or(0) + PAGE,
        ("PageUp", from) => from.unwrap_or(0).saturating_sub(PAGE),
        _ => return None,
    };
    Some(index.min(last))
}

/// Rows above and below what is in view.
const MORE: i32 = 6;
const PAGE: usize = 10;
const FOLLOWS_WITHIN_PX: i32 = 40;
