//! Lessons: files of `lessons/`, read into scenes, texts, predictions and goals. What is right is never written down: the engine says it.
//!
//! ```text
//!  lessons/NN-slug.md ─▶ library (all of them, in the binary) ─▶ Entry (title and facts) ─▶ Lesson (everything, when it is opened)
//! ```

mod document;
mod error;
mod exam;
mod glossary;
mod key_bytes;
mod library;
mod parse;
pub mod predicate;
mod prediction;
mod prose;
mod scenes;
mod script;
mod tables;
#[cfg(test)]
mod tests;

use ottla_core::Instant;

pub use error::LessonError;
pub use exam::{Question, exam};
pub use glossary::{Term, glossary, term};
pub use library::{Entry, all, find};
pub use predicate::Predicate;
pub use prediction::{Choice, Outcome, Prediction, Undecided};
pub use prose::{Block, Target};
pub use scenes::{SceneEntry, scene, scenes};
pub use script::Script;
pub use tables::Table;

use crate::World;
use crate::action::ActionError;
use crate::narration::Host;
use crate::timeline::{Start, Timeline};

/// All that a lesson holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// Title, number and the like.
    pub entry: Entry,
    /// What the learner begins with.
    pub scene: Script,
    /// The text beside it, up to the question.
    pub text: Vec<Block>,
    /// What is asked when the scene pauses.
    pub prediction: Prediction,
    /// The text that explains what was seen then.
    pub explanation: Vec<Block>,
    /// What one might try, in Markdown.
    pub tries: Vec<String>,
    /// All of them are to be reached, no matter how.
    pub goals: Vec<Goal>,
    /// In Markdown, from a gentle one to a plain one.
    pub hints: Vec<String>,
    /// One way to reach the goals, from the beginning of the scene.
    pub solution: Script,
    /// What people get wrong.
    pub mistakes: Vec<Block>,
    /// The same in the languages of the world outside.
    pub real_code: Vec<Snippet>,
}

/// Something to be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// In a sentence.
    pub say: String,
    /// When it is reached.
    pub when: Predicate,
}

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// `KafkaJS`, `Java`, `Command line`.
    pub label: String,
    /// As in Markdown: `js`, `java`, `sh`.
    pub language: String,
    /// The code.
    pub text: String,
}

impl Lesson {
    /// Reads a lesson's file.
    ///
    /// # Errors
    /// If it is none: the line, the word, and what is allowed there.
    pub fn parse(slug: &str, text: &str) -> Result<Self, LessonError> {
        parse::lesson(slug, text)
    }

    /// How its world begins.
    pub fn start(&self) -> Start {
        self.scene.start()
    }

    /// Which of the goals are reached in this world.
    pub fn reached(&self, world: &World) -> Vec<bool> {
        Predicate::all_hold(self.goals.iter().map(|goal| &goal.when), world)
    }

    /// The world in which the answer to the question is watched, where the scene pauses: the question's actions are yet to come.
    pub fn watched(&self) -> Timeline {
        self.prediction.watched(Host::Lesson)
    }

    /// The world in which the solution is watched, where the scene pauses.
    pub fn shown_solution(&self) -> Timeline {
        self.solution.shown_after(&self.scene, Host::Lesson)
    }

    /// The world after the solution, from its beginning.
    ///
    /// # Errors
    /// If an action of the scene or of the solution cannot be done.
    pub fn solved(&self) -> Result<Timeline, ActionError> {
        self.solution.played_after(&self.scene)
    }

    /// Where the scene pauses, for the question to be asked.
    pub fn pauses_at(&self) -> Instant {
        self.scene.until
    }
}
