//! How the exam went, and what is worth reading again.

use ottla_lab::lesson;
use ottla_lab::sorted::Set;
use yew::prelude::*;

use super::Questions;
use crate::parts::use_page_title;
use crate::route::Route;
use crate::strings::{exam as strings, lesson as lesson_strings};

/// What a [`Result`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// All questions.
    pub(crate) questions: Questions,
    /// Which of them were answered rightly.
    pub(crate) answers: Vec<bool>,
    /// Once more.
    pub(crate) on_again: Callback<()>,
}

/// How the exam went.
#[component]
pub(crate) fn Result(props: &Props) -> Html {
    let heading = use_node_ref();
    let right_count = props.answers.iter().filter(|is_right| **is_right).count();
    let title = strings::result(right_count, props.answers.len());
    use_page_title(&title, heading.clone());
    let numbers: Set<u32> = props
        .questions
        .iter()
        .zip(&props.answers)
        .filter(|(_, is_right)| !**is_right)
        .flat_map(|(question, _)| question.lessons.iter().copied())
        .collect();
    let lessons = lesson::all().into_iter().filter(|entry| numbers.contains(&entry.number)).map(|entry| {
        html! {
            <li><a href={Route::Lesson(entry.slug.clone()).to_string()}>{ entry.title.clone() }</a>{ ". " }{ entry.claim.clone() }</li>
        }
    });
    let rows = props.questions.iter().zip(&props.answers).map(|(question, is_right)| {
        let (class, sign, word) = match is_right {
            true => ("good", "✓", lesson_strings::RIGHT),
            false => ("wrong", "✗", lesson_strings::WRONG),
        };
        html! {
            <li><span {class} aria-hidden="true">{ sign }</span><span>{ question.title.clone() }<span class="out">{ ": " }{ word }</span></span></li>
        }
    });
    let onclick = props.on_again.reform(|_: MouseEvent| ());
    html! {
        <div class="page text">
            <h1 ref={heading} tabindex="-1">{ title.clone() }</h1>
            <ol class="answers">{ for rows }</ol>
            <section class="prose after">
                <h2>{ strings::REREAD }</h2>
                if numbers.is_empty() {
                    <p>{ strings::ALL_RIGHT }</p>
                } else {
                    <ul>{ for lessons }</ul>
                }
            </section>
            <p class="row after">
                <button type="button" class="btn p" {onclick}>{ strings::AGAIN }</button>
                <a class="btn" href={Route::Lessons.to_string()}>{ lesson_strings::ALL_LESSONS }</a>
            </p>
        </div>
    }
}
