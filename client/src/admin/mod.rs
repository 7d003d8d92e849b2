//! What can be asked of a cluster, and changed in it: topics, settings, groups, offsets.
//!
//! One file for each subject: a [`Question`] and its answer in plain types, in Kafka's words.

mod brokers;
mod cluster;
mod config;
mod configs;
mod error;
mod group_offsets;
mod groups;
mod offsets;
mod question;
mod topics;

pub use brokers::*;
pub use cluster::*;
pub use config::AdminConfig;
pub use configs::*;
pub use error::AskError;
pub use group_offsets::*;
pub use groups::*;
pub use offsets::*;
pub use question::{AnyQuestion, Question};
pub use topics::*;
