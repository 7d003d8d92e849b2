//! The first page: what this is, at work.

mod live;

use ottla_lab::lesson;
use ottla_lab::scene::key_way;
use yew::prelude::*;

use super::lessons::{Contents, next_lesson};
use crate::parts::use_page_title;
use crate::route::Route;
use crate::storage::use_progress;
use crate::strings::home as strings;

use live::Live;

/// The first page.
#[component]
pub(crate) fn Home() -> Html {
    let heading = use_node_ref();
    use_page_title(strings::TITLE, heading.clone());
    let kept = use_progress();
    let all = lesson::all();
    let next = next_lesson(&all, &kept.progress);
    let (address, label) = match next {
        None => (Route::Lessons, strings::CONTENTS.to_owned()),
        Some(next) if kept.progress.is_empty() => (
            Route::Lesson(next.slug.clone()),
            strings::FIRST_LESSON.to_owned(),
        ),
        Some(next) => (
            Route::Lesson(next.slug.clone()),
            strings::go_on(&next.title),
        ),
    };
    let (sum, result) = strings::key_sample(SAMPLE_KEY, key_way(SAMPLE_KEY, 3).partition);
    html! {
        <div class="page home">
            <h1 ref={heading} tabindex="-1">{ strings::CLAIM }</h1>
            <p class="lead">{ strings::LEAD }</p>
            <p class="row calls">
                <a class="btn p large" href={address.to_string()}>{ label }</a>
                <a class="btn large" href={Route::Sandbox(None).to_string()}>{ strings::SANDBOX }</a>
            </p>
            <Live />
            <div class="doors">
                { door(strings::LEARN, &strings::learn_text(all.len()), (&sum, &result)) }
                { door(strings::NODE, strings::NODE_TEXT, strings::NODE_SAMPLE) }
                { door(strings::RUN, strings::RUN_TEXT, strings::RUN_SAMPLE) }
            </div>
            <section class="curriculum">
                <h2>{ strings::CONTENTS }</h2>
                <Contents />
                <p class="after"><a href={Route::Exam.to_string()}>{ strings::EXAM }</a></p>
            </section>
        </div>
    }
}

fn door(title: &'static str, text: &str, (first, second): (&str, &str)) -> Html {
    html! {
        <section>
            <h2>{ title }</h2>
            <p>{ text.to_owned() }</p>
            <pre class="plain"><code>{ first.to_owned() }{ "\n" }<span class="soft">{ second.to_owned() }</span></code></pre>
        </section>
    }
}

const SAMPLE_KEY: &str = "user-42";
