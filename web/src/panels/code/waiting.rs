//! Says that time waits for a program, and what can be done about it.

use yew::prelude::*;

use crate::code::Delay;
use crate::panels::PanelProps;
use crate::player::use_player_version;
use crate::strings::code as strings;

/// A line that is there only when time waits for longer than anybody should.
#[component]
pub(crate) fn Waiting(props: &PanelProps) -> Html {
    let player = &props.player;
    use_player_version(player);
    if player.is_waiting() && player.code().is_distrusted() {
        let player = player.clone();
        let trust = move |_: MouseEvent| player.trust();
        return line(strings::DISTRUSTED.to_owned(), strings::TRUST, trust);
    }
    let Some((name, delay)) = player.delay() else {
        return html! { <div class="waiting" role="status"></div> };
    };
    let player = player.clone();
    match delay {
        Delay::Busy => line(strings::busy(&name), strings::STOP_IT, move |_| {
            player.stop_program(&name, strings::STOPPED);
        }),
        Delay::NotLoaded => line(strings::not_loaded(&name), strings::TRY_AGAIN, move |_| {
            player.retry(&name);
        }),
    }
}

fn line(text: String, remedy: &'static str, act: impl Fn(MouseEvent) + 'static) -> Html {
    html! {
        <div class="waiting" role="status">
            <p>{ text }</p>
            <button type="button" class="btn" onclick={Callback::from(act)}>{ remedy }</button>
        </div>
    }
}
