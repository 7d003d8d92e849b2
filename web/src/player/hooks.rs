//! How components follow a player.

use std::rc::Rc;

use ottla_lab::scene::Scene;
use yew::prelude::*;

use super::{Moment, Motion, PlayerHandle};

/// A scene as it is to be rendered.
#[derive(Clone)]
pub(crate) struct Shown {
    /// What there is to see.
    pub(crate) scene: Rc<Scene>,
    /// Changes whenever time jumped: nothing is to be tweened across.
    pub(crate) jumps_count: u64,
    serial: u64,
}

/// Renders the component again when the timeline's version or the player itself has changed, a few times in a second at most.
#[hook]
pub(crate) fn use_player_version(player: &PlayerHandle) -> u64 {
    let update = use_force_update();
    use_effect_with(player.clone(), move |player| {
        let subscription = player.subscribe(move || update.force_update());
        move || drop(subscription)
    });
    player.timeline().version()
}

/// Renders the component again, at once, when the structure of the scene has changed.
#[hook]
pub(crate) fn use_scene(player: &PlayerHandle) -> Shown {
    let update = use_force_update();
    use_effect_with(player.clone(), move |player| {
        let subscription = player.on_structure(move || update.force_update());
        move || drop(subscription)
    });
    Shown {
        scene: player.scene(),
        jumps_count: player.0.jumps_count.get(),
        serial: player.0.structures_count.get(),
    }
}

/// Has something painted in each frame as long as the component is there. The painter is made anew when `deps` change.
#[hook]
pub(crate) fn use_painter<D, F, P>(player: &PlayerHandle, deps: D, make: F)
where
    D: PartialEq + 'static,
    F: FnOnce(&D) -> P + 'static,
    P: Fn(&Moment<'_>) -> Motion + 'static,
{
    use_effect_with((player.clone(), deps), move |(player, deps)| {
        let subscription = player.paint(make(deps));
        move || drop(subscription)
    });
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        (self.serial, self.jumps_count) == (other.serial, other.jumps_count)
            && Rc::ptr_eq(&self.scene, &other.scene)
    }
}
