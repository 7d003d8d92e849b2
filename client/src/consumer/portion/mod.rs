//! What one fetch has brought of one partition, read record by record.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use bytes::Bytes;
use ottla_core::batch::{BatchHeader, Record, Records, TimestampType, shared_records};
use ottla_core::sorted::Set;
use ottla_core::{Offset, TopicPartition};

use super::partitions::Place;

/// A record, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The partition.
    pub partition: TopicPartition,
    /// The leader epoch in which it was appended.
    pub leader_epoch: Option<i32>,
    /// Whose clock its timestamp is of.
    pub timestamp_type: TimestampType,
    /// The record. Key and value share the bytes that came from the broker.
    pub record: Record,
}

/// Batches that have come and are not read to their end.
#[derive(Debug, Clone)]
pub(super) struct Portion {
    /// What of the batches is not opened yet.
    rest: Bytes,
    size_bytes: usize,
    /// The batch that is being read.
    open: Option<Open>,
    /// The next record to hand out.
    next: Place,
    /// Transactions that were aborted, as `(first offset, producer id)`, by first offset; those that began before the batch that is read
    /// have moved to `aborting`.
    aborted: VecDeque<(i64, i64)>,
    aborting: Set<i64>,
}

#[derive(Debug, Clone)]
struct Open {
    records: Records,
    leader_epoch: Option<i32>,
    timestamp_type: TimestampType,
    end: Offset,
}

/// How portions are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) check_crcs: bool,
    pub(super) committed_only: bool,
}

/// Bytes that are no records. The text says what is wrong with them, behind "at offset 5 of t-0: ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) String);

impl Portion {
    /// Records from `from` on out of a fetch's answer, and the offset behind their last batch, from which the next fetch can start.
    /// The broker may cut the last batch short; that part is dropped.
    ///
    /// # Errors
    /// If there are bytes but no whole batch.
    pub(super) fn new(
        bytes: Bytes,
        from: Place,
        mut aborted: Vec<(i64, i64)>,
    ) -> Result<(Self, Offset), Unreadable> {
        let (whole_bytes, end) = measure(&bytes);
        if whole_bytes == 0 && !bytes.is_empty() {
            return Err(Unreadable(format!(
                "the broker answered with {} bytes in which there is no whole batch",
                bytes.len()
            )));
        }
        aborted.sort_unstable();
        let portion = Self {
            rest: bytes.slice(..whole_bytes),
            size_bytes: whole_bytes,
            open: None,
            next: from,
            aborted: aborted.into(),
            aborting: Set::new(),
        };
        Ok((portion, end.max(from.offset)))
    }

    /// How many bytes came.
    pub(super) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Where the next read goes on.
    pub(super) fn next(&self) -> Place {
        self.next
    }

    /// Whether there is nothing more to read.
    pub(super) fn is_used_up(&self) -> bool {
        self.open.is_none() && self.rest.is_empty()
    }

    /// Appends up to `most` records to `out`.
    ///
    /// # Errors
    /// When the next thing is unreadable; records before it are in `out`. The same again until the portion is dropped.
    pub(super) fn read(
        &mut self,
        partition: &TopicPartition,
        most: usize,
        reading: Reading,
        out: &mut Vec<Fetched>,
    ) -> Result<(), Unreadable> {
        let full = out.len() + most;
        while out.len() < full {
            if self.open.is_none() && !self.open_next(reading)? {
                return Ok(());
            }
            let Some(open) = &mut self.open else {
                continue;
            };
            while out.len() < full {
                match open.records.next() {
                    Some(Ok(record)) if record.offset < self.next.offset => {}
                    Some(Ok(record)) if record.offset >= open.end => {
                        let offset = record.offset;
                        return Err(Unreadable(format!(
                            "a record claims offset {offset} in a batch that ends before {}",
                            open.end
                        )));
                    }
                    Some(Ok(record)) => {
                        self.next.offset = record.offset + 1;
                        self.next.leader_epoch = open.leader_epoch;
                        out.push(Fetched {
                            partition: partition.clone(),
                            leader_epoch: open.leader_epoch,
                            timestamp_type: open.timestamp_type,
                            record,
                        });
                    }
                    Some(Err(error)) => return Err(Unreadable(error.to_string())),
                    None => {
                        // A batch keeps its last offset when compaction has removed its last record: the position goes behind it.
                        self.next.offset = self.next.offset.max(open.end);
                        self.next.leader_epoch = open.leader_epoch;
                        self.open = None;
                        break;
                    }
                }
            }
        }
        // A batch of which every record is handed out is closed at once, so that the position stands behind it.
        if let Some(open) = &self.open
            && self.next.offset >= open.end
        {
            self.open = None;
            self.skip_what_is_for_nobody(reading)?;
        }
        Ok(())
    }

