use serde::Serialize;

/// What is thrown: a code for programs, and a message for people that ends in a remedy where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// `ERR_OPTION` and so on.
    pub code: &'static str,
    /// One or two sentences.
    pub message: String,
}

impl Failure {
    /// An option is wrong; the message names it and what is allowed.
    pub(crate) fn option(message: impl Into<String>) -> Self {
        Self {
            code: "ERR_OPTION",
            message: message.into(),
        }
    }

    /// There is no such API.
    pub(crate) fn api(message: impl Into<String>) -> Self {
        Self {
            code: "ERR_API",
            message: message.into(),
        }
    }

    /// Bytes are no snapshot.
    pub(crate) fn snapshot(error: &impl std::fmt::Display) -> Self {
        Self {
            code: "ERR_SNAPSHOT",
            message: format!("this is no whole, undamaged snapshot of a broker: {error}"),
        }
    }

    /// Records cannot be read.
    pub(crate) fn records(message: impl Into<String>) -> Self {
        Self {
            code: "ERR_RECORDS",
            message: message.into(),
        }
    }
}
