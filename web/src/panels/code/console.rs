//! What programs print, with the time of the world.

use ottla_lab::code::{Print, Printed};
use ottla_lab::{Instant, Teller};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::is_near_end;
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::code as strings;
use crate::strings::panels::GO_THERE;
use crate::strings::time::clock;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) player: PlayerHandle,
    /// A line of this program is to be seen.
    pub(super) on_line: Callback<String>,
}

/// What all programs have printed up to now, the newest below.
#[component]
pub(super) fn Console(props: &Props) -> Html {
    let version = use_player_version(&props.player);
    let node = use_node_ref();
    use_effect_with(version, {
        let node = node.clone();
        move |_| follow(&node)
    });
    let timeline = props.player.timeline();
    let prints = timeline
        .lines()
        .iter()
        .rev()
        .filter_map(|line| match &line.what {
            Teller::Code(print) => Some((line.at, &*line.who, print)),
            _ => None,
        });
    let mut prints: Vec<_> = prints.take(SHOWN_MAX).collect();
    prints.reverse();
    html! {
        <section ref={node} class="console" aria-label={strings::CONSOLE} tabindex="0">
            if prints.is_empty() {
                <p class="soft">{ strings::SILENT }</p>
            }
            <div role="log" aria-label={strings::CONSOLE}>
                <ol>{ for prints.into_iter().map(|(at, who, print)| row(props, at, who, print)) }</ol>
            </div>
        </section>
    }
}

fn row(props: &Props, at: Instant, who: &str, print: &Print) -> Html {
    let (class, sign) = match print.kind {
        Printed::Plain if is_library(&print.text) => ("library", ""),
        Printed::Plain => ("plain", ""),
        Printed::Note => ("note", ""),
        Printed::Warning => ("warning", "! "),
        Printed::Error => ("error", "✕ "),
    };
    let go = {
        let player = props.player.clone();
        move |_: MouseEvent| player.go_to(at)
    };
    let place = match print.line {
        Some(line) => format!("{who}:{line}"),
        None => who.to_owned(),
    };
    let name = who.to_owned();
    let show = props.on_line.reform(move |_: MouseEvent| name.clone());
    html! {
        <li {class}>
            <button type="button" class="at" title={GO_THERE} onclick={go}>{ clock(at) }</button>
            <button type="button" class="at who" title={strings::GO_TO_LINE} onclick={show}>{ place }</button>
            <pre title={(class == "library").then(|| print.text.clone())}>{ sign }{ print.text.clone() }</pre>
        </li>
    }
}

/// What KafkaJS itself says of its work: there is much of it, and a glance is enough.
fn is_library(text: &str) -> bool {
    text.starts_with("{\"level\":") && text.contains("\"logger\":\"kafkajs\"")
}

/// Keeps the newest in view, unless somebody is reading further up.
fn follow(node: &NodeRef) {
    if let Some(list) = node.cast::<HtmlElement>()
        && is_near_end(&list, FOLLOWS_WITHIN_PX)
    {
        list.set_scroll_top(list.scroll_height());
    }
}

const SHOWN_MAX: usize = 200;
const FOLLOWS_WITHIN_PX: i32 = 200;
