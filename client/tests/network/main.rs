//! The network over real brokers' bytes, on a virtual clock.

mod requests;
mod support;
mod trouble;
