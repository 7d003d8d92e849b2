//! Code of the learner: an editor, and what it prints.

mod console;
mod editor;
mod waiting;

use ottla_lab::action::{Action, LIMITS};
use ottla_lab::code::{Printed, Program};
use ottla_lab::scene::Life;
use ottla_lab::{Teller, World};
use yew::prelude::*;

use super::PanelProps;
use crate::code::Draft;
use crate::parts::use_notices;
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::code as strings;

use console::Console;
use editor::{Editor, Problem};

pub(crate) use waiting::Waiting;

/// Programs, with the console beside them.
#[component]
pub(crate) fn CodePanel(props: &PanelProps) -> Html {
    let player = &props.player;
    use_player_version(player);
    let update = use_force_update();
    let notices = use_notices();
    let code = player.code();
    code.drafts.borrow_mut().fill(&player.timeline());
    let drafts = code.drafts.borrow();
    let on_edit = {
        let player = player.clone();
        Callback::from(move |source| player.code().drafts.borrow_mut().write(source))
    };
    let choose = |index: usize| {
        let (player, update) = (player.clone(), update.clone());
        Callback::from(move |_: MouseEvent| {
            player.code().drafts.borrow_mut().chosen = index;
            update.force_update();
        })
    };
    let add = {
        let (player, update) = (player.clone(), update.clone());
        Callback::from(move |_: MouseEvent| {
            player.code().drafts.borrow_mut().add();
            update.force_update();
        })
    };
    let run = {
        let player = player.clone();
        Callback::from(move |_: MouseEvent| {
            if let Err(why) = run_current(&player) {
                notices.say(&*why);
            }
        })
    };
    let on_line = {
        let (player, update) = (player.clone(), update.clone());
        Callback::from(move |name: String| {
            let mut drafts = player.code().drafts.borrow_mut();
            if let Some(index) = drafts.list.iter().position(|draft| draft.name == name) {
                drafts.chosen = index;
                drop(drafts);
                update.force_update();
            }
        })
    };
    let timeline = player.timeline();
    let world = timeline.world();
    let Some(current) = drafts.current() else {
        return Html::default();
    };
    let running = world.program(&current.name);
    let is_alive = running.is_some_and(|program| program.end().is_none());
    let stop = {
        let (player, name) = (player.clone(), current.name.clone());
        Callback::from(move |_: MouseEvent| stop(&player, &name))
    };
    html! {
        <div class="coding">
            <section class="writing">
                <div class="files">
                    <div role="group" aria-label={strings::FILES}>
                        { for drafts.list.iter().enumerate().map(|(index, draft)| {
                            let is_chosen = index == drafts.chosen;
                            html! {
                                <button type="button" class="file" aria-pressed={is_chosen.to_string()} onclick={choose(index)}>
                                    { draft.name.clone() }
                                    if let Some(state) = state(world, &draft.name) { <small>{ state }</small> }
                                </button>
                            }
                        }) }
                        <button type="button" class="file" aria-label={strings::ADD} title={strings::ADD} onclick={add}>{ "+" }</button>
                    </div>
                    <div class="row">
                        if is_alive {
                            <button type="button" class="btn" title={strings::STOP_TITLE} onclick={stop}>{ strings::STOP }</button>
                        }
                        <button type="button" class="btn p" title={strings::RUN_TITLE} onclick={run}>
                            { if running.is_some() { strings::RUN_AGAIN } else { strings::RUN } }
                        </button>
                    </div>
                </div>
                <Editor key={current.name.clone()} value={current.source.clone()} problem={problem(player, current, running)} {on_edit} />
            </section>
            <Console player={player.clone()} {on_line} />
        </div>
    }
}

/// Starts what is in the editor, now, and lets time run.
fn run_current(player: &PlayerHandle) -> Result<(), String> {
    let current = player.code().drafts.borrow().current().cloned();
    let Some(Draft { name, source }) = current else {
        return Ok(());
    };
    if source.len() > LIMITS.source_bytes {
        return Err(strings::too_long(source.len(), LIMITS.source_bytes));
    }
    let source = source.into();
    player.code().trust();
    player
        .act(Action::Code { name, source })
        .map_err(|error| error.to_string())?;
    player.play();
    Ok(())
}

/// Asks a program to end, or ends it if it does not even answer.
fn stop(player: &PlayerHandle, name: &str) {
    match player.delay() {
        Some((busy, _)) if *busy == *name => player.stop_program(name, strings::STOPPED),
        _ => {
            // It may have ended a moment ago.
            let _ = player.act(Action::Leave(name.to_owned()));
            player.play();
        }
    }
}

fn state(world: &World, name: &str) -> Option<&'static str> {
    let program = world.program(name)?;
    let is_frozen = matches!(world.resident(name)?.life(), Life::Frozen(_));
    Some(strings::state(is_frozen, program.end().map(|(_, end)| end)))
}

/// What ended the program, if it is the one that is in the editor, and where.
fn problem(player: &PlayerHandle, draft: &Draft, running: Option<&Program>) -> Option<Problem> {
    let program = running.filter(|program| **program.source() == *draft.source)?;
    let (ended_at, _) = program.end()?;
    let timeline = player.timeline();
    let lines = timeline.lines().iter().rev();
    let mut last = lines
        .skip_while(|line| line.at > ended_at)
        .take_while(|line| line.at == ended_at);
    last.find_map(|line| match &line.what {
        Teller::Code(print) if *line.who == *draft.name && print.kind == Printed::Error => {
            Some(Problem {
                line: print.line?,
                text: print.text.lines().next().unwrap_or_default().to_owned(),
            })
        }
        _ => None,
    })
}
