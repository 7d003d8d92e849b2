//! A broker and its clients in one value, joined by simulated links on one virtual clock.
//!
//! ```text
//!   Producer, Consumer ── Output::Link ─▶ Links: latency, jitter, pieces, breaks ─▶ Server ─▶ Gateway<MemoryStore>
//!        ▲ LinkInput ◀──────────────────────────── bytes of real frames ◀─────────────┘
//! ```
//!
//! [`World`] is the whole of it: [`World::advance`] moves the clock, everything follows from the seed, a clone goes on exactly as the original
//! would have. What travels are the bytes of real frames, and both ends are the ones that are used over TCP.
//!
//! What this crate does *not* do: it opens no sockets and no files, knows no clock, starts no thread.

pub mod action;
pub mod app;
mod authors;
mod brief;
pub mod code;
mod disk;
pub mod export;
pub mod frames;
pub mod invariants;
pub mod lesson;
mod links;
mod log;
pub mod narration;
mod resident;
pub mod saved;
pub mod scene;
mod server;
mod tally;
pub mod terminal;
pub mod timeline;
mod world;

pub use links::{Conditions, Direction};
pub use log::{Line, Teller};
pub use ottla_client::Address;
pub use ottla_core::sorted;
pub use ottla_core::{Instant, Timestamp, TopicPartition};
pub use resident::Resident;
pub use tally::{Commits, Requests};
pub use world::World;
