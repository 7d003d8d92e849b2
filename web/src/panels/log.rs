//! What happened, in sentences, each with its moment.

use ottla_lab::narration::{Part, Sentence, Tone};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::PanelProps;
use crate::browser::is_near_end;
use crate::player::{PlayerHandle, use_player_version};
use crate::strings::panels as strings;
use crate::strings::time::clock;

/// What happened, the newest below, and what will happen if nobody does anything. A sentence's moment can be gone to.
#[component]
pub(crate) fn LogPanel(props: &PanelProps) -> Html {
    let version = use_player_version(&props.player);
    let node = use_node_ref();
    // Whoever reads further up is left there.
    let is_following = use_mut_ref(|| true);
    use_effect_with(version, {
        let (node, is_following) = (node.clone(), is_following.clone());
        move |_| {
            if let Some(list) = node
                .cast::<HtmlElement>()
                .filter(|_| *is_following.borrow())
            {
                list.set_scroll_top(list.scroll_height());
            }
        }
    });
    let onscroll = {
        let node = node.clone();
        move |_: Event| {
            if let Some(list) = node.cast::<HtmlElement>() {
                *is_following.borrow_mut() = is_near_end(&list, FOLLOWS_WITHIN_PX);
            }
        }
    };
    let timeline = props.player.timeline();
    let sentences = timeline.sentences();
    let shown = &sentences[sentences.len().saturating_sub(SHOWN_MAX)..];
    let expectations = props.player.scene().expectations(timeline.now());
    let last = shown.last().map(|sentence| sentence.at);
    let rows = shown.iter().enumerate().map(|(index, sentence)| {
        let is_now = Some(sentence.at) == last && index + 1 == shown.len();
        row(&props.player, sentence, is_now)
    });
    html! {
        <div ref={node} class="story" tabindex="0" {onscroll}>
            if shown.is_empty() {
                <p class="soft">{ strings::NOTHING_YET }</p>
            }
            <div role="log" aria-label={strings::LOG}><ol>{ for rows }</ol></div>
            if !expectations.is_empty() {
                <ul class="soon" aria-label={strings::SOON}>
                    { for expectations.iter().map(|sentence| html! { <li><span class="at" aria-hidden="true">{ "⋯" }</span><span>{ show_sentence(sentence) }</span></li> }) }
                </ul>
            }
        </div>
    }
}

/// A sentence's text, its names stressed.
pub(crate) fn show_sentence(sentence: &Sentence) -> Html {
    sentence
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => html! { { text.clone() } },
            Part::Strong(text) => html! { <b>{ text.clone() }</b> },
        })
        .collect()
}

fn row(player: &PlayerHandle, sentence: &Sentence, is_now: bool) -> Html {
    let tone = match sentence.tone {
        Tone::Action => "you",
        Tone::Plain => "plain",
        Tone::Turn => "turn",
        Tone::Loss => "loss",
    };
    let at = sentence.at;
    let onclick = {
        let player = player.clone();
        move |_: MouseEvent| player.go_to(at)
    };
    html! {
        <li key={format!("{}-{:?}", at.0, sentence.parts)} class={classes!(tone, is_now.then_some("now"))}>
            <button type="button" class="at" title={strings::GO_THERE} {onclick}>{ clock(at) }</button>
            <span>{ show_sentence(sentence) }</span>
        </li>
    }
}

const SHOWN_MAX: usize = 120;
const FOLLOWS_WITHIN_PX: i32 = 40;
