//! Kafka's words.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::browser::{document, focus_element};
use crate::glossary;
use crate::markdown::Prose;
use crate::parts::use_page_title;
use crate::route::slug;
use crate::strings::shell as strings;

/// What [`Glossary`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The term that the address asks for.
    pub(crate) term: Option<String>,
}

/// Kafka's words. The one that the address asks for gets the focus.
#[component]
pub(crate) fn Glossary(props: &Props) -> Html {
    let heading = use_node_ref();
    use_page_title(strings::GLOSSARY, heading.clone());
    use_effect_with(props.term.clone(), |term| {
        let element = term.as_ref().and_then(|term| {
            let element = document()?.get_element_by_id(&id(term))?;
            element.dyn_into().ok()
        });
        focus_element(element);
    });
    let terms = glossary::terms().into_iter().map(|term| {
        html! {
            <>
                <dt id={id(&slug(&term.name))} tabindex="-1">{ term.name.clone() }</dt>
                <dd><Prose text={term.meaning.clone()} /></dd>
            </>
        }
    });
    html! {
        <div class="page text">
            <h1 ref={heading} tabindex="-1">{ strings::GLOSSARY }</h1>
            <p class="lead">{ strings::GLOSSARY_LEAD }</p>
            <dl class="terms">{ for terms }</dl>
        </div>
    }
}

fn id(term: &str) -> String {
    format!("term-of-{term}")
}
