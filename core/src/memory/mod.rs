//! The store that keeps everything in memory.

mod chunks;
mod image;
mod start;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::batch::BatchHeader;
use crate::broker::METADATA_TOPIC_ID;
use crate::controller::METADATA_TOPIC;
use crate::interface::{RecoveredLog, RecoveredSegment};
use crate::sorted::Map;
use crate::{LogId, LogSlice, Offset, StoreOp, Timestamp, TopicName, Uuid};
use chunks::Chunks;
pub use image::{Image, ImageError};

/// A store in memory: a plain value that applies the engine's effects and resolves the locations in its answers.
///
/// A clone shares the bytes, so that a world can be kept or forked. A broker can be started on it, again and again: see [`start`](Self::start).
#[derive(Debug, Clone)]
pub struct MemoryStore {
    logs: Map<LogId, Arc<StoredLog>>,
}

#[derive(Debug, Clone)]
struct StoredLog {
    topic: TopicName,
    topic_id: Uuid,
    partition: i32,
    start_offset: Offset,
    segments: VecDeque<Arc<StoredSegment>>,
    epochs: Vec<(i32, Offset)>,
    /// By offset, the newest two.
    snapshots: VecDeque<(Offset, Bytes)>,
}

#[derive(Debug, Clone)]
struct StoredSegment {
    base_offset: Offset,
    end_offset: Offset,
    max_timestamp: Timestamp,
    first_timestamp: Timestamp,
    chunks: Chunks,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store. It has the metadata log, which nobody creates.
    pub fn new() -> Self {
        let mut store = Self { logs: Map::new() };
        store.create(LogId::METADATA, METADATA_TOPIC.into(), METADATA_TOPIC_ID, 0);
        store
    }

    /// Applies an effect. It is done when this returns.
    ///
    /// # Panics
    /// If the engine contradicts what it has done before: an effect on a log that does not exist, an append that is not at the end.
    pub fn apply(&mut self, op: StoreOp) {
        match op {
            StoreOp::Create {
                log,
                topic,
                topic_id,
                partition,
            } => self.create(log, topic, topic_id, partition),
            StoreOp::Append {
                log,
                segment,
                position,
                base_offset,
                leader_epoch,
                header,
                bytes,
                flush: _,
            } => {
                let header = BatchHeader {
                    base_offset,
                    leader_epoch,
                    ..header
                };
                self.log_mut(log).append(segment, position, &header, &bytes);
            }
            StoreOp::Flush { .. } => {}
            StoreOp::DeleteSegments { log, before } => {
                let log = self.log_mut(log);
                let kept = log.segments.partition_point(|s| s.base_offset < before);
                log.segments.drain(..kept);
            }
            StoreOp::LogStart { log, offset } => self.log_mut(log).start_offset = offset,
            StoreOp::Epoch {
                log,
                epoch,
                start_offset,
            } => {
                let epochs = &mut self.log_mut(log).epochs;
                epochs.retain(|(earlier, _)| *earlier < epoch);
                epochs.push((epoch, start_offset));
            }
            StoreOp::Producers {
                log,
                offset,
                snapshot,
            } => {
                let snapshots = &mut self.log_mut(log).snapshots;
                snapshots.retain(|(earlier, _)| *earlier < offset);
                snapshots.push_back((offset, snapshot));
                if snapshots.len() > SNAPSHOTS_KEPT {
                    snapshots.pop_front();
                }
            }
            StoreOp::Delete { log } => {
                self.logs.remove(&log);
            }
        }
    }

    /// How many bytes of batches there are, in all logs.
    pub fn size_bytes(&self) -> u64 {
        let segments = self.logs.values().flat_map(|log| &log.segments);
        segments
            .map(|segment| u64::from(segment.chunks.size_bytes()))
            .sum()
    }

    /// The bytes of a fetch's answer: whole batches, in order, in as many pieces as they lie in memory. Empty if the first one does not fit.
    /// `None` if the log or the segment is not there (any more).
    pub fn locate(&self, slice: &LogSlice) -> Option<Vec<Bytes>> {
        let segment = self.logs.get(&slice.log)?.segment(slice.segment)?;
        Some(segment.chunks.read(slice))
    }

