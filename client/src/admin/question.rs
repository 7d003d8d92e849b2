//! What can be asked of a cluster.

use std::fmt;

/// One thing that is asked of a cluster, with its answer in plain types.
///
/// Errors that concern one of many (a topic, a partition, a group) are values in the answer, with Kafka's codes and messages; what makes the whole
/// question fail is an [`AskError`](super::AskError).
pub trait Question: fmt::Debug + Clone + Send + Sync + 'static {
    /// What comes back.
    type Answer: fmt::Debug + Clone + Send + Sync + 'static;
    /// The name that Kafka's admin client has for it: tools print it where no answer came.
    const CALL: &'static str;
}

/// A [`Question`] of any kind.
pub trait AnyQuestion: fmt::Debug + Send + Sync {
    /// [`Question::CALL`].
    fn call(&self) -> &'static str;
}

impl<Q: Question> AnyQuestion for Q {
    fn call(&self) -> &'static str {
        Q::CALL
    }
}
