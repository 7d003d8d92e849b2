//! A link that holds the whole scene.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::PartProps;
use crate::parts::copy;
use crate::route::Route;
use crate::strings::{controls as strings, parts as parts_strings};

/// Copies a link that holds the scene with all that was done, as it is when it is asked for.
#[component]
pub(super) fn Share(props: &PartProps) -> Html {
    let said = use_state(|| None::<&'static str>);
    let onclick = {
        let (player, said) = (props.player.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            let link = link(&ottla_lab::saved::print(&player.timeline()));
            spawn_local(async move {
                let is_copied = copy(&link).await;
                said.set(Some(if is_copied {
                    parts_strings::COPIED
                } else {
                    parts_strings::NOT_COPIED
                }));
                Timeout::new(SAID_FOR_MS, move || said.set(None)).forget();
            });
        })
    };
    html! {
        <button class="btn q share" title={strings::SHARE_TITLE} {onclick}><span aria-live="polite">{ said.unwrap_or(strings::SHARE) }</span></button>
    }
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

const SAID_FOR_MS: u32 = 2000;
