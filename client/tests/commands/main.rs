//! Questions, scripts and commands against a broker in memory.

mod console;
mod friendly;
mod person;
mod questions;
mod support;
mod trouble;
