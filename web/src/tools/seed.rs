//! What chance begins with.

use ottla_lab::timeline::{Start, Timeline};
use yew::prelude::*;

use crate::parts::{Field, FieldInput, values};
use crate::player::PlayerHandle;
use crate::strings::sandbox as strings;

/// What a [`SeedForm`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is shown.
    pub(crate) player: PlayerHandle,
    /// It is done.
    pub(crate) on_done: Callback<()>,
}

/// Another seed for the same actions.
#[component]
pub(crate) fn SeedForm(props: &Props) -> Html {
    let is_wrong = use_state(|| false);
    let seed = props.player.timeline().start().seed;
    let onsubmit = {
        let (player, on_done, is_wrong) = (
            props.player.clone(),
            props.on_done.clone(),
            is_wrong.setter(),
        );
        move |event: SubmitEvent| {
            event.prevent_default();
            let values = values(&event, &[SEED]);
            match values
                .first()
                .and_then(|(_, text)| text.trim().parse().ok())
            {
                Some(seed) => {
                    reseed(&player, seed);
                    on_done.emit(());
                }
                None => is_wrong.set(true),
            }
        }
    };
    html! {
        <form {onsubmit}>
            <FieldInput field={Field::text(SEED, strings::SEED_LABEL, &seed.to_string())} />
            if *is_wrong { <p class="wrong" role="alert">{ strings::SEED_WRONG }</p> }
            <button class="btn p">{ strings::APPLY }</button>
        </form>
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

const SEED: &str = "seed";
