//! A small form whose fields make the line of an action.

use ottla_lab::action::Action;
use web_sys::{FormData, HtmlFormElement};
use yew::prelude::*;

use crate::player::PlayerHandle;

/// A field of a form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text,
    /// Values with what they are called.
    Choice(Vec<(String, String)>),
}

impl Field {
    /// To be written in.
    pub(crate) fn text(name: &'static str, label: &'static str, value: &str) -> Self {
        Self {
            name,
            label,
            value: value.to_owned(),
            kind: Kind::Text,
        }
    }

    /// To be chosen from.
    pub(crate) fn choice(
        name: &'static str,
        label: &'static str,
        choices: &[(&str, &str)],
    ) -> Self {
        let choices = choices
            .iter()
            .map(|(value, text)| ((*value).to_owned(), (*text).to_owned()));
        Self {
            name,
            label,
            value: String::new(),
            kind: Kind::Choice(choices.collect()),
        }
    }

    /// The field with its label.
    pub(crate) fn show(&self) -> Html {
        let name = self.name;
        let input = match &self.kind {
            Kind::Text => html! {
                <input class="input" {name} value={self.value.clone()} autocomplete="off" spellcheck="false" />
            },
            Kind::Choice(choices) => {
                let options = choices.iter().enumerate().map(|(index, (value, text))| {
                    html! { <option value={value.clone()} selected={index == 0}>{ text.clone() }</option> }
                });
                html! { <select class="input" {name}>{ for options }</select> }
            }
        };
        html! { <label class="field"><span>{ self.label }</span>{ input }</label> }
    }
}

/// What an [`ActionForm`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What acts.
    pub(crate) player: PlayerHandle,
    /// The fields.
    pub(crate) fields: Vec<Field>,
    /// The action's line, with `{name}` for a field's value. A word whose value is empty is left out.
    pub(crate) template: AttrValue,
    /// What the button says.
    pub(crate) button: AttrValue,
    /// It is done.
    pub(crate) on_done: Callback<()>,
}

/// A form that does an action, or says why it cannot be done.
#[component]
pub(crate) fn ActionForm(props: &Props) -> Html {
    let refused = use_state(|| None::<String>);
    let onsubmit = {
        let (player, on_done, refused) = (
            props.player.clone(),
            props.on_done.clone(),
            refused.setter(),
        );
        let template = props.template.clone();
        let names: Vec<&'static str> = props.fields.iter().map(|field| field.name).collect();
        move |event: SubmitEvent| {
            event.prevent_default();
            match act(&player, &fill(&template, &values(&event, &names))) {
                Ok(()) => on_done.emit(()),
                Err(why) => refused.set(Some(why)),
            }
        }
    };
    html! {
        <form {onsubmit}>
            { for props.fields.iter().map(Field::show) }
            if let Some(why) = &*refused { <p class="wrong" role="alert">{ why.clone() }</p> }
            <button class="btn p">{ props.button.clone() }</button>
        </form>
    }
}

fn act(player: &PlayerHandle, line: &str) -> Result<(), String> {
    let action: Action = line.parse().map_err(|error| format!("{error}"))?;
    player.act(action).map_err(|error| error.to_string())?;
    player.play();
    Ok(())
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

fn fill(template: &str, values: &[(&'static str, String)]) -> String {
    let words = template.split(' ').filter_map(|word| {
        let slot = values
            .iter()
            .find(|(name, _)| word.contains(&format!("{{{name}}}")));
        match slot {
            None => Some(word.to_owned()),
            Some((_, value)) if value.trim().is_empty() => None,
            Some((name, value)) => Some(word.replace(&format!("{{{name}}}"), value.trim())),
        }
    });
    let words: Vec<String> = words.collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forms_values_make_an_actions_line() {
        let values = [
            ("name", " orders ".to_owned()),
            ("partitions", "3".to_owned()),
            ("retention", String::new()),
        ];
        let line = fill(
            "topic {name} partitions={partitions} retention.ms={retention}",
            &values,
        );
        assert_eq!(line, "topic orders partitions=3");
        assert!(line.parse::<Action>().is_ok());
    }
}
