//! Texts of the terminal.

pub(crate) const SCREEN: &str = "What the terminal shows";
pub(crate) const COMMAND: &str = "A command";
pub(crate) const INPUT: &str = "A line for the command that runs";
pub(crate) const PLACEHOLDER: &str = "kafka-topics --list";
pub(crate) const RUN: &str = "Run";
pub(crate) const SEND: &str = "Send";
pub(crate) const INTERRUPT: &str = "ctrl-C";
pub(crate) const END_INPUT: &str = "ctrl-D";
pub(crate) const OFFER: &str = "What it may become";
pub(crate) const HINT: &str = "Tab completes (Esc, then Tab leaves). ↑ brings earlier lines back. ctrl-C ends a command. help lists all commands, clear empties this.";

/// How many pasted lines wait for the command that runs.
pub(crate) fn waiting(count: usize) -> String {
    match count {
        1 => "1 line waits until the command has ended. ctrl-C ends it and drops the line."
            .to_owned(),
        count => format!(
            "{count} lines wait until the command has ended. ctrl-C ends it and drops them."
        ),
    }
}

/// How many words a Tab has found.
pub(crate) fn offered(count: usize) -> String {
    match count {
        0 => "Nothing fits.".to_owned(),
        1 => "1 word fits.".to_owned(),
        count => format!("{count} words fit: Tab takes one after the other."),
    }
}
