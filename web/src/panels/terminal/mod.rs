//! The terminal: what is typed becomes an action on the timeline, so that undo, steps back and shared links know of it.

mod offer;
mod session;

use std::cell::RefCell;
use std::rc::Rc;

use ottla_lab::terminal::{Entry, EntryKind, Terminal, help, transcript};
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::functional::UseForceUpdateHandle;
use yew::prelude::*;

use super::PanelProps;
use crate::browser::{focus, is_near_end};
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::terminal as strings;
use offer::OfferList;
use session::{Session, Typing};

/// A screen, and a line to type in.
#[component]
pub(crate) fn TerminalPanel(props: &PanelProps) -> Html {
    let player = &props.player;
    let version = use_player_version(player);
    let update = use_force_update();
    let session = use_mut_ref(Session::default);
    let (root, field) = (use_node_ref(), use_node_ref());
    let edits_count = session.borrow().edits_count();
    use_effect_with((version, edits_count), {
        let (player, session, root) = (player.clone(), session.clone(), root.clone());
        move |_| {
            let mut session = session.borrow_mut();
            session.feed(&player);
            follow(&root, session.take_is_edited());
        }
    });
    // Whatever the session does with the line, the field shows it.
    let edit = {
        let (session, field, update) = (session.clone(), field.clone(), update.clone());
        move |act: &dyn Fn(&mut Session, &mut Typing) -> bool| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else {
                return false;
            };
            let mut typing = typing(&area);
            let before = typing.clone();
            let is_done = session
                .borrow_mut()
                .edit(|session| act(session, &mut typing));
            if typing != before {
                show(&area, &typing);
            }
            update.force_update();
            is_done
        }
    };
    let onkeydown = {
        let (player, edit) = (player.clone(), edit.clone());
        move |event: KeyboardEvent| {
            if edit(&|session, typing| session.key(&player, &event, typing)) {
                event.prevent_default();
                event.stop_propagation();
            }
        }
    };
    let oninput = {
        let (player, edit) = (player.clone(), edit.clone());
        move |_: InputEvent| {
            edit(&|session, typing| session.typed(&player, typing));
        }
    };
    let on_run = {
        let (player, edit, field) = (player.clone(), edit.clone(), field.clone());
        move |_: MouseEvent| {
            edit(&|session, typing| session.submit(&player, typing));
            focus(&field);
        }
    };
    let on_choose = {
        let (edit, field) = (edit.clone(), field.clone());
        Callback::from(move |index: usize| {
            edit(&|session, typing| session.choose(index, typing));
            focus(&field);
        })
    };
    let on_interrupt = key_button(player, &session, &update, Session::interrupt);
    let on_end = key_button(player, &session, &update, Session::end_input);

    let timeline = player.timeline();
    let terminal = timeline.world().terminal();
    let is_running = terminal.and_then(Terminal::running).is_some();
    let reads_input = terminal.is_some_and(Terminal::reads_input);
    let session = session.borrow();
    let entries = transcript(timeline.lines(), session.cleared_at(timeline.now()));
    let (label, run) = match is_running {
        true => (strings::INPUT, strings::SEND),
        false => (strings::COMMAND, strings::RUN),
    };
    html! {
        <div ref={root} class="terminal">
            <div class="screen" role="log" aria-label={strings::SCREEN}>
                { for entries.iter().zip(ends(&entries)).map(|(entry, is_open)| piece(entry, is_open)) }
                if session.shows_help() {
                    { help() }
                }
            </div>
            if let Some((candidates, chosen)) = session.offered() {
                <OfferList {candidates} {chosen} {on_choose} />
            }
            <div class="typing">
                <label>
                    <span aria-hidden="true">{ if is_running { "›" } else { "$" } }</span>
                    <textarea
                        ref={field} rows="1" aria-label={label} placeholder={if is_running { "" } else { strings::PLACEHOLDER }}
                        autocomplete="off" autocapitalize="off" spellcheck="false" {onkeydown} {oninput}
                    />
                </label>
                <button type="button" class="btn" onclick={on_run} disabled={is_running && !reads_input}>{ run }</button>
                if is_running {
                    <button type="button" class="btn q" onclick={on_interrupt}>{ strings::INTERRUPT }</button>
                }
                if reads_input {
                    <button type="button" class="btn q" onclick={on_end}>{ strings::END_INPUT }</button>
                }
            </div>
            if let Some(problem) = session.problem() {
                <p class="problem" role="alert">{ problem.to_owned() }</p>
            }
            if session.waiting_count() > 0 {
                <p class="aside" role="status">{ strings::waiting(session.waiting_count()) }</p>
            }
            <p class="aside">{ strings::HINT }</p>
        </div>
    }
}

