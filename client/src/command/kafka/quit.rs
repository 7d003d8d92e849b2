//! How the console tools end before they begin.

use super::options::{Declaration, OptionError, Quit};
use crate::command::{Desk, End, Exit, Stop};

/// Why a tool does not begin.
#[derive(Debug)]
pub(crate) enum Halt {
    /// An answer is missing.
    Stop(Stop),
    /// It says this, and ends.
    Quit(Quit),
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Quit> for Halt {
    fn from(quit: Quit) -> Self {
        Self::Quit(quit)
    }
}

impl Halt {
    /// An option that joptsimple refuses: its message and the usage; and what to use instead of an option of old.
    pub(crate) fn bad_option(declared: &[Declaration], error: &OptionError) -> Self {
        let mut quit = Quit::with_usage(declared, error);
        if let Some(remedy) = error.remedy() {
            quit.stderr = format!(
                "{error}\nottla: {remedy}\n{}",
                quit.stderr.split_once('\n').map_or("", |(_, usage)| usage)
            );
        }
        Self::Quit(quit)
    }

    /// An exception whose trace Java prints: its first line.
    pub(crate) fn thrown(exception: &str) -> Self {
        Self::Quit(Quit::with_message(exception))
    }

    /// joptsimple's complaint about a value.
    pub(crate) fn message(error: &OptionError) -> Self {
        Self::Quit(Quit::with_message(error))
    }

    /// An exception that nobody catches.
    pub(crate) fn uncaught(error: &OptionError) -> Self {
        Self::thrown(&format!(
            "Exception in thread \"main\" {}: {error}",
            error.exception()
        ))
    }

    /// Text for standard error before all else.
    pub(crate) fn say_first(&mut self, text: &str) {
        if let Self::Quit(quit) = self {
            quit.stderr.insert_str(0, text);
        }
    }

    /// Says it.
    pub(crate) fn end(self, desk: &mut Desk) -> Result<End, Stop> {
        let quit = match self {
            Self::Stop(stop) => return Err(stop),
            Self::Quit(quit) => quit,
        };
        if !quit.stdout.is_empty() {
            desk.print(&quit.stdout);
        }
        if !quit.stderr.is_empty() {
            desk.warn(quit.stderr.strip_suffix('\n').unwrap_or(&quit.stderr));
        }
        Ok(Exit(quit.code).into())
    }
}
