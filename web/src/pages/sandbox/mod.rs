//! The sandbox: a scene that is empty, from a link, or one of those that come with the page.

use ottla_lab::action::Action;
use ottla_lab::lesson;
use ottla_lab::saved;
use ottla_lab::timeline::{Start, Timeline};
use yew::prelude::*;

use crate::parts::{Notice, use_notices, use_page_title};
use crate::player::PlayerHandle;
use crate::strings::sandbox as strings;
use crate::tools::Toolbar;
use crate::workbench::Workbench;

/// What the [`Sandbox`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// A scene as a link holds it.
    #[prop_or_default]
    pub(crate) link: Option<String>,
    /// The name of a scene that comes with the page.
    #[prop_or_default]
    pub(crate) scene: Option<String>,
}

/// The sandbox.
#[component]
pub(crate) fn Sandbox(props: &Props) -> Html {
    let heading = use_node_ref();
    use_page_title(strings::TITLE, heading.clone());
    let notices = use_notices();
    let opened = use_memo(
        (props.link.clone(), props.scene.clone()),
        |(link, scene)| open(link.as_deref(), scene.as_deref()),
    );
    let (player, notice) = &*opened;
    use_effect_with(player.clone(), {
        let notice = notice.clone();
        move |_| {
            if let Some(notice) = notice {
                notices.say(notice);
            }
        }
    });
    let above = html! {
        <>
            <h1 ref={heading} tabindex="-1" class="out">{ strings::TITLE }</h1>
            <Toolbar player={player.clone()} is_sandbox={true} />
        </>
    };
    html! { <Workbench key={address(props)} player={player.clone()} {above} /> }
}

fn open(link: Option<&str>, scene: Option<&str>) -> (PlayerHandle, Option<Notice>) {
    match (link, scene) {
        (Some(link), _) => {
            let mut saved = saved::parse(link);
            let player = PlayerHandle::new(saved.open());
            if has_code(&player.timeline()) {
                player.code().distrust();
                // Its programs answer later, if at all.
                player.seek(saved.now);
            }
            let notice = (!saved.problems.is_empty()).then(|| Notice {
                text: strings::damaged(saved.problems.len()),
                details: saved.problems.iter().map(ToString::to_string).collect(),
            });
            (player, notice)
        }
        (None, Some(slug)) => match lesson::scene(slug) {
            Some(entry) => {
                let player =
                    PlayerHandle::new(Timeline::with_actions(entry.script.start(), Vec::new()));
                player.play_to(entry.script.until);
                (player, None)
            }
            None => (empty(), Some(strings::NO_SCENE.into())),
        },
        (None, None) => (empty(), None),
    }
}

/// Whether programs came with it.
fn has_code(timeline: &Timeline) -> bool {
    let mut actions = timeline.start().actions.iter().chain(timeline.actions());
    actions.any(|(_, action)| matches!(action, Action::Code { .. }))
}

/// Nothing but a broker. Its time runs once there is something to see.
fn empty() -> PlayerHandle {
    let start = Start {
        seed: SEED,
        actions: Vec::new(),
    };
    PlayerHandle::new(Timeline::with_actions(start, Vec::new()))
}

fn address(props: &Props) -> String {
    format!("{:?}{:?}", props.link, props.scene)
}

const SEED: u64 = 1;
