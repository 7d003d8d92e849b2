//! On a lesson's page: its part, its number and title, and how far the part has been done.

use ottla_lab::lesson;
use yew::prelude::*;

use crate::route::Route;
use crate::storage::use_progress;
use crate::strings::shell as strings;

/// What [`Place`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The lesson that is shown.
    pub(crate) slug: String,
}

/// Where the lesson stands among those of its part.
#[component]
pub(crate) fn Place(props: &Props) -> Html {
    let kept = use_progress();
    let all = use_memo((), |()| lesson::all());
    let Some(here) = all.iter().find(|entry| entry.slug == props.slug) else {
        return Html::default();
    };
    let part = all.iter().filter(|entry| entry.part == here.part);
    let dots = part.map(|entry| {
        let is_here = entry.slug == here.slug;
        let is_done = kept.progress.is_done(&entry.slug);
        let class = classes!(is_done.then_some("done"), is_here.then_some("here"));
        let label = strings::dot(entry.number, &entry.title, is_done);
        html! {
            <a
                {class} href={Route::Lesson(entry.slug.clone()).to_string()} title={label.clone()} aria-label={label}
                aria-current={is_here.then_some("page")}
            />
        }
    });
    html! {
        <>
            <div class="where">
                <a class="long" href={Route::Lessons.to_string()}>{ here.part_title.clone() }</a>
                <span class="long" aria-hidden="true">{ "/" }</span>
                <strong>{ here.number }{ "\u{2002}" }{ here.title.clone() }</strong>
            </div>
            <nav class="dots" aria-label={strings::PART}>{ for dots }</nav>
        </>
    }
}
