//! A world's life as something to move about in: every moment can be gone to, and every action taken back.

mod checkpoints;
mod place;
mod record;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ottla_core::Instant;

use crate::action::{Action, ActionError};
use crate::code::{Answer, Answers, Question, Turn};
use crate::frames::Frame;
use crate::narration::{Host, Sentence};
use crate::scene::Scene;
use crate::{Line, World};

use checkpoints::Checkpoints;
use place::{Place, Plan};
use record::Record;

/// How a world begins: from here everything follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// What chance begins with.
    pub seed: u64,
    /// What is done, by whoever made the scene, in order of time. Not to be undone.
    pub actions: Vec<(Instant, Action)>,
}

/// A world with its past and its future.
///
/// What happened is kept once for the whole of the time that has been lived: going back moves a cursor and sets the world back to the nearest
/// checkpoint, and going forward again over lived time tells nothing twice, for the same seed and the same actions give the same life.
#[derive(Debug, Clone)]
pub struct Timeline {
    plan: Plan,
    undone: Vec<(Instant, Action)>,
    here: Place,
    record: Record,
    /// What programs answered, in every life: it is never wrong.
    answers: Answers,
    checkpoints: Checkpoints,
    end: Instant,
    version: u64,
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
        let plan = Plan::new(start, Vec::new());
        plan.check()?;
        Ok(Self::with_plan(plan))
    }

    /// A world at the beginning of its time, with actions that are yet to come. Those that cannot be done when their moment comes are told of and left
    /// out.
    pub fn with_actions(start: Start, actions: Vec<(Instant, Action)>) -> Self {
        Self::with_plan(Plan::new(start, actions))
    }

    /// A scene at the beginning of its time, with actions that are yet to come and that somebody else does than the learner: like the start's they
    /// are not to be undone. None of them is to come before the scene's last one.
    pub fn shown(scene: Start, by: Host, actions: Vec<(Instant, Action)>) -> Self {
        Self::with_plan(Plan::hosted(scene, by, actions))
    }

    fn with_plan(plan: Plan) -> Self {
        let here = Place::new(&plan);
        let mut timeline = Self {
            plan,
            undone: Vec::new(),
            checkpoints: Checkpoints::new(here.clone()),
            here,
            record: Record::default(),
            answers: Answers::default(),
            end: Instant(0),
            version: 0,
        };
        timeline.run(Instant(0));
        timeline
    }

    /// The moment that is shown.
    pub fn now(&self) -> Instant {
        self.here.now()
    }

    /// The last moment that has been lived through: beyond it lies what has not been worked out.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// The world at the moment that is shown.
    pub fn world(&self) -> &World {
        self.here.world()
    }

    /// What there is to see at the moment that is shown.
    pub fn scene(&self) -> Scene {
        Scene::of(self.world())
    }

    /// Changes whenever the scene may look otherwise, other than by the passing of time.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Goes to a moment, back or forth.
    pub fn seek(&mut self, to: Instant) {
        self.go_near(to);
        self.run(to);
    }

    /// Goes towards a moment, through so many moments at which something happens at most. Whether it is there; if not, it stands where it has
    /// come to, or where a program has to [answer](Self::questions).
    pub fn seek_within(&mut self, to: Instant, steps_max: u64) -> bool {
        self.go_near(to);
        for _ in 0..steps_max {
            let Some(next) = self.next_event().filter(|next| *next <= to) else {
                break;
            };
            self.run(next);
            if self.now() < next {
                return false;
            }
        }
        if self.next_event().is_none_or(|next| next > to) {
            self.run(to);
        }
        self.now() >= to
    }

    /// Goes to the next moment at which something happens that is worth a sentence. Whether there was one within the next five minutes; if not,
    /// nothing has changed. Time may have to wait on the way: then [`questions`](Self::questions) are to be answered first.
    pub fn step(&mut self) -> bool {
        if let Some(next) = self.record.next_sentence_at(self.here.told()) {
            self.seek(next);
            return true;
        }
        let now = self.now();
        self.seek(self.end);
        let (before, to) = (self.here.clone(), self.end + STEP_MAX_US);
        let told_count = before.told().sentences_count;
        while let Some(next) = self.next_event().filter(|next| *next <= to) {
            self.run(next);
            if self.now() < next {
                return false;
            }
            if self.here.told().sentences_count > told_count {
                return true;
            }
        }
        self.set_here(before);
        self.forget_later();
        self.seek(now);
        false
    }

    /// Goes back to the last moment before this one at which something happened that is worth a sentence, or else to the beginning. Whether there was
    /// a way back.
    pub fn step_back(&mut self) -> bool {
        let now = self.now();
        let sentences = self.record.sentences(self.here.told()).iter().rev();
        let last = sentences.map(|sentence| sentence.at).find(|at| *at < now);
        self.seek(last.unwrap_or(Instant(0)));
        now > Instant(0)
    }

    /// Does something now, or rather at the next whole millisecond. What had been done and had happened later is gone.
    ///
    /// # Errors
    /// If it cannot be done; nothing has changed then.
    pub fn act(&mut self, action: Action) -> Result<(), ActionError> {
        self.do_now(action)?;
        self.undone.clear();
        Ok(())
    }

    /// Takes the last own action back, and goes to its moment. What had happened later is gone.
    pub fn undo(&mut self) -> Option<Action> {
        let (at, action) = self.plan.own_actions().last()?.clone();
        let left_count = self.plan.own_actions().len() - 1;
        self.set_here(self.checkpoints.before_own_action(left_count).clone());
        self.plan.truncate_own(left_count);
        self.run(at);
        self.forget_later();
        self.undone.push((at, action.clone()));
        Some(action)
    }

    /// Does again what was taken back last, at its moment.
    pub fn redo(&mut self) -> Option<Action> {
        let (at, action) = self.undone.pop()?;
        self.seek(at);
        self.do_now(action.clone()).ok()?;
        Some(action)
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.plan.own_actions().is_empty()
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Another timeline with the same past, which goes its own way from this moment.
    #[must_use]
    pub fn fork(&self) -> Self {
        let mut fork = self.clone();
        fork.plan.truncate_own(fork.here.done().own_count);
        fork.forget_later();
        fork.undone.clear();
        fork
    }

    /// How it began.
    pub fn start(&self) -> &Start {
        self.plan.start()
    }

    /// What has been done since, in order of time.
    pub fn actions(&self) -> &[(Instant, Action)] {
        self.plan.own_actions()
    }

    /// Back to the start; what was done is forgotten.
    pub fn reset(&mut self) {
        let version = self.version + 1;
        let answers = std::mem::take(&mut self.answers);
        *self = Self::with_plan(self.plan.without_own());
        self.answers = answers;
        self.version += version;
    }

    /// What is worth a mark on the scrubber, up to [`end`](Self::end).
    pub fn marks(&self) -> &[Mark] {
        self.record.marks()
    }

    /// What happened up to the moment that is shown, oldest first.
    pub fn sentences(&self) -> &[Sentence] {
        self.record.sentences(self.here.told())
    }

    /// The log up to the moment that is shown, oldest first.
    pub fn lines(&self) -> &[Line] {
        self.record.lines(self.here.told())
    }

    /// The frames that were sent up to the moment that is shown, oldest first; of very many the newest.
    pub fn frames(&self) -> &[Frame] {
        self.record.frames(self.here.told())
    }

    /// What time waits for when it is to go on: the programs whose turn is next, and who have not had this turn in any life.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = self.world().questions();
        questions.retain(|question| !self.answers.knows(question));
        questions
    }

    /// Answers a question, now and whenever it comes again. What waited goes on when it is asked to again.
    pub fn answer(&mut self, question: &Question, answer: Answer) {
        self.answers.keep(question, answer);
    }

    /// The turns that a program had before it was asked this, oldest first.
    pub fn turns_before(&self, question: &Question) -> Vec<Arc<Turn>> {
        self.answers.history(question)
    }

    fn do_now(&mut self, action: Action) -> Result<(), ActionError> {
        // Time may have to wait for a program on the way to the whole millisecond.
        self.run(Instant(self.now().0.next_multiple_of(1000)));
        let (at, before) = (self.now(), self.here.clone());
        self.here.do_own(&action)?;
        self.plan.truncate_own(before.done().own_count);
        self.end = at;
        self.record.truncate(before.told());
        self.checkpoints.truncate(&before);
        self.checkpoints.keep(&before);
        self.here.tell_done(&action, &mut self.record);
        self.plan.push_own(at, action);
        self.version += 1;
        self.run(at);
        Ok(())
    }

    /// Sets the world to the last place that is kept until a moment, if that is nearer than here.
    fn go_near(&mut self, to: Instant) {
        let (kept, now) = (self.checkpoints.last_until(to), self.now());
        if now > to || kept.now() > now {
            self.set_here(kept.clone());
        }
    }

    fn set_here(&mut self, here: Place) {
        self.here = here;
        self.version += 1;
    }

    /// When something happens or is done next.
    fn next_event(&self) -> Option<Instant> {
        let action = self.plan.next(self.here.done());
        let action = action.map(|(at, _)| at.max(self.now()));
        self.world().next_event().into_iter().chain(action).min()
    }

    /// Lives on up to a moment.
    fn run(&mut self, to: Instant) {
        while self
            .here
            .step(to, &self.plan, &self.answers, &mut self.record)
        {
            self.checkpoints.keep_if_far(&self.here);
            self.version += 1;
        }
        self.end = self.end.max(self.now());
    }

    fn forget_later(&mut self) {
        self.end = self.now();
        self.record.truncate(self.here.told());
        self.checkpoints.truncate(&self.here);
    }
}

/// How far a step looks for something to happen: five minutes.
const STEP_MAX_US: u64 = 300_000_000;
