//! The engine of Ottla: partitioned logs, consumer groups, topics and configuration as one state machine.
//!
//! ```text
//!            requests that mean something                 effects
//!   wire ───────────── Input ─────────────▶ Broker ─────── Output ──────▶ store, sockets, pictures
//!            clock, "it is stored"            │            Reply, Store, Event
//!                                             └─ &self views: metadata(), log(), group() ...
//! ```
//!
//! What this crate does *not* do: it has no sockets, files, clock, threads, async, environment or source of chance. Time and
//! a seed are arguments; bytes of the protocol are the business of `ottla-wire`; a log's bytes are written and found by a store
//! ([`MemoryStore`] here, files in the native broker). The same inputs give the same outputs, byte for byte, on every platform.
//!
//! Where to start reading: [`Broker`], then [`Input`] and [`Output`], then the module of the thing that you look for.

pub mod batch;
pub mod broker;
mod checksum;
pub mod config;
pub mod controller;
mod error;
pub mod group;
mod ids;
pub mod interface;
pub mod log;
mod memory;
pub mod sorted;
mod time;

pub use broker::Broker;
pub use error::{ApiError, ErrorCode};
pub use ids::{
    ConnectionId, GroupId, LogId, MemberId, Offset, RequestId, TopicName, TopicPartition, TopicRef,
    Uuid,
};
pub use interface::{Event, Input, LogSlice, Output, Request, Response, StoreOp};
pub use memory::{Image, ImageError, MemoryStore};
pub use time::{Instant, Now, Timer, Timers, Timestamp};
