//! A partition's log.

mod config;

pub use config::{CleanupPolicy, CompressionType, LogConfig};
