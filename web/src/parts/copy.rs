//! A button that copies a text.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use crate::strings::parts as strings;

/// What a [`CopyButton`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is copied.
    #[prop_or_default]
    pub(crate) text: AttrValue,
    /// Or what is worked out when the button is pressed.
    #[prop_or_default]
    pub(crate) text_of: Option<Callback<(), String>>,
    /// What the button says.
    #[prop_or(AttrValue::Static(strings::COPY))]
    pub(crate) label: AttrValue,
    /// What it does, in more words.
    #[prop_or_default]
    pub(crate) title: Option<AttrValue>,
    /// How it looks beside being a button.
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// A button that copies a text and says so. A browser that forbids it is told of, too.
#[component]
pub(crate) fn CopyButton(props: &Props) -> Html {
    let said = use_state(|| None::<&'static str>);
    let onclick = {
        let said = said.clone();
        let (text, text_of) = (props.text.clone(), props.text_of.clone());
        move |_| {
            let said = said.clone();
            let text = text_of
                .as_ref()
                .map_or_else(|| text.to_string(), |text_of| text_of.emit(()));
            spawn_local(async move {
                let is_copied = copy(&text).await;
                said.set(Some(if is_copied {
                    strings::COPIED
                } else {
                    strings::NOT_COPIED
                }));
                Timeout::new(SAID_FOR_MS, move || said.set(None)).forget();
            });
        }
    };
    let label = said.map_or_else(|| props.label.clone(), AttrValue::Static);
    html! {
        <button type="button" class={classes!("btn", props.class.clone())} title={props.title.clone()} {onclick}>
            <span aria-live="polite">{ label }</span>
        </button>
    }
}

/// Puts a text into the clipboard. Whether the browser let it.
async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    // A page that came over plain HTTP has no clipboard.
    if !window.is_secure_context() {
        return false;
    }
    let promise = window.navigator().clipboard().write_text(text);
    JsFuture::from(promise).await.is_ok()
}

const SAID_FOR_MS: u32 = 2000;
