//! Stories of consumers at a broker in memory.

mod alone;
mod chance;
mod commits;
mod groups;
mod ladders;
mod person;
mod rebalances;
mod refusals;
mod world;
