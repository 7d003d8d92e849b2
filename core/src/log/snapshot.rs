//! Producers as bytes: the contents of Apache Kafka's `.snapshot` files (`ProducerSnapshot.json`, version 1).
//!
//! ```text
//! version i16 = 1   CRC-32C u32 of all that follows   count i32
//! of each: id i64   epoch i16   last sequence i32   last offset i64   offset delta i32   timestamp i64   coordinator epoch i32   transaction's first offset i64
//! ```

use std::collections::VecDeque;

use bytes::{Buf, BufMut, Bytes};

use super::producers::{Producer, Producers, Written};
use crate::{Offset, Timestamp};

/// A producer has an entry for each of the batches that it may repeat, the last one last: Apache Kafka, which writes only that
/// one, reads such a file too, for it takes the last entry of a producer. With less, a client that has several requests under way
/// would be told OUT_OF_ORDER_SEQUENCE_NUMBER for what it repeats after a restart.
pub(super) fn encode(producers: Option<&Producers>) -> Bytes {
    let mut out = vec![0; ENTRIES_AT + 4];
    let mut count = 0_i32;
    for (&id, producer) in producers.iter().flat_map(|producers| &producers.by_id) {
        let nothing = producer.batches.is_empty().then_some(NOTHING_WRITTEN);
        for batch in nothing.iter().chain(&producer.batches) {
            out.put_i64(id);
            out.put_i16(producer.epoch);
            out.put_i32(batch.last_sequence);
            out.put_i64(batch.last_offset.0);
            out.put_i32(batch.offset_delta);
            out.put_i64(producer.last_timestamp.0);
            out.put_i32(producer.coordinator_epoch);
            out.put_i64(NO_TRANSACTION);
            count += 1;
        }
    }
    out[..CRC_AT].copy_from_slice(&VERSION.to_be_bytes());
    out[ENTRIES_AT..ENTRIES_AT + 4].copy_from_slice(&count.to_be_bytes());
    let crc = crate::checksum::crc32c(&out[ENTRIES_AT..]);
    out[CRC_AT..ENTRIES_AT].copy_from_slice(&crc.to_be_bytes());
    out.into()
}

/// `None` if the bytes are damaged.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Producers> {
    let entries = bytes.get(ENTRIES_AT..)?;
    let version = bytes.get_i16();
    let crc = bytes.get_u32();
    if version != VERSION || crc != crate::checksum::crc32c(entries) || entries.len() < 4 {
        return None;
    }
    let count = usize::try_from(bytes.get_i32()).ok()?;
    if bytes.len() != count.checked_mul(ENTRY_BYTES)? {
        return None;
    }
    let mut producers = Producers::default();
    for _ in 0..count {
        let id = bytes.get_i64();
        let epoch = bytes.get_i16();
        let last_sequence = bytes.get_i32();
        let last_offset = Offset(bytes.get_i64());
        let offset_delta = bytes.get_i32();
        let timestamp = Timestamp(bytes.get_i64());
        let coordinator_epoch = bytes.get_i32();
        let _transaction = bytes.get_i64();
        let producer = producers.by_id.entry(id).or_insert_with(|| Producer {
            epoch,
            coordinator_epoch,
            last_timestamp: timestamp,
            batches: VecDeque::new(),
        });
        if last_offset.0 >= 0 {
            producer.batches.push_back(Written {
                last_sequence,
                last_offset,
                offset_delta,
                timestamp,
            });
        }
    }
    Some(producers)
}

const VERSION: i16 = 1;
const CRC_AT: usize = 2;
const ENTRIES_AT: usize = 6;
const ENTRY_BYTES: usize = 46;
const NOTHING_WRITTEN: Written = Written {
    last_sequence: -1,
    last_offset: Offset(-1),
    offset_delta: 0,
    timestamp: Timestamp(-1),
};
const NO_TRANSACTION: i64 = -1;

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Bytes {
        let written = |last_sequence, last_offset| Written {
            last_sequence,
            last_offset: Offset(last_offset),
            offset_delta: 2,
            timestamp: Timestamp(700),
        };
        let mut producers = Producers::default();
        let producer = Producer {
            epoch: 1,
            coordinator_epoch: -1,
            last_timestamp: Timestamp(700),
            batches: VecDeque::from([written(4, 67), written(7, 70)]),
        };
        producers.by_id.insert(4, producer);
        encode(Some(&producers))
    }

    #[test]
    fn a_snapshot_comes_back() {
        let bytes = snapshot();
        let decoded = decode(&bytes).unwrap();
        assert_eq!(encode(Some(&decoded)), bytes);
        assert_eq!(decoded.by_id[&4].batches.len(), 2);
        assert!(decode(&encode(None)).unwrap().is_empty());
    }

    #[test]
    fn a_damaged_snapshot_is_none() {
        let bytes = snapshot();
        for at in 0..bytes.len() {
            let mut damaged = bytes.to_vec();
            damaged[at] ^= 0x10;
            assert!(decode(&damaged).is_none(), "byte {at}");
            assert!(decode(&bytes[..at]).is_none(), "{at} bytes");
        }
    }
}
