//! How the tool fails: Kafka's throws exceptions, and what is printed depends on which.

use ottla_core::ApiError;

use crate::admin::AskError;
use crate::command::kafka::java::Exception;
use crate::command::kafka::options::{OptionError, Options, Quit};
use crate::command::{Desk, Exit, Stop};

/// Why a subcommand ended before its end.
#[derive(Debug)]
pub(super) enum Failure {
    /// An answer is missing.
    Stop(Stop),
    /// With the usage, or without: as Kafka's `Exit.exit`.
    Quit(Quit),
    /// An `IllegalArgumentException`: its message and the usage.
    Illegal(String),
    /// Any other exception: it is told, and the exit code is 0 nevertheless.
    Thrown {
        /// As Kafka's tool has it.
        exception: Exception,
        /// What Kafka's tool does not say.
        more: Option<String>,
    },
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Quit> for Failure {
    fn from(quit: Quit) -> Self {
        Self::Quit(quit)
    }
}

impl From<Exception> for Failure {
    fn from(exception: Exception) -> Self {
        Self::thrown(exception)
    }
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::thrown(Exception {
            class: error.exception().to_owned(),
            message: error.to_string(),
        })
    }
}

impl Failure {
    /// An exception that says everything.
    pub(super) fn thrown(exception: Exception) -> Self {
        let more = None;
        Self::Thrown { exception, more }
    }

    /// What `future.get()` throws where the tool lets it through.
    pub(super) fn future(error: impl Into<Exception>) -> Self {
        Self::thrown(error.into().of_future())
    }

    /// The same, where the tool wraps it once more.
    pub(super) fn wrapped_future(error: impl Into<Exception>) -> Self {
        Self::thrown(error.into().of_future().as_runtime())
    }

    /// Tells it, and ends the tool.
    pub(super) fn end(self, desk: &mut Desk, options: &Options) -> Result<Exit, Stop> {
        let quit = match self {
            Failure::Stop(stop) => return Err(stop),
            Failure::Quit(quit) => quit,
            Failure::Illegal(message) => options.usage(message),
            Failure::Thrown { exception, more } => {
                let message = &exception.message;
                print_error(
                    desk,
                    &format!("Executing consumer group command failed due to {message}"),
                );
                if let Some(more) = more {
                    desk.warn(format!("ottla: {more}"));
                }
                return Ok(Exit::DONE);
            }
        };
        if !quit.stdout.is_empty() {
            desk.print(&quit.stdout);
        }
        if !quit.stderr.is_empty() {
            desk.warn(quit.stderr.strip_suffix('\n').unwrap_or(&quit.stderr));
        }
        Ok(Exit(quit.code))
    }
}

/// Errors go to standard output: Kafka's `printError`.
pub(super) fn print_error(desk: &mut Desk, message: &str) {
    desk.println(format!("\nError: {message}"));
}

/// A command line that joptsimple refuses: nobody catches its exception.
pub(super) fn uncaught(desk: &mut Desk, error: &OptionError) -> Exit {
    desk.warn(format!(
        "Exception in thread \"main\" {}: {error}",
        error.exception()
    ));
    if let Some(remedy) = error.remedy() {
        desk.warn(format!("ottla: {remedy}"));
    }
    Exit::FAILED
}

/// The errors of an answer as what the tool makes of them.
pub(super) trait OrElse<T> {
    /// Maps the error to a failure.
    fn or_thrown(self, failure: fn(Exception) -> Failure) -> Result<T, Failure>;
}

impl<T> OrElse<T> for Result<T, AskError> {
    fn or_thrown(self, failure: fn(Exception) -> Failure) -> Result<T, Failure> {
        self.map_err(|error| match failure((&error).into()) {
            Failure::Thrown { exception, more } => {
                let is_told = matches!(error, AskError::Refused(_) | AskError::Unsupported { .. });
                let more = more.or_else(|| (!is_told).then(|| error.to_string()));
                Failure::Thrown { exception, more }
            }
            other => other,
        })
    }
}

impl<T> OrElse<T> for Result<T, ApiError> {
    fn or_thrown(self, failure: fn(Exception) -> Failure) -> Result<T, Failure> {
        self.map_err(|error| failure((&error).into()))
    }
}