    /// Opens the next batch. False: there is none, or it holds nothing to be seen.
    fn open_next(&mut self, reading: Reading) -> Result<bool, Unreadable> {
        self.skip_what_is_for_nobody(reading)?;
        let Some(header) = self.header()? else {
            return Ok(false);
        };
        let batch = self.rest.slice(..header.size_bytes as usize);
        if reading.check_crcs && !header.fits(&batch) {
            return Err(Unreadable(format!(
                "the record batch at offset {} is corrupt: its CRC is not {}",
                header.base_offset, header.crc
            )));
        }
        let records = shared_records(batch).map_err(|error| Unreadable(error.to_string()))?;
        self.advance(&header);
        self.open = Some(Open {
            records,
            leader_epoch: epoch(header.leader_epoch),
            timestamp_type: header.timestamp_type,
            end: header.next_offset(),
        });
        Ok(true)
    }

    /// Passes over control batches, aborted ones and those that lie before the position.
    fn skip_what_is_for_nobody(&mut self, reading: Reading) -> Result<(), Unreadable> {
        while let Some(header) = self.header()? {
            let is_aborted =
                reading.committed_only && header.has_producer_id() && self.is_aborted(&header)?;
            if !is_aborted && !header.is_control && header.next_offset() > self.next.offset {
                break;
            }
            self.next.offset = self.next.offset.max(header.next_offset());
            self.next.leader_epoch = epoch(header.leader_epoch);
            self.advance(&header);
        }
        Ok(())
    }

    fn is_aborted(&mut self, header: &BatchHeader) -> Result<bool, Unreadable> {
        while let Some(&(first_offset, producer_id)) = self.aborted.front()
            && first_offset <= header.last_offset().0
        {
            self.aborted.pop_front();
            self.aborting.insert(producer_id);
        }
        if header.is_control {
            let batch = self.rest.slice(..header.size_bytes as usize);
            if is_abort_marker(batch)? {
                self.aborting.remove(&header.producer_id);
            }
            return Ok(false);
        }
        Ok(header.is_transactional && self.aborting.contains(&header.producer_id))
    }

    fn header(&self) -> Result<Option<BatchHeader>, Unreadable> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let header =
            sound_header(&self.rest).filter(|header| header.size_bytes as usize <= self.rest.len());
        match header {
            Some(header) => Ok(Some(header)),
            None => Err(Unreadable(format!(
                "the bytes behind offset {} are no record batch of format v2 (Kafka 0.11 and newer)",
                self.next.offset
            ))),
        }
    }

    fn advance(&mut self, header: &BatchHeader) {
        self.rest = self.rest.slice(header.size_bytes as usize..);
    }
}

/// How many bytes of whole batches there are, and the offset behind the last. What is no batch counts as whole, for the reader to stumble over.
fn measure(bytes: &Bytes) -> (usize, Offset) {
    let mut at = 0;
    let mut end = Offset(0);
    loop {
        let rest = &bytes[at..];
        match sound_header(rest) {
            Some(header) if header.size_bytes as usize <= rest.len() => {
                at += header.size_bytes as usize;
                end = end.max(header.next_offset());
            }
            Some(_) => return (at, end),
            None if rest.len() < BatchHeader::SIZE_BYTES => return (at, end),
            None => return (bytes.len(), end),
        }
    }
}

/// The header, if its offsets can be: whoever adds to them later need not look.
fn sound_header(bytes: &[u8]) -> Option<BatchHeader> {
    let header = BatchHeader::parse(bytes)?;
    let is_sound = header.base_offset >= Offset(0)
        && header.last_offset_delta >= 0
        && header.base_offset < Offset(i64::MAX - i64::from(i32::MAX) - 1);
    is_sound.then_some(header)
}

/// A control record's key is its version and its type, two bytes each; type 0 ends a transaction that was aborted (KIP-98).
fn is_abort_marker(batch: Bytes) -> Result<bool, Unreadable> {
    let mut records = shared_records(batch).map_err(|error| Unreadable(error.to_string()))?;
    let key = match records.next() {
        Some(Ok(record)) => record.key.unwrap_or_default(),
        Some(Err(error)) => return Err(Unreadable(error.to_string())),
        None => return Ok(false),
    };
    Ok(key.get(2..4) == Some(&[0, 0]))
}

fn epoch(number: i32) -> Option<i32> {
    (number >= 0).then_some(number)
}
