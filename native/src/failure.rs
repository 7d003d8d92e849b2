//! What ends the program: one line that says what went wrong, and one with the remedy.

use std::fmt;

/// A failure that a person can do something about.
#[derive(Debug)]
pub struct Failure {
    what: String,
    remedy: Option<String>,
}

impl Failure {
    /// Something is wrong, and nothing more can be said than that.
    pub fn new(what: impl Into<String>) -> Failure {
        Failure {
            what: what.into(),
            remedy: None,
        }
    }

    /// And this is what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Failure {
        self.remedy = Some(remedy.into());
        self
    }

    /// What went wrong and what to do about it, for a line of the log.
    pub(crate) fn in_one_line(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("{}; {remedy}", self.what),
            None => self.what.clone(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ottla: {}", self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n       {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
