//! Programs of the learner: each lives in a worker, which is asked for what a world waits for.
//!
//! ```text
//!   Timeline::questions ─▶ Programs::ask ─▶ Worker (KafkaJS on virtual time, web/code) ─▶ Timeline::answer ─▶ time goes on
//! ```

mod drafts;
mod running;
mod wire;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ottla_lab::code::{Answer, Question};
use ottla_lab::sorted::Map;

pub(crate) use drafts::{Draft, Drafts};
pub(crate) use running::Delay;

use crate::player::PlayerHandle;
use running::Running;

/// The programs of a player, and what is being written.
#[derive(Default)]
pub(crate) struct Code {
    programs: RefCell<Map<Arc<str>, Rc<Running>>>,
    pub(crate) drafts: RefCell<Drafts>,
    /// What came with a link runs only when a person says so.
    is_distrusted: Cell<bool>,
}

impl Code {
    /// Has programs answer. One that is busy with this question already is left alone.
    pub(crate) fn ask(&self, player: &PlayerHandle, questions: Vec<Question>) {
        if self.is_distrusted.get() {
            return;
        }
        for question in questions {
            let running = self.programs.borrow().get(&question.name).cloned();
            if running.is_some_and(|running| running.go_on(player, &question)) {
                continue;
            }
            // It stands elsewhere: it begins anew, with the turns that it had.
            let before = player.timeline().turns_before(&question);
            let running = Running::start(player, &question, &before);
            self.programs
                .borrow_mut()
                .insert(question.name.clone(), running);
        }
    }

    /// Who keeps time waiting for longer than anybody should, and why.
    pub(crate) fn delay(&self) -> Option<(Arc<str>, Delay)> {
        let programs = self.programs.borrow();
        let mut delays = programs
            .iter()
            .filter_map(|(name, running)| Some((name.clone(), running.delay()?)));
        delays.next()
    }

    /// Whether time waits because nobody has allowed the programs of a link to run.
    pub(crate) fn is_distrusted(&self) -> bool {
        self.is_distrusted.get()
    }

    /// What came with a link is not run until [`trust`](Self::trust).
    pub(crate) fn distrust(&self) {
        self.is_distrusted.set(true);
    }

    /// A person has said that it may run.
    pub(crate) fn trust(&self) {
        self.is_distrusted.set(false);
    }

    /// Ends a program that gives no answer. What it was asked is answered in its place.
    pub(crate) fn stop(&self, name: &str, why: &str) -> Option<(Question, Answer)> {
        let running = self.programs.borrow_mut().remove(name)?;
        Some((running.asked()?, Answer::stopped(why)))
    }

    /// Forgets a program whose worker could not be loaded: it is tried again.
    pub(crate) fn forget(&self, name: &str) {
        self.programs.borrow_mut().remove(name);
    }
}
