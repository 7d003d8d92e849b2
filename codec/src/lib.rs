//! Reading messages of the Kafka protocol from someone who may lie: what broker and client do alike before they know what a message means.
//!
//! [`decode`] reads the body of any message that `kafka-protocol` knows; [`unsigned_varint`] and [`skip_tagged_fields`] are for headers and for
//! bodies that are read by hand. `None` means malformed. Nothing takes more memory than the bytes that are there.
//!
//! What this crate does *not* do: it knows no API keys, no frames and no correlation ids. Those belong to the two sides.

mod varint;
mod wary;

pub use varint::{skip_tagged_fields, unsigned_varint};
pub use wary::decode;
