//! Requests of consumer groups, one by one.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ottla_core::interface::{
    CommitOffsetsRequest, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest,
    LeavingMember, OffsetToCommit, SyncGroupRequest, SyncGroupResponse,
};
use ottla_core::{
    ErrorCode, GroupId, MemberId, Offset, Request, RequestId, Response, TopicName, TopicPartition,
    TopicRef,
};

use super::{Client, World};

/// The assignor of all consumers here.
const ASSIGNOR: &str = "range";

/// Who a group's request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The group.
    pub group: GroupId,
    /// The member's id; empty before it has one.
    pub member_id: MemberId,
    /// The name of a static member.
    pub instance_id: Option<String>,
    /// The generation that it believes in.
    pub generation_id: i32,
}

/// What a leader hands out.
pub type Assignments = Vec<(MemberId, Vec<TopicPartition>)>;

impl Who {
    /// A client that has not joined yet.
    pub fn newcomer(group: &str) -> Who {
        Who {
            group: group.into(),
            member_id: MemberId::from(""),
            instance_id: None,
            generation_id: -1,
        }
    }
}

impl World {
    /// Sends a join for these topics. Session timeout 6 s, rebalance timeout 60 s.
    pub fn send_join(&mut self, client: Client, who: &Who, topics: &[&str]) -> RequestId {
        let request = self.join_request(client, who, topics);
        self.send(client, Request::JoinGroup(request))
    }

    /// A join for these topics.
    pub fn join_request(&self, client: Client, who: &Who, topics: &[&str]) -> JoinGroupRequest {
        JoinGroupRequest {
            group: who.group.clone(),
            member_id: who.member_id.clone(),
            instance_id: who.instance_id.clone(),
            client_id: self.name(client).to_owned(),
            client_host: "/127.0.0.1".to_owned(),
            session_timeout_ms: 6_000,
            rebalance_timeout_ms: 60_000,
            protocol_type: "consumer".to_owned(),
            protocols: vec![(ASSIGNOR.to_owned(), subscription(topics))],
            reason: None,
            require_known_member_id: true,
            supports_skipping_assignment: true,
        }
    }

    /// The answer to a join, if there is one.
    pub fn joined(&mut self, id: RequestId) -> Option<JoinGroupResponse> {
        match self.take(id)? {
            Response::JoinGroup(response) => Some(response),
            other => panic!("{other:?}"),
        }
    }

    /// Asks for a member id, as new clients do before they join.
    ///
    /// # Panics
    /// If there is none.
    pub fn member_id(&mut self, client: Client, group: &str, topics: &[&str]) -> Who {
        let mut who = Who::newcomer(group);
        let id = self.send_join(client, &who, topics);
        let Response::JoinGroup(response) = self.wait_for(id) else {
            panic!("a join is answered with something else")
        };
        assert_eq!(response.error, ErrorCode::MemberIdRequired);
        who.member_id = response.member_id;
        who
    }

    /// Sends a sync; the leader brings the assignments.
    pub fn send_sync(&mut self, client: Client, who: &Who, assignments: Assignments) -> RequestId {
        let request = SyncGroupRequest {
            group: who.group.clone(),
            generation_id: who.generation_id,
            member_id: who.member_id.clone(),
            instance_id: who.instance_id.clone(),
            protocol_type: Some("consumer".to_owned()),
            protocol_name: Some(ASSIGNOR.to_owned()),
            assignments: assignments
                .into_iter()
                .map(|(member, partitions)| (member, assignment(&partitions)))
                .collect(),
        };
        self.send(client, Request::SyncGroup(request))
    }

    /// The answer to a sync, if there is one.
    pub fn synced(&mut self, id: RequestId) -> Option<SyncGroupResponse> {
        match self.take(id)? {
            Response::SyncGroup(response) => Some(response),
            other => panic!("{other:?}"),
        }
    }

    /// Sends a heartbeat.
    pub fn send_heartbeat(&mut self, client: Client, who: &Who) -> RequestId {
        let request = HeartbeatRequest {
            group: who.group.clone(),
            generation_id: who.generation_id,
            member_id: who.member_id.clone(),
            instance_id: who.instance_id.clone(),
        };
        self.send(client, Request::Heartbeat(request))
    }

    /// Sends a heartbeat and waits for the answer.
    pub fn heartbeat(&mut self, client: Client, who: &Who) -> ErrorCode {
        let id = self.send_heartbeat(client, who);
        match self.wait_for(id) {
            Response::Heartbeat(error) => error,
            other => panic!("{other:?}"),
        }
    }

