//! The options of Kafka's tools: read as joptsimple 5 reads them there, with its messages and its usage table.
//!
//! What the tools make of it: `--name value`, `--name=value` and `-name value` are the same; a name is never abbreviated; an option may be given
//! several times, and only asking for its one value complains; `--` ends the options; words that are no options are kept and nobody looks at
//! them. A number is looked at when it is asked for, not before.

mod declaration;
mod error;
mod removed;
mod usage;
mod wrap;

use ottla_core::sorted::Map;

pub(crate) use declaration::{Argument, Declaration, HELP, VERSION};
pub(crate) use error::OptionError;

use error::OptionError::{Conversion, MissingArgument, Multiple, Unavailable, Unrecognized};

/// What a tool was called with.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    declared: &'static [Declaration],
    /// The values of every option that was given, in their order; none if it came without.
    given: Map<&'static str, Vec<String>>,
    arguments_count: usize,
}

/// A tool that ends before it has asked a broker anything: help, the version, a command line that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quit {
    /// For standard output, with its ends of lines.
    pub(crate) stdout: String,
    /// For standard error, with its ends of lines.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) code: u8,
}

/// What `--version` says: the release whose tools these are.
pub(crate) const KAFKA_VERSION: &str = "4.3.1";

impl Options {
    /// Takes the arguments behind the tool's name apart.
    pub(crate) fn parse(
        declared: &'static [Declaration],
        arguments: &[String],
    ) -> Result<Self, OptionError> {
        let mut options = Self {
            declared,
            given: Map::new(),
            arguments_count: arguments.len(),
        };
        let mut rest = arguments.iter().map(String::as_str).peekable();
        while let Some(word) = rest.next() {
            if word == "--" {
                break;
            }
            let Some(token) = option_token(word) else {
                continue;
            };
            let (name, attached) = match token.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (token, None),
            };
            let Some(option) = declared.iter().find(|option| option.name == name) else {
                return Err(Unrecognized(unrecognized(word, name)));
            };
            let values = options.given.entry(option.name).or_default();
            match (option.argument, attached) {
                (Argument::None, _) => {}
                (_, Some(value)) => values.push(value.to_owned()),
                (Argument::Required { .. }, None) => {
                    let value = rest.next().ok_or(MissingArgument(option.name))?;
                    values.push(value.to_owned());
                }
                (Argument::Optional { .. }, None) => {
                    let value = rest.next_if(|next| option_token(next).is_none() && *next != "--");
                    values.extend(value.map(str::to_owned));
                }
            }
        }
        options.check_available()?;
        Ok(options)
    }

    /// Whether an option was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The value of an option, or its default. An error if it was given several.
    pub(crate) fn value(&self, name: &str) -> Result<Option<&str>, OptionError> {
        match self.given.get(name).map_or(&[][..], Vec::as_slice) {
            [] => Ok(self.declaration(name).default),
            [value] => Ok(Some(value)),
            _ => Err(Multiple(self.declaration(name).name)),
        }
    }

    /// All values of an option, in their order; its default if there are none.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        match self.given.get(name) {
            Some(values) if !values.is_empty() => values.iter().map(String::as_str).collect(),
            _ => self.declaration(name).default.into_iter().collect(),
        }
    }

    /// The value of an option that is declared as an `Integer`.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i32>, OptionError> {
        self.number(name)
    }

    /// The value of an option that is declared as a `Long`.
    pub(crate) fn long(&self, name: &str) -> Result<Option<i64>, OptionError> {
        self.number(name)
    }

    fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, OptionError> {
        let convert = |value: &str| {
            value.parse().map_err(|_| Conversion {
                option: self.declaration(name).name,
                argument: value.to_owned(),
            })
        };
        self.value(name)?.map(convert).transpose()
    }

    fn declaration(&self, name: &str) -> &'static Declaration {
        let mut declared = self.declared.iter();
        declared
            .find(|option| option.name == name)
            .expect("a tool asks for options that it declares")
    }

    /// joptsimple's `availableIf`: options that make sense only beside others.
    fn check_available(&self) -> Result<(), OptionError> {
        let asks_for_help = self.has("help") || self.has("version");
        let forbidden: Vec<&'static str> = self
            .declared
            .iter()
            .filter(|option| self.has(option.name) && !option.only_with.is_empty())
            .filter(|option| !option.only_with.iter().any(|other| self.has(other)))
            .map(|option| option.name)
            .collect();
        match forbidden.is_empty() || asks_for_help {
            true => Ok(()),
            false => Err(Unavailable(forbidden)),
        }
    }
}

/// Kafka's `CommandLineUtils`.
impl Options {
    /// Ends with the usage on `--help` or without any argument, and with the version on `--version`.
    pub(crate) fn help_or_version(&self, purpose: &str) -> Result<(), Quit> {
        if self.arguments_count == 0 || self.has("help") {
            return Err(Quit::with_usage(self.declared, purpose));
        }
        if self.has("version") {
            return Err(Quit {
                stdout: format!("{KAFKA_VERSION}\n"),
                stderr: String::new(),
                code: 0,
            });
        }
        Ok(())
    }

    /// Ends with the usage unless all of these were given.
    pub(crate) fn check_required(&self, required: &[&str]) -> Result<(), Quit> {
        match required.iter().find(|name| !self.has(name)) {
            None => Ok(()),
            Some(name) => Err(self.usage(format!("Missing required argument \"[{name}]\""))),
        }
    }

    /// Ends with the usage if `used` was given together with one of the others.
    pub(crate) fn check_invalid(&self, used: &str, invalid: &[&str]) -> Result<(), Quit> {
        let other = invalid.iter().find(|name| self.has(used) && self.has(name));
        match other {
            None => Ok(()),
            Some(other) => Err(self.usage(format!(
                "Option \"[{used}]\" can't be used with option \"[{other}]\""
            ))),
        }
    }

    /// Ends with the usage unless exactly one of these was given.
    pub(crate) fn check_one_of(&self, names: &[&str]) -> Result<(), Quit> {
        if names.iter().filter(|name| self.has(name)).count() == 1 {
            return Ok(());
        }
        let names: Vec<String> = names.iter().map(|name| format!("[{name}]")).collect();
        Err(self.usage(format!(
            "Exactly one of the following arguments is required: {}",
            names.join(", ")
        )))
    }

    /// How a tool ends with a message and its usage.
    pub(crate) fn usage(&self, message: impl std::fmt::Display) -> Quit {
        Quit::with_usage(self.declared, message)
    }
}

impl Quit {
    /// A message and the usage on standard error, and exit code 1, also where somebody asked for help.
    pub(crate) fn with_usage(declared: &[Declaration], message: impl std::fmt::Display) -> Self {
        Self::with_message(format!(
            "{message}\n{}",
            usage::table(declared).trim_end_matches('\n')
        ))
    }

    /// A message on standard error, and exit code 1.
    pub(crate) fn with_message(message: impl std::fmt::Display) -> Self {
        Self {
            stdout: String::new(),
            stderr: format!("{message}\n"),
            code: 1,
        }
    }
}

/// What stands behind the hyphens, if a word is an option at all.
fn option_token(word: &str) -> Option<&str> {
    match word {
        "-" | "--" => None,
        _ => word.strip_prefix("--").or_else(|| word.strip_prefix('-')),
    }
}

/// What joptsimple complains about: behind a single hyphen it looks for options of one letter.
fn unrecognized(word: &str, name: &str) -> String {
    match word.starts_with("--") {
        true => name.to_owned(),
        false => word.chars().skip(1).take(1).collect(),
    }
}

#[cfg(test)]
mod tests;
