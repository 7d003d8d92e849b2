//! Changes that a topic's configuration asks for, and a producer whose sequence numbers begin again.

use bytes::BytesMut;

use super::builder::assemble;
use super::header::{ATTRIBUTES, CRC, LOG_APPEND_TIME, MAX_TIMESTAMP, PRODUCER_ID};
use super::{Batch, BatchError, BatchHeader, Compression, TimestampType, codec};
use crate::Timestamp;

impl Batch {
    /// The same batch with this timestamp type and maximum timestamp (`message.timestamp.type`). Copies it, unless nothing changes.
    pub(crate) fn stamped(mut self, kind: TimestampType, max_timestamp: Timestamp) -> Batch {
        if self.header.timestamp_type == kind && self.header.max_timestamp == max_timestamp {
            return self;
        }
        let mut bytes = BytesMut::from(&self.bytes[..]);
        match kind {
            TimestampType::CreateTime => bytes[ATTRIBUTES + 1] &= !LOG_APPEND_TIME,
            TimestampType::LogAppendTime => bytes[ATTRIBUTES + 1] |= LOG_APPEND_TIME,
        }
        bytes[MAX_TIMESTAMP..MAX_TIMESTAMP + 8].copy_from_slice(&max_timestamp.0.to_be_bytes());
        let crc = crate::checksum::crc32c(&bytes[ATTRIBUTES..]);
        bytes[CRC..CRC + 4].copy_from_slice(&crc.to_be_bytes());
        self.header.timestamp_type = kind;
        self.header.max_timestamp = max_timestamp;
        self.header.crc = crc;
        self.bytes = bytes.freeze();
        self
    }

    /// The same records of another producer id, epoch and first sequence number. Copies them, unless nothing changes.
    pub fn with_producer(mut self, id: i64, epoch: i16, base_sequence: i32) -> Batch {
        let header = &mut self.header;
        if (
            header.producer_id,
            header.producer_epoch,
            header.base_sequence,
        ) == (id, epoch, base_sequence)
        {
            return self;
        }
        header.producer_id = id;
        header.producer_epoch = epoch;
        header.base_sequence = base_sequence;
        let encoded = header.encode();
        let mut bytes = BytesMut::from(&self.bytes[..]);
        let producer = PRODUCER_ID..PRODUCER_ID + 14;
        bytes[producer.clone()].copy_from_slice(&encoded[producer]);
        let crc = crate::checksum::crc32c(&bytes[ATTRIBUTES..]);
        bytes[CRC..CRC + 4].copy_from_slice(&crc.to_be_bytes());
        self.header.crc = crc;
        self.bytes = bytes.freeze();
        self
    }

    /// The same records in another compression (`compression.type`).
    ///
    /// # Errors
    /// INVALID_RECORD if they unpack to more than 256 MiB.
    pub(crate) fn recompressed(self, compression: Compression) -> Result<Batch, BatchError> {
        if self.header.compression == compression {
            return Ok(self);
        }
        let records = &self.bytes[BatchHeader::SIZE_BYTES..];
        let header = BatchHeader {
            compression,
            ..self.header
        };
        let plain = codec::decompress(self.header.compression, records)?;
        let records = codec::compress(compression, &plain);
        Ok(assemble(header, self.facts, &records))
    }
}
