//! A lesson: the text beside its scene.

mod goals;
mod predict;
mod real_code;
mod text;

use ottla_lab::export;
use ottla_lab::lesson::{self, Entry, Lesson};
use ottla_lab::timeline::Timeline;
use yew::prelude::*;

use super::not_found::NotFound;
use crate::parts::{CopyButton, Shared, use_page_title};
use crate::player::{PlayerHandle, is_motion_reduced};
use crate::route::Route;
use crate::storage::use_progress;
use crate::strings::{lesson as strings, shell as shell_strings};
use crate::tools::{Toolbar, written};
use crate::workbench::Workbench;

use goals::Goals;
use predict::Predict;
pub(crate) use predict::{Opt, Verdict};
use real_code::RealCode;
pub(crate) use text::Text;

/// What a [`LessonPage`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Which lesson.
    pub(crate) slug: String,
}

/// A lesson; for an address of none, a page that says so.
#[component]
pub(crate) fn LessonPage(props: &Props) -> Html {
    let opened = use_memo(props.slug.clone(), |slug| open(slug));
    match &*opened {
        Opened::Here(lesson, player) => html! {
            <Inside key={props.slug.clone()} lesson={lesson.clone()} player={player.clone()} />
        },
        Opened::Nowhere => html! { <NotFound text={shell_strings::NOT_FOUND_LESSON} /> },
        Opened::Broken(why) => html! { <NotFound text={format!("{}: {why}", strings::BROKEN)} /> },
    }
}

enum Opened {
    Here(Shared<Lesson>, PlayerHandle),
    Nowhere,
    Broken(String),
}

fn open(slug: &str) -> Opened {
    let lesson = match lesson::find(slug) {
        None => return Opened::Nowhere,
        Some(Err(error)) => return Opened::Broken(error.to_string()),
        Some(Ok(lesson)) => lesson,
    };
    let player = PlayerHandle::new(Timeline::with_actions(lesson.start(), Vec::new()));
    Opened::Here(Shared::new(lesson), player)
}

/// What the parts of a lesson's page are given.
#[derive(Properties, PartialEq)]
pub(crate) struct InsideProps {
    /// The lesson.
    pub(crate) lesson: Shared<Lesson>,
    /// Its scene.
    pub(crate) player: PlayerHandle,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let InsideProps { lesson, player } = props;
    let kept = use_progress();
    let heading = use_node_ref();
    use_page_title(&lesson.entry.title, heading.clone());
    let slug = lesson.entry.slug.clone();
    let is_known = kept.progress.answer(&slug).is_some() || kept.progress.is_done(&slug);
    let is_skipped = use_state(|| false);
    let on_skip = {
        let is_skipped = is_skipped.setter();
        Callback::from(move |()| is_skipped.set(true))
    };
    use_effect_with((), {
        let (player, pauses_at) = (player.clone(), lesson.pauses_at());
        move |()| {
            if is_known || is_motion_reduced() {
                player.seek(pauses_at);
            } else {
                player.play_to(pauses_at);
            }
        }
    });
    let on_moment = {
        let player = player.clone();
        Callback::from(move |moment| player.go_to(moment))
    };

    let all = lesson::all();
    let place = all
        .iter()
        .position(|entry| entry.slug == slug)
        .unwrap_or_default();
    let part = |blocks: &[lesson::Block]| {
        html! { <Text blocks={blocks.to_vec()} on_moment={on_moment.clone()} /> }
    };
    let is_open = is_known || *is_skipped;
    let text = html! {
        <article class="lesson">
            <p class="kick">{ strings::kick(lesson.entry.number, &lesson.entry.part_title, lesson.entry.minutes) }</p>
            <h1 ref={heading} tabindex="-1">{ lesson.entry.title.clone() }</h1>
            { part(&lesson.text) }
            <Predict lesson={lesson.clone()} player={player.clone()} {on_skip} is_skipped={*is_skipped} />
            if is_open {
                { part(&lesson.explanation) }
                <Goals lesson={lesson.clone()} player={player.clone()} />
                <section>
                    <h2>{ strings::MISTAKES }</h2>
                    <div class="soft">{ part(&lesson.mistakes) }</div>
                </section>
                <RealCode lesson={lesson.clone()} player={player.clone()} />
                <div class="row">
                    <CopyButton label={strings::COPY_TEST} text_of={written(player, export::node_test)} />
                    <CopyButton label={strings::COPY_COMMANDS} text_of={written(player, export::command_lines)} />
                </div>
                <div class="row">{ next(&all, place) }</div>
            }
        </article>
    };
    let on_reset = {
        let (lesson, player) = (lesson.clone(), player.clone());
        Callback::from(move |()| start_over(&lesson, &player))
    };
    let above = html! { <Toolbar player={player.clone()} /> };
    html! { <Workbench player={player.clone()} text={Some(text)} {on_reset} {above} /> }
}

/// To where the scene pauses for the question, with nothing done since.
fn start_over(lesson: &Lesson, player: &PlayerHandle) {
    let mut timeline = Timeline::with_actions(lesson.start(), Vec::new());
    timeline.seek(lesson.pauses_at());
    player.pause();
    player.replace(timeline);
}

fn next(all: &[Entry], place: usize) -> Html {
    match all.get(place + 1) {
        Some(next) => html! {
            <a class="btn p" href={Route::Lesson(next.slug.clone()).to_string()}>{ strings::next(&next.title) }</a>
        },
        None => html! {
            <>
                <a class="btn p" href={Route::Exam.to_string()}>{ strings::TO_EXAM }</a>
                <a class="btn" href={Route::Lessons.to_string()}>{ strings::ALL_LESSONS }</a>
            </>
        },
    }
}
