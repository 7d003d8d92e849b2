//! What a terminal shows.

use ottla_core::Instant;

use super::{Stream, Written};
use crate::action::Action;
use crate::{Line, Teller};

/// A stretch of what a terminal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose it is.
    pub kind: EntryKind,
    /// The text; of what was typed, a line without its end.
    pub text: String,
}

/// Kinds of [`Entry`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A command was typed.
    Command,
    /// A line was typed for the command that runs.
    Typed,
    /// ctrl-C or ctrl-D, as terminals show them.
    Key,
    /// The command wrote this to standard output.
    Output,
    /// And this to standard error.
    Error,
}

/// What a terminal shows, oldest first: the newest 32 kB, and nothing from this moment or before.
pub fn transcript(lines: &[Line], since: Option<Instant>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut size_bytes = 0;
    for line in lines.iter().rev() {
        if since.is_some_and(|since| line.at <= since) || size_bytes > SHOWN_BYTES {
            break;
        }
        let Some(entry) = entry(&line.what) else {
            continue;
        };
        size_bytes += entry.text.len();
        match entries.last_mut() {
            Some(later) if later.kind == entry.kind && entry.kind.is_written() => {
                later.text.insert_str(0, &entry.text);
            }
            _ => entries.push(entry),
        }
    }
    entries.reverse();
    entries
}

fn entry(what: &Teller) -> Option<Entry> {
    let (kind, text) = match what {
        Teller::Terminal(Written { stream, text }) => match stream {
            Stream::Output => (EntryKind::Output, text.as_str()),
            Stream::Error => (EntryKind::Error, text.as_str()),
        },
        Teller::Action(action) => match &**action {
            Action::Run(command) => (EntryKind::Command, command.as_str()),
            Action::Type(line) => (EntryKind::Typed, line.as_str()),
            Action::Interrupt => (EntryKind::Key, "^C"),
            Action::EndInput => (EntryKind::Key, "^D"),
            _ => return None,
        },
        _ => return None,
    };
    Some(Entry {
        kind,
        text: text.to_owned(),
    })
}

impl EntryKind {
    fn is_written(self) -> bool {
        matches!(self, Self::Output | Self::Error)
    }
}

/// How much of it is shown.
const SHOWN_BYTES: usize = 32 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::World;

    #[test]
    fn it_shows_what_was_typed_and_what_came_of_it() {
        let mut world = World::for_scene(1);
        let mut shown = |line: &str, to_s: u64| {
            world.apply(&line.parse().unwrap()).unwrap();
            world.advance(Instant(to_s * 1_000_000));
            world.take_log()
        };
        let mut lines = shown("run kafka-topics --create --topic t", 2);
        lines.extend(shown("topic u", 3));
        lines.extend(shown("run kafka-topics --list", 5));
        let texts = |since| {
            let entries = transcript(&lines, since);
            let texts: Vec<String> = entries.into_iter().map(|entry| entry.text).collect();
            texts.join("|")
        };
        assert_eq!(
            texts(None),
            "kafka-topics --create --topic t|Created topic t.\n|kafka-topics --list|t\nu\n"
        );
        assert_eq!(
            texts(Some(Instant(2_000_000))),
            "kafka-topics --list|t\nu\n"
        );
    }
}
