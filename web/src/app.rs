//! The whole page.

use yew::prelude::*;

/// The whole page.
#[function_component]
pub(crate) fn App() -> Html {
    html! { <h1>{ "ottla" }</h1> }
}
