//! Record batches, format v2: bytes that describe themselves.
//!
//! ```text
//!   0 base offset   8 length   12 leader epoch   16 magic 2   17 CRC-32C   21 attributes   23 last offset delta
//!  27 base timestamp   35 max timestamp   43 producer id   51 producer epoch   53 base sequence   57 records count   61 records
//! ```
//!
//! The CRC covers everything from the attributes on. Base offset and leader epoch lie outside it: a log stamps them without touching the rest.
//! Records lie back to back behind the header, compressed as one piece or not at all.

mod builder;
mod codec;
mod error;
mod header;
mod parse;
mod records;
mod rewrite;
mod search;
mod snappy;
#[cfg(test)]
mod tests;
mod varint;
mod walk;

pub use builder::BatchBuilder;
pub use error::{BatchError, RecordError};
pub use header::{BatchHeader, Compression, TimestampType};
pub use records::{Record, RecordHeader, Records, records, shared_records};
pub use search::{first_at_or_after, with_max_timestamp};

use bytes::Bytes;

use crate::Timestamp;
pub(crate) use walk::Seen;
use walk::walk;

/// One record batch whose bytes have been checked by themselves (length, CRC, counts, records), but not against a topic's configuration.
#[derive(Debug, Clone)]
pub struct Batch {
    header: BatchHeader,
    bytes: Bytes,
    facts: Facts,
}

/// What only a walk through the records tells, kept so that an append need not walk again.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// The smallest timestamp but `Timestamp::NONE`, if any record has one.
    oldest_timestamp: Option<Timestamp>,
    has_null_keys: bool,
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

    /// Its records, which share its bytes where they are not compressed.
    pub fn records(&self) -> Result<Records, BatchError> {
        Records::new(self.bytes.clone())
    }

    /// The smallest timestamp but `Timestamp::NONE`, if any record has one.
    pub(crate) fn oldest_timestamp(&self) -> Option<Timestamp> {
        self.facts.oldest_timestamp
    }

    /// Some record has no key.
    pub(crate) fn has_null_keys(&self) -> bool {
        self.facts.has_null_keys
    }

    /// The records for which `is_wrong` holds: `limit` of them at most.
    pub(crate) fn find_records(&self, limit: usize, is_wrong: impl Fn(&Seen) -> bool) -> Vec<Seen> {
        let mut found = Vec::new();
        let walked = walk(&self.header, &self.bytes, |seen| {
            if found.len() < limit && is_wrong(&seen) {
                found.push(seen);
            }
        });
        debug_assert!(walked.is_ok(), "a batch is walked before it is made");
        found
    }
}
