//! The blanks of a command.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use super::commands::Command;

#[derive(Properties, PartialEq)]
pub(super) struct FormProps {
    pub(super) command: Command,
    /// Takes the action's line when it is to be done.
    pub(super) on_line: Callback<String>,
}

/// The blanks of a command, and a button that does it.
#[component]
pub(super) fn CommandForm(props: &FormProps) -> Html {
    let command = &props.command;
    let values = use_state(|| {
        command
            .fields
            .iter()
            .map(|field| field.value.clone())
            .collect::<Vec<String>>()
    });
    let onsubmit = {
        let (line, values, on_line) = (command.line.clone(), values.clone(), props.on_line.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_line.emit(line(&values));
        })
    };
    let change = |index: usize| {
        let values = values.clone();
        move |value: String| {
            let mut changed = (*values).clone();
            changed[index] = value;
            values.set(changed);
        }
    };
    html! {
        <form {onsubmit}>
            { for command.fields.iter().enumerate().map(|(index, field)| {
                let value = values.get(index).cloned().unwrap_or_default();
                let change = change(index);
                if field.options.is_empty() {
                    let oninput = Callback::from(move |event: InputEvent| {
                        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                            change(input.value());
                        }
                    });
                    html! { <label class="field"><span>{ field.label }</span><input type="text" {value} {oninput} autocomplete="off" /></label> }
                } else {
                    let onchange = Callback::from(move |event: Event| {
                        if let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) {
                            change(select.value());
                        }
                    });
                    html! {
                        <label class="field"><span>{ field.label }</span><select {onchange}>
                            { for field.options.iter().map(|option| html! { <option value={option.clone()} selected={*option == value}>{ option }</option> }) }
                        </select></label>
                    }
                }
            }) }
            <button class="btn p">{ command.label }</button>
        </form>
    }
}
