//! What a command may know of the place where it runs.

/// The terminal and the environment of a command, as its shell found them when the command was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// Where the cluster is, for commands that do not name it themselves: `host:port,host:port`.
    pub bootstrap: Option<String>,
    /// Whether a person types the input.
    pub stdin_is_terminal: bool,
    /// Whether a person reads the output. If not it is plain columns: no colours, nothing cut to the width.
    pub stdout_is_terminal: bool,
    /// Whether colours are welcome where the output is a terminal (`NO_COLOR` is not set, `TERM` is not `dumb`).
    pub colours: bool,
    /// The terminal's width in characters.
    pub columns: u16,
    /// The version of the program, such as `0.1.0`.
    pub version: String,
}

impl Default for Surroundings {
    /// A pipe on both sides.
    fn default() -> Self {
        Self {
            bootstrap: None,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            colours: false,
            columns: 80,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
