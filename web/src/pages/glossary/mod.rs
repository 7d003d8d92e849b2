//! Kafka's words.

use yew::prelude::*;

use crate::parts::use_page_title;

/// What [`Glossary`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The term that the address asks for.
    pub(crate) term: Option<String>,
}

/// Kafka's words.
#[component]
pub(crate) fn Glossary(props: &Props) -> Html {
    let heading = use_node_ref();
    use_page_title(crate::strings::shell::GLOSSARY, heading.clone());
    let _ = &props.term;
    html! {
        <div class="page text">
            <h1 ref={heading} tabindex="-1">{ crate::strings::shell::GLOSSARY }</h1>
        </div>
    }
}
