//! The keys and what they do.

use yew::prelude::*;

use crate::parts::Dialog;
use crate::strings::keys as strings;

/// What a [`KeysDialog`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// It has been closed.
    pub(crate) on_close: Callback<()>,
}

/// The keys and what they do.
#[component]
pub(crate) fn KeysDialog(props: &Props) -> Html {
    let rows = strings::KEYS
        .iter()
        .map(|(key, what)| html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></> });
    html! {
        <Dialog title={strings::TITLE} on_close={props.on_close.clone()}>
            <p>{ strings::EXPLAIN }</p>
            <dl class="keys">{ for rows }</dl>
        </Dialog>
    }
}
