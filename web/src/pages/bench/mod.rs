//! How fast it is, where one is: frames while 64 partitions and 64 members play, and seeks in ten minutes.

mod measure;
mod pace;
mod report;
mod worlds;

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::controls::Controls;
use crate::parts::{CopyButton, use_page_title};
use crate::player::PlayerHandle;
use crate::stage::Stage;
use crate::strings::bench as strings;

pub(crate) use report::Phase;

use measure::measure;
use report::Report;

/// The benchmark's page. It begins when it is opened; when it is done the numbers are also there as JSON, in `data-bench` of the table.
#[component]
pub(crate) fn Bench() -> Html {
    let title = use_node_ref();
    use_page_title(strings::TITLE, title.clone());
    let player = use_memo((), |()| worlds::large().map(PlayerHandle::new));
    let report = use_state(Report::default);
    {
        let (player, report) = (player.clone(), report.setter());
        use_effect_with((), move |()| {
            let is_left = Rc::new(Cell::new(false));
            if let Some(player) = (*player).clone() {
                let is_left = is_left.clone();
                spawn_local(async move {
                    measure(&player, &is_left, |so_far| report.set(so_far)).await;
                });
            }
            move || is_left.set(true)
        });
    }
    let text_of = {
        let report = report.clone();
        Callback::from(move |()| strings::results(&report.text()))
    };
    html! {
        <div class="page measured">
            <h1 ref={title} tabindex="-1">{ strings::TITLE }</h1>
            <p class="lead">{ strings::EXPLAIN }</p>
            <p class="now">
                <span role="status">{ strings::phase(report.phase) }</span>
                if report.is_done() {
                    <CopyButton {text_of} label={strings::COPY} />
                } else {
                    <progress max="1" value={format!("{:.2}", report.share)} aria-label={strings::PROGRESS} />
                }
            </p>
            <table data-bench={report.is_done().then(|| report.json())}>
                <thead><tr>{ for strings::COLUMNS.map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                <tbody>{ for report.rows().into_iter().map(|row| html! {
                    <tr><th scope="row">{ row.name }</th><td>{ row.median }</td><td>{ row.p95 }</td><td>{ row.worst }</td><td>{ row.goal }</td></tr>
                }) }</tbody>
            </table>
            if let Some(player) = &*player {
                <div class="bench-stage"><Stage player={player.clone()} /></div>
                <Controls player={player.clone()} />
            }
        </div>
    }
}
