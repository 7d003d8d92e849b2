//! Questions, scripts and commands against a broker in memory.

mod friendly;
mod questions;
mod support;
mod trouble;
