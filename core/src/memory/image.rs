//! A broker that does not run, as bytes: what it stores, and what it was started with.
//!
//! ```text
//!   magic OTTLAIMG   version 4   parts count 4   CRC-32C of these 4
//!   parts, each:     length 8    CRC-32C 4       bytes
//! ```
//!
//! The first part is what the broker was started with; each of the others is a log. Numbers are big-endian, texts have their length in front.
//! Batches are as they lie in the log. What was in a broker's memory only is not in here: it is a broker after a power failure.

mod read;
#[cfg(test)]
mod tests;

use bytes::BufMut;

use super::{MemoryStore, StoredLog};
use crate::config::Values;
use crate::{LogId, Offset};
use read::Reader;

/// Everything that it takes to start a broker where another one has ended.
#[derive(Debug, Clone)]
pub struct Image {
    /// What the broker was started with.
    pub seed: u64,
    /// The configuration that it was started with; what has been changed since is in the store.
    pub properties: Values,
    /// What it has stored.
    pub store: MemoryStore,
}

/// Bytes that are no image, or not a whole and undamaged one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {what}")]
pub struct ImageError {
    /// Where.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl Image {
    /// The image's bytes. The same image has always the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        let logs = &self.store.logs;
        let mut bytes = Vec::new();
        bytes.put_slice(MAGIC);
        bytes.put_u32(VERSION);
        bytes.put_u32(u32::try_from(1 + logs.len()).expect("ids of logs are 32 bits"));
        bytes.put_u32(crate::checksum::crc32c(&bytes));
        put_part(&mut bytes, |part| self.put_settings(part));
        for (id, log) in logs {
            put_part(&mut bytes, |part| put_log(part, *id, log));
        }
        bytes
    }

    /// Reads an image. It takes no more memory than the bytes have.
    ///
    /// # Errors
    /// Anything that is not as it was written, with its place.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImageError> {
        let mut reader = Reader::new(bytes);
        let parts_count = reader.head()?;
        let mut settings = reader.part(1, parts_count)?;
        let (seed, properties) = read::settings(&mut settings)?;
        let mut store = MemoryStore::new();
        store.logs.clear();
        for number in 2..=parts_count {
            let mut part = reader.part(number, parts_count)?;
            read::log(&mut part, &mut store)?;
        }
        reader.end("something follows the last part")?;
        if !store.logs.contains_key(&LogId::METADATA) {
            return Err(reader.error("the log with the topics is not there"));
        }
        Ok(Self {
            seed,
            properties,
            store,
        })
    }

    fn put_settings(&self, part: &mut Vec<u8>) {
        part.put_u64(self.seed);
        put_count(part, self.properties.len());
        for (name, value) in &self.properties {
            put_text(part, name);
            put_text(part, value);
        }
    }
}

fn put_log(part: &mut Vec<u8>, id: LogId, log: &StoredLog) {
    part.put_u32(id.0);
    put_text(part, &log.topic);
    part.put_slice(&log.topic_id.0);
    part.put_i32(log.partition);
    part.put_i64(log.start_offset.0);
    put_count(part, log.epochs.len());
    for (epoch, start_offset) in &log.epochs {
        part.put_i32(*epoch);
        part.put_i64(start_offset.0);
    }
    put_count(part, log.snapshots.len());
    for (offset, snapshot) in &log.snapshots {
        part.put_i64(offset.0);
        put_count(part, snapshot.len());
        part.put_slice(snapshot);
    }
    put_count(part, log.segments.len());
    for segment in &log.segments {
        part.put_i64(segment.base_offset.0);
        part.put_u32(segment.chunks.size_bytes());
        for (_, batch) in segment.chunks.batches_from(Offset(0)) {
            part.put_slice(&batch);
        }
    }
}

fn put_part(bytes: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) {
    let head = bytes.len();
    bytes.put_slice(&[0; PART_HEAD_BYTES]);
    put(bytes);
    let body = head + PART_HEAD_BYTES;
    let size = (bytes.len() - body) as u64;
    let crc = crate::checksum::crc32c(&bytes[body..]);
    bytes[head..head + 8].copy_from_slice(&size.to_be_bytes());
    bytes[head + 8..body].copy_from_slice(&crc.to_be_bytes());
}

fn put_text(part: &mut Vec<u8>, text: &str) {
    put_count(part, text.len());
    part.put_slice(text.as_bytes());
}

fn put_count(part: &mut Vec<u8>, count: usize) {
    part.put_u32(u32::try_from(count).expect("nothing that is kept is so large"));
}

const MAGIC: &[u8; 8] = b"OTTLAIMG";
const VERSION: u32 = 1;
/// Length and CRC.
const PART_HEAD_BYTES: usize = 12;
