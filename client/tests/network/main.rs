//! The network over real brokers' bytes, and over those of made-up clusters, on a virtual clock.

mod brokers;
mod cluster;
mod cuts;
mod limits;
mod links;
mod requests;
mod support;
mod trouble;
