//! The scene with time under it and what lies behind it, beside a text or alone.

use yew::prelude::*;

use crate::controls::Controls;
use crate::panels::{Panels, Waiting};
use crate::player::PlayerHandle;
use crate::stage::Stage;
use crate::strings::panels as strings;

/// What a [`Workbench`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is shown.
    pub(crate) player: PlayerHandle,
    /// The text beside the scene.
    #[prop_or_default]
    pub(crate) text: Option<Html>,
    /// What starts the scene again, if that is not its own beginning.
    #[prop_or_default]
    pub(crate) on_reset: Option<Callback<()>>,
    /// What stands above the scene.
    #[prop_or_default]
    pub(crate) above: Html,
}

/// The scene with all that belongs to it.
#[component]
pub(crate) fn Workbench(props: &Props) -> Html {
    let is_tall = use_state(|| false);
    let on_tall = {
        let is_tall = is_tall.setter();
        Callback::from(move |now_tall| is_tall.set(now_tall))
    };
    let class = classes!(
        "bench",
        props.text.is_none().then_some("alone"),
        is_tall.then_some("tall")
    );
    html! {
        <div {class}>
            if let Some(text) = &props.text {
                <div class="column">{ text.clone() }</div>
            }
            <section class="scene" aria-label={strings::SCENE}>
                { props.above.clone() }
                <Stage player={props.player.clone()} />
                <Controls player={props.player.clone()} on_reset={props.on_reset.clone()} />
                <Waiting player={props.player.clone()} />
            </section>
            <Panels player={props.player.clone()} is_tall={*is_tall} {on_tall} />
        </div>
    }
}
