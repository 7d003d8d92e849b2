//! How a tool fails. Kafka's tools throw exceptions, and each has its own way to tell them.
//!
//! What is told here is what Kafka's tools say themselves: the message, to the same stream, with the same exit code. Left out is what comes
//! of their being programs in Java: log lines, and stack traces (where the first line of a stack trace is the only one that says what is
//! wrong, that line stays). What Ottla has to add begins with `ottla: ` and goes to standard error.

use ottla_core::ApiError;

use super::java::Exception;
use super::options::{OptionError, Quit};
use crate::admin::AskError;
use crate::command::{Desk, Exit, Stop};

/// Why a tool ended before its end.
#[derive(Debug)]
pub(super) enum Failure {
    /// An answer is missing.
    Stop(Stop),
    /// With the usage, or the version: as Kafka's `Exit.exit`.
    Quit(Quit),
    /// By an exception, which the tool has its own way to tell.
    Thrown {
        /// As Kafka's tool has it.
        exception: Exception,
        /// What Kafka's tool does not say.
        more: Option<String>,
    },
}

impl Failure {
    /// An `IllegalArgumentException`.
    pub(super) fn illegal(message: impl Into<String>) -> Self {
        Self::thrown("java.lang.IllegalArgumentException", message)
    }

    /// An exception of this class.
    pub(super) fn thrown(class: &str, message: impl Into<String>) -> Self {
        Exception {
            class: class.to_owned(),
            message: message.into(),
        }
        .into()
    }

    /// What Kafka's `future.get()` makes of an exception: it is inside an `ExecutionException`.
    pub(super) fn of_future(self) -> Self {
        match self {
            Failure::Thrown { exception, more } => Failure::Thrown {
                exception: exception.of_future(),
                more,
            },
            other => other,
        }
    }

    /// Tells it, and ends the tool.
    pub(super) fn end(
        self,
        desk: &mut Desk,
        tell: impl FnOnce(&mut Desk, &Exception),
    ) -> Result<Exit, Stop> {
        match self {
            Failure::Stop(stop) => Err(stop),
            Failure::Quit(quit) => {
                desk.print(quit.stdout);
                if let Some(text) = quit.stderr.strip_suffix('\n') {
                    desk.warn(text);
                }
                Ok(Exit(quit.code))
            }
            Failure::Thrown { exception, more } => {
                tell(desk, &exception);
                if let Some(more) = more {
                    desk.warn(format!("ottla: {more}"));
                }
                Ok(Exit::FAILED)
            }
        }
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Failed(error) => error.into(),
            Stop::Waiting => Self::Stop(stop),
        }
    }
}

impl From<Quit> for Failure {
    fn from(quit: Quit) -> Self {
        Self::Quit(quit)
    }
}

impl From<Exception> for Failure {
    fn from(exception: Exception) -> Self {
        let more = None;
        Self::Thrown { exception, more }
    }
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Thrown {
            exception: Exception {
                class: error.exception().to_owned(),
                message: error.to_string(),
            },
            more: error.remedy(),
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Exception::from(&error).into()
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        let is_told = matches!(error, AskError::Refused(_) | AskError::Unsupported { .. });
        Self::Thrown {
            exception: Exception::from(&error),
            more: (!is_told).then(|| error.to_string()),
        }
    }
}
