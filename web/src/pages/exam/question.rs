//! A question of the exam, with its scene.

use ottla_lab::lesson::{Outcome, Undecided};
use ottla_lab::narration::Host;
use ottla_lab::timeline::Timeline;
use yew::prelude::*;

use super::Questions;
use crate::browser::focus;
use crate::markdown::Prose;
use crate::pages::lesson::{Opt, Text, Verdict};
use crate::player::PlayerHandle;
use crate::strings::{exam as strings, lesson as lesson_strings};
use crate::workbench::Workbench;

/// What a [`QuestionPage`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// All of them.
    pub(crate) questions: Questions,
    /// Which one is asked.
    pub(crate) index: usize,
    /// It was answered, rightly or not, and the next one is wanted.
    pub(crate) on_next: Callback<bool>,
}

/// A question of the exam: asked while its scene stands, answered by it.
#[component]
pub(crate) fn QuestionPage(props: &Props) -> Html {
    let question = &props.questions[props.index];
    let heading = use_node_ref();
    let chosen = use_state(|| None::<(usize, Result<Outcome, Undecided>)>);
    let player = use_memo((), |()| {
        let mut timeline = Timeline::with_actions(question.scene.start(), Vec::new());
        timeline.seek(question.scene.until);
        PlayerHandle::new(timeline)
    });
    use_effect_with((), {
        let heading = heading.clone();
        move |()| focus(&heading)
    });
    let choose = {
        let (chosen, player) = (chosen.setter(), player.clone());
        let prediction = question.prediction.clone();
        Callback::from(move |option: usize| {
            chosen.set(Some((option, prediction.outcome())));
            player.replace(prediction.watched(Host::Exam));
            player.play_to(prediction.script.until);
        })
    };
    let given = chosen.as_ref().map(|(option, _)| *option);
    let outcome = chosen
        .as_ref()
        .and_then(|(_, outcome)| outcome.as_ref().ok());
    let right = outcome.map(|outcome| outcome.right);
    let options = question.prediction.choices.iter().enumerate().map(|(index, choice)| {
        let onclick = choose.reform(move |_: MouseEvent| index);
        let verdict = Verdict::of(index, right, given);
        html! { <Opt text={choice.text.clone()} {onclick} {verdict} is_closed={given.is_some()} /> }
    });
    let is_last = props.index + 1 == props.questions.len();
    let is_right = given.is_some() && given == right;
    let onclick = props.on_next.reform(move |_: MouseEvent| is_right);
    let because = given
        .and_then(|given| question.prediction.choices.get(given))
        .map(|choice| choice.because.clone());
    let text = html! {
        <article class="lesson">
            <p class="kick">{ strings::place(props.index + 1, props.questions.len()) }</p>
            <h1 ref={heading} tabindex="-1">{ question.title.clone() }</h1>
            <Text blocks={question.text.clone()} />
            <section class="card">
                <h2>{ strings::QUESTION }</h2>
                <p><Prose text={question.prediction.question.clone()} /></p>
                { for options }
                <div role="status">
                    if let Some((_, Err(error))) = &*chosen {
                        <p class="wrong verdict">{ lesson_strings::UNDECIDED }{ " " }{ error.to_string() }</p>
                    }
                    if let Some(because) = because {
                        <p class={classes!("verdict", if is_right { "yes" } else { "no" })}>
                            <b>{ if is_right { lesson_strings::RIGHT } else { lesson_strings::WRONG } }</b>{ " " }<Prose text={because} />
                        </p>
                    }
                    if let (Some(outcome), Some(given)) = (outcome, given) {
                        { shown(outcome, given) }
                    }
                </div>
            </section>
            if given.is_some() {
                <Text blocks={question.explanation.clone()} />
                <div class="row">
                    <button type="button" class="btn p" {onclick}>{ if is_last { strings::RESULT } else { strings::NEXT } }</button>
                </div>
            }
        </article>
    };
    html! { <Workbench player={(*player).clone()} text={Some(text)} /> }
}

/// What the scene has shown, as far as the answer that was given speaks of it, and the right one.
fn shown(outcome: &Outcome, given: usize) -> Html {
    let [given, right] =
        [given, outcome.right].map(|place| outcome.shown.get(place).map_or(&[][..], Vec::as_slice));
    let others = right.iter().filter(|sentence| !given.contains(sentence));
    html! {
        <>
            <p class="shown">{ strings::SHOWN }</p>
            <ul class="shown">{ for given.iter().chain(others).map(|sentence| html! { <li>{ sentence }</li> }) }</ul>
        </>
    }
}
