//! What is to be reached. Each way counts: the engine's state is looked at, not the steps.

use ottla_lab::lesson::Lesson;
use ottla_lab::saved;
use yew::prelude::*;

use super::{InsideProps, start_over};
use crate::browser;
use crate::markdown::Prose;
use crate::player::{PlayerHandle, use_player_version};
use crate::route::Route;
use crate::storage::{Change, use_progress};
use crate::strings::lesson as strings;

/// Suggestions, goals, hints, the solution.
#[component]
pub(crate) fn Goals(props: &InsideProps) -> Html {
    let InsideProps { lesson, player } = props;
    use_player_version(player);
    let kept = use_progress();
    let slug = lesson.entry.slug.clone();
    let hints_count = use_state(|| 0);
    let is_solution = use_state(|| false);

    let reached = lesson.reached(player.timeline().world());
    let is_reached = reached.iter().all(|reached| *reached);
    let was_done = use_state(|| kept.progress.is_done(&slug));
    // Reached at one moment is reached: time may go on.
    let is_done_now = use_state(|| false);
    use_effect_with((is_reached, *is_solution), {
        let (kept, is_done_now) = (kept.dispatcher(), is_done_now.setter());
        move |(is_reached, is_solution)| {
            if *is_reached && !is_solution {
                kept.dispatch(Change::Finish(slug));
                is_done_now.set(true);
            }
        }
    });

    let reward = use_node_ref();
    use_effect_with(*is_done_now, {
        let reward = reward.clone();
        move |is_done_now| {
            if *is_done_now {
                browser::bring_into_sight(&reward);
            }
        }
    });

    let on_hint = {
        let hints_count = hints_count.clone();
        move |_| hints_count.set(*hints_count + 1)
    };
    let on_solution = {
        let (lesson, player, is_solution) = (lesson.clone(), player.clone(), is_solution.setter());
        move |_| {
            is_solution.set(true);
            show_solution(&lesson, &player);
        }
    };
    let on_reset = {
        let (lesson, player, is_solution) = (lesson.clone(), player.clone(), is_solution.setter());
        let is_done_now = is_done_now.setter();
        move |_| {
            is_solution.set(false);
            is_done_now.set(false);
            start_over(&lesson, &player);
        }
    };
    let goals = lesson.goals.iter().zip(&reached).map(|(goal, is_reached)| {
        html! {
            <li class={classes!(is_reached.then_some("ok"))}>
                <span class="box" aria-hidden="true">
                    if *is_reached {
                        <svg viewBox="0 0 12 12"><path d="M2 6.5l3 3 5-6.5" fill="none" stroke="currentColor" stroke-width="2" /></svg>
                    }
                </span>
                <span>
                    <Prose text={goal.say.clone()} />
                    <span class="out">{ " " }{ if *is_reached { strings::REACHED } else { strings::NOT_REACHED } }</span>
                </span>
            </li>
        }
    });
    let tries = lesson
        .tries
        .iter()
        .map(|text| html! { <li><Prose text={text.clone()} /></li> });
    let hints = lesson.hints.iter().take(*hints_count).enumerate().map(|(index, hint)| {
        html! { <p class="hint"><b>{ strings::hint(index + 1, lesson.hints.len()) }{ ". " }</b><Prose text={hint.clone()} /></p> }
    });
    html! {
        <>
            <section>
                <h2>{ strings::TRY }</h2>
                <ul class="tries">{ for tries }</ul>
            </section>
            <section class="card">
                <h2>{ strings::YOUR_TURN }</h2>
                <ul class="goals">{ for goals }</ul>
                <div aria-live="polite">{ for hints }</div>
                <div class="row">
                    if *hints_count < lesson.hints.len() {
                        <button type="button" class="btn" onclick={on_hint}>
                            { if *hints_count == 0 { strings::HINT } else { strings::NEXT_HINT } }
                        </button>
                    }
                    <button type="button" class="btn q" onclick={on_solution}>{ strings::SOLUTION }</button>
                    <button type="button" class="btn q" onclick={on_reset}>{ strings::RESET }</button>
                </div>
            </section>
            <div role="status">
                if *is_done_now {
                    <div ref={reward} class="card reached">
                        <p><b>{ strings::ALL_REACHED }</b></p>
                        { to_sandbox(player) }
                    </div>
                } else if *is_solution && is_reached {
                    <div class="card"><p>{ strings::SOLUTION_SHOWN }</p>{ to_sandbox(player) }</div>
                } else if *was_done {
                    <p class="soft">{ strings::DONE_BEFORE }</p>
                }
            </div>
        </>
    }
}

/// The solution's actions are done, from the beginning.
fn show_solution(lesson: &Lesson, player: &PlayerHandle) {
    player.replace(lesson.shown_solution());
    player.play_to(lesson.solution.until);
}

/// A lesson's end is the beginning of an experiment.
fn to_sandbox(player: &PlayerHandle) -> Html {
    let onclick = {
        let player = player.clone();
        move |_| {
            let scene = saved::print(&player.timeline());
            if let Some(window) = web_sys::window() {
                // A part of an address that was just written can be gone to.
                let _ = window
                    .location()
                    .set_hash(&Route::Sandbox(Some(scene)).to_string());
            }
        }
    };
    html! {
        <div class="row"><button type="button" class="btn" {onclick}>{ strings::TO_SANDBOX }</button></div>
    }
}
