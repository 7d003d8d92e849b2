//! DescribeTopicPartitions, key 75: version 0.
//!
//! Topics and their partitions by name, page by page: an answer holds as many partitions as the client and `max.request.partition.size.limit`
//! allow, one at least, and a cursor where it goes on. No topics ask for all.
//! - A cursor at a topic that is neither asked for nor there, or before partition 0, makes INVALID_REQUEST of every topic asked for.
//! - Topics that are not there come last, whatever their names. All arrays are empty, never null: Java's tools fail on null.

use kafka_protocol::messages::describe_topic_partitions_response::{
    Cursor, DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use kafka_protocol::messages::{
    ApiKey, DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse,
};
use ottla_core::ErrorCode;
use ottla_core::controller::{PartitionInfo, Topic, check_topic_name, is_internal};
use ottla_core::sorted::Set;

use super::convert::{TOPIC_OPERATIONS, broker_ids, text, topic_name, uuid};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeTopicPartitions as i16,
    name: "DescribeTopicPartitions",
    versions: 0..=0,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DescribeTopicPartitionsRequest = frame.body()?;
    Ok(Action::view(move |world| {
        world.answer(&describe(world, &body))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DescribeTopicPartitionsRequest| {
        let topics = body.topics.iter().map(|topic| failed(&topic.name, error));
        DescribeTopicPartitionsResponse::default().with_topics(topics.collect())
    })
}

fn describe(
    world: &World<'_>,
    body: &DescribeTopicPartitionsRequest,
) -> DescribeTopicPartitionsResponse {
    let metadata = world.broker.metadata();
    let mut names: Set<&str> = body
        .topics
        .iter()
        .map(|topic| topic.name.as_str())
        .collect();
    let asks_for_all = names.is_empty();
    if asks_for_all {
        names = metadata.topics().map(|topic| &*topic.name).collect();
    }
    let (first_name, first_partition) = match &body.cursor {
        Some(cursor) => (cursor.topic_name.as_str(), cursor.partition_index),
        None => ("", 0),
    };
    let is_lost = !first_name.is_empty() && !asks_for_all && !names.contains(first_name);
    if first_partition < 0 || is_lost {
        let refused = names
            .iter()
            .map(|name| failed(name, ErrorCode::InvalidRequest));
        return DescribeTopicPartitionsResponse::default().with_topics(refused.collect());
    }
    let most = world.broker.config().max_request_partition_size_limit;
    let asked = usize::try_from(body.response_partition_limit).unwrap_or(0);
    let mut page = Page {
        room: asked.clamp(1, most.max(1)),
        topics: Vec::new(),
        next: None,
    };
    let mut unknown = Vec::new();
    for name in names.range(first_name..) {
        match metadata.topic(name) {
            Some(topic) => {
                let first = if *name == first_name {
                    first_partition
                } else {
                    0
                };
                page.add(topic, usize::try_from(first).unwrap_or(0));
            }
            None => unknown.push(missing(name)),
        }
        if page.next.is_some() {
            break;
        }
    }
    page.topics.extend(unknown);
    DescribeTopicPartitionsResponse::default()
        .with_topics(page.topics)
        .with_next_cursor(page.next)
}

/// An answer that fills up.
struct Page {
    /// For how many more partitions.
    room: usize,
    topics: Vec<DescribeTopicPartitionsResponseTopic>,
    next: Option<Cursor>,
}

impl Page {
    fn add(&mut self, topic: &Topic, first: usize) {
        let end = topic.partitions.len().min(first.saturating_add(self.room));
        let next = |index: usize| {
            let cursor = Cursor::default().with_topic_name(topic_name(&topic.name));
            cursor.with_partition_index(index as i32)
        };
        if self.room == 0 {
            self.next = Some(next(first));
            return;
        }
        let partitions: Vec<_> = (first..end)
            .map(|index| partition(index as i32, &topic.partitions[index]))
            .collect();
        self.room -= partitions.len();
        if end < topic.partitions.len() && first < end {
            self.next = Some(next(end));
        }
        self.topics.push(
            DescribeTopicPartitionsResponseTopic::default()
                .with_name(Some(topic_name(&topic.name)))
                .with_topic_id(uuid(topic.id))
                .with_is_internal(topic.is_internal())
                .with_topic_authorized_operations(TOPIC_OPERATIONS)
                .with_partitions(partitions),
        );
    }
}

fn partition(index: i32, info: &PartitionInfo) -> DescribeTopicPartitionsResponsePartition {
    DescribeTopicPartitionsResponsePartition::default()
        .with_partition_index(index)
        .with_leader_id(info.leader.into())
        .with_leader_epoch(info.leader_epoch)
        .with_replica_nodes(broker_ids(info.replicas.ids()))
        .with_isr_nodes(broker_ids(info.isr.ids()))
        .with_eligible_leader_replicas(Some(Vec::new()))
        .with_last_known_elr(Some(Vec::new()))
}

fn missing(name: &str) -> DescribeTopicPartitionsResponseTopic {
    let error = match check_topic_name(name) {
        Ok(()) => ErrorCode::UnknownTopicOrPartition,
        Err(error) => error.code,
    };
    failed(name, error)
        .with_is_internal(is_internal(name))
        .with_topic_authorized_operations(TOPIC_OPERATIONS)
}

fn failed(name: &str, error: ErrorCode) -> DescribeTopicPartitionsResponseTopic {
    DescribeTopicPartitionsResponseTopic::default()
        .with_name(Some(text(name).into()))
        .with_error_code(error.number())
}
