//! Record batches, format v2.

use std::time::{SystemTime, UNIX_EPOCH};

/// A batch of `count` records without keys, each with a value of `value_bytes` bytes, made now.
pub fn batch(count: usize, value_bytes: usize) -> Vec<u8> {
    let now_ms = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64);
    let value: Vec<u8> = (0..value_bytes).map(|at| b'a' + (at % 26) as u8).collect();
    let mut records = Vec::with_capacity(count * (value_bytes + 10));
    for delta in 0..count {
        let mut record = vec![0, 0]; // attributes, timestamp delta
        varint(&mut record, delta as i64);
        varint(&mut record, -1); // no key
        varint(&mut record, value_bytes as i64);
        record.extend_from_slice(&value);
        record.push(0); // no headers
        varint(&mut records, record.len() as i64);
        records.extend_from_slice(&record);
    }

    let mut checked = Vec::with_capacity(records.len() + 40);
    checked.extend_from_slice(&0_i16.to_be_bytes()); // attributes: plain, CreateTime
    checked.extend_from_slice(&(count as i32 - 1).to_be_bytes()); // last offset delta
    checked.extend_from_slice(&now_ms.to_be_bytes()); // base timestamp
    checked.extend_from_slice(&now_ms.to_be_bytes()); // maximum timestamp
    checked.extend_from_slice(&(-1_i64).to_be_bytes()); // producer id
    checked.extend_from_slice(&(-1_i16).to_be_bytes()); // producer epoch
    checked.extend_from_slice(&(-1_i32).to_be_bytes()); // base sequence
    checked.extend_from_slice(&(count as i32).to_be_bytes());
    checked.extend_from_slice(&records);

    let mut batch = Vec::with_capacity(checked.len() + 21);
    batch.extend_from_slice(&0_i64.to_be_bytes()); // base offset
    batch.extend_from_slice(&(checked.len() as i32 + 9).to_be_bytes()); // length of what follows
    batch.extend_from_slice(&(-1_i32).to_be_bytes()); // leader epoch
    batch.push(2); // magic
    batch.extend_from_slice(&crc32c::crc32c(&checked).to_be_bytes());
    batch.extend_from_slice(&checked);
    batch
}

/// The offset of the last record of all the whole batches in `records`.
pub fn last_offset(mut records: &[u8]) -> Option<i64> {
    let mut last = None;
    while let Some(header) = records.first_chunk::<27>() {
        let number = |at: usize, bytes: usize| {
            header[at..at + bytes]
                .iter()
                .fold(0_i64, |n, byte| n << 8 | i64::from(*byte))
        };
        let Some(rest) = records.get(12 + number(8, 4) as usize..) else {
            break;
        };
        last = Some(number(0, 8) + number(23, 4));
        records = rest;
    }
    last
}

/// A zigzag varint.
fn varint(to: &mut Vec<u8>, value: i64) {
    let mut rest = (value << 1 ^ value >> 63) as u64;
    while rest >= 0x80 {
        to.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    to.push(rest as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_offset_is_found_behind_a_torn_batch() {
        let mut two = batch(3, 10);
        let mut second = batch(2, 10);
        second[..8].copy_from_slice(&3_i64.to_be_bytes());
        two.extend_from_slice(&second);
        assert_eq!(last_offset(&two), Some(4));
        two.pop();
        assert_eq!(last_offset(&two), Some(2));
        assert_eq!(last_offset(&[]), None);
    }
}
