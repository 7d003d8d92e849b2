//! What opens when an object of the picture is clicked: its state, and what can be done with it.

mod commands;
mod dock;
mod facts;

use gloo_events::EventListener;
use ottla_lab::action::Action;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::object::Object;
use crate::browser::{document, focus, focus_element};
use crate::parts::LineForm;
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::inspector as strings;
use crate::strings::parts::CLOSE;

use commands::{Command, What, commands};
use dock::use_dock;
use facts::{Facts, facts};

#[derive(Properties, PartialEq)]
pub(super) struct InspectorProps {
    pub(super) player: PlayerHandle,
    pub(super) object: Object,
    /// How large the picture is.
    pub(super) room: (f64, f64),
    pub(super) on_open: Callback<Object>,
    pub(super) on_close: Callback<()>,
}

/// An object's state and actions. Once something was done, it makes room for what comes of it.
#[component]
pub(super) fn Inspector(props: &InspectorProps) -> Html {
    let player = &props.player;
    use_player_version(player);
    let panel = use_node_ref();
    let refused = use_state(|| None::<String>);
    let form = use_state(|| None::<usize>);
    let scene = player.scene();
    let now = player.timeline().now();
    let facts = facts(&scene, &props.object, now);
    let style = use_dock(&panel, (props.room, props.object.clone()));
    use_focus(&panel, &props.object);
    use_escape(&props.on_close);
    {
        let (refused, form) = (refused.setter(), form.setter());
        use_effect_with(props.object.clone(), move |_| {
            refused.set(None);
            form.set(None);
        });
    }
    {
        let on_close = props.on_close.clone();
        use_effect_with(facts.is_none(), move |is_gone| {
            if *is_gone {
                on_close.emit(());
            }
        });
    }
    let Some(facts) = facts else {
        return Html::default();
    };
    let run = {
        let (player, refused, on_close) =
            (player.clone(), refused.setter(), props.on_close.clone());
        Callback::from(move |action: Result<Action, String>| {
            let done = action.and_then(|action| player.act(action).map_err(|why| why.to_string()));
            match done {
                Ok(()) => on_close.emit(()),
                Err(why) => refused.set(Some(why)),
            }
        })
    };
    let commands = commands(&scene, &props.object);
    let buttons = commands.iter().enumerate().map(|(index, command)| {
        let is_open = *form == Some(index);
        command_button(command, index, is_open, &run, &form.setter())
    });
    let asked = (*form).and_then(|index| commands.get(index));
    let asked = asked.and_then(|command| match &command.what {
        What::Ask(line, fields) => Some((command, line.clone(), fields.clone())),
        What::Act(_) => None,
    });
    html! {
        <div class="inspector" role="dialog" aria-label={facts.title.clone()} tabindex="-1" ref={panel} {style}>
            <header>
                <h2>{ &facts.title }</h2>
                <button type="button" class="btn q icon close" aria-label={CLOSE} onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "×" }</button>
            </header>
            <div class="commands">{ for buttons }</div>
            <div class="about">
                if let Some((command, line, fields)) = asked {
                    <LineForm key={command.label} {fields} {line} button={command.label} on_action={run} />
                }
                <p class="wrong" role="alert">{ refused.as_deref().unwrap_or_default() }</p>
                { state(&facts) }
                { records(&facts, &props.on_open) }
            </div>
        </div>
    }
}

fn command_button(
    command: &Command,
    index: usize,
    is_open: bool,
    run: &Callback<Result<Action, String>>,
    form: &UseStateSetter<Option<usize>>,
) -> Html {
    let class = classes!("btn", command.is_grave.then_some("danger"));
    match &command.what {
        What::Act(action) => {
            let action = action.clone();
            let onclick = run.reform(move |_: MouseEvent| Ok(action.clone()));
            html! { <button type="button" {class} {onclick} title={command.explain}>{ command.label }</button> }
        }
        What::Ask(..) => {
            let form = form.clone();
            let onclick =
                Callback::from(move |_: MouseEvent| form.set((!is_open).then_some(index)));
            html! { <button type="button" {class} {onclick} title={command.explain} aria-expanded={is_open.to_string()}>{ command.label }{ "…" }</button> }
        }
    }
}

fn state(facts: &Facts) -> Html {
    html! {
        <dl class="facts">
            { for facts.rows.iter().map(|(name, value)| html! { <div><dt>{ *name }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// A list of records or offsets; each of them can open what it stands for.
fn records(facts: &Facts, on_open: &Callback<Object>) -> Html {
    if facts.list.is_empty() {
        return Html::default();
    }
    html! {
        <div class="list" tabindex="0" role="group" aria-label={facts.columns.join(", ")}>
            <table>
                <thead><tr>{ for facts.columns.iter().map(|column| html! { <th scope="col">{ *column }</th> }) }</tr></thead>
                <tbody>{ for facts.list.iter().map(|(object, cells)| {
                    let cells = cells.iter().enumerate().map(|(index, cell)| match (index, object) {
                        (0, Some(object)) => {
                            let object = object.clone();
                            let onclick = on_open.reform(move |_: MouseEvent| object.clone());
                            html! { <td><button type="button" class="link" {onclick}>{ cell }</button></td> }
                        }
                        _ => html! { <td>{ cell }</td> },
                    });
                    html! { <tr>{ for cells }</tr> }
                }) }</tbody>
            </table>
            if facts.hidden_count > 0 { <p class="soft">{ strings::more(facts.hidden_count) }</p> }
        </div>
    }
}

/// Escape closes, wherever the focus is.
#[hook]
fn use_escape(on_close: &Callback<()>) {
    use_effect_with(on_close.clone(), |on_close| {
        let on_close = on_close.clone();
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "keydown", move |event| {
                if event
                    .dyn_ref::<web_sys::KeyboardEvent>()
                    .is_some_and(|event| event.key() == "Escape")
                {
                    on_close.emit(());
                }
            })
        });
        move || drop(listener)
    });
}

/// The panel takes the focus, and gives it back to where it was.
#[hook]
fn use_focus(panel: &NodeRef, object: &Object) {
    let panel = panel.clone();
    let before = use_mut_ref(|| None::<HtmlElement>);
    use_effect_with(object.clone(), {
        let before = before.clone();
        move |_| {
            let active = document().and_then(|document| document.active_element());
            let mut before = before.borrow_mut();
            if before.is_none() {
                // The picture's nodes are no HTML elements, and can have the focus all the same.
                *before = active.map(JsCast::unchecked_into);
            }
            focus(&panel);
        }
    });
    use_effect_with((), move |()| {
        move || {
            focus_element(before.borrow_mut().take());
        }
    });
}
