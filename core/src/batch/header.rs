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

    /// Reads the first 61 bytes. No CRC is checked, and nothing is asked of what follows: the rest of the batch need not be there.
    ///
    /// `None`: too few bytes, another format than v2, a length that cannot be, or an unknown compression.
    pub fn parse(bytes: &[u8]) -> Option<BatchHeader> {
        let bytes: &[u8; Self::SIZE_BYTES] = bytes.first_chunk()?;
        let length = u32::try_from(i32::from_be_bytes(field(bytes, 8))).ok()?;
        let size_bytes = length.checked_add(LENGTH_END as u32)?;
        if bytes[MAGIC] != MAGIC_V2 || size_bytes < Self::SIZE_BYTES as u32 {
            return None;
        }
        let attributes = bytes[ATTRIBUTES + 1];
        Some(Self {
            base_offset: Offset(i64::from_be_bytes(field(bytes, 0))),
            size_bytes,
            leader_epoch: i32::from_be_bytes(field(bytes, 12)),
            crc: u32::from_be_bytes(field(bytes, CRC)),
            compression: Compression::from_attributes(attributes)?,
            timestamp_type: if attributes & LOG_APPEND_TIME == 0 {
                TimestampType::CreateTime
            } else {
                TimestampType::LogAppendTime
            },
            is_transactional: attributes & TRANSACTIONAL != 0,
            is_control: attributes & CONTROL != 0,
            last_offset_delta: i32::from_be_bytes(field(bytes, 23)),
            base_timestamp: Timestamp(i64::from_be_bytes(field(bytes, 27))),
            max_timestamp: Timestamp(i64::from_be_bytes(field(bytes, MAX_TIMESTAMP))),
            producer_id: i64::from_be_bytes(field(bytes, 43)),
            producer_epoch: i16::from_be_bytes(field(bytes, 51)),
            base_sequence: i32::from_be_bytes(field(bytes, 53)),
            records_count: i32::from_be_bytes(field(bytes, 57)),
        })
    }

    /// The offset of the last record.
    pub fn last_offset(&self) -> Offset {
        self.base_offset + i64::from(self.last_offset_delta)
    }

    /// The offset after the last record.
    pub fn next_offset(&self) -> Offset {
        self.base_offset + i64::from(self.last_offset_delta) + 1
    }

    /// Whether `batch`, of which this is the header, is whole and has the CRC that it should have.
    pub fn fits(&self, batch: &[u8]) -> bool {
        batch
            .get(ATTRIBUTES..self.size_bytes as usize)
            .is_some_and(|covered| crate::checksum::crc32c(covered) == self.crc)
    }

    /// The last record's sequence number: after the largest `i32` comes 0. Or -1.
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence < 0 {
            return -1;
        }
        self.base_sequence.wrapping_add(self.last_offset_delta) & i32::MAX
    }

    /// It comes from an idempotent producer.
    pub fn has_producer_id(&self) -> bool {
        self.producer_id >= 0
    }

    /// The 61 bytes; the CRC as it stands in `self`.
    pub(super) fn encode(&self) -> [u8; Self::SIZE_BYTES] {
        let mut bytes = [0; Self::SIZE_BYTES];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        let attributes = self.compression as u8
            | match self.timestamp_type {
                TimestampType::CreateTime => 0,
                TimestampType::LogAppendTime => LOG_APPEND_TIME,
            }
            | if self.is_transactional {
                TRANSACTIONAL
            } else {
                0
            }
            | if self.is_control { CONTROL } else { 0 };
        put(0, &self.base_offset.0.to_be_bytes());
        put(8, &(self.size_bytes - LENGTH_END as u32).to_be_bytes());
        put(12, &self.leader_epoch.to_be_bytes());
        put(MAGIC, &[MAGIC_V2]);
        put(CRC, &self.crc.to_be_bytes());
        put(ATTRIBUTES + 1, &[attributes]);
        put(23, &self.last_offset_delta.to_be_bytes());
        put(27, &self.base_timestamp.0.to_be_bytes());
        put(MAX_TIMESTAMP, &self.max_timestamp.0.to_be_bytes());
        put(43, &self.producer_id.to_be_bytes());
        put(51, &self.producer_epoch.to_be_bytes());
        put(53, &self.base_sequence.to_be_bytes());
        put(57, &self.records_count.to_be_bytes());
        bytes
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

impl Compression {
    fn from_attributes(attributes: u8) -> Option<Self> {
        [Self::None, Self::Gzip, Self::Snappy, Self::Lz4, Self::Zstd]
            .get(usize::from(attributes & 7))
            .copied()
    }
}

/// What the timestamps of a batch mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimestampType {
    /// The producer's clock.
    CreateTime,
    /// The broker's clock at the append.
    LogAppendTime,
}

fn field<const N: usize>(bytes: &[u8; BatchHeader::SIZE_BYTES], at: usize) -> [u8; N] {
    std::array::from_fn(|index| bytes[at + index])
}

/// The length field counts what comes after it.
pub(super) const LENGTH_END: usize = 12;
pub(super) const MAGIC: usize = 16;
pub(super) const MAGIC_V2: u8 = 2;
pub(super) const CRC: usize = 17;
/// Two bytes of which only the second is used. The CRC covers everything from here on.
pub(super) const ATTRIBUTES: usize = 21;
pub(super) const MAX_TIMESTAMP: usize = 35;
pub(super) const PRODUCER_ID: usize = 43;
pub(super) const LOG_APPEND_TIME: u8 = 0x08;
const TRANSACTIONAL: u8 = 0x10;
const CONTROL: u8 = 0x20;
