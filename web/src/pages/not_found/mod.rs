//! For an address that leads nowhere.

use yew::prelude::*;

use crate::parts::use_page_title;
use crate::route::Route;
use crate::strings::shell as strings;

/// What [`NotFound`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What there is none of.
    #[prop_or(AttrValue::Static(strings::NOT_FOUND_TEXT))]
    pub(crate) text: AttrValue,
}

/// For an address that leads nowhere.
#[component]
pub(crate) fn NotFound(props: &Props) -> Html {
    let heading = use_node_ref();
    use_page_title(strings::NOT_FOUND, heading.clone());
    html! {
        <div class="page text">
            <h1 ref={heading} tabindex="-1">{ strings::NOT_FOUND }</h1>
            <p class="lead">{ props.text.clone() }</p>
            <p class="row after">
                <a class="btn p" href={Route::Lessons.to_string()}>{ strings::TO_LESSONS }</a>
                <a class="btn" href={Route::Home.to_string()}>{ strings::TO_HOME }</a>
            </p>
        </div>
    }
}
