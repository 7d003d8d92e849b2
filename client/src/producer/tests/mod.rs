//! Stories of producers.

mod config;
