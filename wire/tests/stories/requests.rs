//! The requests of the stories: one topic `t` in the middle of each.

use bytes::Bytes;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{
    FetchRequest, FetchResponse, MetadataRequest, ProduceRequest, ProduceResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use ottla_core::ConnectionId;
use uuid::Uuid;

use crate::support::{Net, values};

pub(crate) fn create(net: &mut Net, client: ConnectionId, name: &'static str) -> Uuid {
    let topic =
        MetadataRequestTopic::default().with_name(Some(StrBytes::from_static_str(name).into()));
    let answer = net.ask(
        client,
        12,
        &MetadataRequest::default().with_topics(Some(vec![topic])),
    );
    assert_eq!(answer.topics[0].error_code, 0);
    answer.topics[0].topic_id
}

pub(crate) fn produce(
    version: i16,
    id: Uuid,
    partition: i32,
    acks: i16,
    records: Bytes,
) -> ProduceRequest {
    let partition = PartitionProduceData::default()
        .with_index(partition)
        .with_records(Some(records));
    let mut topic = TopicProduceData::default().with_partition_data(vec![partition]);
    if version >= 13 {
        topic.topic_id = id;
    } else {
        topic.name = name();
    }
    ProduceRequest::default()
        .with_acks(acks)
        .with_timeout_ms(30_000)
        .with_topic_data(vec![topic])
}

pub(crate) fn fetch(version: i16, id: Uuid, offset: i64, max_bytes: i32) -> FetchRequest {
    let partition = FetchPartition::default()
        .with_fetch_offset(offset)
        .with_partition_max_bytes(max_bytes);
    let mut topic = FetchTopic::default().with_partitions(vec![partition]);
    if version >= 13 {
        topic.topic_id = id;
    } else {
        topic.topic = name();
    }
    FetchRequest::default()
        .with_max_wait_ms(500)
        .with_min_bytes(1)
        .with_max_bytes(max_bytes)
        .with_session_epoch(-1)
        .with_topics(vec![topic])
}

pub(crate) fn name() -> TopicName {
    StrBytes::from_static_str("t").into()
}

pub(crate) fn base_offset(answer: &ProduceResponse) -> Result<i64, i16> {
    let partition = &answer.responses[0].partition_responses[0];
    if partition.error_code == 0 {
        Ok(partition.base_offset)
    } else {
        Err(partition.error_code)
    }
}

pub(crate) fn read(answer: &FetchResponse) -> Vec<String> {
    assert_eq!(answer.error_code, 0);
    let partition = &answer.responses[0].partitions[0];
    assert_eq!(partition.error_code, 0);
    values(partition.records.clone().unwrap_or_default())
}
