//! ListOffsets, key 2: versions 1 to 10.
//!
//! Where a partition begins, where it ends, and where it was at a time. Exact to the record, also inside a compressed batch.
//! - 2: the isolation level. 4: the client's leader epoch, and the offset's own in the answer. 6: flexible.
//! - 7: timestamp -3 asks for the record with the largest timestamp (KIP-734).
//! - 8: -4 for the first offset on this broker's disk (KIP-405), which is the first offset.
//! - 9: -5 for the last offset in remote storage (KIP-1005): there is none, so the answer is -1. 10: a time limit for remote storage.
//!
//! A special timestamp that the version does not know gets UNSUPPORTED_VERSION for its partition.

use bytes::Bytes;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use kafka_protocol::messages::{ApiKey, ListOffsetsRequest, ListOffsetsResponse};
use ottla_core::batch::{BatchError, BatchHeader, first_at_or_after, records, with_max_timestamp};
use ottla_core::log::Log;
use ottla_core::sorted::Set;
use ottla_core::{ErrorCode, Offset, Timestamp};

use super::convert::check_leader_epoch;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::ListOffsets as i16,
    name: "ListOffsets",
    versions: 1..=10,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: ListOffsetsRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let mut seen = Set::new();
        // A partition that is named twice is answered once.
        let twice: Set<_> = places(&body).filter(|place| !seen.insert(*place)).collect();
        let topics = body
            .topics
            .iter()
            .map(|topic| list_topic(world, &body, topic, &twice))
            .collect();
        world.answer(&ListOffsetsResponse::default().with_topics(topics))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: ListOffsetsRequest| {
        let topics = body.topics.into_iter().map(|topic| {
            let partitions = topic.partitions.iter();
            let refused = partitions.map(|asked| failed(asked.partition_index, error));
            ListOffsetsTopicResponse::default()
                .with_name(topic.name)
                .with_partitions(refused.collect())
        });
        ListOffsetsResponse::default().with_topics(topics.collect())
    })
}

fn places(body: &ListOffsetsRequest) -> impl Iterator<Item = (&str, i32)> {
    body.topics.iter().flat_map(|topic| {
        topic
            .partitions
            .iter()
            .map(|partition| (topic.name.as_str(), partition.partition_index))
    })
}

fn list_topic(
    world: &mut World<'_>,
    body: &ListOffsetsRequest,
    topic: &ListOffsetsTopic,
    twice: &Set<(&str, i32)>,
) -> ListOffsetsTopicResponse {
    let list = |partition: &ListOffsetsPartition| {
        let found = if twice.contains(&(topic.name.as_str(), partition.partition_index)) {
            Err(ErrorCode::InvalidRequest)
        } else {
            find(world, body, &topic.name, partition)
        };
        match found {
            Ok(found) => {
                // The epoch is new in version 4.
                let epoch = if world.version() >= 4 {
                    found.leader_epoch
                } else {
                    -1
                };
                ListOffsetsPartitionResponse::default()
                    .with_partition_index(partition.partition_index)
                    .with_timestamp(found.timestamp.0)
                    .with_offset(found.offset.0)
                    .with_leader_epoch(epoch)
            }
            Err(error) => failed(partition.partition_index, error),
        }
    };
    let mut listed = Set::new();
    let once = topic
        .partitions
        .iter()
        .filter(|partition| listed.insert(partition.partition_index));
    ListOffsetsTopicResponse::default()
        .with_name(topic.name.clone())
        .with_partitions(once.map(list).collect())
}

fn failed(partition: i32, error: ErrorCode) -> ListOffsetsPartitionResponse {
    ListOffsetsPartitionResponse::default()
        .with_partition_index(partition)
        .with_error_code(error.number())
        .with_timestamp(-1)
        .with_offset(-1)
}

/// An offset that was found; all -1 if there is none.
struct Found {
    offset: Offset,
    timestamp: Timestamp,
    leader_epoch: i32,
}

impl Found {
    const NOTHING: Found = Found {
        offset: Offset(-1),
        timestamp: Timestamp::NONE,
        leader_epoch: -1,
    };

    /// An end of the log, which has no timestamp.
    fn end(offset: Offset, leader_epoch: i32) -> Found {
        Found {
            offset,
            timestamp: Timestamp::NONE,
            leader_epoch,
        }
    }
}

