//! Code of the learner: programs that run somewhere else (KafkaJS in a worker) and live in a world like any other client.
//!
//! ```text
//!   World ── Question { turn: what came, and when } ─▶ whoever runs the program
//!         ◀─ Answer { sockets, what was printed, when it is due again } ──┘
//! ```
//!
//! A program is a function of its source, its seed and the turns that it was given: nothing else reaches it. So each question has a [`Key`] made
//! of all that, and an answer that was once given for a key is right whenever the key comes again: [`Answers`] that are kept let a world be gone
//! through as often as one likes, back and forth, and the code runs only where history is new.
//!
//! Time does not pass the moment of a turn until its answer is in. A turn begins a microsecond after what it brings has arrived, so that a world
//! that waits stands between two moments: everything may be done to it.

mod answer;
mod answers;
mod key;
mod program;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use ottla_core::Instant;

pub use answer::{Answer, CodeOp, End, Print, Printed};
pub use answers::Answers;
pub use key::Key;
pub use program::Program;

/// What a world waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Whose turn it is.
    pub name: Arc<str>,
    /// What the program is.
    pub source: Arc<str>,
    /// What its chance begins with.
    pub seed: u64,
    /// Everything up to this turn.
    pub key: Key,
    /// Everything before it: the program stands there.
    pub previous: Key,
    /// What it is told.
    pub turn: Turn,
}

/// What a program is told at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What its clocks show.
    pub at: Instant,
    /// What has come, in order. Timers that are due are its own affair.
    pub inputs: Vec<CodeInput>,
}

/// What comes to a program. Sockets are counted by the program, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeInput {
    /// The socket is there.
    Connected(u32),
    /// Bytes came.
    Received(u32, Bytes),
    /// The socket could not be made, or has ended. The text says why.
    Closed(u32, String),
    /// The program is asked to end: SIGTERM.
    Terminate,
}

/// How many turns a program may have.
pub const TURNS_MAX: u32 = 400_000;
