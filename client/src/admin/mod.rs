//! What can be asked of a cluster, and changed in it: topics, settings, groups, offsets.
//!
//! ```text
//!   Question ──ask──▶ Admin ── an inquiry for each question ──▶ Network
//!      ▲ answer(clerk)   │ runs the question again when the responses that it waits for are there,
//!      └─────────────────┘ and sends again what was refused for a passing reason
//! ```
//!
//! One file for each subject: a [`Question`] and its answer in plain types, in Kafka's words.

mod awaited_topics;
mod brokers;
mod clerk;
mod cluster;
mod config;
mod config_changes;
mod config_resources;
mod configs;
mod consumer_protocol;
mod coordinators;
mod error;
mod group_deletion;
mod group_offsets;
mod groups;
mod inquiry;
mod leaders;
mod machine;
mod offsets;
mod producers;
mod question;
mod reassignments;
mod topic_changes;
mod topics;

pub use awaited_topics::AwaitTopics;
pub use brokers::*;
pub use clerk::Clerk;
pub use cluster::{Cluster, DescribeCluster, Node};
pub use config::AdminConfig;
pub use config_changes::*;
pub use config_resources::ListConfigResources;
pub use configs::{
    ConfigEntry, ConfigResource, ConfigSource, ConfigSynonym, DescribeConfigs, ResourceKind,
};
pub use coordinators::FindCoordinator;
pub use error::AskError;
pub use group_deletion::*;
pub use group_offsets::*;
pub use groups::*;
pub use machine::{Admin, Answered, InquiryId};
pub use offsets::*;
pub use producers::*;
pub use question::{AnyQuestion, Question, Stop, Value};
pub use reassignments::*;
pub use topic_changes::*;
pub use topics::*;
