//! The native broker's parts, as a library so that tests can use them one by one.

pub mod cli;
pub mod disk;
pub mod failure;
pub mod logging;
mod properties;
pub mod serve;
mod server;
mod start;
mod store;
