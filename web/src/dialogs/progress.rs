//! What has been learned: to be taken along, brought back, and forgotten.

use ottla_lab::lesson;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::parts::{Dialog, Notice, download, pick_text, use_notices};
use crate::storage::{Change, Progress, use_progress};
use crate::strings::progress as strings;

/// What a [`ProgressDialog`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// It has been closed.
    pub(crate) on_close: Callback<()>,
}

/// What has been learned.
#[component]
pub(crate) fn ProgressDialog(props: &Props) -> Html {
    let kept = use_progress();
    let notices = use_notices();
    let is_sure = use_state(|| false);
    let input = use_node_ref();

    let export = {
        let text = kept.progress.to_string();
        let notices = notices.clone();
        move |_| {
            if !download(strings::FILE_NAME, &text) {
                notices.say(strings::NOT_EXPORTED);
            }
        }
    };
    let choose = {
        let input = input.clone();
        move |_| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        }
    };
    let import = {
        let input = input.clone();
        let kept = kept.dispatcher();
        let notices = notices.clone();
        let on_close = props.on_close.clone();
        move |_: Event| {
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            let (kept, notices, on_close) = (kept.clone(), notices.clone(), on_close.clone());
            spawn_local(async move {
                let text = pick_text(&input).await.unwrap_or_default();
                let (progress, damages) = Progress::parse(&text);
                if progress.is_empty() {
                    notices.say(strings::NOT_A_FILE);
                    return;
                }
                kept.dispatch(Change::Merge(progress));
                notices.say(Notice {
                    text: strings::imported(damages.len()),
                    details: strings::damages(&damages),
                });
                on_close.emit(());
            });
        }
    };
    let clear = {
        let is_sure = is_sure.clone();
        let kept = kept.dispatcher();
        let on_close = props.on_close.clone();
        move |_| {
            if *is_sure {
                kept.dispatch(Change::Clear);
                notices.say(strings::CLEARED);
                on_close.emit(());
            }
            is_sure.set(true);
        }
    };
    let lessons = lesson::all();
    let is_done = |entry: &&lesson::Entry| kept.progress.is_done(&entry.slug);
    let done_count = lessons.iter().filter(is_done).count();
    let answers = lessons
        .iter()
        .filter_map(|entry| kept.progress.answer(&entry.slug));
    let answers: Vec<_> = answers.collect();
    let right_count = answers.iter().filter(|answer| answer.is_right).count();
    html! {
        <Dialog title={crate::strings::shell::PROGRESS} on_close={props.on_close.clone()}>
            <p class="big">{ strings::lessons_done(done_count, lessons.len()) }</p>
            if !answers.is_empty() {
                <p>{ strings::predictions(right_count, answers.len()) }</p>
            }
            if let Some(exam) = kept.progress.exam() {
                <p>{ strings::best_exam(exam.right_count, exam.questions_count) }</p>
            }
            <p class="soft">{ strings::EXPLAIN }</p>
            <input ref={input} type="file" accept="text/plain,.txt" hidden={true} onchange={import} />
            <div class="row">
                <button type="button" class="btn" onclick={export}>{ strings::EXPORT }</button>
                <button type="button" class="btn" onclick={choose}>{ strings::IMPORT }</button>
                <button type="button" class={classes!("btn", if *is_sure { "danger" } else { "q" })} onclick={clear}>
                    { if *is_sure { strings::CLEAR_SURE } else { strings::CLEAR } }
                </button>
            </div>
        </Dialog>
    }
}
