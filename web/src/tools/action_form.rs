//! A small form whose fields make the line of an action.

use ottla_lab::action::Action;
use yew::prelude::*;

use super::another::another;
use super::forms::{FORMS, FormKind, fields};
use crate::parts::{Field, LineForm};
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
    let on_action = {
        let (player, done) = (props.player.clone(), done.clone());
        move |action: Result<Action, String>| {
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
            <LineForm fields={fields.to_vec()} line={form.template} button={form.button} {on_action}>
                if form.kind == FormKind::Any {
                    <ul class="samples">{ for strings::LINE_SAMPLES.iter().map(|line| html! { <li><code>{ *line }</code></li> }) }</ul>
                }
                if let Some(why) = &*refused { <p class="wrong" role="alert">{ why.clone() }</p> }
            </LineForm>
        </>
    }
}

fn act(player: &PlayerHandle, action: Action) -> Result<(), String> {
    player.act(action).map_err(|error| error.to_string())?;
    player.play();
    Ok(())
}
