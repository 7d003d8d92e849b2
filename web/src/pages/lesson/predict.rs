//! The question. The engine knows the answer; the scene shows it.

use ottla_lab::lesson::{Lesson, Undecided};
use yew::prelude::*;

use crate::browser;
use crate::markdown::Prose;
use crate::parts::Shared;
use crate::player::PlayerHandle;
use crate::storage::{Answer, Change, use_progress};
use crate::strings::lesson as strings;

/// What [`Predict`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The lesson.
    pub(crate) lesson: Shared<Lesson>,
    /// Its scene.
    pub(crate) player: PlayerHandle,
    /// The question is not wanted.
    pub(crate) on_skip: Callback<()>,
    /// Whether it was skipped.
    pub(crate) is_skipped: bool,
}

/// The question, and after it what is right. The first answer is kept.
#[component]
pub(crate) fn Predict(props: &Props) -> Html {
    let Props { lesson, player, .. } = props;
    let kept = use_progress();
    let slug = lesson.entry.slug.clone();
    let given = kept.progress.answer(&slug);
    let chosen = given.map(|answer| answer.option);
    let is_fresh = use_mut_ref(|| false);
    // The answer is worked out when somebody has answered: until then it is nowhere in the page.
    let truth = use_state(|| None::<Result<usize, Undecided>>);
    let reveal = {
        let (truth, lesson) = (truth.clone(), lesson.clone());
        Callback::from(move |()| {
            let answer = lesson.prediction.answer();
            truth.set(Some(answer.clone()));
            answer
        })
    };
    let is_answered = given.is_some() || props.is_skipped;
    use_effect_with(is_answered, {
        let (reveal, is_known) = (reveal.clone(), truth.is_some());
        move |is_answered| {
            if *is_answered && !is_known {
                // Whether the engine could answer is shown.
                let _ = reveal.emit(());
            }
        }
    });
    let watch = {
        let (lesson, player) = (lesson.clone(), player.clone());
        Callback::from(move |()| watch(&lesson, &player))
    };
    let choose = {
        let (kept, slug, reveal, watch, is_fresh) = (
            kept.dispatcher(),
            slug.clone(),
            reveal.clone(),
            watch.clone(),
            is_fresh.clone(),
        );
        Callback::from(move |option: usize| {
            *is_fresh.borrow_mut() = true;
            if let Ok(right) = reveal.emit(()) {
                let is_right = right == option;
                kept.dispatch(Change::Predict(slug.clone(), Answer { option, is_right }));
                watch.emit(());
            }
        })
    };
    // Who has answered just now is to see what came of it, wherever the answers end.
    let said = use_node_ref();
    use_effect_with(chosen.is_some() && truth.is_some(), {
        let (said, is_fresh) = (said.clone(), is_fresh.clone());
        move |is_said| {
            if *is_said && is_fresh.replace(false) {
                browser::bring_into_sight(&said);
            }
        }
    });
    let right = truth
        .as_ref()
        .and_then(|truth| truth.as_ref().ok())
        .copied();
    let options = lesson
        .prediction
        .choices
        .iter()
        .enumerate()
        .map(|(index, choice)| {
            let onclick = choose.reform(move |_: MouseEvent| index);
            let verdict = Verdict::of(index, right.filter(|_| is_answered), chosen);
            html! { <Opt text={choice.text.clone()} {onclick} {verdict} is_closed={is_answered} /> }
        });
    html! {
        <section class="card">
            <h2>{ strings::PREDICT }</h2>
            <p><Prose text={lesson.prediction.question.clone()} /></p>
            { for options }
            <div role="status" ref={said.clone()}>
                {
                    match (&*truth, right, chosen) {
                        (Some(Err(error)), ..) => html! { <p class="wrong verdict">{ strings::UNDECIDED }{ " " }{ error.to_string() }</p> },
                        (_, Some(right), Some(chosen)) => verdict(lesson, right, chosen),
                        _ => Html::default(),
                    }
                }
            </div>
            <div class="row">
                if is_answered {
                    <button type="button" class="btn" onclick={watch.reform(|_| ())}>{ strings::ASK_AGAIN }</button>
                } else {
                    <button type="button" class="btn q" onclick={props.on_skip.reform(|_: MouseEvent| ())}>{ strings::SKIP_QUESTION }</button>
                }
            </div>
        </section>
    }
}

/// The question's own actions are done, from where the scene paused.
fn watch(lesson: &Lesson, player: &PlayerHandle) {
    player.replace(lesson.watched());
    player.play_to(lesson.prediction.script.until);
}

fn verdict(lesson: &Lesson, right: usize, chosen: usize) -> Html {
    let is_right = right == chosen;
    let because = lesson
        .prediction
        .choices
        .get(chosen)
        .map(|choice| choice.because.clone());
    html! {
        <p class={classes!("verdict", if is_right { "yes" } else { "no" })}>
            <b>{ if is_right { strings::RIGHT } else { strings::WRONG } }</b>{ " " }
            <Prose text={because.unwrap_or_default()} />{ " " }{ strings::WATCH }
        </p>
    }
}

/// What became of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nobody has answered yet, or nobody chose it and it is wrong.
    None,
    /// It is right; whether it was chosen.
    Right(bool),
    /// It was chosen, and is wrong.
    Wrong,
}

impl Verdict {
    /// Of the option at this place, once it is known which one is right.
    pub(crate) fn of(index: usize, right: Option<usize>, chosen: Option<usize>) -> Self {
        match right {
            Some(right) if right == index => Self::Right(chosen == Some(index)),
            Some(_) if chosen == Some(index) => Self::Wrong,
            _ => Self::None,
        }
    }
}

/// What an [`Opt`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct OptProps {
    /// The answer.
    pub(crate) text: AttrValue,
    /// It is chosen.
    pub(crate) onclick: Callback<MouseEvent>,
    /// What became of it.
    pub(crate) verdict: Verdict,
    /// Whether nobody can choose any more.
    pub(crate) is_closed: bool,
}

/// A possible answer.
#[component]
pub(crate) fn Opt(props: &OptProps) -> Html {
    let (class, sign, words) = match props.verdict {
        Verdict::None => (None, "", None),
        Verdict::Right(true) => (Some("yes"), "✓", Some(strings::RIGHT_CHOSEN)),
        Verdict::Right(false) => (Some("yes"), "✓", Some(strings::RIGHT_ANSWER)),
        Verdict::Wrong => (Some("no"), "✗", Some(strings::YOUR_ANSWER)),
    };
    html! {
        <button type="button" class={classes!("opt", class)} onclick={props.onclick.clone()} disabled={props.is_closed}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <span>
                <Prose text={props.text.clone()} />
                if let Some(words) = words { <small>{ words }</small> }
            </span>
        </button>
    }
}
