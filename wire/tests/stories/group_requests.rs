//! The requests of groups, and the codes that they are answered with.

use bytes::Bytes;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{JoinGroupRequest, OffsetCommitRequest, SyncGroupRequest};
use kafka_protocol::protocol::StrBytes;
use ottla_core::ConnectionId;

use crate::support::Net;

pub(crate) const NONE: i16 = 0;
pub(crate) const ILLEGAL_GENERATION: i16 = 22;
pub(crate) const INCONSISTENT_GROUP_PROTOCOL: i16 = 23;
pub(crate) const INVALID_GROUP_ID: i16 = 24;
pub(crate) const UNKNOWN_MEMBER_ID: i16 = 25;
pub(crate) const INVALID_REQUEST: i16 = 42;
pub(crate) const NON_EMPTY_GROUP: i16 = 68;
pub(crate) const GROUP_ID_NOT_FOUND: i16 = 69;
pub(crate) const MEMBER_ID_REQUIRED: i16 = 79;
pub(crate) const UNKNOWN_TOPIC_ID: i16 = 100;

pub(crate) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

pub(crate) fn join(version: i16, group: &str, member: &str) -> JoinGroupRequest {
    let protocol = JoinGroupRequestProtocol::default()
        .with_name(text("range"))
        .with_metadata(Bytes::from_static(b"m"));
    let request = JoinGroupRequest::default()
        .with_group_id(text(group).into())
        .with_session_timeout_ms(10_000)
        .with_member_id(text(member))
        .with_protocol_type(text("consumer"))
        .with_protocols(vec![protocol]);
    if version >= 1 {
        request.with_rebalance_timeout_ms(60_000)
    } else {
        request
    }
}

pub(crate) fn sync(version: i16, group: &str, member: &str) -> SyncGroupRequest {
    let part = SyncGroupRequestAssignment::default()
        .with_member_id(text(member))
        .with_assignment(Bytes::from_static(b"mine"));
    let request = SyncGroupRequest::default()
        .with_group_id(text(group).into())
        .with_generation_id(1)
        .with_member_id(text(member))
        .with_assignments(vec![part]);
    if version < 5 {
        return request;
    }
    request
        .with_protocol_type(Some(text("consumer")))
        .with_protocol_name(Some(text("range")))
}

/// A member of a group of its own, from the handshake to its assignment; gives back its id.
pub(crate) fn member(net: &mut Net, client: ConnectionId, group: &str) -> String {
    let asked = net.ask(client, 9, &join(9, group, ""));
    let id = asked.member_id.to_string();
    assert_eq!(net.ask(client, 9, &join(9, group, &id)).error_code, NONE);
    assert_eq!(net.ask(client, 5, &sync(5, group, &id)).error_code, NONE);
    id
}

pub(crate) fn commit(group: &str, generation_id: i32, offset: i64) -> OffsetCommitRequest {
    let partition = OffsetCommitRequestPartition::default()
        .with_partition_index(0)
        .with_committed_offset(offset)
        .with_committed_metadata(Some(text("note")));
    let topic = OffsetCommitRequestTopic::default()
        .with_name(text("t").into())
        .with_partitions(vec![partition]);
    OffsetCommitRequest::default()
        .with_group_id(text(group).into())
        .with_generation_id_or_member_epoch(generation_id)
        .with_topics(vec![topic])
}
