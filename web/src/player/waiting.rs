//! A world that waits for a learner's program, and goes on with its answer.

use std::rc::{Rc, Weak};
use std::sync::Arc;

use ottla_lab::Instant;
use ottla_lab::code::{Answer, Question};

use super::{Player, PlayerHandle, animation};
use crate::code::{Code, Delay};

/// Where time was to go when it had to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// To a moment.
    Moment(Instant),
    /// To the next one at which something happens.
    Step,
}

/// A player that is not kept alive.
#[derive(Clone)]
pub(crate) struct WeakPlayer(Weak<Player>);

impl PlayerHandle {
    /// The learner's programs.
    pub(crate) fn code(&self) -> &Code {
        &self.0.code
    }

    /// Whether time waits for a program.
    pub(crate) fn is_waiting(&self) -> bool {
        self.0.goal.get().is_some()
    }

    /// Who keeps time waiting for longer than anybody should, and why.
    pub(crate) fn delay(&self) -> Option<(Arc<str>, Delay)> {
        self.code().delay().filter(|_| self.is_waiting())
    }

    /// What came with a link may run, from now on.
    pub(crate) fn trust(&self) {
        self.code().trust();
        self.pursue_again();
        self.tell();
    }

    /// Stops a program that gives no answer: in this history it always ends here.
    pub(crate) fn stop_program(&self, name: &str, why: &str) {
        if let Some((question, answer)) = self.code().stop(name, why) {
            self.answered(&question, answer, true);
        }
    }

    /// Asks again, after what could not be loaded.
    pub(crate) fn retry(&self, name: &str) {
        self.code().forget(name);
        self.pursue_again();
        self.tell();
    }

    /// A program has answered: time goes on to where it was to go.
    pub(crate) fn answered(&self, question: &Question, answer: Answer, was_late: bool) {
        self.0.timeline.borrow_mut().answer(question, answer);
        self.pursue_again();
        if was_late {
            self.tell();
        }
        animation::wake();
    }

    /// Somebody keeps time waiting, and it should be seen.
    pub(crate) fn tell_delay(&self) {
        self.tell();
    }

    pub(crate) fn downgrade(&self) -> WeakPlayer {
        WeakPlayer(Rc::downgrade(&self.0))
    }

    fn pursue_again(&self) {
        if let Some(goal) = self.0.goal.get() {
            self.pursue(goal);
        }
    }

    /// Goes there, or as far as there are answers.
    pub(super) fn pursue(&self, goal: Goal) {
        let is_there = {
            let mut timeline = self.0.timeline.borrow_mut();
            match goal {
                Goal::Moment(to) => {
                    timeline.seek(to);
                    timeline.now() >= to
                }
                Goal::Step => timeline.step() || timeline.questions().is_empty(),
            }
        };
        self.0.goal.set((!is_there).then_some(goal));
        if !is_there {
            let questions = self.timeline().questions();
            self.code().ask(self, questions);
        }
    }
}

impl WeakPlayer {
    /// The player, if anybody holds it.
    pub(crate) fn upgrade(&self) -> Option<PlayerHandle> {
        self.0.upgrade().map(PlayerHandle)
    }
}
