//! Where the inspector stands: below the picture, so that nothing of what it speaks of is covered.

use web_sys::Element;
use yew::prelude::*;

use crate::stage::strip::px;

/// The panel's place as a style: on what lies behind the scene if there is room, else right below the picture. Looked at anew when `deps` change;
/// `None` at first.
#[hook]
pub(super) fn use_dock<D: PartialEq + 'static>(panel: &NodeRef, deps: D) -> Option<String> {
    let style = use_state_eq(|| None::<String>);
    let (panel, setter) = (panel.clone(), style.setter());
    use_effect_with(deps, move |_| setter.set(place(&panel)));
    (*style).clone()
}

fn place(panel: &NodeRef) -> Option<String> {
    let frame = panel.cast::<Element>()?.parent_element()?;
    let window_height = web_sys::window()?.inner_height().ok()?.as_f64()?;
    let picture = frame.get_bounding_client_rect();
    let lowest = window_height - HEIGHT_LEAST;
    let panels = frame.closest(".bench").ok().flatten();
    let panels = panels.and_then(|bench| bench.query_selector(".panels").ok()?);
    let panels_top = panels.map(|panels| panels.get_bounding_client_rect().top());
    let top = panels_top.filter(|top| (picture.bottom()..=lowest).contains(top));
    let top = top.unwrap_or_else(|| picture.bottom().min(lowest)).max(0.0);
    Some(format!(
        "left:{}px;width:{}px;top:{}px",
        px(picture.left()),
        px(picture.width()),
        px(top)
    ))
}

/// With less room than this it would show nothing.
const HEIGHT_LEAST: f64 = 185.0;
