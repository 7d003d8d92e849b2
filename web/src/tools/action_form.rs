//! A small form whose fields make the line of an action.

use ottla_lab::action::Action;
use yew::prelude::*;

use super::another::another;
use super::field::{Field, FieldInput, values};
use super::forms::{FORMS, FormKind, fields};
use crate::player::PlayerHandle;
use crate::strings::sandbox as strings;

/// What an [`ActionForm`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What acts.
    pub(crate) player: PlayerHandle,
    /// Which of the forms.
    pub(crate) form: usize,
    /// It is done.
    pub(crate) on_done: Callback<()>,
}

/// A form that does an action, or says why it cannot be done. Where there is one already, another like it is a click away.
#[component]
pub(crate) fn ActionForm(props: &Props) -> Html {
    let form = &FORMS[props.form];
    let refused = use_state(|| None::<String>);
    // As things stood when the form was opened.
    let asked = use_memo((), |()| fields(form.kind, &props.player.scene()));
    let like = use_memo((), |()| another(form.kind, &props.player));
    let fields: &[Field] = match &*asked {
        Ok(fields) => fields,
        Err(why) => return html! { <p class="soft">{ *why }</p> },
    };
    let done = {
        let (on_done, refused) = (props.on_done.clone(), refused.setter());
        Callback::from(move |result: Result<(), String>| match result {
            Ok(()) => on_done.emit(()),
            Err(why) => refused.set(Some(why)),
        })
    };
    let onsubmit = {
        let (player, done) = (props.player.clone(), done.clone());
        let names: Vec<&'static str> = fields.iter().map(|field| field.name).collect();
        let template = form.template;
        move |event: SubmitEvent| {
            event.prevent_default();
            let line = fill(template, &values(&event, &names));
            let action = line.parse::<Action>().map_err(|error| error.to_string());
            done.emit(action.and_then(|action| act(&player, action)));
        }
    };
    let onclick = {
        let (player, like) = (props.player.clone(), like.clone());
        move |_: MouseEvent| {
            if let Some(like) = &*like {
                done.emit(act(&player, like.action.clone()));
            }
        }
    };
    html! {
        <>
            if let Some(like) = &*like {
                <button type="button" class="btn" {onclick}>{ strings::another(&like.name, &like.model) }</button>
            }
            <form {onsubmit}>
                { for fields.iter().map(|field| html! { <FieldInput field={field.clone()} /> }) }
                if form.kind == FormKind::Any {
                    <ul class="samples">{ for strings::LINE_SAMPLES.iter().map(|line| html! { <li><code>{ *line }</code></li> }) }</ul>
                }
                if let Some(why) = &*refused { <p class="wrong" role="alert">{ why.clone() }</p> }
                <button class="btn p">{ form.button }</button>
            </form>
        </>
    }
}

fn act(player: &PlayerHandle, action: Action) -> Result<(), String> {
    player.act(action).map_err(|error| error.to_string())?;
    player.play();
    Ok(())
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
