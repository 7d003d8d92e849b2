//! What is wrong with a lesson file.

use crate::brief::{WORD_MAX_CHARS, shortened};

/// A file that is no lesson: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LessonError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there, and what is allowed.
    pub message: String,
}

impl LessonError {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { line, message }
    }

    /// A word that is none of those that are allowed.
    pub(super) fn unknown(line: usize, what: &str, found: &str, allowed: &[&str]) -> Self {
        let found = shortened(found, WORD_MAX_CHARS);
        Self::new(
            line,
            format!(
                "{what} \"{found}\" is unknown. Allowed: {}.",
                allowed.join(", ")
            ),
        )
    }
}
