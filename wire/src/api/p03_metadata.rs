//! Metadata, key 3: versions 0 to 13.
//!
//! Brokers, topics, partitions and their leaders. Clients ask before they do anything else, and again whenever something fails.
//! - 0: an empty list asks for all topics; from 1 on null does, and an empty list for none.
//! - 1: controller, racks, internal topics. 2: the cluster's id. 4: the client says whether unknown topics may be created.
//! - 5: offline replicas. 7: leader epochs. 8: authorized operations (without an authorizer, all of them). 9: flexible.
//! - 10: topic ids in the answer; 12: in the request. 13: an error of the whole answer, which is never set here.
//!
//! Unknown topics are created on the way when client and broker allow it, so that the *first* answer names the leader. Apache Kafka
//! answers UNKNOWN_TOPIC_OR_PARTITION and creates behind it, which costs each client a retry with back-off.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{ApiKey, MetadataRequest, MetadataResponse};
use ottla_core::controller::{PartitionInfo, Topic, check_topic_name, is_internal};
use ottla_core::interface::{CreateTopicsRequest, NewTopic};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, Request, Response, TopicName, Uuid};

use super::action::mismatch;
use super::convert::{
    CLUSTER_OPERATIONS, TOPIC_OPERATIONS, broker_ids, id, text, topic_name, uuid,
};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::Metadata as i16,
    name: "Metadata",
    versions: 0..=13,
    decode,
    refuse,
};

/// Why topics could not be created.
type Failures = Map<TopicName, ErrorCode>;

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let mut body: MetadataRequest = frame.body()?;
    if frame.header.version == 0 && body.topics.as_ref().is_some_and(Vec::is_empty) {
        body.topics = None;
    }
    Ok(Action::view(move |world| {
        let missing = missing(world, &body);
        if missing.is_empty() {
            return answer(world, &body, &Failures::new());
        }
        let request = CreateTopicsRequest {
            topics: missing,
            validate_only: false,
            automatic: true,
        };
        let body = body.clone();
        Action::engine_with(Request::CreateTopics(request), move |response, world| {
            let Response::CreateTopics(created) = response else {
                mismatch(&response)
            };
            let failures = created
                .into_iter()
                .filter_map(|topic| Some((topic.name, topic.outcome.err()?.code)));
            answer(world, &body, &failures.collect())
        })
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: MetadataRequest| {
        let topics = body.topics.into_iter().flatten().map(|topic| {
            failed(error)
                .with_name(Some(topic.name.unwrap_or_default()))
                .with_topic_id(topic.topic_id)
        });
        MetadataResponse::default()
            .with_topics(topics.collect())
            .with_error_code(error.number())
    })
}

/// The topics that are to be created on the way.
fn missing(world: &World<'_>, body: &MetadataRequest) -> Vec<NewTopic> {
    if !body.allow_auto_topic_creation || !world.broker.config().auto_create_topics_enable {
        return Vec::new();
    }
    let mut names: Vec<&str> = asked(body)
        .filter_map(|topic| topic.name.as_ref().map(|name| name.as_str()))
        .filter(|name| world.broker.metadata().topic(name).is_none())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(new_topic).collect()
}

fn new_topic(name: &str) -> NewTopic {
    NewTopic {
        name: TopicName::from(name),
        partitions_count: None,
        replication_factor: None,
        assignment: Vec::new(),
        configs: Vec::new(),
    }
}

fn asked(body: &MetadataRequest) -> impl Iterator<Item = &MetadataRequestTopic> {
    body.topics.iter().flatten()
}

fn answer(world: &World<'_>, body: &MetadataRequest, failures: &Failures) -> Action {
    let version = world.version();
    let metadata = world.broker.metadata();
    let mut topics: Vec<MetadataResponseTopic> = Vec::new();
    if body.topics.is_none() {
        topics.extend(metadata.topics().map(|topic| describe(version, topic)));
    }
    let mut seen = ottla_core::sorted::Set::new();
    for topic in asked(body) {
        if seen.insert((topic.name.as_ref(), topic.topic_id)) {
            topics.push(describe_asked(world, topic, failures));
        }
    }
    if version >= 8 && body.include_topic_authorized_operations {
        for topic in &mut topics {
            topic.topic_authorized_operations = TOPIC_OPERATIONS;
        }
    }
    let config = world.broker.config();
    let address = &world.client.broker_address;
    let broker = MetadataResponseBroker::default()
        .with_node_id(config.node_id.into())
        .with_host(text(&address.host))
        .with_port(i32::from(address.port));
    let mut response = MetadataResponse::default()
        .with_brokers(vec![broker])
        .with_controller_id(config.node_id.into())
        .with_topics(topics);
    if version >= 2 {
        response.cluster_id = Some(text(&config.cluster_id));
    }
    if (8..=10).contains(&version) && body.include_cluster_authorized_operations {
        response.cluster_authorized_operations = CLUSTER_OPERATIONS;
    }
    world.answer(&response)
}

fn describe_asked(
    world: &World<'_>,
    topic: &MetadataRequestTopic,
    failures: &Failures,
) -> MetadataResponseTopic {
    let version = world.version();
    let metadata = world.broker.metadata();
    match &topic.name {
        Some(name) => match metadata.topic(name) {
            Some(found) => describe(version, found),
            None => {
                let name = TopicName::from(name.as_str());
                let error = failures
                    .get(&name)
                    .copied()
                    .unwrap_or_else(|| unknown(&name));
                failed(error)
                    .with_name(Some(topic_name(&name)))
                    .with_is_internal(version >= 1 && is_internal(&name))
            }
        },
        None if version < 12 => failed(ErrorCode::InvalidRequest).with_name(Some(text("").into())),
        None => match metadata
            .topic_by_id(id(topic.topic_id))
            .filter(|found| found.id != Uuid::ZERO)
        {
            Some(found) => describe(version, found),
            None => failed(ErrorCode::UnknownTopicId)
                .with_name(None)
                .with_topic_id(topic.topic_id),
        },
    }
}

fn unknown(name: &str) -> ErrorCode {
    match check_topic_name(name) {
        Ok(()) => ErrorCode::UnknownTopicOrPartition,
        Err(error) => error.code,
    }
}

fn failed(error: ErrorCode) -> MetadataResponseTopic {
    MetadataResponseTopic::default().with_error_code(error.number())
}

fn describe(version: i16, topic: &Topic) -> MetadataResponseTopic {
    let partitions = (0..)
        .zip(&topic.partitions)
        .map(|(index, info)| describe_partition(version, index, info));
    let mut described = MetadataResponseTopic::default()
        .with_name(Some(topic_name(&topic.name)))
        .with_partitions(partitions.collect());
    if version >= 1 {
        described.is_internal = topic.is_internal();
    }
    if version >= 10 {
        described.topic_id = uuid(topic.id);
    }
    described
}

fn describe_partition(version: i16, index: i32, info: &PartitionInfo) -> MetadataResponsePartition {
    let error = if info.leader < 0 {
        ErrorCode::LeaderNotAvailable
    } else {
        ErrorCode::None
    };
    let mut described = MetadataResponsePartition::default()
        .with_error_code(error.number())
        .with_partition_index(index)
        .with_leader_id(info.leader.into())
        .with_replica_nodes(broker_ids(info.replicas.ids()))
        .with_isr_nodes(broker_ids(info.isr.ids()));
    if version >= 7 {
        described.leader_epoch = info.leader_epoch;
    }
    described
}
