//! What plays a timeline: one animation-frame loop for the page, which lets virtual time pass, has moving things painted, and tells components
//! when what they show has changed.
//!
//! ```text
//!   requestAnimationFrame ─▶ Timeline::seek(now + passed x speed) ─▶ painters: transforms, clocks, ages (each frame)
//!                                                                └─▶ listeners: Yew renders (only when the structure changed)
//! ```

mod animation;
mod branches;
mod hooks;
mod listeners;
mod probe;
mod speed;
mod structure;
mod waiting;

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use ottla_lab::Instant;
use ottla_lab::action::{Action, ActionError};
use ottla_lab::scene::{Onlooker, Scene};
use ottla_lab::timeline::Timeline;

pub(crate) use animation::{LAST_MOMENT, clock_ms, is_motion_reduced};
pub(crate) use hooks::{Shown, use_painter, use_player_version, use_scene};
pub(crate) use listeners::Subscription;
pub(crate) use probe::Probe;
pub(crate) use speed::Speed;
pub(crate) use structure::partition_differs;
pub(crate) use waiting::WeakPlayer;

use branches::Branches;
use listeners::Listeners;
use waiting::Goal;

use crate::code::Code;

/// A timeline that can be played. Clones are the same player; equal if they are.
#[derive(Clone)]
pub(crate) struct PlayerHandle(Rc<Player>);

struct Player {
    timeline: RefCell<Timeline>,
    branches: RefCell<Branches>,
    code: Code,
    /// Where time is to go as soon as a program has answered.
    goal: Cell<Option<Goal>>,
    scene: RefCell<Option<(u64, Rc<Scene>)>>,
    /// What was seen before, until time does anything but pass.
    onlooker: RefCell<Onlooker>,
    is_playing: Cell<bool>,
    /// Where playing ends by itself, once.
    stops_at: Cell<Option<Instant>>,
    speed: Cell<Speed>,
    /// Counts whenever time jumped: nothing is to be tweened across.
    jumps_count: Cell<u64>,
    /// Counts whenever what Yew renders of the scene has changed.
    structures_count: Cell<u64>,
    /// Whether Yew renders with the next frame, whatever has changed.
    must_render: Cell<bool>,
    /// What passed since the last frame and was too little to be a microsecond.
    remainder_micros: Cell<f64>,
    painters: Listeners<dyn Fn(&Moment<'_>) -> Motion>,
    /// Told at once when the structure changed.
    on_structure: Listeners<dyn Fn()>,
    /// Told a few times in a second when anything changed.
    on_version: Listeners<dyn Fn()>,
    told_version: Cell<u64>,
    told_at_ms: Cell<f64>,
}

/// What a painter paints.
pub(crate) struct Moment<'a> {
    /// The moment that is shown.
    pub(crate) now: Instant,
    /// How much of it passed since the last frame; 0 if the loop stood still before.
    pub(crate) passed_ms: f64,
    /// How time runs now; 0 if it does not.
    pub(crate) speed: f64,
    /// Changes whenever time jumped: nothing is to be tweened across.
    pub(crate) jumps_count: u64,
    /// What there is to see.
    pub(crate) scene: &'a Rc<Scene>,
    /// Where it comes from.
    pub(crate) timeline: &'a Timeline,
}

/// Whether a painter has more to do though time stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    /// Something is still on its way to its place.
    Moving,
    /// All is in its place.
    Settled,
}

impl PlayerHandle {
    /// Plays nothing yet.
    pub(crate) fn new(timeline: Timeline) -> Self {
        let player = Self(Rc::new(Player {
            timeline: RefCell::new(timeline),
            branches: RefCell::default(),
            code: Code::default(),
            goal: Cell::new(None),
            scene: RefCell::default(),
            onlooker: RefCell::default(),
            is_playing: Cell::new(false),
            stops_at: Cell::new(None),
            speed: Cell::default(),
            jumps_count: Cell::new(0),
            structures_count: Cell::new(0),
            must_render: Cell::new(true),
            remainder_micros: Cell::new(0.0),
            painters: Listeners::default(),
            on_structure: Listeners::default(),
            on_version: Listeners::default(),
            told_version: Cell::new(0),
            told_at_ms: Cell::new(0.0),
        }));
        animation::join(&player);
        player
    }

