//! The progress as all pages share it, kept after every change.

use std::rc::Rc;

use yew::prelude::*;

use super::{Key, Progress, read, remove, write};

/// What has been learned, and whether it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    /// What has been learned.
    pub(crate) progress: Progress,
    /// Whether the browser has kept the last change.
    pub(crate) is_kept: bool,
}

/// What becomes of the progress.
pub(crate) enum Change {
    /// A lesson's goals are reached.
    Finish(String),
    /// A lesson's prediction was answered.
    Predict(String, super::Answer),
    /// An exam has ended.
    Examine(super::ExamResult),
    /// A file's progress is added.
    Merge(Progress),
    /// All is forgotten.
    Clear,
}

/// The progress, for every page.
pub(crate) type ProgressContext = UseReducerHandle<Kept>;

impl Kept {
    /// What an earlier visit has kept, and what of it could not be read.
    pub(crate) fn from_browser() -> (Self, Vec<super::Damage>) {
        let text = read(Key::Progress).unwrap_or_default();
        let (progress, damages) = Progress::parse(&text);
        if !damages.is_empty() {
            // The next change writes over it. If this cannot be kept either, the damage has been told of.
            let _ = write(Key::DamagedProgress, &text);
        }
        let kept = Self {
            progress,
            is_kept: true,
        };
        (kept, damages)
    }
}

impl Reducible for Kept {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut progress = self.progress.clone();
        match change {
            Change::Finish(slug) => {
                progress.finish(&slug);
            }
            Change::Predict(slug, answer) => progress.predict(&slug, answer),
            Change::Examine(result) => progress.examine(result),
            Change::Merge(other) => progress.merge(&other),
            Change::Clear => {
                remove(Key::Progress);
                remove(Key::DamagedProgress);
                progress = Progress::default();
            }
        }
        if progress == self.progress {
            return self;
        }
        let is_kept = progress.is_empty() || write(Key::Progress, &progress.to_string()).is_ok();
        Rc::new(Self { progress, is_kept })
    }
}

/// The progress, as it is now.
#[hook]
pub(crate) fn use_progress() -> ProgressContext {
    use_context().expect("the page keeps the progress above all pages")
}
