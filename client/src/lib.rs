//! The client's side of the Kafka protocol: producer, consumer, admin, and the commands that people type. Bytes in, bytes out.
//!
//! ```text
//!   argv, lines ─▶ command::Program ─▶ text, exit code          what people type
//!                       │ holds
//!        Producer    Consumer    Admin                          each a value of its own, with its own connections
//!            └───────────┼──────────┘
//!                     Network                                   brokers, metadata, coordinators; whom to ask; back-off
//!                        │
//!                    Connection                                 one link: versions, correlation, in flight, time-outs
//!                        │  Input::Link ▲ ▼ Output::Link
//!                      shell                                    sockets (native), simulated links (lab)
//! ```
//!
//! Every part is a plain value that can be cloned: `handle(now, input, &mut out)` is what changes it, `next_deadline` says when it wants a
//! [`Input::Tick`]. What this crate does *not* do: it opens no sockets and no files, knows no clock, starts no thread and has no source of
//! chance; time and a seed are arguments. The same inputs give the same outputs, byte for byte, on every platform.
//!
//! Where to start reading: [`interface`], then the part that you look for.

pub mod admin;
pub mod assignor;
mod backoff;
pub mod calendar;
pub mod command;
mod connection;
pub mod consumer;
pub mod event;
pub mod interface;
pub mod network;
pub mod partitioner;
pub mod producer;
mod properties;
pub mod protocol;
pub mod random;

pub use event::Event;
pub use interface::{Address, Input, LinkId, LinkInput, LinkOp, Output};