    /// Says that a member leaves, and waits for the answer.
    pub fn send_leave(&mut self, client: Client, who: &Who) -> ErrorCode {
        let id = self.begin_leave(client, who);
        match self.wait_for(id) {
            Response::LeaveGroup(response) if response.error.is_ok() => response.members[0].1,
            Response::LeaveGroup(response) => response.error,
            other => panic!("{other:?}"),
        }
    }

    /// Says that a member leaves.
    pub fn begin_leave(&mut self, client: Client, who: &Who) -> RequestId {
        let request = LeaveGroupRequest {
            group: who.group.clone(),
            members: vec![LeavingMember {
                member_id: who.member_id.clone(),
                instance_id: who.instance_id.clone(),
                reason: None,
            }],
        };
        self.send(client, Request::LeaveGroup(request))
    }

    /// Sends a commit.
    pub fn send_commit(
        &mut self,
        client: Client,
        who: &Who,
        topic: &str,
        (partition, offset): (i32, i64),
    ) -> RequestId {
        let request = CommitOffsetsRequest {
            group: who.group.clone(),
            generation_id: who.generation_id,
            member_id: who.member_id.clone(),
            instance_id: who.instance_id.clone(),
            retention_ms: None,
            topics: vec![(
                TopicRef::Name(topic.into()),
                vec![OffsetToCommit {
                    partition,
                    offset: Offset(offset),
                    leader_epoch: None,
                    metadata: None,
                }],
            )],
        };
        self.send(client, Request::CommitOffsets(request))
    }

    /// Commits an offset and waits for the answer.
    pub fn commit(
        &mut self,
        client: Client,
        who: &Who,
        topic: &str,
        place: (i32, i64),
    ) -> ErrorCode {
        let id = self.send_commit(client, who, topic, place);
        match self.wait_for(id) {
            Response::CommitOffsets(response) => response.topics[0].1[0].1,
            other => panic!("{other:?}"),
        }
    }

    /// How far a group has come in a partition.
    pub fn committed(&self, group: &str, topic: &str, partition: i32) -> Option<i64> {
        let offsets = self.broker.group(group)?.offsets();
        offsets
            .committed(topic, partition)
            .map(|committed| committed.offset.0)
    }

    /// A group's state, by Kafka's name for it; "none" without a group.
    pub fn state(&self, group: &str) -> &'static str {
        let group = self.broker.group(group);
        group.map_or("none", |group| group.state().name())
    }
}

/// `ConsumerProtocolSubscription`, version 0.
fn subscription(topics: &[&str]) -> Bytes {
    let mut bytes = BytesMut::new();
    bytes.put_i16(0);
    bytes.put_i32(topics.len() as i32);
    for topic in topics {
        put_text(&mut bytes, topic);
    }
    bytes.put_i32(-1);
    bytes.freeze()
}

/// The topics of a subscription.
pub(super) fn subscribed(mut bytes: Bytes) -> Vec<TopicName> {
    bytes.advance(2);
    (0..bytes.get_i32()).map(|_| text(&mut bytes)).collect()
}

/// `ConsumerProtocolAssignment`, version 0, a topic for each partition.
fn assignment(partitions: &[TopicPartition]) -> Bytes {
    let mut bytes = BytesMut::new();
    bytes.put_i16(0);
    bytes.put_i32(partitions.len() as i32);
    for TopicPartition { topic, partition } in partitions {
        put_text(&mut bytes, topic);
        bytes.put_i32(1);
        bytes.put_i32(*partition);
    }
    bytes.put_i32(-1);
    bytes.freeze()
}

/// The partitions of an assignment; none in an empty one.
pub(super) fn assigned(mut bytes: Bytes) -> Vec<TopicPartition> {
    if bytes.is_empty() {
        return Vec::new();
    }
    bytes.advance(2);
    let mut partitions = Vec::new();
    for _ in 0..bytes.get_i32() {
        let topic = text(&mut bytes);
        for _ in 0..bytes.get_i32() {
            partitions.push(TopicPartition {
                topic: topic.clone(),
                partition: bytes.get_i32(),
            });
        }
    }
    partitions
}

fn put_text(bytes: &mut BytesMut, text: &str) {
    bytes.put_i16(text.len() as i16);
    bytes.put_slice(text.as_bytes());
}

fn text(bytes: &mut Bytes) -> TopicName {
    let length = bytes.get_i16() as usize;
    let text = bytes.split_to(length);
    TopicName::from(str::from_utf8(&text).expect("a topic's name"))
}
