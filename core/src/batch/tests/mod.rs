//! Batches against Apache Kafka's own bytes, against damage, and against chance.

mod building;
mod golden;
mod parsing;
mod properties;

use bytes::Bytes;

use super::header::{ATTRIBUTES, CRC};
use super::{Batch, BatchBuilder, BatchError, Compression};
use crate::{ErrorCode, Timestamp};

pub(super) const ALL: [Compression; 5] = [
    Compression::None,
    Compression::Gzip,
    Compression::Snappy,
    Compression::Lz4,
    Compression::Zstd,
];

/// A batch of three records with these bytes at `at`, its length and CRC made to fit.
pub(super) fn patched(at: usize, patch: &[u8]) -> Result<Batch, BatchError> {
    let mut bytes = three(Compression::None).bytes().to_vec();
    bytes[at..at + patch.len()].copy_from_slice(patch);
    Batch::parse(repaired(bytes))
}

/// The same bytes with the right CRC.
pub(super) fn repaired(mut bytes: Vec<u8>) -> Bytes {
    let crc = crc32c::crc32c(&bytes[ATTRIBUTES..]);
    bytes[CRC..CRC + 4].copy_from_slice(&crc.to_be_bytes());
    bytes.into()
}

pub(super) fn three(compression: Compression) -> Batch {
    let mut builder = BatchBuilder::new();
    builder.compression(compression);
    for (timestamp, value) in [(10, "a"), (30, "b"), (20, "c")] {
        builder.push(Timestamp(timestamp), Some(b"key"), Some(value.as_bytes()));
    }
    builder.build()
}

pub(super) fn code(result: Result<Batch, BatchError>) -> ErrorCode {
    result.err().map_or(ErrorCode::None, |error| error.code)
}
