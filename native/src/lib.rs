//! The native broker's parts, as a library so that tests can use them one by one.

mod address;
pub mod cli;
mod clock;
pub mod completion;
pub mod disk;
pub mod driver;
pub mod failure;
pub mod logging;
mod properties;
pub mod serve;
mod server;
mod start;
mod store;
pub mod tools;
mod tutorial;
