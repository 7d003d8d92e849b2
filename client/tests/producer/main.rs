//! Stories of producers, joined to a broker in memory whose answers a test may spoil.

mod brokers;
mod frames;
mod support;

mod chance;
mod delivery;
mod idempotence;
mod refusals;
mod waiting;
