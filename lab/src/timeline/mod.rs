//! A world's life as something to move about in: every moment can be gone to, and every action taken back.

use ottla_core::Instant;

use crate::World;
use crate::action::{Action, ActionError};
use crate::narration::Sentence;
use crate::scene::Scene;

/// How a world begins: from here everything follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// What chance begins with.
    pub seed: u64,
    /// What is done, by whoever made the scene, in order of time. Not to be undone.
    pub actions: Vec<(Instant, Action)>,
}

/// A world with its past and its future.
#[derive(Debug, Clone)]
pub struct Timeline {
    start: Start,
    world: World,
}

/// Something on the scrubber.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub at: Instant,
    /// What kind of thing.
    pub kind: MarkKind,
    /// In a few words.
    pub text: String,
}

/// Kinds of [`Mark`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// A person did something.
    Action,
    /// The world did something worth a look: a rebalance, a generation, a commit.
    Event,
    /// Something died, was removed, or lost.
    Loss,
}

impl Timeline {
    /// A world at the beginning of its time.
    ///
    /// # Errors
    /// If one of the start's actions cannot be done; which one, and why.
    pub fn new(start: Start) -> Result<Self, (usize, ActionError)> {
        let world = World::new(Default::default(), start.seed);
        Ok(Self { start, world })
    }

    /// The moment that is shown.
    pub fn now(&self) -> Instant {
        self.world.now().mono
    }

    /// The last moment that has been lived through: beyond it lies what has not been worked out.
    pub fn end(&self) -> Instant {
        self.now()
    }

    /// The world at the moment that is shown.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What there is to see at the moment that is shown.
    pub fn scene(&self) -> Scene {
        unreachable!("no scene yet")
    }

    /// Changes whenever the scene may look otherwise, other than by the passing of time.
    pub fn version(&self) -> u64 {
        0
    }

    /// Goes to a moment, back or forth.
    pub fn seek(&mut self, to: Instant) {
        self.world.advance(to);
    }

    /// Goes to the next moment at which something happens that is worth a sentence. Whether there was one within the next minutes.
    pub fn step(&mut self) -> bool {
        false
    }

    /// Goes back to the moment before the last one at which something happened.
    pub fn step_back(&mut self) -> bool {
        false
    }

    /// Does something now. What had been done and had happened later is gone.
    ///
    /// # Errors
    /// If it cannot be done; nothing has changed then.
    pub fn act(&mut self, action: Action) -> Result<(), ActionError> {
        let _ = action;
        Ok(())
    }

    /// Takes the last own action back, and goes to its moment.
    pub fn undo(&mut self) -> Option<Action> {
        None
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) -> Option<Action> {
        None
    }

    /// How it began.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// What has been done since, in order of time.
    pub fn actions(&self) -> &[(Instant, Action)] {
        &[]
    }

    /// Back to the start; what was done is forgotten.
    pub fn reset(&mut self) {}

    /// What is worth a mark on the scrubber, up to [`end`](Self::end).
    pub fn marks(&self) -> &[Mark] {
        &[]
    }

    /// What happened up to the moment that is shown, oldest first.
    pub fn sentences(&self) -> &[Sentence] {
        &[]
    }
}
