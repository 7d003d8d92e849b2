//! Record batches whose every byte follows from who made them and from their number.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{BufMut as _, Bytes, BytesMut};

use super::random::Random;

/// What a batch is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The number of the producer's stream.
    pub stream: u32,
    /// The number of the batch in its stream.
    pub number: u32,
    /// Producer id, epoch and first sequence; `None` for a plain producer.
    pub producer: Option<(i64, i16, i32)>,
    /// Of each record. Not long ago, for a broker forgets idempotent producers whose last batch is a day old.
    pub timestamp_ms: i64,
}

impl Plan {
    /// How many records the batch has: mostly few, sometimes hundreds.
    pub fn records_count(&self) -> usize {
        let mut random = self.random();
        match random.below(10) {
            0..6 => random.between(1, 10),
            6..9 => random.between(10, 100),
            _ => random.between(100, 400),
        }
    }

    /// The batch with base offset 0.
    pub fn bytes(&self) -> Bytes {
        let count = self.records_count();
        let mut random = self.random();
        let longest = match random.below(12) {
            0 => 100_000 / count,
            1..4 => 2_000 / count,
            _ => 100,
        };
        let mut records = BytesMut::new();
        let mut record = BytesMut::new();
        for delta in 0..count {
            record.clear();
            record.put_slice(&[0, 0]); // attributes, timestamp delta
            put_varint(&mut record, delta as i64);
            put_varint(&mut record, -1); // no key
            let filler = random.between(0, longest);
            put_varint(&mut record, (8 + filler) as i64);
            record.put_u32(self.stream);
            record.put_u32(self.number);
            for _ in 0..filler.div_ceil(8) {
                record.put_u64(random.number());
            }
            record.truncate(record.len() - (filler.div_ceil(8) * 8 - filler));
            record.put_u8(0); // no headers
            put_varint(&mut records, record.len() as i64);
            records.put_slice(&record);
        }
        let (id, epoch, sequence) = self.producer.unwrap_or((-1, -1, -1));

        let mut batch = BytesMut::new();
        batch.put_i64(0); // base offset
        batch.put_i32((HEADER_BYTES - LENGTH_ENDS + records.len()) as i32);
        batch.put_i32(-1); // leader epoch
        batch.put_i8(2); // magic
        batch.put_u32(0); // CRC, below
        batch.put_i16(0); // attributes
        batch.put_i32(count as i32 - 1);
        batch.put_i64(self.timestamp_ms);
        batch.put_i64(self.timestamp_ms);
        batch.put_i64(id);
        batch.put_i16(epoch);
        batch.put_i32(sequence);
        batch.put_i32(count as i32);
        batch.put_slice(&records);
        let crc = crc32c::crc32c(&batch[CRC_ENDS..]);
        batch[CRC_ENDS - 4..CRC_ENDS].copy_from_slice(&crc.to_be_bytes());
        batch.freeze()
    }

    /// The time now.
    pub fn now_ms() -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        i64::try_from(now.expect("the clock is past 1970").as_millis()).expect("the time fits")
    }

    fn random(&self) -> Random {
        Random::new(u64::from(self.stream) << 32 | u64::from(self.number))
    }
}

/// A batch as it lies in a log.
#[derive(Clone, Copy)]
pub struct Stored<'a>(&'a [u8]);

impl<'a> Stored<'a> {
    /// The first batch of some records, and what follows it; `None` at the end, also before a batch that is cut off, as
    /// the last one of a fetch may be.
    pub fn first(records: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let length = i32::from_be_bytes(records.get(8..LENGTH_ENDS)?.try_into().ok()?);
        let end = LENGTH_ENDS + usize::try_from(length).expect("a batch's length is not negative");
        let (batch, rest) = records.split_at_checked(end)?;
        assert!(
            batch.len() > HEADER_BYTES,
            "a batch has a header and records"
        );
        Some((Self(batch), rest))
    }

    /// The offset of its first record.
    pub fn base_offset(&self) -> i64 {
        i64::from_be_bytes(self.0[..8].try_into().expect("8 bytes"))
    }

    /// The offset after its last record.
    pub fn next_offset(&self) -> i64 {
        let delta = i32::from_be_bytes(self.0[23..27].try_into().expect("4 bytes"));
        self.base_offset() + i64::from(delta) + 1
    }

    /// Its size in a file.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Which stream and number its first record names.
    ///
    /// # Panics
    /// When there is no such name in it: it is not one of ours, or it is damaged.
    pub fn name(&self) -> (u32, u32) {
        let mut at = HEADER_BYTES;
        skip_varint(self.0, &mut at); // length
        at += 2; // attributes, timestamp delta
        skip_varint(self.0, &mut at); // offset delta
        skip_varint(self.0, &mut at); // key's length
        skip_varint(self.0, &mut at); // value's length
        let name = self
            .0
            .get(at..at + 8)
            .expect("a batch's first record has a name");
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().expect("4 bytes"));
        (number(&name[..4]), number(&name[4..]))
    }

    /// Whether it is this batch, byte for byte, but for what a broker sets: base offset and leader epoch.
    pub fn is(&self, sent: &[u8]) -> bool {
        self.0.len() == sent.len()
            && self.0[8..LENGTH_ENDS] == sent[8..LENGTH_ENDS]
            && self.0[16..] == sent[16..]
    }
}

fn put_varint(to: &mut BytesMut, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    while rest >= 0x80 {
        to.put_u8(rest as u8 | 0x80);
        rest >>= 7;
    }
    to.put_u8(rest as u8);
}

fn skip_varint(bytes: &[u8], at: &mut usize) {
    while bytes.get(*at).is_some_and(|byte| *byte >= 0x80) {
        *at += 1;
    }
    *at += 1;
}

/// Where the length lies that counts what follows it.
const LENGTH_ENDS: usize = 12;
/// What follows is what the CRC covers.
const CRC_ENDS: usize = 21;
const HEADER_BYTES: usize = 61;

#[cfg(test)]
mod tests {
    use kafka_protocol::records::RecordBatchDecoder;

    use super::*;

    #[test]
    fn another_codec_reads_our_batches() {
        for number in 0..50 {
            let plan = Plan {
                stream: 7,
                number,
                producer: Some((4000, 1, 23)),
                timestamp_ms: 1_700_000_000_000,
            };
            let bytes = plan.bytes();
            let (batch, rest) = Stored::first(&bytes).expect("a whole batch");
            assert_eq!((batch.name(), rest.len()), ((7, number), 0));
            let records = RecordBatchDecoder::decode(&mut bytes.clone())
                .expect("a valid batch")
                .records;
            assert_eq!(records.len(), plan.records_count());
            for (delta, record) in (0..).zip(&records) {
                assert_eq!(
                    (record.offset, record.sequence, record.producer_id),
                    (i64::from(delta), 23 + delta, 4000)
                );
            }
        }
    }
}
