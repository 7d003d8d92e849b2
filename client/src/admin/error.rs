//! Why a question found no answer.

use ottla_core::{ApiError, ErrorCode};

use crate::network::CallError;

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
    #[error("no answer to {call} in {after_ms} ms{}", .why.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    TimedOut {
        /// Kafka's name for the question.
        call: &'static str,
        /// How long it was tried.
        after_ms: i64,
        /// What came of the last try, if anything did.
        why: Option<String>,
    },
    /// The cluster refused.
    #[error("{}", .0.message)]
    Refused(ApiError),
    /// The broker does not know such questions, or not in a version that has words for this one.
    #[error("{why}")]
    Unsupported {
        /// Kafka's name for the question.
        call: &'static str,
        /// Which versions there are on either side, or what they lack.
        why: String,
    },
    /// The broker does not speak the protocol, or the answer made no sense.
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

    /// What the network says, in answer to a question.
    pub(super) fn from_call(call: &'static str, error: CallError) -> Self {
        let why = error.to_string();
        match error {
            CallError::Coordinator(error) => AskError::Refused(error),
            CallError::Unsupported { .. } | CallError::Inexpressible(_) => {
                AskError::Unsupported { call, why }
            }
            CallError::UnknownBroker(_) => {
                AskError::Refused(ApiError::new(ErrorCode::BrokerNotAvailable, why))
            }
            CallError::Garbage(_)
            | CallError::Disconnected(_)
            | CallError::TimedOut { .. }
            | CallError::NoBroker(_) => AskError::Garbage(why),
        }
    }
}

impl From<ApiError> for AskError {
    fn from(error: ApiError) -> Self {
        AskError::Refused(error)
    }
}
