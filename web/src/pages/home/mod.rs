//! The first page.

use yew::prelude::*;

use crate::parts::use_page_title;
use crate::route::Route;
use crate::strings::home as strings;

/// The first page.
#[component]
pub(crate) fn Home() -> Html {
    let heading = use_node_ref();
    use_page_title(strings::CLAIM, heading.clone());
    html! {
        <div class="page home">
            <h1 ref={heading} tabindex="-1">{ strings::CLAIM }</h1>
            <p class="lead">{ strings::LEAD }</p>
            <p class="row calls">
                <a class="btn p large" href={Route::Lessons.to_string()}>{ strings::FIRST_LESSON }</a>
                <a class="btn large" href={Route::Sandbox(None).to_string()}>{ strings::SANDBOX }</a>
            </p>
        </div>
    }
}
