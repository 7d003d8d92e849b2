//! Scenarios of command lines and what Apache Kafka's own tools answered: played again with Ottla's.

pub mod mask;
pub mod play;
pub mod scenario;

pub use scenario::{Outcome, Scenario, Step};