    /// The first batch of a segment whose largest timestamp is not below `timestamp`. Batches that end below `from` do not count.
    pub fn find_timestamp(
        &self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Option<Bytes> {
        let segment = self.logs.get(&log)?.segment(segment)?;
        segment
            .chunks
            .batches_from(from.max(segment.base_offset))
            .find(|(header, _)| header.max_timestamp >= timestamp)
            .map(|(_, bytes)| bytes)
    }

    /// What there is of a log, for [`Log::recover`](crate::log::Log::recover) after a restart. `None` if there is nothing of this name.
    pub fn recover(&self, log: LogId) -> Option<RecoveredLog> {
        let log = self.logs.get(&log)?;
        let log_end_offset = log.end_offset();
        let producers = log
            .snapshots
            .iter()
            .rfind(|(offset, _)| *offset <= log_end_offset)
            .cloned();
        let unknown_from = producers.as_ref().map_or(log.start_offset, |(at, _)| *at);
        Some(RecoveredLog {
            segments: log
                .segments
                .iter()
                .map(|segment| RecoveredSegment {
                    base_offset: segment.base_offset,
                    size_bytes: segment.chunks.size_bytes(),
                    max_timestamp: segment.max_timestamp,
                    first_timestamp: segment.first_timestamp,
                })
                .collect(),
            log_start_offset: log.start_offset,
            log_end_offset,
            epochs: log.epochs.clone(),
            producers,
            producer_batches: log
                .batches_from(unknown_from)
                .map(|(header, _)| header)
                .filter(BatchHeader::has_producer_id)
                .collect(),
        })
    }

    /// The batches of a log from the one on that holds `from`, for replaying the engine's own logs at start.
    pub fn read(&self, log: LogId, from: Offset) -> impl Iterator<Item = Bytes> + '_ {
        self.logs
            .get(&log)
            .into_iter()
            .flat_map(move |log| log.batches_from(from))
            .map(|(_, bytes)| bytes)
    }

    fn create(&mut self, log: LogId, topic: TopicName, topic_id: Uuid, partition: i32) {
        let same = self.logs.get(&log).is_some_and(|found| {
            (&found.topic, found.topic_id, found.partition) == (&topic, topic_id, partition)
        });
        if !same {
            let empty = StoredLog {
                topic,
                topic_id,
                partition,
                start_offset: Offset(0),
                segments: VecDeque::new(),
                epochs: Vec::new(),
                snapshots: VecDeque::new(),
            };
            self.logs.insert(log, Arc::new(empty));
        }
    }

    fn log_mut(&mut self, log: LogId) -> &mut StoredLog {
        let log = self
            .logs
            .get_mut(&log)
            .expect("a log is created before it is used");
        Arc::make_mut(log)
    }
}

impl StoredLog {
    fn append(&mut self, segment: Offset, position: u32, header: &BatchHeader, bytes: &[u8]) {
        if self.segments.back().map(|last| last.base_offset) != Some(segment) {
            self.segments
                .push_back(Arc::new(StoredSegment::starting_at(segment)));
        }
        let segment = self.segments.back_mut().expect("one was just made");
        let segment = Arc::make_mut(segment);
        assert_eq!(
            position,
            segment.chunks.size_bytes(),
            "an append goes to the end"
        );
        if position == 0 {
            segment.first_timestamp = header.max_timestamp;
        }
        segment.max_timestamp = segment.max_timestamp.max(header.max_timestamp);
        segment.end_offset = header.next_offset();
        segment
            .chunks
            .push(header.base_offset, stamp(header, bytes));
    }

    fn segment(&self, base_offset: Offset) -> Option<&StoredSegment> {
        let index = self
            .segments
            .binary_search_by_key(&base_offset, |segment| segment.base_offset)
            .ok()?;
        Some(&self.segments[index])
    }

    fn end_offset(&self) -> Offset {
        let end_offset = self.segments.back().map(|segment| segment.end_offset);
        end_offset
            .unwrap_or(self.start_offset)
            .max(self.start_offset)
    }

    fn batches_from(&self, from: Offset) -> impl Iterator<Item = (BatchHeader, Bytes)> + '_ {
        let first = self
            .segments
            .partition_point(|segment| segment.end_offset <= from);
        self.segments
            .range(first..)
            .flat_map(move |segment| segment.chunks.batches_from(from))
    }
}

impl StoredSegment {
    fn starting_at(base_offset: Offset) -> Self {
        Self {
            base_offset,
            end_offset: base_offset,
            max_timestamp: Timestamp::NONE,
            first_timestamp: Timestamp::NONE,
            chunks: Chunks::default(),
        }
    }
}

/// A copy with its offset and epoch in place: what is kept must not hold a connection's whole read buffer.
fn stamp(header: &BatchHeader, bytes: &[u8]) -> Bytes {
    let mut stamped = BytesMut::with_capacity(bytes.len());
    stamped.extend_from_slice(&header.base_offset.0.to_be_bytes());
    stamped.extend_from_slice(&bytes[8..12]);
    stamped.extend_from_slice(&header.leader_epoch.to_be_bytes());
    stamped.extend_from_slice(&bytes[16..]);
    stamped.freeze()
}

/// The newest one, and the one before it in case that the newest is beyond the log's end.
const SNAPSHOTS_KEPT: usize = 2;
