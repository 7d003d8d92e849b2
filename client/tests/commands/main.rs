//! Questions, scripts and commands against a broker in memory.

mod questions;
mod support;
mod trouble;
