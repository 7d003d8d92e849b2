//! The engine of the npm package `ottla`: a broker's process as a value, driven from JavaScript.
//!
//! ```text
//!   TypeScript: sockets, clock, waiting         Engine: one broker's process
//!     connect, receive, disconnect ───────────▶ Process ─▶ wire::Streams ─▶ core::Broker, MemoryStore
//!     set_time, tick ◀── next_deadline ────────    │
//!     ◀── take_output, take_events ────────────────┤
//!     ◀── topics, records, groups ── views ────────┘
//! ```
//!
//! What is outside brings bytes and time and takes bytes and JSON-like values; what they mean is known here only. 64-bit numbers are
//! JavaScript's `bigint`. Whatever fails is thrown as `{ code, message }`.
//!
//! What this crate does *not* do: it opens no sockets, reads no clock and calls nothing back.

mod assignment;
mod engine;
mod events;
mod failure;
mod faults;
mod options;
mod process;
mod views;

pub use engine::Engine;
pub use failure::Failure;
pub use faults::FaultOptions;
pub use options::StartOptions;
pub use process::Process;

#[cfg(test)]
mod tests;