/// A button that does what a key does.
fn key_button(
    player: &PlayerHandle,
    session: &Rc<RefCell<Session>>,
    update: &UseForceUpdateHandle,
    act: fn(&mut Session, &PlayerHandle),
) -> Callback<MouseEvent> {
    let (player, session, update) = (player.clone(), session.clone(), update.clone());
    Callback::from(move |_| {
        act(&mut session.borrow_mut(), &player);
        update.force_update();
    })
}

/// Whether what was shown before each entry ends within a line.
fn ends(entries: &[Entry]) -> impl Iterator<Item = bool> {
    let is_open = |entry: &Entry| match entry.kind {
        EntryKind::Output | EntryKind::Error => !entry.text.ends_with('\n'),
        EntryKind::Command | EntryKind::Typed | EntryKind::Key => false,
    };
    std::iter::once(false).chain(entries.iter().map(is_open))
}

/// Text, never anything else, whatever a record or a command says.
fn piece(entry: &Entry, is_open: bool) -> Html {
    let line_break = if is_open { "\n" } else { "" };
    let text = entry.text.clone();
    match entry.kind {
        EntryKind::Command => html! {
            <span class="command">{ format!("{line_break}$ {text}\n") }</span>
        },
        EntryKind::Typed => html! { <span>{ format!("{text}\n") }</span> },
        EntryKind::Key => html! { <span class="key">{ format!("{text}\n") }</span> },
        EntryKind::Output => html! { <span>{ text }</span> },
        EntryKind::Error => html! { <span class="error">{ text }</span> },
    }
}

/// What stands in the field, and the cursor in bytes.
fn typing(area: &HtmlTextAreaElement) -> Typing {
    let text = area.value();
    let at = area.selection_start().ok().flatten().unwrap_or(u32::MAX);
    let is_selected = area
        .selection_end()
        .ok()
        .flatten()
        .is_some_and(|end| end != at);
    let mut units = 0;
    let cursor = text.char_indices().find_map(|(index, c)| {
        let is_here = units >= at;
        units += c.len_utf16() as u32;
        is_here.then_some(index)
    });
    Typing {
        cursor: cursor.unwrap_or(text.len()),
        text,
        is_selected,
    }
}

fn show(area: &HtmlTextAreaElement, typing: &Typing) {
    area.set_value(&typing.text);
    let at = typing.text[..typing.cursor].encode_utf16().count() as u32;
    // A field that cannot have a cursor has none to set.
    let _ = area.set_selection_range(at, at);
}

/// Keeps the line that is typed in view: when it changes, and otherwise unless somebody is reading further up.
fn follow(root: &NodeRef, is_edited: bool) {
    let panel = root
        .cast::<HtmlElement>()
        .and_then(|node| node.parent_element());
    let Some(panel) = panel else {
        return;
    };
    if is_edited || is_near_end(&panel, FOLLOWS_WITHIN_PX) {
        panel.set_scroll_top(panel.scroll_height());
    }
}

const FOLLOWS_WITHIN_PX: i32 = 160;
