//! Bodies of requests that are sound, with something in every array.

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Encodable, StrBytes};
use ottla_core::Timestamp;
use ottla_core::batch::{BatchBuilder, Compression};

use crate::crash::Random;

/// The body of a request. Versions that the codec cannot write with everything in it are written empty, or not at all.
pub(super) fn body(key: ApiKey, version: i16, random: &mut Random) -> Bytes {
    let topic = TopicName(text(
        ["orders", "payments", "", "__consumer_offsets"][random.below(4)],
    ));
    let group = GroupId(text(["project", "audit", ""][random.below(3)]));
    let number = [0, 1, -1, 5, 100, i32::MAX][random.below(6)];
    let name = text(["retention.ms", "segment.bytes", "x"][random.below(3)]);
    let offset = i64::from(number);
    match key {
        ApiKey::Produce => written(
            version,
            &ProduceRequest::default()
                .with_acks(-1)
                .with_timeout_ms(1_000)
                .with_topic_data(vec![
                    produce_request::TopicProduceData::default()
                        .with_name(topic)
                        .with_partition_data(vec![
                            produce_request::PartitionProduceData::default()
                                .with_index(0)
                                .with_records(Some(batch(random))),
                        ]),
                ]),
        ),
        ApiKey::Fetch => written(
            version,
            &FetchRequest::default()
                .with_max_wait_ms(number)
                .with_min_bytes(1)
                .with_topics(vec![
                    fetch_request::FetchTopic::default()
                        .with_topic(topic)
                        .with_partitions(vec![
                            fetch_request::FetchPartition::default()
                                .with_fetch_offset(offset)
                                .with_partition_max_bytes(1 << 20),
                        ]),
                ]),
        ),
        ApiKey::ListOffsets => written(
            version,
            &ListOffsetsRequest::default().with_topics(vec![
                list_offsets_request::ListOffsetsTopic::default()
                    .with_name(topic)
                    .with_partitions(vec![
                        list_offsets_request::ListOffsetsPartition::default()
                            .with_timestamp(offset),
                    ]),
            ]),
        ),
        ApiKey::Metadata => written(
            version,
            &MetadataRequest::default().with_topics(Some(vec![
                metadata_request::MetadataRequestTopic::default().with_name(Some(topic)),
            ])),
        ),
        ApiKey::OffsetCommit => written(
            version,
            &OffsetCommitRequest::default()
                .with_group_id(group)
                .with_topics(vec![
                    offset_commit_request::OffsetCommitRequestTopic::default()
                        .with_name(topic)
                        .with_partitions(vec![
                            offset_commit_request::OffsetCommitRequestPartition::default()
                                .with_committed_offset(offset),
                        ]),
                ]),
        ),
        ApiKey::JoinGroup => written(
            version,
            &JoinGroupRequest::default()
                .with_group_id(group)
                .with_session_timeout_ms(10_000)
                .with_protocol_type(text("consumer"))
                .with_protocols(vec![
                    join_group_request::JoinGroupRequestProtocol::default()
                        .with_name(text("range"))
                        .with_metadata(Bytes::from_static(b"\0\0\0\0\0\0")),
                ]),
        ),
        ApiKey::Heartbeat => written(
            version,
            &HeartbeatRequest::default()
                .with_group_id(group)
                .with_generation_id(number),
        ),
        ApiKey::LeaveGroup => written(
            version,
            &LeaveGroupRequest::default()
                .with_group_id(group)
                .with_members(vec![
                    leave_group_request::MemberIdentity::default().with_member_id(text("m")),
                ]),
        ),
        ApiKey::SyncGroup => written(
            version,
            &SyncGroupRequest::default()
                .with_group_id(group)
                .with_generation_id(number)
                .with_assignments(vec![
                    sync_group_request::SyncGroupRequestAssignment::default()
                        .with_member_id(text("m")),
                ]),
        ),
        ApiKey::DescribeGroups => written(
            version,
            &DescribeGroupsRequest::default().with_groups(vec![group]),
        ),
        ApiKey::DeleteGroups => written(
            version,
            &DeleteGroupsRequest::default().with_groups_names(vec![group]),
        ),
        ApiKey::CreateTopics => written(
            version,
            &CreateTopicsRequest::default().with_topics(vec![
                create_topics_request::CreatableTopic::default()
                    .with_name(topic)
                    .with_num_partitions(number)
                    .with_replication_factor(1)
                    .with_configs(vec![
                        create_topics_request::CreatableTopicConfig::default()
                            .with_name(name)
                            .with_value(Some(text("1000"))),
                    ]),
            ]),
        ),
        ApiKey::DeleteTopics => written(
            version,
            &DeleteTopicsRequest::default().with_topic_names(vec![topic]),
        ),
        ApiKey::DeleteRecords => written(
            version,
            &DeleteRecordsRequest::default().with_topics(vec![
                delete_records_request::DeleteRecordsTopic::default()
                    .with_name(topic)
                    .with_partitions(vec![
                        delete_records_request::DeleteRecordsPartition::default()
                            .with_offset(offset),
                    ]),
            ]),
        ),
        ApiKey::CreatePartitions => written(
            version,
            &CreatePartitionsRequest::default().with_topics(vec![
                create_partitions_request::CreatePartitionsTopic::default()
                    .with_name(topic)
                    .with_count(number),
            ]),
        ),
        ApiKey::DescribeConfigs => written(
            version,
            &DescribeConfigsRequest::default().with_resources(vec![
                describe_configs_request::DescribeConfigsResource::default()
                    .with_resource_type(2)
                    .with_resource_name(topic.0)
                    .with_configuration_keys(Some(vec![name])),
            ]),
        ),
        ApiKey::AlterConfigs => written(
            version,
            &AlterConfigsRequest::default().with_resources(vec![
                alter_configs_request::AlterConfigsResource::default()
                    .with_resource_type(2)
                    .with_resource_name(topic.0)
                    .with_configs(vec![
                        alter_configs_request::AlterableConfig::default()
                            .with_name(name)
                            .with_value(Some(text("1000"))),
                    ]),
            ]),
        ),
        ApiKey::IncrementalAlterConfigs => written(
            version,
            &IncrementalAlterConfigsRequest::default().with_resources(vec![
                incremental_alter_configs_request::AlterConfigsResource::default()
                    .with_resource_type(2)
                    .with_resource_name(topic.0)
                    .with_configs(vec![
                        incremental_alter_configs_request::AlterableConfig::default()
                            .with_name(name)
                            .with_config_operation(random.below(5) as i8)
                            .with_value(Some(text("1000"))),
                    ]),
            ]),
        ),
        _ => noise(random),
    }
}

