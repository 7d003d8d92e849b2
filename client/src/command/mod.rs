//! The commands that people type: Kafka's own command lines and Ottla's, without I/O.
//!
//! ```text
//!   argv ─▶ Program ── ProgramOutput ─▶ stdout, stderr, links, files to read, exit code
//!             │  ▲ ProgramInput: what came of them, stdin, ctrl-C, the clock
//!             ├─ a script: a plain function that asks a Desk, over an Admin      topics, groups, configuration
//!             └─ a Machine: what flows until it ends                            produce, consume
//! ```

#[cfg_attr(
    not(feature = "friendly"),
    expect(dead_code, reason = "Ottla's own commands use more of it than Kafka's")
)]
mod consume;
mod flow;
#[cfg(feature = "friendly")]
pub mod friendly;
pub mod kafka;
mod play;
#[cfg_attr(
    not(feature = "friendly"),
    expect(dead_code, reason = "Ottla's own commands use more of it than Kafka's")
)]
mod produce;
mod program;
#[cfg(test)]
pub(crate) mod rehearsal;
mod script;
mod surroundings;

pub use crate::admin::Stop;
pub use program::{Machine, Program, ProgramInput, ProgramOutput};
pub use script::{Asked, Desk, End, Exit};
pub use surroundings::Surroundings;

#[cfg(test)]
mod tests;
