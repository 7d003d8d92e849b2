//! What can be added to the sandbox, scenes to begin with, and ways to take it along.

use gloo_events::{EventListener, EventListenerOptions};
use ottla_lab::lesson;
use ottla_lab::timeline::{Start, Timeline};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::action_form::{ActionForm, Field};
use super::forms::{FORMS, fields};
use crate::app::is_writing;
use crate::pages::home::HOME_SCENE;
use crate::parts::Popover;
use crate::player::{PlayerHandle, use_player_version};
use crate::route::Route;
use crate::strings::sandbox as strings;

/// What the [`Toolbar`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is shown.
    pub(crate) player: PlayerHandle,
}

/// Which small form is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Form(usize),
    Seed,
    Scenes,
}

/// The line above the sandbox's scene.
#[component]
pub(crate) fn Toolbar(props: &Props) -> Html {
    let Props { player } = props;
    use_player_version(player);
    let open = use_state(|| None::<Open>);
    use_letters(open.setter());
    let toggle = |which: Open| {
        let open = open.setter();
        Callback::from(move |is_open: bool| open.set(is_open.then_some(which)))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(None))
    };
    let scene = player.scene();
    let is_empty =
        scene.topics.is_empty() && scene.consumers.is_empty() && scene.producers.is_empty();
    let forms = FORMS.iter().enumerate().map(|(index, form)| {
        let which = Open::Form(index);
        let body = match fields(form.kind, &scene) {
            Ok(fields) => html! {
                <ActionForm player={player.clone()} {fields} template={form.template} button={form.button} on_done={close.clone()} />
            },
            Err(why) => html! { <p class="soft">{ why }</p> },
        };
        html! {
            <Popover label={form.title} is_open={*open == Some(which)} on_toggle={toggle(which)}>{ body }</Popover>
        }
    });
    let seed = player.timeline().start().seed;
    let seed_field = Field::text(SEED, strings::SEED_LABEL, &seed.to_string());
    let reseed = {
        let (player, close) = (player.clone(), close.clone());
        Callback::from(move |seed: u64| {
            reseed(&player, seed);
            close.emit(());
        })
    };
    html! {
        <>
            <div class="toolbar" role="group" aria-label={strings::TOOLS}>
                { for forms }
                <span class="gap" />
                <Popover label={strings::SEED} is_open={*open == Some(Open::Seed)} on_toggle={toggle(Open::Seed)}>
                    <SeedForm field={seed_field} on_seed={reseed} />
                </Popover>
                <Popover label={strings::SCENES} is_open={*open == Some(Open::Scenes)} on_toggle={toggle(Open::Scenes)}>
                    { scenes(true) }
                </Popover>
            </div>
            if is_empty && player.timeline().start().actions.is_empty() && player.timeline().actions().is_empty() {
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

fn scenes(has_empty: bool) -> Html {
    let scenes = lesson::scenes().unwrap_or_default().into_iter();
    let scenes = scenes.filter(|entry| entry.slug != HOME_SCENE).map(|entry| {
        html! {
            <li><a href={Route::Scene(entry.slug).to_string()}>{ entry.title }</a><small>{ entry.text }</small></li>
        }
    });
    html! {
        <ul class="scenes">
            { for scenes }
            if has_empty {
                <li><a href={Route::Sandbox(None).to_string()}>{ strings::EMPTY }</a></li>
            }
        </ul>
    }
}

/// The same actions, but chance begins elsewhere.
fn reseed(player: &PlayerHandle, seed: u64) {
    let timeline = {
        let former = player.timeline();
        let start = Start {
            seed,
            actions: former.start().actions.clone(),
        };
        let mut timeline = Timeline::with_actions(start, former.actions().to_vec());
        timeline.seek(former.now());
        timeline
    };
    player.replace(timeline);
}

#[derive(Properties, PartialEq)]
struct SeedProps {
    field: Field,
    on_seed: Callback<u64>,
}

#[component]
fn SeedForm(props: &SeedProps) -> Html {
    let is_wrong = use_state(|| false);
    let onsubmit = {
        let (on_seed, is_wrong) = (props.on_seed.clone(), is_wrong.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let values = super::action_form::values(&event, &[SEED]);
            match values
                .first()
                .and_then(|(_, text)| text.trim().parse().ok())
            {
                Some(seed) => on_seed.emit(seed),
                None => is_wrong.set(true),
            }
        }
    };
    html! {
        <form {onsubmit}>
            { props.field.show() }
            if *is_wrong { <p class="wrong" role="alert">{ strings::SEED_WRONG }</p> }
            <button class="btn p">{ strings::APPLY }</button>
        </form>
    }
}

const SEED: &str = "seed";