fn written<T: Encodable + Default>(version: i16, request: &T) -> Bytes {
    let mut bytes = BytesMut::new();
    if request.encode(&mut bytes, version).is_err() {
        bytes.clear();
        if T::default().encode(&mut bytes, version).is_err() {
            bytes.clear();
        }
    }
    bytes.freeze()
}

/// Small numbers and a little text, which many bodies are made of.
fn noise(random: &mut Random) -> Bytes {
    let mut bytes = Vec::new();
    for _ in 0..random.below(40) {
        match random.below(6) {
            0..3 => bytes.push(random.below(4) as u8),
            3 => bytes.extend_from_slice(&[0, 1, b't']),
            4 => bytes.extend_from_slice(&(random.below(3) as i32 - 1).to_be_bytes()),
            _ => bytes.push(random.number() as u8),
        }
    }
    bytes.into()
}

/// A sound batch, compressed somehow.
pub(super) fn batch(random: &mut Random) -> Bytes {
    let mut builder = BatchBuilder::new();
    builder.compression(
        [
            Compression::None,
            Compression::Gzip,
            Compression::Snappy,
            Compression::Lz4,
            Compression::Zstd,
        ][random.below(5)],
    );
    for _ in 0..random.between(1, 5) {
        let value = vec![b'v'; random.below(300)];
        builder.push_with_headers(
            Timestamp(1_700_000_000_000),
            Some(b"key"),
            Some(&value),
            &[("h", None)],
        );
    }
    builder.build().bytes().clone()
}

fn text(text: &'static str) -> StrBytes {
    StrBytes::from_static_str(text)
}
