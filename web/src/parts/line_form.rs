//! A small form whose fields fill the blanks of an action's line.

use ottla_lab::action::Action;
use yew::prelude::*;

use super::field::{Field, FieldInput, values};

/// What a [`LineForm`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What it asks for.
    pub(crate) fields: Vec<Field>,
    /// The line; a field's name stands in braces where its value goes ([`Action::fill`]).
    pub(crate) line: AttrValue,
    /// What the button says.
    pub(crate) button: AttrValue,
    /// The action that has come of it, or what is wrong with it.
    pub(crate) on_action: Callback<Result<Action, String>>,
    /// What stands between the fields and the button.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// Fields, and a button that makes an action of them.
#[component]
pub(crate) fn LineForm(props: &Props) -> Html {
    let onsubmit = {
        let (line, on_action) = (props.line.clone(), props.on_action.clone());
        let names: Vec<&'static str> = props.fields.iter().map(|field| field.name).collect();
        move |event: SubmitEvent| {
            event.prevent_default();
            let values = values(&event, &names);
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let action = Action::fill(&line, &values);
            on_action.emit(action.map_err(|error| error.to_string()));
        }
    };
    html! {
        <form {onsubmit}>
            { for props.fields.iter().map(|field| html! { <FieldInput field={field.clone()} /> }) }
            { props.children.clone() }
            <button class="btn p">{ props.button.clone() }</button>
        </form>
    }
}
