//! A link that holds the whole scene.

use yew::prelude::*;

use super::PartProps;
use crate::parts::CopyButton;
use crate::route::Route;
use crate::strings::controls as strings;

/// Copies a link that holds the scene with all that was done, as it is when it is asked for.
#[component]
pub(super) fn Share(props: &PartProps) -> Html {
    let player = props.player.clone();
    let text_of = Callback::from(move |()| link(&ottla_lab::saved::print(&player.timeline())));
    html! { <CopyButton {text_of} label={strings::SHARE} title={strings::SHARE_TITLE} class="q" /> }
}

/// The whole address, wherever the page lies.
fn link(scene: &str) -> String {
    let location = web_sys::window().map(|window| window.location());
    let href = location
        .and_then(|location| location.href().ok())
        .unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}{}", Route::Sandbox(Some(scene.to_owned())))
}
