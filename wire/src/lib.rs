//! The broker's side of the Kafka wire protocol over `ottla-core`. Bytes in, bytes out; no I/O.

#![expect(
    dead_code,
    reason = "the gateway, which uses it, lands with the broker"
)]

mod api;
mod frame;
mod store;
mod wary;

pub use api::{APIS, Api};
pub use frame::{Call, Client, Endpoint, Header, Malformed, decode};
pub use store::{Applied, Located, Store, StoreError};