    /// The timeline as it stands.
    pub(crate) fn timeline(&self) -> Ref<'_, Timeline> {
        self.0.timeline.borrow()
    }

    /// What there is to see now, worked out once for each version.
    pub(crate) fn scene(&self) -> Rc<Scene> {
        let timeline = self.timeline();
        let version = timeline.version();
        let mut cached = self.0.scene.borrow_mut();
        match &*cached {
            Some((of, scene)) if *of == version => scene.clone(),
            _ => {
                let scene = Rc::new(self.0.onlooker.borrow_mut().look(timeline.world()));
                *cached = Some((version, scene.clone()));
                scene
            }
        }
    }

    /// Does something now. If own actions lie in the future, they are kept as a branch.
    ///
    /// # Errors
    /// If it cannot be done: a sentence that says why.
    pub(crate) fn act(&self, action: Action) -> Result<(), ActionError> {
        let has_later_actions = {
            let timeline = self.timeline();
            let last = timeline.actions().last();
            last.is_some_and(|(at, _)| *at > timeline.now())
        };
        if has_later_actions {
            self.fork();
        }
        self.0.goal.set(None);
        let result = self.0.timeline.borrow_mut().act(action);
        self.changed(false);
        result
    }

    /// Lets time run.
    pub(crate) fn play(&self) {
        self.0.is_playing.set(true);
        self.changed(false);
    }

    /// Lets time run until this moment; pausing and going on on the way changes nothing about that.
    pub(crate) fn play_to(&self, stop: Instant) {
        self.0.stops_at.set(Some(stop));
        self.play();
    }

    /// Stops it, at a moment that the clock can show and a link can hold: a whole millisecond.
    pub(crate) fn pause(&self) {
        if self.0.is_playing.replace(false) {
            let mut timeline = self.0.timeline.borrow_mut();
            let whole = Instant(timeline.now().0.next_multiple_of(1000));
            timeline.seek(whole);
        }
        self.0.goal.set(None);
        self.changed(false);
    }

    /// Whether time runs.
    pub(crate) fn is_playing(&self) -> bool {
        self.0.is_playing.get()
    }

    /// Plays or pauses.
    pub(crate) fn toggle(&self) {
        if self.is_playing() {
            self.pause();
        } else {
            self.play();
        }
    }

    /// How fast it runs.
    pub(crate) fn speed(&self) -> Speed {
        self.0.speed.get()
    }

    /// Makes it run so fast.
    pub(crate) fn set_speed(&self, speed: Speed) {
        self.0.speed.set(speed);
        self.changed(false);
    }

    /// Goes to a moment, back or forth.
    pub(crate) fn seek(&self, to: Instant) {
        self.pursue(Goal::Moment(to.min(LAST_MOMENT)));
        self.changed(true);
    }

    /// Pauses at a moment, back or forth.
    pub(crate) fn go_to(&self, at: Instant) {
        self.pause();
        self.seek(at);
    }

    /// Pauses, and goes to the next moment at which something happens.
    pub(crate) fn step(&self) {
        self.0.is_playing.set(false);
        self.pursue(Goal::Step);
        self.changed(false);
    }

    /// Pauses, and goes back to where the last thing had not happened yet.
    pub(crate) fn step_back(&self) {
        self.0.is_playing.set(false);
        self.0.goal.set(None);
        self.0.timeline.borrow_mut().step_back();
        self.changed(true);
    }

    /// Takes the last own action back.
    pub(crate) fn undo(&self) -> Option<Action> {
        self.0.goal.set(None);
        let action = self.0.timeline.borrow_mut().undo();
        self.changed(true);
        action
    }

    /// Does again what was taken back.
    pub(crate) fn redo(&self) -> Option<Action> {
        self.0.goal.set(None);
        let action = self.0.timeline.borrow_mut().redo();
        self.changed(true);
        action
    }

    /// Back to the start; what was done is forgotten.
    pub(crate) fn reset(&self) {
        self.0.is_playing.set(false);
        self.0.goal.set(None);
        self.0.timeline.borrow_mut().reset();
        self.changed(true);
    }

    /// Another timeline takes this one's place, with its branches gone.
    pub(crate) fn replace(&self, timeline: Timeline) {
        *self.0.branches.borrow_mut() = Branches::default();
        self.put(timeline);
    }

    /// Goes on from here in a branch of its own; the former one stays to return to.
    pub(crate) fn fork(&self) {
        let fork = {
            let timeline = self.timeline();
            let fork = timeline.fork();
            self.0.branches.borrow_mut().park(timeline.clone());
            fork
        };
        self.put(fork);
    }

    /// Which branch is played, counted from 0, and how many there are.
    pub(crate) fn branch(&self) -> (usize, usize) {
        self.0.branches.borrow().position()
    }

    /// Plays another branch, counted from 0.
    pub(crate) fn switch_branch(&self, index: usize) {
        let current = self.timeline().clone();
        let other = self.0.branches.borrow_mut().switch(index, current);
        if let Some(timeline) = other {
            self.put(timeline);
        }
    }

    /// Tells of every change of the version or of the player itself, a few times in a second at most, until the subscription is dropped.
    pub(crate) fn subscribe(&self, listener: impl Fn() + 'static) -> Subscription {
        self.0.on_version.add(Rc::new(listener))
    }

    fn on_structure(&self, listener: impl Fn() + 'static) -> Subscription {
        self.0.on_structure.add(Rc::new(listener))
    }

    /// Has something painted in each frame until the subscription is dropped.
    pub(crate) fn paint(&self, painter: impl Fn(&Moment<'_>) -> Motion + 'static) -> Subscription {
        let subscription = self.0.painters.add(Rc::new(painter));
        animation::wake();
        subscription
    }

    /// Has the painters paint again, for what they paint into has changed.
    pub(crate) fn repaint(&self) {
        animation::wake();
    }

    fn put(&self, timeline: Timeline) {
        self.0.stops_at.set(None);
        self.0.goal.set(None);
        *self.0.timeline.borrow_mut() = timeline;
        // Versions of two timelines have nothing to do with each other.
        *self.0.scene.borrow_mut() = None;
        self.changed(true);
    }

    /// After anything but the passing of time.
    fn changed(&self, is_jump: bool) {
        if is_jump {
            self.0.jumps_count.set(self.0.jumps_count.get() + 1);
        }
        self.0.remainder_micros.set(0.0);
        *self.0.onlooker.borrow_mut() = Onlooker::default();
        // The picture follows with the next frame: painters see the new scene before Yew renders it.
        self.0.must_render.set(true);
        self.tell();
        animation::wake();
    }

    fn tell(&self) {
        self.0.told_version.set(self.timeline().version());
        self.0.on_version.each(|listener| listener());
    }
}

impl PartialEq for PlayerHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
