//! A consumer, and who works on its records.

use std::collections::VecDeque;

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::ApiKey;
use kafka_protocol::protocol::{Encodable, HeaderVersion};
use ottla_core::sorted::{Map, Set};
use ottla_core::{ConnectionId, ErrorCode, TopicPartition};

use super::world::World;
use crate::consumer::{Consumer, ConsumerConfig, ConsumerEvent, Fetched};
use crate::interface::LinkId;

/// A consumer, and who works on its records.
pub(super) struct Person {
    pub(super) consumer: Consumer,
    /// Polls by itself, as often as there is something.
    pub(super) is_diligent: bool,
    pub(super) got: Vec<Fetched>,
    pub(super) events: Vec<ConsumerEvent>,
    pub(super) connections: Map<LinkId, (ConnectionId, BytesMut)>,
    pub(super) is_dead: bool,
    /// Requests that are answered with an error instead of being served.
    pub(super) refusals: VecDeque<(ApiKey, ErrorCode)>,
    /// Requests that were sent.
    pub(super) sent: Vec<ApiKey>,
}

impl Person {
    /// Someone who polls whenever there is something.
    pub(super) fn new(owner: u32, config: ConsumerConfig) -> Self {
        Self {
            consumer: Consumer::new(config, owner, 42 + u64::from(owner)),
            is_diligent: true,
            got: Vec::new(),
            events: Vec::new(),
            connections: Map::new(),
            is_dead: false,
            refusals: VecDeque::new(),
            sent: Vec::new(),
        }
    }
}

impl World {
    /// What a consumer has told since the last time, without what is told all the time.
    pub(super) fn story(&mut self, person: usize) -> String {
        let events = std::mem::take(&mut self.people[person].events);
        let is_rare = |event: &ConsumerEvent| {
            !matches!(
                event,
                ConsumerEvent::Heartbeat { .. } | ConsumerEvent::Fetched { .. }
            )
        };
        let ids: Set<String> = self
            .people
            .iter()
            .filter_map(|person| {
                person
                    .consumer
                    .member()
                    .map(|(member, _)| member.to_string())
            })
            .collect();
        let mut text = String::new();
        for event in events.iter().filter(|event| is_rare(event)) {
            text += &format!("{event}\n");
        }
        for (index, id) in ids.iter().enumerate() {
            text = text.replace(id, &format!("member-{index}"));
        }
        text
    }
}

pub(super) fn tp(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: topic.into(),
        partition,
    }
}

/// `partition@offset:value`.
pub(super) fn show(fetched: &Fetched) -> String {
    let value = fetched.record.value.clone().unwrap_or_default();
    format!(
        "{}@{}:{}",
        fetched.partition.partition,
        fetched.record.offset,
        String::from_utf8_lossy(&value)
    )
}

/// A whole answer with its length, as a broker writes it.
pub(super) fn frame<T: Encodable + HeaderVersion>(
    correlation_id: i32,
    version: i16,
    body: &T,
) -> Bytes {
    let header =
        kafka_protocol::messages::ResponseHeader::default().with_correlation_id(correlation_id);
    let mut frame = BytesMut::new();
    header
        .encode(&mut frame, T::header_version(version))
        .expect("a header");
    body.encode(&mut frame, version).expect("an answer");
    let mut whole = BytesMut::new();
    whole.put_u32(frame.len() as u32);
    whole.put(frame);
    whole.freeze()
}
