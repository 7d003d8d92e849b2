//! What can be wrong with a tool's options, in joptsimple's words.

use std::fmt;

use super::removed;

/// A command line that joptsimple refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OptionError {
    /// No option of the tool has this name.
    Unrecognized(String),
    /// The line ends where an option's argument should be.
    MissingArgument(&'static str),
    /// The option is to have one value and was given several.
    Multiple(&'static str),
    /// The value is not of the option's type.
    Conversion {
        option: &'static str,
        argument: String,
    },
    /// These options make sense only beside others, which are not there.
    Unavailable(Vec<&'static str>),
}

impl OptionError {
    /// What to use instead, where an option of an old release was given. Kafka's own tools do not say it.
    pub(crate) fn remedy(&self) -> Option<String> {
        match self {
            OptionError::Unrecognized(name) => {
                let instead = removed::instead_of(name)?;
                Some(format!("--{name} is an option of old releases; {instead}"))
            }
            _ => None,
        }
    }

    /// The name of joptsimple's exception, for the tools that let it through.
    pub(crate) fn exception(&self) -> &'static str {
        match self {
            OptionError::Unrecognized(_) => "joptsimple.UnrecognizedOptionException",
            OptionError::MissingArgument(_) => "joptsimple.OptionMissingRequiredArgumentException",
            OptionError::Multiple(_) => "joptsimple.MultipleArgumentsForOptionException",
            OptionError::Conversion { .. } => "joptsimple.OptionArgumentConversionException",
            OptionError::Unavailable(_) => "joptsimple.UnavailableOptionException",
        }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OptionError::Unrecognized(name) => write!(f, "{name} is not a recognized option"),
            OptionError::MissingArgument(name) => write!(f, "Option {name} requires an argument"),
            OptionError::Multiple(name) => write!(
                f,
                "Found multiple arguments for option {name}, but you asked for only one"
            ),
            OptionError::Conversion { option, argument } => {
                write!(f, "Cannot parse argument '{argument}' of option {option}")
            }
            OptionError::Unavailable(names) => write!(
                f,
                "Option(s) [{}] are unavailable given other options on the command line",
                names.join(", ")
            ),
        }
    }
}
