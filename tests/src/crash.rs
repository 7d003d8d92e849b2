//! The checker behind `tests/crash.rs`: clients that keep an account of every acknowledgement, and the reading of a broker
//! against that account after it was killed.
//!
//! - [`Stream`]: a producer on one partition, plain or idempotent; a batch's bytes follow from its number, so the account
//!   stays small and the check compares whole batches.
//! - [`Commits`]: a group's committed offsets.
//! - [`Topics`]: topics that come and go, their partitions and their configuration.
//!
//! Each has `work`, which runs until the broker is gone, and a check for when it is back.

pub mod batch;
mod client;
mod commits;
mod log;
mod random;
mod stream;
mod topics;

pub use client::Client;
pub use commits::{Commits, find_coordinator};
pub use log::{check_log, end_offset, read_log};
pub use random::Random;
pub use stream::{Stream, produce};
pub use topics::{Topics, create_topic};
