//! The scene at first sight: a group at work, one of whose members dies.

use ottla_lab::action::Action;
use ottla_lab::lesson;
use ottla_lab::scene::{Life, Scene};
use ottla_lab::timeline::Timeline;
use yew::prelude::*;

use crate::panels::show_sentence;
use crate::parts::use_notices;
use crate::player::{PlayerHandle, is_motion_reduced, use_player_version};
use crate::stage::Stage;
use crate::strings::home as strings;
use crate::strings::time::clock;
use crate::tools::HOME_SCENE;

/// The scene at first sight. It plays by itself unless the system asks for less motion.
#[component]
pub(crate) fn Live() -> Html {
    let player = use_memo((), |()| open());
    let Some(player) = &*player else {
        return Html::default();
    };
    html! {
        <section class="live" aria-label={strings::LIVE}>
            <Stage player={player.clone()} />
            <Say player={player.clone()} />
        </section>
    }
}

fn open() -> Option<PlayerHandle> {
    let script = lesson::scene(HOME_SCENE)?.script;
    let mut timeline = Timeline::with_actions(script.start(), Vec::new());
    timeline.seek(script.until);
    let player = PlayerHandle::new(timeline);
    if !is_motion_reduced() {
        player.play();
    }
    Some(player)
}

#[derive(Properties, PartialEq)]
struct Props {
    player: PlayerHandle,
}

/// What has just happened, and what one can do about it.
#[component]
fn Say(props: &Props) -> Html {
    let Props { player } = props;
    use_player_version(player);
    let notices = use_notices();
    let scene = player.scene();
    let victim = victim(&scene);
    let dead: Vec<String> = scene
        .consumers
        .iter()
        .filter(|consumer| matches!(consumer.life, Life::Crashed(_)))
        .map(|consumer| consumer.name.clone())
        .collect();
    let act = {
        let (player, victim) = (player.clone(), victim.clone());
        move |_| {
            let actions: Vec<Action> = match &victim {
                Some(name) => vec![Action::Crash(name.clone())],
                None => dead.iter().cloned().map(Action::Restart).collect(),
            };
            for action in actions {
                if let Err(error) = player.act(action) {
                    notices.say(error.to_string().as_str());
                }
            }
            player.play();
        }
    };
    let toggle = {
        let player = player.clone();
        move |_| player.toggle()
    };
    let timeline = player.timeline();
    let expectation = scene.expectations(timeline.now()).into_iter().next();
    let sentence = expectation.as_ref().or(timeline.sentences().last());
    html! {
        <div class="say">
            <time>{ clock(timeline.now()) }</time>
            <p>{ for sentence.map(show_sentence) }</p>
            <div class="row end">
                <button type="button" class="btn q" onclick={toggle}>
                    { if player.is_playing() { strings::PAUSE } else { strings::PLAY } }
                </button>
                <button type="button" class="btn" onclick={act}>
                    { if victim.is_some() { strings::CRASH } else { strings::AGAIN } }
                </button>
            </div>
        </div>
    }
}

/// Whoever has the most to lose.
fn victim(scene: &Scene) -> Option<String> {
    let running = scene
        .consumers
        .iter()
        .filter(|consumer| consumer.life == Life::Running);
    let busiest = running.max_by_key(|consumer| consumer.partitions.len())?;
    Some(busiest.name.clone())
}
