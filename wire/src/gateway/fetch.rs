//! Answers to fetches: the store finds the records, and the frame says where they are.

use ottla_core::interface::FetchResponse;
use ottla_core::{ErrorCode, Offset, TopicRef};

use super::outbox::{Chunk, Frame};
use super::session::SessionUse;
use crate::api::Action;
use crate::codec::Writer;
use crate::frame::Header;
use crate::store::{Located, Store};

/// What an answer needs to know of its request.
#[derive(Debug, Clone)]
pub(super) struct FetchContext {
    pub(super) session: SessionUse,
    /// The client wants to know of aborted transactions. There are none, but null would say that it was not asked.
    pub(super) committed_only: bool,
}

/// A topic of an answer, its records found.
pub(super) struct FoundTopic<E> {
    pub(super) topic: TopicRef,
    pub(super) partitions: Vec<FoundPartition<E>>,
}

/// A partition of an answer, its records found.
pub(super) struct FoundPartition<E> {
    pub(super) partition: i32,
    pub(super) error: ErrorCode,
    pub(super) high_watermark: Offset,
    pub(super) last_stable_offset: Offset,
    pub(super) log_start_offset: Offset,
    pub(super) diverging_epoch: Option<(i32, Offset)>,
    /// None if there are none to be had.
    pub(super) records: Option<Located<E>>,
}

/// Finds the records of an answer.
pub(super) fn locate<S: Store>(
    response: FetchResponse,
    store: &mut S,
) -> Vec<FoundTopic<S::Extent>> {
    let mut find = |partition: ottla_core::interface::FetchedPartition| {
        let located = partition
            .records
            .as_ref()
            .map(|slice| store.locate(slice))
            .transpose();
        let (records, error) = match located {
            Ok(located) => (
                located.filter(|found| found.size_bytes > 0),
                partition.error,
            ),
            Err(_) => (None, ErrorCode::KafkaStorageError),
        };
        let known = |offset| if error.is_ok() { offset } else { Offset(-1) };
        FoundPartition {
            partition: partition.partition,
            error,
            high_watermark: known(partition.high_watermark),
            last_stable_offset: known(partition.last_stable_offset),
            log_start_offset: known(partition.log_start_offset),
            diverging_epoch: partition.diverging_epoch,
            records,
        }
    };
    let topics = response.topics.into_iter();
    topics
        .map(|topic| FoundTopic {
            topic: topic.topic,
            partitions: topic.partitions.into_iter().map(&mut find).collect(),
        })
        .collect()
}

/// Writes an answer. Its own bytes are one piece of memory, cut where records come between.
pub(super) fn write<E>(
    header: &Header,
    session_id: i32,
    committed_only: bool,
    found: Vec<FoundTopic<E>>,
) -> Frame<E> {
    let version = header.version;
    let partitions_count: usize = found.iter().map(|topic| topic.partitions.len()).sum();
    let capacity = 32 + 64 * found.len() + 64 * partitions_count;
    let mut frame = start(header, ErrorCode::None, session_id, found.len(), capacity);
    let mut extents = Vec::with_capacity(partitions_count);
    let mut records_bytes = 0;
    for topic in found {
        frame.topic(&topic.topic);
        frame.length(topic.partitions.len());
        for partition in topic.partitions {
            write_front(&mut frame, version, committed_only, &partition);
            frame.length(
                partition
                    .records
                    .as_ref()
                    .map_or(0, |records| records.size_bytes as usize),
            );
            if let Some(records) = partition.records {
                records_bytes += records.size_bytes as usize;
                extents.push((frame.len(), records.extent));
            }
            write_tags(&mut frame, version, partition.diverging_epoch);
        }
        frame.tags();
    }
    frame.tags();
    let mut bytes = frame.finish(records_bytes);
    let mut chunks = Vec::with_capacity(2 * extents.len() + 1);
    let mut cut = 0;
    for (position, extent) in extents {
        chunks.push(Chunk::Bytes(bytes.split_to(position - cut)));
        chunks.push(Chunk::Stored(extent));
        cut = position;
    }
    if !bytes.is_empty() {
        chunks.push(Chunk::Bytes(bytes));
    }
    Frame { chunks }
}

/// The answer to a request that does not fit its session.
pub(super) fn refuse(header: &Header, error: ErrorCode) -> Action {
    let mut frame = start(header, error, 0, 0, 32);
    frame.tags();
    Action::Answer(frame.finish(0))
}

fn start(
    header: &Header,
    error: ErrorCode,
    session_id: i32,
    topics_count: usize,
    capacity: usize,
) -> Writer {
    let mut frame = Writer::new(header.correlation_id, header.version >= 12, capacity);
    frame.i32(0); // throttle_time_ms
    if header.version >= 7 {
        frame.i16(error.number());
        frame.i32(session_id);
    }
    frame.length(topics_count);
    frame
}

/// A partition's fields before its records.
fn write_front<E>(
    frame: &mut Writer,
    version: i16,
    committed_only: bool,
    partition: &FoundPartition<E>,
) {
    frame.i32(partition.partition);
    frame.i16(partition.error.number());
    frame.i64(partition.high_watermark.0);
    frame.i64(partition.last_stable_offset.0);
    if version >= 5 {
        frame.i64(partition.log_start_offset.0);
    }
    if committed_only {
        frame.length(0);
    } else {
        frame.null();
    }
    if version >= 11 {
        frame.i32(-1); // preferred_read_replica
    }
}

/// A partition's fields after its records: where logs diverge is tagged field 0.
fn write_tags(frame: &mut Writer, version: i16, diverging_epoch: Option<(i32, Offset)>) {
    match diverging_epoch {
        Some((epoch, end_offset)) if version >= 12 => {
            frame.u8(1);
            frame.u8(0);
            frame.u8(13); // The field's size: epoch, offset and no tagged fields.
            frame.i32(epoch);
            frame.i64(end_offset.0);
            frame.u8(0);
        }
        _ => frame.tags(),
    }
}
