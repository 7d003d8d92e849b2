//! The broker's side of the Kafka wire protocol over `ottla-core`. Bytes in, bytes out; no I/O.

mod store;

pub use store::{Applied, Located, Store, StoreError};
