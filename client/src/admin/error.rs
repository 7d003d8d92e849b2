//! Why a question found no answer.

use ottla_core::ApiError;

/// Why a question as a whole found no answer. What is wrong with one topic or one group of many is part of the answer instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// No broker can be reached.
    #[error("cannot reach {why}")]
    Unreachable {
        /// Kafka's name for the question, such as `listTopics`.
        call: &'static str,
        /// Which addresses, and why: `127.0.0.1:9092: connection refused`.
        why: String,
    },
    /// The cluster is there, but gave no answer in time.
    #[error("no answer to {call} in {after_ms} ms: {why}")]
    TimedOut {
        /// Kafka's name for the question.
        call: &'static str,
        /// How long it was tried.
        after_ms: i64,
        /// What came of the last try.
        why: String,
    },
    /// The cluster refused.
    #[error("{}", .0.message)]
    Refused(ApiError),
    /// The broker does not know such questions.
    #[error("the broker does not support {call}: {why}")]
    Unsupported {
        /// Kafka's name for the question.
        call: &'static str,
        /// Which versions there are on either side.
        why: String,
    },
    /// The answer made no sense.
    #[error("{0}")]
    Garbage(String),
}

impl AskError {
    /// What a person can do about it.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            AskError::Unreachable { .. } => {
                Some("start a broker with `ottla`, or name another one: --bootstrap HOST:PORT")
            }
            AskError::TimedOut { .. }
            | AskError::Refused(_)
            | AskError::Unsupported { .. }
            | AskError::Garbage(_) => None,
        }
    }
}
