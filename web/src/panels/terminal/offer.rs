//! What a word may become.

use ottla_lab::terminal::Candidate;
use yew::prelude::*;

use crate::browser;
use crate::strings::terminal as strings;

/// What [`OfferList`] is given.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The words that fit.
    pub(super) candidates: Vec<Candidate>,
    /// The one that stands in the line.
    pub(super) chosen: Option<usize>,
    /// One is taken.
    pub(super) on_choose: Callback<usize>,
}

/// The words that fit, as buttons.
#[component]
pub(super) fn OfferList(props: &Props) -> Html {
    let chosen = use_node_ref();
    use_effect_with(props.chosen, {
        let chosen = chosen.clone();
        move |_| browser::bring_into_sight(&chosen)
    });
    let rows = props
        .candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let onclick = props.on_choose.reform(move |_: MouseEvent| index);
            let is_chosen = props.chosen == Some(index);
            let class = is_chosen.then_some("chosen");
            let node = if is_chosen {
                chosen.clone()
            } else {
                NodeRef::default()
            };
            html! {
                <li>
                    <button ref={node} type="button" {class} {onclick}>
                        { candidate.text.clone() }
                        if !candidate.about.is_empty() {
                            <small>{ candidate.about.clone() }</small>
                        }
                    </button>
                </li>
            }
        });
    html! {
        <>
            <p class="aside" role="status">{ strings::offered(props.candidates.len()) }</p>
            if !props.candidates.is_empty() {
                <ul class="offer" aria-label={strings::OFFER}>{ for rows }</ul>
            }
        </>
    }
}
