//! How fast it is: a world of 64 partitions and 64 members, played and measured where one is.

use ottla_lab::Instant;
use ottla_lab::action::Action;
use ottla_lab::timeline::{Start, Timeline};
use yew::prelude::*;

use crate::controls::Controls;
use crate::parts::use_page_title;
use crate::player::PlayerHandle;
use crate::stage::Stage;
use crate::strings::bench as strings;

/// The benchmark's page.
#[component]
pub(crate) fn Bench() -> Html {
    let title = use_node_ref();
    use_page_title(strings::TITLE, title.clone());
    let player = use_memo((), |()| world(MEMBERS_COUNT).map(PlayerHandle::new));
    html! {
        <div class="page">
            <h1 ref={title} tabindex="-1">{ strings::TITLE }</h1>
            <p class="lead">{ strings::EXPLAIN }</p>
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
