//! The broker's side of the Kafka wire protocol over `ottla-core`. Bytes in, bytes out.
//!
//! ```text
//!    on the connection's own thread      under the shell's lock, or owned as a value
//!   frame ──── decode ────▶ Call ────▶ Gateway ──▶ Outbox ──▶ frames: bytes, and places where records are
//!              header, version,          │ Broker (ottla-core): decides
//!              body, batches             │ Store: keeps the records' bytes
//!                                        └ order of answers, fetch sessions
//! ```
//!
//! [`APIS`] lists what is served; there is one file for each API key in `api/`. In place of [`decode`], [`refuse`] makes a call out of a frame
//! that is answered with an error and otherwise ignored.
//!
//! What this crate does *not* do: it opens no sockets and no files, knows no clock, and starts no threads. It does not know SASL, TLS, quotas,
//! ACLs, transactions or share groups. It does not copy records: an answer says where they are.

mod api;
mod frame;
mod gateway;
mod primitives;
mod store;
mod streams;

pub use api::{APIS, Api};
pub use frame::{Call, Client, Endpoint, Header, Malformed, decode, refuse};
pub use gateway::{Answer, Chunk, Frame, Gateway, Outbox};
pub use store::{Applied, Located, Store, StoreError};
pub use streams::{Streams, Written};
