//! The bar under the picture: time, and what can be done to it.

mod keys;
mod scrubber;
mod share;

use ottla_lab::timeline::Timeline;
use yew::prelude::*;

use crate::parts::Menu;
use crate::player::{PlayerHandle, Speed, use_player_version};
use crate::strings::controls as strings;

use keys::use_keys;
use scrubber::{Clock, Scrubber};
use share::Share;

#[derive(Properties, PartialEq)]
pub(crate) struct ControlsProps {
    pub(crate) player: PlayerHandle,
    /// What starts the same scene again, if that is not the timeline's own start.
    #[prop_or_default]
    pub(crate) on_reset: Option<Callback<()>>,
}

/// Play, steps, scrubber, clock, speed; and below them undo, redo, branches, reset, seed and share.
#[component]
pub(crate) fn Controls(props: &ControlsProps) -> Html {
    let player = &props.player;
    use_player_version(player);
    use_keys(player);
    let is_playing = player.is_playing();
    let (can_undo, can_redo, seed, at_start, is_held) = {
        let timeline: &Timeline = &player.timeline();
        let at_start = timeline.now().0 == 0;
        let last = timeline.actions().last();
        let is_held = !is_playing && last.is_some_and(|(at, _)| *at == timeline.now());
        (
            timeline.can_undo(),
            timeline.can_redo(),
            timeline.start().seed,
            at_start,
            is_held && timeline.can_undo(),
        )
    };
    let command = |act: fn(&PlayerHandle)| {
        let player = player.clone();
        Callback::from(move |_: MouseEvent| act(&player))
    };
    let reset = {
        let (player, on_reset) = (player.clone(), props.on_reset.clone());
        Callback::from(move |_: MouseEvent| match &on_reset {
            Some(on_reset) => on_reset.emit(()),
            None => player.reset(),
        })
    };
    let play = if is_playing {
        strings::PAUSE
    } else {
        strings::PLAY
    };
    html! {
        <div class="controls" role="group" aria-label={strings::LABEL}>
            <div class="main">
                <button class="btn icon" aria-label={strings::STEP_BACK} title={strings::STEP_BACK_KEY} disabled={at_start} onclick={command(PlayerHandle::step_back)}>{ icon(STEP_BACK) }</button>
                <button class="btn p icon" aria-label={play} title={strings::PLAY_KEY} onclick={command(PlayerHandle::toggle)}>{ icon(if is_playing { PAUSE } else { PLAY }) }</button>
                <button class="btn icon" aria-label={strings::STEP} title={strings::STEP_KEY} onclick={command(PlayerHandle::step)}>{ icon(STEP) }</button>
                <Scrubber player={player.clone()} />
                <div class="time">
                    <Clock player={player.clone()} />
                    { speeds(player) }
                </div>
            </div>
            <div class="more">
                <button class="btn q icon" aria-label={strings::UNDO} title={strings::UNDO_KEY} disabled={!can_undo} onclick={command(|player| { player.undo(); })}>{ icon(UNDO) }</button>
                <button class="btn q icon" aria-label={strings::REDO} title={strings::REDO_KEY} disabled={!can_redo} onclick={command(|player| { player.redo(); })}>{ icon(REDO) }</button>
                <button class="btn q" title={strings::FORK_TITLE} onclick={command(PlayerHandle::fork)}>{ strings::FORK }</button>
                { branches(player) }
                <button class="btn q" title={strings::RESET_TITLE} onclick={reset}>{ strings::RESET }</button>
                <span class="held soft" role="status">{ if is_held { strings::HELD } else { "" } }</span>
                <span class="seed soft" title={strings::SEED_TITLE}>{ strings::seed(seed) }</span>
                <Share player={player.clone()} />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PartProps {
    player: PlayerHandle,
}

fn speeds(player: &PlayerHandle) -> Html {
    let options: Vec<AttrValue> = Speed::all().map(|speed| speed.label().into()).collect();
    let on_choose = {
        let player = player.clone();
        Callback::from(move |index: usize| {
            if let Some(speed) = Speed::at(index) {
                player.set_speed(speed);
            }
        })
    };
    html! { <Menu class="speed" label={strings::SPEED} {options} chosen={player.speed().index()} {on_choose} /> }
}

/// The branches that forks have left, if there are any.
fn branches(player: &PlayerHandle) -> Html {
    let (chosen, count) = player.branch();
    if count < 2 {
        return Html::default();
    }
    let options: Vec<AttrValue> = (1..=count)
        .map(|number| strings::branch(number, count).into())
        .collect();
    let on_choose = {
        let player = player.clone();
        Callback::from(move |index: usize| player.switch_branch(index))
    };
    html! { <Menu class="branches" label={strings::BRANCH} {options} {chosen} {on_choose} /> }
}

fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={path} /></svg> }
}

const PLAY: &str = "M4.500 2.500 L13 8 L4.500 13.500z";
const PAUSE: &str = "M4 3h2.800v10H4z M9.200 3H12v10H9.200z";
const STEP: &str = "M4 3.500 L10 8 L4 12.500z M11 3.500h1.800v9H11z";
const STEP_BACK: &str = "M12 3.500 L6 8 L12 12.500z M3.200 3.500H5v9H3.200z";
const UNDO: &str =
    "M6 2.500 L2 6 L6 9.500 V7 H9.500 a2.500 2.500 0 0 1 0 5 H6 v1.500 H9.500 a4 4 0 0 0 0 -8 H6z";
const REDO: &str = "M10 2.500 L14 6 L10 9.500 V7 H6.500 a2.500 2.500 0 0 0 0 5 H10 v1.500 H6.500 a4 4 0 0 1 0 -8 H10z";