fn find(
    world: &mut World<'_>,
    body: &ListOffsetsRequest,
    topic: &str,
    partition: &ListOffsetsPartition,
) -> Result<Found, ErrorCode> {
    if !is_known(partition.timestamp, world.version()) {
        return Err(ErrorCode::UnsupportedVersion);
    }
    let log = world
        .broker
        .partition_log(topic, partition.partition_index)
        .ok_or(ErrorCode::UnknownTopicOrPartition)?;
    check_leader_epoch(log, partition.current_leader_epoch)?;
    let readable = if body.replica_id.0 != CONSUMER {
        log.end_offset()
    } else if body.isolation_level == READ_COMMITTED {
        log.last_stable_offset()
    } else {
        log.high_watermark()
    };
    let found = match partition.timestamp {
        LATEST => return Ok(Found::end(readable, log.leader_epoch())),
        EARLIEST | EARLIEST_LOCAL => {
            let (epoch, _) = log.end_offset_for_epoch(log.leader_epoch());
            return Ok(Found::end(log.start_offset(), epoch.max(0)));
        }
        LATEST_TIERED => return Ok(Found::NOTHING),
        MAX_TIMESTAMP => find_max_timestamp(world, log)?,
        timestamp => find_timestamp(world, log, Timestamp(timestamp))?,
    };
    Ok(found
        .filter(|found| found.offset < readable)
        .unwrap_or(Found::NOTHING))
}

fn is_known(timestamp: i64, version: i16) -> bool {
    match timestamp {
        MAX_TIMESTAMP => version >= 7,
        EARLIEST_LOCAL => version >= 8,
        LATEST_TIERED => version >= 9,
        timestamp => timestamp >= EARLIEST,
    }
}

/// The first record at `timestamp` or later.
fn find_timestamp(
    world: &mut World<'_>,
    log: &Log,
    timestamp: Timestamp,
) -> Result<Option<Found>, ErrorCode> {
    let start = log.start_offset();
    for segment in log
        .segments()
        .filter(|segment| segment.max_timestamp >= timestamp)
    {
        let mut from = start;
        loop {
            let batch = world
                .store
                .find_timestamp(log.id(), segment.base_offset, from, timestamp);
            let Some(batch) = batch.map_err(|_| ErrorCode::KafkaStorageError)? else {
                break;
            };
            let header = BatchHeader::parse(&batch).ok_or(ErrorCode::KafkaStorageError)?;
            let found = find_in_batch(&batch, start, timestamp)
                .map_err(|_| ErrorCode::KafkaStorageError)?;
            if let Some((offset, timestamp)) = found {
                return Ok(Some(Found {
                    offset,
                    timestamp,
                    leader_epoch: header.leader_epoch,
                }));
            }
            // All its records of that time were deleted at the log's start.
            from = header.next_offset();
        }
    }
    Ok(None)
}

fn find_in_batch(
    batch: &Bytes,
    start: Offset,
    timestamp: Timestamp,
) -> Result<Option<(Offset, Timestamp)>, BatchError> {
    match first_at_or_after(batch, timestamp)? {
        Some((offset, _)) if offset < start => {}
        found => return Ok(found),
    }
    for record in records(batch)? {
        let record = record?;
        if record.offset >= start && record.timestamp >= timestamp {
            return Ok(Some((record.offset, record.timestamp)));
        }
    }
    Ok(None)
}

/// The first of the records with the largest timestamp.
fn find_max_timestamp(world: &mut World<'_>, log: &Log) -> Result<Option<Found>, ErrorCode> {
    let largest = log.segments().map(|segment| segment.max_timestamp).max();
    // None at all in an empty log, of which there may be no file either.
    let Some(timestamp) = largest.filter(|timestamp| *timestamp > Timestamp::NONE) else {
        return Ok(None);
    };
    let Some(segment) = log
        .segments()
        .find(|segment| segment.max_timestamp == timestamp)
    else {
        return Ok(None);
    };
    let batch = world.store.find_timestamp(
        log.id(),
        segment.base_offset,
        segment.base_offset,
        timestamp,
    );
    let Some(batch) = batch.map_err(|_| ErrorCode::KafkaStorageError)? else {
        return Ok(None);
    };
    let found = with_max_timestamp(&batch).map_err(|_| ErrorCode::KafkaStorageError)?;
    Ok(found.map(|(offset, timestamp)| Found {
        offset,
        timestamp,
        leader_epoch: epoch_of(&batch),
    }))
}

fn epoch_of(batch: &[u8]) -> i32 {
    BatchHeader::parse(batch).map_or(-1, |header| header.leader_epoch)
}

const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
/// The replica id of a consumer; others may see what is not yet below the high watermark.
const CONSUMER: i32 = -1;
const READ_COMMITTED: i8 = 1;
