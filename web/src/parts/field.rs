//! A field of a small form.

use web_sys::{FormData, HtmlFormElement, HtmlInputElement};
use yew::prelude::*;

/// What a field asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    /// By which the value is found.
    pub(crate) name: &'static str,
    label: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// What stands in it at first.
    Text(String),
    /// Values with what they are called.
    Choice(Vec<(String, String)>),
}

impl Field {
    /// To be written in.
    pub(crate) fn text(name: &'static str, label: &'static str, value: &str) -> Self {
        Self {
            name,
            label,
            kind: Kind::Text(value.to_owned()),
        }
    }

    /// To be chosen from.
    pub(crate) fn choice(
        name: &'static str,
        label: &'static str,
        choices: &[(&str, &str)],
    ) -> Self {
        let owned = |(value, text): &(&str, &str)| ((*value).to_owned(), (*text).to_owned());
        Self {
            name,
            label,
            kind: Kind::Choice(choices.iter().map(owned).collect()),
        }
    }
}

/// What a [`FieldInput`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What it asks for.
    pub(crate) field: Field,
}

/// A field with its label. What stands in it is set once: whoever is writing is not interrupted by the scene.
#[component]
pub(crate) fn FieldInput(props: &Props) -> Html {
    let node = use_node_ref();
    let Field { name, label, kind } = props.field.clone();
    use_effect_with((), {
        let (node, kind) = (node.clone(), kind.clone());
        move |()| {
            if let (Kind::Text(value), Some(input)) = (kind, node.cast::<HtmlInputElement>()) {
                input.set_value(&value);
            }
        }
    });
    let input = match kind {
        Kind::Text(_) => html! {
            <input ref={node} class="input" {name} autocomplete="off" spellcheck="false" />
        },
        Kind::Choice(choices) => {
            let options = choices
                .into_iter()
                .enumerate()
                .map(|(index, (value, text))| {
                    html! { <option {value} selected={index == 0}>{ text }</option> }
                });
            html! { <select class="input" {name}>{ for options }</select> }
        }
    };
    html! { <label class="field"><span>{ label }</span>{ input }</label> }
}

/// What is written in a form's fields.
pub(crate) fn values(event: &SubmitEvent, names: &[&'static str]) -> Vec<(&'static str, String)> {
    let form = event.target_dyn_into::<HtmlFormElement>();
    let data = form.and_then(|form| FormData::new_with_form(&form).ok());
    let value = |name: &str| data.as_ref().and_then(|data| data.get(name).as_string());
    names
        .iter()
        .map(|name| (*name, value(name).unwrap_or_default()))
        .collect()
}
