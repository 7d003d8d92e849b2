//! A world at a moment, and what has been done to it so far.

use ottla_core::Instant;

use super::Start;
use super::record::{Record, Told};
use crate::World;
use crate::action::{Action, ActionError};
use crate::code::Answers;
use crate::narration::{Host, Narrator};

/// What is done to a world, and when: by whoever made the scene, and since.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    start: Start,
    /// How many of the start's actions are the scene's; the others the host does.
    scene_count: usize,
    host: Host,
    own: Vec<(Instant, Action)>,
}

/// How many of a plan's actions have been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Done {
    pub(super) start_count: usize,
    pub(super) own_count: usize,
}

/// A world at a moment.
#[derive(Debug, Clone)]
pub(super) struct Place {
    world: World,
    done: Done,
    told: Told,
    /// How many moments it has lived through at which something happened.
    steps_count: u64,
}

/// Who planned an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planner {
    Start,
    Own,
}

impl Plan {
    pub(super) fn new(mut start: Start, mut own: Vec<(Instant, Action)>) -> Self {
        start.actions.sort_by_key(|(at, _)| *at);
        own.sort_by_key(|(at, _)| *at);
        Self {
            scene_count: start.actions.len(),
            host: Host::Lesson,
            start,
            own,
        }
    }

    /// A scene and, after it, what somebody else does than the learner.
    pub(super) fn hosted(start: Start, host: Host, shown: Vec<(Instant, Action)>) -> Self {
        let mut plan = Self::new(start, Vec::new());
        plan.host = host;
        plan.start.actions.extend(shown);
        plan.start.actions.sort_by_key(|(at, _)| *at);
        plan
    }

    /// Without anything of the learner's.
    pub(super) fn without_own(&self) -> Self {
        Self {
            own: Vec::new(),
            ..self.clone()
        }
    }

    /// Tells what is done, and by whom.
    fn narrator(&self) -> Narrator {
        Narrator::hosted(&self.start.actions, self.scene_count, self.host)
    }

    pub(super) fn start(&self) -> &Start {
        &self.start
    }

    pub(super) fn own_actions(&self) -> &[(Instant, Action)] {
        &self.own
    }

    /// An own action, behind all others.
    pub(super) fn push_own(&mut self, at: Instant, action: Action) {
        debug_assert!(self.own.last().is_none_or(|(last, _)| *last <= at));
        self.own.push((at, action));
    }

    pub(super) fn truncate_own(&mut self, own_count: usize) {
        self.own.truncate(own_count);
    }

    /// The next action, and when. Of two at the same moment the start's comes first.
    pub(super) fn next(&self, done: Done) -> Option<(Instant, Planner)> {
        let start = self.start.actions.get(done.start_count);
        let own = self.own.get(done.own_count);
        match (start, own) {
            (Some((start, _)), Some((own, _))) if own < start => Some((*own, Planner::Own)),
            (Some((start, _)), _) => Some((*start, Planner::Start)),
            (None, own) => own.map(|(own, _)| (*own, Planner::Own)),
        }
    }

    fn action(&self, done: Done, planner: Planner) -> &Action {
        match planner {
            Planner::Start => &self.start.actions[done.start_count].1,
            Planner::Own => &self.own[done.own_count].1,
        }
    }

    /// Whether all of the start's actions can be done.
    pub(super) fn check(&self) -> Result<(), (usize, ActionError)> {
        let mut world = World::for_scene(self.start.seed);
        for (index, (at, action)) in self.start.actions.iter().enumerate() {
            Answers::default().advance(&mut world, *at);
            world.apply(action).map_err(|error| (index, error))?;
            world.take_log();
            world.take_frames();
        }
        Ok(())
    }
}

impl Place {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            world: World::for_scene(plan.start.seed),
            done: Done::default(),
            told: Told::new(plan.narrator()),
            steps_count: 0,
        }
    }

    pub(super) fn now(&self) -> Instant {
        self.world.now().mono
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    pub(super) fn done(&self) -> Done {
        self.done
    }

    pub(super) fn told(&self) -> &Told {
        &self.told
    }

    pub(super) fn steps_count(&self) -> u64 {
        self.steps_count
    }

    /// Does something now, without a word to the record; if it cannot be done, nothing has changed.
    pub(super) fn do_own(&mut self, action: &Action) -> Result<(), ActionError> {
        self.world.apply(action)?;
        self.done.own_count += 1;
        self.steps_count += 1;
        Ok(())
    }

    /// Tells the record of what was done.
    pub(super) fn tell_done(&mut self, action: &Action, record: &mut Record) {
        record.hear_action(self.now(), action, None, &mut self.told);
        record.listen(&mut self.world, &mut self.told);
    }

    /// Goes on to the next moment at which something happens or is done, and tells of it. Whether there was one until then; if not, that moment is
    /// come, or a program has to answer first.
    pub(super) fn step(
        &mut self,
        to: Instant,
        plan: &Plan,
        answers: &Answers,
        record: &mut Record,
    ) -> bool {
        let planned = plan.next(self.done).filter(|(at, _)| *at <= to);
        let until = planned.map_or(to, |(at, _)| at);
        let event = self.world.next_event().filter(|at| *at <= until);
        match (event, planned) {
            (Some(at), _) => {
                if !answers.advance(&mut self.world, at) {
                    return false;
                }
            }
            (None, Some((at, planner))) => {
                self.world.advance(at);
                self.do_planned(plan, planner, record);
            }
            (None, None) => {
                self.world.advance(to.max(self.now()));
                return false;
            }
        }
        record.listen(&mut self.world, &mut self.told);
        self.steps_count += 1;
        true
    }

    fn do_planned(&mut self, plan: &Plan, planner: Planner, record: &mut Record) {
        let action = plan.action(self.done, planner);
        let result = self.world.apply(action);
        record.hear_action(self.now(), action, result.as_ref().err(), &mut self.told);
        match planner {
            Planner::Start => self.done.start_count += 1,
            Planner::Own => self.done.own_count += 1,
        }
    }
}
