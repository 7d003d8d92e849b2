//! Ottla's own clients against Ottla's broker, in real frames over simulated links, on a virtual clock.
//!
//! Everything follows from a seed. A failure prints it with the last lines of the story; `CLIENTS_SEED=<seed>` runs that one alone,
//! `CLIENTS_RUNS=<count>` more of them.

mod every_byte;
mod ledger;
mod stage;
mod trouble;
mod weather;
