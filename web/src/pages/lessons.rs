//! The table of contents.

use ottla_lab::lesson::{self, Entry};
use yew::prelude::*;

use crate::parts::use_page_title;
use crate::route::Route;
use crate::storage::{Progress, use_progress};
use crate::strings::{home as home_strings, progress as progress_strings, shell as shell_strings};

/// The table of contents, on a page of its own.
#[component]
pub(crate) fn Lessons() -> Html {
    let heading = use_node_ref();
    use_page_title(shell_strings::LESSONS, heading.clone());
    let kept = use_progress();
    let all = lesson::all();
    let done_count = all
        .iter()
        .filter(|entry| kept.progress.is_done(&entry.slug))
        .count();
    html! {
        <div class="page">
            <h1 ref={heading} tabindex="-1">{ shell_strings::LESSONS }</h1>
            <p class="lead">{ home_strings::LESSONS_LEAD }</p>
            <p class="soft after">{ progress_strings::lessons_done(done_count, all.len()) }</p>
            <Contents has_claims={true} />
        </div>
    }
}

/// What [`Contents`] are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Whether each lesson says what is to be learned.
    #[prop_or_default]
    pub(crate) has_claims: bool,
}

/// The lessons by their parts, with what is done.
#[component]
pub(crate) fn Contents(props: &Props) -> Html {
    let kept = use_progress();
    let all = lesson::all();
    let next = next_lesson(&all, &kept.progress).map(|entry| entry.slug.clone());
    let parts = all.chunk_by(|a, b| a.part == b.part).map(|part| {
        let rows = part.iter().map(|entry| {
            let is_done = kept.progress.is_done(&entry.slug);
            let is_next = next.as_ref() == Some(&entry.slug) && !kept.progress.is_empty();
            html! {
                <li>
                    <span class="number">{ entry.number }</span>
                    <span>
                        <a href={Route::Lesson(entry.slug.clone()).to_string()}>{ entry.title.clone() }</a>
                        if props.has_claims { <small>{ entry.claim.clone() }</small> }
                    </span>
                    if is_done {
                        <em>{ home_strings::DONE }</em>
                    } else if is_next {
                        <em class="next">{ home_strings::NEXT }</em>
                    }
                </li>
            }
        });
        let title = part.first().map(|entry| entry.part_title.clone()).unwrap_or_default();
        // On a page of their own the parts come right below the title.
        let level = if props.has_claims { "h2" } else { "h3" };
        html! { <section class="part"><@{level}>{ title }</@><ol>{ for rows }</ol></section> }
    });
    html! { <div class="contents">{ for parts }</div> }
}

/// The first lesson that is not done.
pub(crate) fn next_lesson<'a>(all: &'a [Entry], progress: &Progress) -> Option<&'a Entry> {
    all.iter().find(|entry| !progress.is_done(&entry.slug))
}
