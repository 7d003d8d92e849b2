//! How a tool declares its options.

/// An option of a tool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declaration {
    /// Without hyphens.
    pub(crate) name: &'static str,
    /// What comes behind it.
    pub(crate) argument: Argument,
    /// The right column of the usage. A `\n` begins a new line.
    pub(crate) description: &'static str,
    /// The value when it is not given, as the usage shows it.
    pub(crate) default: Option<&'static str>,
    /// If not empty: one of these options has to be there too.
    pub(crate) only_with: &'static [&'static str],
}

/// What comes behind an option. `kind` is `String`, `Integer` or `Long`; `described_as` may be empty.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Argument {
    None,
    Required {
        kind: &'static str,
        described_as: &'static str,
    },
    Optional {
        kind: &'static str,
        described_as: &'static str,
    },
}

/// `--help`, which every tool has.
pub(crate) const HELP: Declaration = Declaration::flag("help", "Print usage information.");

/// `--version`, which every tool has.
pub(crate) const VERSION: Declaration = Declaration::flag("version", "Display Kafka version.");

impl Declaration {
    /// An option without an argument.
    pub(crate) const fn flag(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            argument: Argument::None,
            description,
            default: None,
            only_with: &[],
        }
    }

    /// An option with a text.
    pub(crate) const fn text(
        name: &'static str,
        described_as: &'static str,
        description: &'static str,
    ) -> Self {
        Self::required(name, "String", described_as, description)
    }

    /// An option with a number of 32 bits.
    pub(crate) const fn integer(
        name: &'static str,
        described_as: &'static str,
        description: &'static str,
    ) -> Self {
        Self::required(name, "Integer", described_as, description)
    }

    /// An option with a number of 64 bits.
    pub(crate) const fn long(
        name: &'static str,
        described_as: &'static str,
        description: &'static str,
    ) -> Self {
        Self::required(name, "Long", described_as, description)
    }

    /// An option that may come with a text.
    pub(crate) const fn optional(
        name: &'static str,
        described_as: &'static str,
        description: &'static str,
    ) -> Self {
        let kind = "String";
        Self {
            argument: Argument::Optional { kind, described_as },
            ..Self::flag(name, description)
        }
    }

    /// With a value for when it is not given.
    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }

    /// Refused unless one of these options is there too.
    pub(crate) const fn only_with(self, only_with: &'static [&'static str]) -> Self {
        Self { only_with, ..self }
    }

    const fn required(
        name: &'static str,
        kind: &'static str,
        described_as: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            argument: Argument::Required { kind, described_as },
            ..Self::flag(name, description)
        }
    }
}
