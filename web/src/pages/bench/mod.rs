//! How fast it is: a world of 64 partitions and 64 members, played and measured where one is.

mod measure;

use std::cell::Cell;
use std::rc::Rc;

use ottla_lab::Instant;
use ottla_lab::action::Action;
use ottla_lab::timeline::{Start, Timeline};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::controls::Controls;
use crate::parts::use_page_title;
use crate::player::PlayerHandle;
use crate::stage::Stage;
use crate::strings::bench as strings;

pub(crate) use measure::Stage as BenchStage;
use measure::{Report, measure};

/// The benchmark's page. It begins when it is opened; the numbers are also there as JSON, in `data-bench` of the table.
#[component]
pub(crate) fn Bench() -> Html {
    let title = use_node_ref();
    use_page_title(strings::TITLE, title.clone());
    let player = use_memo((), |()| world(MEMBERS_COUNT).map(PlayerHandle::new));
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
    html! {
        <div class="page measured">
            <h1 ref={title} tabindex="-1">{ strings::TITLE }</h1>
            <p class="lead">{ strings::EXPLAIN }</p>
            <p role="status">{ strings::stage(report.stage) }</p>
            <table data-bench={report.is_done().then(|| report.json())}>
                <thead><tr><th scope="col">{ strings::WHAT }</th><th scope="col">{ strings::MEDIAN }</th><th scope="col">{ strings::WORST }</th></tr></thead>
                <tbody>{ for report.rows().into_iter().map(|(name, median, worst)| html! {
                    <tr><th scope="row">{ name }</th><td>{ median }</td><td>{ worst }</td></tr>
                }) }</tbody>
            </table>
            if let Some(player) = &*player {
                <div class="bench-stage"><Stage player={player.clone()} /></div>
                <Controls player={player.clone()} />
            }
        </div>
    }
}

/// So many members read as many partitions, which four producers write to.
fn world(count: usize) -> Option<Timeline> {
    let mut lines = vec![format!("topic orders partitions={count}")];
    lines.extend(
        (1..=4).map(|shop| format!("producer shop-{shop} topic=orders keys=0..999 rate=20/s")),
    );
    lines.extend(
        (1..=count).map(|worker| format!("consumer worker-{worker} group=billing topics=orders")),
    );
    let action = |line: &String| {
        line.parse::<Action>()
            .ok()
            .map(|action| (Instant(0), action))
    };
    let actions = lines.iter().map(action).collect::<Option<Vec<_>>>()?;
    Timeline::new(Start { seed: 1, actions }).ok()
}

const MEMBERS_COUNT: usize = 64;
