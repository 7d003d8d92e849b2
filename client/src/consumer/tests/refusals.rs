//! Answers with an error, made by hand.

use bytes::{Buf, Bytes};
use kafka_protocol::messages::fetch_response::{FetchableTopicResponse, PartitionData};
use kafka_protocol::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use kafka_protocol::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use kafka_protocol::messages::offset_fetch_response::OffsetFetchResponseGroup;
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Request, StrBytes};
use ottla_core::ErrorCode;

use super::person::frame;

/// The request, answered with `code` for all that it asks.
pub(super) fn refusal(request: Bytes, code: ErrorCode) -> Bytes {
    let mut bytes = request.clone();
    let api = ApiKey::try_from(bytes.get_i16()).expect("a key");
    let version = bytes.get_i16();
    let id = bytes.get_i32();
    let code = code.number();
    match api {
        ApiKey::JoinGroup => {
            let body = JoinGroupResponse::default()
                .with_error_code(code)
                .with_protocol_name(Some(StrBytes::default()))
                .with_member_id(StrBytes::from_static_str("from-the-coordinator"));
            frame(id, version, &body)
        }
        ApiKey::SyncGroup => frame(
            id,
            version,
            &SyncGroupResponse::default().with_error_code(code),
        ),
        ApiKey::Heartbeat => frame(
            id,
            version,
            &HeartbeatResponse::default().with_error_code(code),
        ),
        ApiKey::OffsetCommit => {
            let topics = body::<OffsetCommitRequest>(request, version)
                .topics
                .into_iter()
                .map(|topic| {
                    let partitions = topic.partitions.iter().map(|asked| {
                        OffsetCommitResponsePartition::default()
                            .with_partition_index(asked.partition_index)
                            .with_error_code(code)
                    });
                    OffsetCommitResponseTopic::default()
                        .with_name(topic.name)
                        .with_partitions(partitions.collect())
                });
            frame(
                id,
                version,
                &OffsetCommitResponse::default().with_topics(topics.collect()),
            )
        }
        ApiKey::OffsetFetch => {
            let groups = body::<OffsetFetchRequest>(request, version)
                .groups
                .into_iter()
                .map(|group| {
                    OffsetFetchResponseGroup::default()
                        .with_group_id(group.group_id)
                        .with_error_code(code)
                });
            frame(
                id,
                version,
                &OffsetFetchResponse::default().with_groups(groups.collect()),
            )
        }
        ApiKey::ListOffsets => {
            let topics = body::<ListOffsetsRequest>(request, version)
                .topics
                .into_iter()
                .map(|topic| {
                    let partitions = topic.partitions.iter().map(|asked| {
                        ListOffsetsPartitionResponse::default()
                            .with_partition_index(asked.partition_index)
                            .with_error_code(code)
                    });
                    ListOffsetsTopicResponse::default()
                        .with_name(topic.name)
                        .with_partitions(partitions.collect())
                });
            frame(
                id,
                version,
                &ListOffsetsResponse::default().with_topics(topics.collect()),
            )
        }
        ApiKey::Fetch => {
            let topics = body::<FetchRequest>(request, version)
                .topics
                .into_iter()
                .map(|topic| {
                    let partitions = topic.partitions.iter().map(|asked| {
                        PartitionData::default()
                            .with_partition_index(asked.partition)
                            .with_error_code(code)
                            .with_high_watermark(-1)
                            .with_records(None)
                    });
                    FetchableTopicResponse::default()
                        .with_topic(topic.topic)
                        .with_partitions(partitions.collect())
                });
            frame(
                id,
                version,
                &FetchResponse::default().with_responses(topics.collect()),
            )
        }
        other => panic!("nobody refuses {other:?} here"),
    }
}

fn body<R: Request + Decodable>(mut frame: Bytes, version: i16) -> R {
    let key = ApiKey::try_from(R::KEY).expect("a key");
    RequestHeader::decode(&mut frame, key.request_header_version(version)).expect("a header");
    R::decode(&mut frame, version).expect("a request")
}
