//! What commands share that flow until they end, producing and consuming: how far they are, and what they say besides.

use super::{Exit, ProgramOutput};

/// How far such a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Lines are read, or records.
    Reading,
    /// Its client brings to an end what it has begun; then the command ends like this.
    Closing(Exit),
    /// Nothing more happens.
    Ended,
}

/// Whether it has been told that no broker can be reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Reachability {
    is_told: bool,
}

impl Reachability {
    /// Says once that brokers cannot be reached, until they can again.
    pub(super) fn notice(&mut self, trouble: Option<String>, out: &mut Vec<ProgramOutput>) {
        if let Some(why) = trouble.as_ref().filter(|_| !self.is_told) {
            say(
                out,
                format!("ottla: cannot reach {why}; trying again, ctrl-C ends\n"),
            );
        }
        self.is_told = trouble.is_some();
    }
}

/// On standard error.
pub(super) fn say(out: &mut Vec<ProgramOutput>, text: String) {
    out.push(ProgramOutput::Stderr(text.into()));
}

/// A number of records, in words.
pub(super) fn records(count: u64) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}

/// 0 is the owner of the links of the script that prepared the command.
pub(super) const OWNER: u32 = 1;
