//! What has happened in a world.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use ottla_core::Instant;

use crate::action::Action;
use crate::app::AppEvent;
use crate::code::Print;
use crate::tally::CommitTally;
use crate::terminal::Written;

/// Something that happened in a world.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// To whom.
    pub who: Arc<str>,
    /// What.
    pub what: Teller,
}

/// Whose event it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Teller {
    /// A client's.
    Client(ottla_client::Event),
    /// A client's application's.
    App(AppEvent),
    /// The broker's.
    Broker(ottla_core::Event),
    /// The terminal's: its command has written this.
    Terminal(Written),
    /// A program's: it printed this.
    Code(Print),
    /// A person's: this was done to the world. `who` is whom it was done to, or the world.
    Action(Arc<Action>),
    /// The world's own: a fault begins or ends.
    World(String),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.at.0;
        write!(
            f,
            "{:>4}.{:06} {:<10} ",
            micros / 1_000_000,
            micros % 1_000_000,
            self.who
        )?;
        match &self.what {
            Teller::Client(event) => event.fmt(f),
            Teller::App(event) => event.fmt(f),
            Teller::Broker(event) => event.fmt(f),
            Teller::Terminal(written) => write!(f, "writes {}", written.text.trim_end()),
            Teller::Code(print) => write!(f, "prints {}", print.text),
            Teller::Action(action) => action.fmt(f),
            Teller::World(text) => f.write_str(text),
        }
    }
}

/// The newest lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    pub(crate) commits: CommitTally,
    lines: VecDeque<Line>,
}

impl Log {
    pub(crate) fn add(&mut self, at: Instant, who: &Arc<str>, what: Teller) {
        self.commits.add(who, &what);
        if self.lines.len() == LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(Line {
            at,
            who: who.clone(),
            what,
        });
    }

    /// Adds what another log has.
    pub(crate) fn append(&mut self, later: Log) {
        for Line { at, who, what } in later.lines {
            self.add(at, &who, what);
        }
    }

    pub(crate) fn take(&mut self) -> Vec<Line> {
        self.lines.drain(..).collect()
    }
}

/// Whoever does not take the lines keeps these.
const LINES_MAX: usize = 100_000;
