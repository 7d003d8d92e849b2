use crate::{Offset, Timestamp};

/// The 61 bytes at the front of a batch, as values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHeader {
    /// The offset of the first record.
    pub base_offset: Offset,
    /// The length of the whole batch in bytes, from its first byte to its last.
    pub size_bytes: u32,
    /// The leader epoch in which it was appended.
    pub leader_epoch: i32,
    /// The CRC-32C of everything from the attributes on.
    pub crc: u32,
    /// How the records are compressed.
    pub compression: Compression,
    /// What the timestamps mean.
    pub timestamp_type: TimestampType,
    /// It belongs to a transaction.
    pub is_transactional: bool,
    /// It ends a transaction, and is not for consumers.
    pub is_control: bool,
    /// The last record's offset less the first one's.
    pub last_offset_delta: i32,
    /// The first record's timestamp.
    pub base_timestamp: Timestamp,
    /// The largest timestamp.
    pub max_timestamp: Timestamp,
    /// The idempotent producer's id, or -1.
    pub producer_id: i64,
    /// The idempotent producer's epoch, or -1.
    pub producer_epoch: i16,
    /// The first record's sequence number, or -1.
    pub base_sequence: i32,
    /// How many records there are.
    pub records_count: i32,
}

impl BatchHeader {
    /// The length of a header, in bytes.
    pub const SIZE_BYTES: usize = 61;

    /// The offset after the last record.
    pub fn next_offset(&self) -> Offset {
        self.base_offset + i64::from(self.last_offset_delta) + 1
    }
}

/// How records are compressed: the protocol's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Compression {
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}

/// What the timestamps of a batch mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimestampType {
    /// The producer's clock.
    CreateTime,
    /// The broker's clock at the append.
    LogAppendTime,
}
