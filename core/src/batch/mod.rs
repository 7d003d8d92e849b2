//! Record batches, format v2: bytes that describe themselves.

mod error;
mod header;

pub use error::{BatchError, RecordError};
pub use header::{BatchHeader, Compression, TimestampType};

use bytes::Bytes;

/// One record batch whose bytes have been checked by themselves (length, CRC, counts, records), but not against a topic's configuration.
#[derive(Debug, Clone)]
pub struct Batch {
    header: BatchHeader,
    bytes: Bytes,
}

impl Batch {
    /// What the batch says of itself.
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The whole batch, header and all.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}
