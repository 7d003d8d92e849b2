//! What the learner is writing.

use std::sync::Arc;

use ottla_lab::action::Action;
use ottla_lab::timeline::Timeline;

use crate::strings::code as strings;

/// A program as it stands in the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Its name, as a file's.
    pub(crate) name: String,
    /// Its source.
    pub(crate) source: String,
}

/// What the learner is writing.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) list: Vec<Draft>,
    pub(crate) chosen: usize,
    is_filled: bool,
}

impl Drafts {
    /// At first sight: the programs of the scene, or else examples.
    pub(crate) fn fill(&mut self, timeline: &Timeline) {
        if std::mem::replace(&mut self.is_filled, true) {
            return;
        }
        let actions = timeline.start().actions.iter().chain(timeline.actions());
        for (_, action) in actions {
            if let Action::Code { name, source } = action {
                self.put(name, source);
            }
        }
        if self.list.is_empty() {
            for (name, source) in strings::EXAMPLES {
                self.put(name, &Arc::from(source));
            }
        }
    }

    fn put(&mut self, name: &str, source: &Arc<str>) {
        match self.list.iter_mut().find(|draft| draft.name == name) {
            Some(draft) => draft.source = source.to_string(),
            None => self.list.push(Draft {
                name: name.to_owned(),
                source: source.to_string(),
            }),
        }
    }

    /// The program that is in the editor.
    pub(crate) fn current(&self) -> Option<&Draft> {
        self.list.get(self.chosen)
    }

    /// It says this now.
    pub(crate) fn write(&mut self, source: String) {
        if let Some(draft) = self.list.get_mut(self.chosen) {
            draft.source = source;
        }
    }

    /// One more, which is chosen.
    pub(crate) fn add(&mut self) {
        let is_free = |name: &String| self.list.iter().all(|draft| draft.name != *name);
        let mut names = (1..).map(|number| format!("program-{number}.js"));
        if let Some(name) = names.find(is_free) {
            self.list.push(Draft {
                name,
                source: strings::EMPTY_PROGRAM.to_owned(),
            });
            self.chosen = self.list.len() - 1;
        }
    }
}
