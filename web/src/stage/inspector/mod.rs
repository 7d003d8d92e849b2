//! What opens when an object of the picture is clicked: its state, and what can be done with it.

mod commands;
mod facts;
mod form;

use gloo_events::EventListener;
use ottla_lab::action::Action;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::layout::{Layout, Rect};
use super::object::Object;
use super::strip::px;
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::inspector as strings;
use crate::strings::parts::CLOSE;

use commands::{Command, commands};
use facts::{Facts, facts};
use form::CommandForm;

#[derive(Properties, PartialEq)]
pub(super) struct InspectorProps {
    pub(super) player: PlayerHandle,
    pub(super) object: Object,
    /// Where the object stands, and how large the picture is.
    pub(super) place: Rect,
    pub(super) room: (f64, f64),
    pub(super) is_narrow: bool,
    pub(super) on_open: Callback<Object>,
    pub(super) on_close: Callback<()>,
}

/// An object's state and actions.
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
        let (player, refused, form) = (player.clone(), refused.setter(), form.setter());
        let panel = panel.clone();
        Callback::from(move |line: String| {
            let action = line.parse::<Action>().map_err(|error| error.to_string());
            // The button may be gone with what it did.
            focus(&panel);
            let result =
                action.and_then(|action| player.act(action).map_err(|error| error.to_string()));
            if result.is_ok() {
                form.set(None);
            }
            refused.set(result.err());
        })
    };
    let commands = commands(&scene, &props.object);
    let open_form = (*form).and_then(|index| commands.get(index));
    html! {
        <div class={classes!("inspector", props.is_narrow.then_some("sheet"))} role="dialog" aria-label={facts.title.clone()} tabindex="-1" ref={panel}
            style={place(props)}>
            <header>
                <h2>{ &facts.title }</h2>
                <button type="button" class="btn q icon close" aria-label={CLOSE} onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "×" }</button>
            </header>
            <div class="commands">
                { for commands.iter().enumerate().map(|(index, command)| {
                    let is_open = *form == Some(index);
                    command_button(command, index, is_open, &run, &form.setter())
                }) }
            </div>
            if let Some(command) = open_form {
                <CommandForm key={command.label} command={command.clone()} on_line={run} />
            }
            <p class="wrong" role="alert">{ refused.as_deref().unwrap_or_default() }</p>
            { state(&facts) }
            { records(&facts, &props.on_open) }
        </div>
    }
}

fn command_button(
    command: &Command,
    index: usize,
    is_open: bool,
    run: &Callback<String>,
    form: &UseStateSetter<Option<usize>>,
) -> Html {
    let class = classes!("btn", command.is_grave.then_some("danger"));
    match command.fields.is_empty() {
        true => {
            let line = (command.line)(&[]);
            let onclick = run.reform(move |_: MouseEvent| line.clone());
            html! { <button type="button" {class} {onclick} title={command.explain}>{ command.label }</button> }
        }
        false => {
            let form = form.clone();
            let onclick =
                Callback::from(move |_: MouseEvent| form.set((!is_open).then_some(index)));
            html! { <button type="button" {class} {onclick} title={command.explain} aria-expanded={is_open.to_string()}>{ command.label }{ "…" }</button> }
        }
    }
}

fn state(facts: &Facts) -> Html {
    html! {
        <table class="facts"><tbody>
            { for facts.rows.iter().map(|(name, value)| html! { <tr><th scope="row">{ *name }</th><td>{ value }</td></tr> }) }
        </tbody></table>
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

/// Beside the object, where there is room.
fn place(props: &InspectorProps) -> Option<String> {
    if props.is_narrow {
        return None;
    }
    let (object, (width, height)) = (props.place, props.room);
    let right = object.right() + GAP;
    let left = if right + WIDTH <= width - GAP {
        right
    } else if object.x - GAP - WIDTH >= GAP {
        object.x - GAP - WIDTH
    } else {
        (width - WIDTH - 2.0 * GAP).max(GAP)
    };
    let top = object.y.min(height - HEIGHT_LEAST).max(GAP);
    Some(format!(
        "left:{}px;top:{}px;max-height:{}px",
        px(left),
        px(top),
        px(height - top - GAP)
    ))
}

fn focus(panel: &NodeRef) {
    if let Some(panel) = panel.cast::<HtmlElement>() {
        // An element of the page can have the focus.
        let _ = panel.focus();
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
            let document = web_sys::window().and_then(|window| window.document());
            let active = document.and_then(|document| document.active_element());
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
            if let Some(before) = before.borrow_mut().take() {
                let _ = before.focus();
            }
        }
    });
}

/// Where an object stands in the picture.
pub(super) fn place_of(object: &Object, layout: &Layout) -> Rect {
    let place = match object {
        Object::Producer(name) => layout.producer(name),
        Object::Consumer(name) => layout.member(name),
        Object::Member(_, id) => layout.troupes.iter().find_map(|place| {
            let row = place.troupe.rows.iter().position(|row| row.key == *id)?;
            place.rows.get(row).copied()
        }),
        Object::Partition(topic, partition) => layout.strip(topic, *partition).map(|strip| Rect {
            width: strip.cells.x - strip.row.x,
            ..strip.row
        }),
        Object::Record(topic, partition, offset) => {
            layout.strip(topic, *partition).map(|strip| Rect {
                x: strip.x(*offset).clamp(strip.cells.x, strip.cells.right()),
                width: strip.size.width(),
                ..strip.row
            })
        }
        Object::Group(id) => {
            let mut troupes = layout.troupes.iter();
            troupes
                .find(|place| place.troupe.id == *id)
                .map(|place| place.rect)
        }
        Object::Topic(_) | Object::Broker => None,
    };
    place.unwrap_or(Rect {
        width: 140.0,
        height: 40.0,
        ..layout.broker
    })
}

const WIDTH: f64 = 320.0;
const HEIGHT_LEAST: f64 = 320.0;
const GAP: f64 = 10.0;
