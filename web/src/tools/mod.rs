//! What can be done to a scene beside what its objects offer: to add to it, to begin with another one, to take it along.

mod action_form;
mod another;
mod forms;
mod scenes;
mod seed;

use gloo_events::{EventListener, EventListenerOptions};
use ottla_lab::export;
use ottla_lab::timeline::Timeline;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::browser::is_writing;
use crate::parts::{CopyButton, Popover};
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::{lesson as lesson_strings, sandbox as strings};

use action_form::ActionForm;
use forms::FORMS;
pub(crate) use scenes::HOME_SCENE;
use scenes::scenes;
use seed::SeedForm;

/// What the [`Toolbar`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is shown.
    pub(crate) player: PlayerHandle,
    /// Whether the scene is the learner's own: another one may take its place.
    #[prop_or_default]
    pub(crate) is_sandbox: bool,
}

/// Which small form is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Form(usize),
    Seed,
    Scenes,
    WriteOut,
}

/// The line above a scene.
#[component]
pub(crate) fn Toolbar(props: &Props) -> Html {
    let Props { player, is_sandbox } = props;
    use_player_version(player);
    let open = use_state(|| None::<Open>);
    use_letters(open.setter());
    let on_done = use_callback(open.setter(), |(), open| open.set(None));
    let popover = |which: Open, label: &'static str, body: Html| {
        let open = open.clone();
        let is_open = *open == Some(which);
        let on_toggle = Callback::from(move |is_open: bool| open.set(is_open.then_some(which)));
        html! { <Popover {label} {is_open} {on_toggle}>{ body }</Popover> }
    };
    let forms = FORMS.iter().enumerate().map(|(form, entry)| {
        let body =
            html! { <ActionForm player={player.clone()} {form} on_done={on_done.clone()} /> };
        popover(Open::Form(form), entry.title, body)
    });
    let copies = html! {
        <>
            <CopyButton label={lesson_strings::COPY_TEST} text_of={written(player, export::node_test)} />
            <CopyButton label={lesson_strings::COPY_COMMANDS} text_of={written(player, export::command_lines)} />
        </>
    };
    let timeline = player.timeline();
    let is_empty = timeline.start().actions.is_empty() && timeline.actions().is_empty();
    html! {
        <>
            <div class="toolbar" role="group" aria-label={strings::TOOLS}>
                { for forms }
                if *is_sandbox {
                    <span class="gap" />
                    { popover(Open::Seed, strings::SEED, html! { <SeedForm player={player.clone()} on_done={on_done.clone()} /> }) }
                    { popover(Open::Scenes, strings::SCENES, scenes(true)) }
                    { popover(Open::WriteOut, strings::WRITE_OUT, copies) }
                }
            </div>
            if *is_sandbox && is_empty {
                <div class="begin">
                    <h2>{ strings::BEGIN_WITH }</h2>
                    { scenes(false) }
                    <p class="soft">{ strings::OR_ADD }</p>
                </div>
            }
        </>
    }
}

/// T, P and C open the first forms, wherever nobody is writing.
#[hook]
fn use_letters(open: UseStateSetter<Option<Open>>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let event = event.unchecked_ref::<KeyboardEvent>();
                let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
                let key = event.key().to_lowercase();
                let form = FORMS.iter().position(|form| form.key == Some(key.as_str()));
                if let Some(form) = form.filter(|_| !has_modifier && !is_writing(event)) {
                    event.prevent_default();
                    open.set(Some(Open::Form(form)));
                }
            })
        });
        move || drop(listener)
    });
}

/// The scene as it is when somebody wants it written out.
pub(crate) fn written(
    player: &PlayerHandle,
    write: fn(&Timeline) -> String,
) -> Callback<(), String> {
    let player = player.clone();
    Callback::from(move |()| write(&player.timeline()))
}
