//! Frames on their way, and the records in them.

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, FetchResponse, ProduceRequest};
use ottla_core::batch::BatchHeader;
use ottla_core::controller::Metadata;
use ottla_core::{TopicName, TopicPartition, Uuid};

use super::keys::{NO_KEY_LABEL, colour, label};
use super::logs::{KEY_MAX_CHARS, readable, text};
use super::{Cargo, Flight};
use crate::frames::Frame;
use crate::{Direction, World};

pub(super) fn flights(world: &World) -> Vec<Flight> {
    let metadata = world.broker().metadata();
    let flight = |frame: &Frame| {
        let (records, records_count) = cargo(frame, metadata);
        Flight {
            id: frame.id,
            client: frame.client.to_string(),
            link: frame.link,
            direction: frame.direction,
            api: frame.api_name(),
            sent_at: frame.sent_at,
            arrives_at: frame.arrives_at,
            records,
            records_count,
        }
    };
    world
        .links
        .tap
        .aloft(world.now().mono)
        .map(flight)
        .collect()
}

/// The first records that a frame carries, and how many it carries in all.
fn cargo(frame: &Frame, metadata: &Metadata) -> (Vec<Cargo>, u32) {
    let (mut records, mut records_count) = (Vec::new(), 0);
    for (partition, bytes) in carried(frame, metadata) {
        let room = CARGO_MAX - records.len();
        let (first, count) = first_keys(bytes, room);
        records_count += count;
        records.extend(first.into_iter().map(|key| Cargo {
            partition: partition.clone(),
            label: key.as_deref().map_or_else(|| NO_KEY_LABEL.into(), label),
            colour: key.as_deref().map(colour),
        }));
    }
    (records, records_count)
}

/// The keys of the first records that a Produce request carries, for each partition.
pub(crate) fn produced_keys(
    frame: &Frame,
    metadata: &Metadata,
    keys_max: usize,
) -> Vec<(TopicPartition, Vec<Option<String>>)> {
    match frame.direction {
        Direction::ToClient => Vec::new(),
        Direction::ToBroker => carried(frame, metadata)
            .into_iter()
            .map(|(partition, bytes)| (partition, first_keys(bytes, keys_max).0))
            .collect(),
    }
}

/// The keys of the first records of some batches, and how many records there are.
fn first_keys(mut batches: Bytes, keys_max: usize) -> (Vec<Option<String>>, u32) {
    let (mut keys, mut records_count) = (Vec::new(), 0);
    while let Some(header) = BatchHeader::parse(&batches) {
        let batch = batches.split_to((header.size_bytes as usize).min(batches.len()));
        if !header.is_control {
            records_count += u32::try_from(header.records_count).unwrap_or(0);
            let room = keys_max - keys.len();
            keys.extend(readable(batch).take(room).map(|record| {
                let key = record.key.as_deref();
                key.map(|key| text(key, KEY_MAX_CHARS))
            }));
        }
    }
    (keys, records_count)
}

fn carried(frame: &Frame, metadata: &Metadata) -> Batches {
    let batches = match frame.direction {
        Direction::ToBroker => produced(frame, metadata),
        Direction::ToClient => fetched(frame, metadata),
    };
    batches.unwrap_or_default()
}

type Batches = Vec<(TopicPartition, Bytes)>;

fn produced(frame: &Frame, metadata: &Metadata) -> Option<Batches> {
    let request: ProduceRequest = frame.request(ApiKey::Produce)?;
    let mut batches = Vec::new();
    for topic in request.topic_data {
        let name = topic_name(metadata, &topic.name.0, topic.topic_id.into_bytes());
        for partition in topic.partition_data {
            let place = TopicPartition {
                topic: name.clone(),
                partition: partition.index,
            };
            batches.extend(partition.records.map(|records| (place, records)));
        }
    }
    Some(batches)
}

fn fetched(frame: &Frame, metadata: &Metadata) -> Option<Batches> {
    let response: FetchResponse = frame.answer(ApiKey::Fetch)?;
    let mut batches = Vec::new();
    for topic in response.responses {
        let name = topic_name(metadata, &topic.topic.0, topic.topic_id.into_bytes());
        for partition in topic.partitions {
            let place = TopicPartition {
                topic: name.clone(),
                partition: partition.partition_index,
            };
            batches.extend(partition.records.map(|records| (place, records)));
        }
    }
    Some(batches)
}

/// Newer versions name topics by their ids.
fn topic_name(metadata: &Metadata, name: &str, id: [u8; 16]) -> TopicName {
    let by_id = || metadata.topic_by_id(Uuid(id));
    match name.is_empty() {
        true => by_id().map_or_else(|| TopicName::from(""), |topic| topic.name.clone()),
        false => TopicName::from(name),
    }
}

/// How many records of a frame are shown.
const CARGO_MAX: usize = 12;
