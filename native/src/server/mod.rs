//! Sockets and threads around the gateway.
//!
//! Each thread has a runtime of its own and its share of the connections; the first one also accepts them, keeps the time and waits for signals.
//! Whoever completes an answer writes it, whichever thread the connection belongs to: no thread is woken for what another can do at once.

mod connection;
mod input;
mod limits;
mod listener;
mod outgoing;
mod port_owner;
mod shared;
mod threads;

pub(crate) use limits::Limits;
pub(crate) use listener::{Purpose, bind, bind_now, explain_bind};
pub(crate) use shared::Shared;
pub(crate) use threads::run;
