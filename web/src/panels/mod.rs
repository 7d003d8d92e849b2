//! What lies behind the scene, under tabs.

mod code;
mod frames;
mod log;
mod tables;
mod terminal;

use yew::prelude::*;

use crate::parts::Tabs;
use crate::player::PlayerHandle;
use crate::strings::panels as strings;

pub(crate) use code::Waiting;
pub(crate) use log::show_sentence;

/// What each of the panels is given.
#[derive(Properties, PartialEq)]
pub(crate) struct PanelProps {
    /// What is shown.
    pub(crate) player: PlayerHandle,
}

/// What [`Panels`] are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is shown.
    pub(crate) player: PlayerHandle,
    /// Whether they have much room.
    pub(crate) is_tall: bool,
    /// They want more room, or less.
    pub(crate) on_tall: Callback<bool>,
}

/// What lies behind the scene.
#[component]
pub(crate) fn Panels(props: &Props) -> Html {
    let chosen = use_state(|| 0);
    let on_choose = {
        let (chosen, on_tall) = (chosen.clone(), props.on_tall.clone());
        Callback::from(move |index: usize| {
            let [was_large, is_large] = [*chosen, index].map(|index| PANELS[index].is_large());
            chosen.set(index);
            if was_large != is_large {
                on_tall.emit(is_large);
            }
        })
    };
    let player = props.player.clone();
    let panel = match PANELS[*chosen] {
        Panel::Log => html! { <log::LogPanel {player} /> },
        Panel::Frames => html! { <frames::FramesPanel {player} /> },
        Panel::Tables => html! { <tables::TablesPanel {player} /> },
        Panel::Terminal => html! { <terminal::TerminalPanel {player} /> },
        Panel::Code => html! { <code::CodePanel {player} /> },
    };
    let is_tall = props.is_tall;
    let (label, sign) = if is_tall {
        (strings::LOWER, "↓")
    } else {
        (strings::TALLER, "↑")
    };
    let onclick = props.on_tall.reform(move |_: MouseEvent| !is_tall);
    let tool = html! {
        <button
            type="button" class="btn q icon taller" aria-pressed={is_tall.to_string()} aria-label={strings::TALLER} title={label} {onclick}
        >{ sign }</button>
    };
    html! {
        <section class="panels" aria-label={strings::PANELS}>
            <Tabs
                id="panels" label={strings::PANELS} names={PANELS.map(|panel| AttrValue::Static(panel.name())).to_vec()}
                chosen={*chosen} {on_choose} {tool}
            >{ panel }</Tabs>
        </section>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Panel {
    Log,
    Frames,
    Tables,
    Terminal,
    Code,
}

impl Panel {
    /// Who writes, or reads frames, needs room.
    fn is_large(self) -> bool {
        matches!(self, Self::Frames | Self::Terminal | Self::Code)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Log => strings::LOG,
            Self::Frames => strings::FRAMES,
            Self::Tables => strings::TABLES,
            Self::Terminal => strings::TERMINAL,
            Self::Code => crate::strings::code::TITLE,
        }
    }
}

const PANELS: [Panel; 5] = [
    Panel::Log,
    Panel::Frames,
    Panel::Tables,
    Panel::Terminal,
    Panel::Code,
];
