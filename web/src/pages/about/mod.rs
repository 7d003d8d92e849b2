//! What all this is.

use yew::prelude::*;

use crate::markdown::Markdown;
use crate::parts::use_page_title;
use crate::strings::about as strings;

/// What all this is.
#[component]
pub(crate) fn About() -> Html {
    let heading = use_node_ref();
    use_page_title(strings::TITLE, heading.clone());
    html! {
        <article class="page text">
            <h1 ref={heading} tabindex="-1">{ strings::TITLE }</h1>
            <div class="prose"><Markdown text={strings::TEXT} /></div>
        </article>
    }
}
