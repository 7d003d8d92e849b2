//! What a group does underneath, frame by frame: the codes that tell members that their generation is over.

use bytes::Bytes;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestTopic;
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    CreateTopicsRequest, FindCoordinatorRequest, GroupId, HeartbeatRequest, JoinGroupRequest,
    JoinGroupResponse, LeaveGroupRequest, OffsetCommitRequest, OffsetFetchRequest,
    SyncGroupRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use ottla_tests::broker::Broker;
use ottla_tests::raw::Connection;

#[test]
fn a_rebalance_is_announced_by_heartbeats_and_ends_the_old_generation() {
    let broker = Broker::start();
    let topic = created(&broker, "frames");
    let mut first = Member::find(&broker, &topic);

    // Without a member id first, then with the one that was given.
    let refused = first.join();
    assert_eq!(refused.error_code, MEMBER_ID_REQUIRED);
    assert!(!refused.member_id.is_empty());
    first.id = refused.member_id;
    let alone = first.join();
    assert_eq!((alone.error_code, alone.generation_id), (0, 1));
    assert_eq!(alone.leader, first.id);
    assert_eq!(alone.members.len(), 1, "the leader is given the members");
    assert_eq!(alone.members[0].metadata, "topics");
    first.generation = 1;
    let assigned = first.sync(&[(&first.id.clone(), "all")]);
    assert_eq!(assigned, (0, Bytes::from_static(b"all")));
    assert_eq!(first.heartbeat(), 0);
    assert_eq!(first.commit(&topic, 5), 0);
    assert_eq!(first.committed(&topic), 5);

    // A second member: the first learns of it by its heartbeat, and may still commit what it has done.
    let mut second = Member::find(&broker, &topic);
    second.id = second.join().member_id;
    second.send_join();
    while first.heartbeat() == 0 {}
    assert_eq!(first.heartbeat(), REBALANCE_IN_PROGRESS);
    assert_eq!(first.commit(&topic, 6), 0);

    let again = first.join();
    let joined = second.connection.answer::<JoinGroupRequest>(JOIN);
    assert_eq!((again.error_code, joined.error_code), (0, 0));
    assert_eq!((again.generation_id, joined.generation_id), (2, 2));
    assert_eq!(again.members.len(), 2);
    assert!(
        joined.members.is_empty(),
        "only the leader is given the members"
    );

    // The old generation is over: its heartbeat and its commit do not count.
    assert_eq!(first.heartbeat(), ILLEGAL_GENERATION);
    assert_eq!(first.commit(&topic, 99), ILLEGAL_GENERATION);
    first.generation = 2;
    second.generation = 2;
    assert_eq!(first.commit(&topic, 99), REBALANCE_IN_PROGRESS);
    let (one, two) = (first.id.clone(), second.id.clone());
    assert_eq!(
        first.sync(&[(&one, "first half"), (&two, "second half")]).1,
        "first half"
    );
    assert_eq!(second.sync(&[]), (0, Bytes::from_static(b"second half")));
    assert_eq!(first.committed(&topic), 6);

    // Who leaves is no member any more, and the rest rebalance.
    assert_eq!(second.leave(), 0);
    assert_eq!(second.heartbeat(), UNKNOWN_MEMBER_ID);
    assert_eq!(second.commit(&topic, 99), UNKNOWN_MEMBER_ID);
    while first.heartbeat() == 0 {}
    assert_eq!(first.heartbeat(), REBALANCE_IN_PROGRESS);
    assert_eq!(first.join().generation_id, 3);
    assert_eq!(first.committed(&topic), 6);
}

#[test]
fn a_group_that_nobody_knows_has_no_members_and_no_offsets() {
    let broker = Broker::start();
    let topic = created(&broker, "nobody");
    let mut stranger = Member::find(&broker, &topic);
    stranger.id = StrBytes::from_static_str("stranger");
    stranger.generation = 3;
    assert_eq!(stranger.heartbeat(), UNKNOWN_MEMBER_ID);
    assert_eq!(stranger.sync(&[]).0, UNKNOWN_MEMBER_ID);
    assert_eq!(stranger.leave(), UNKNOWN_MEMBER_ID);
    assert_eq!(stranger.commit(&topic, 1), ILLEGAL_GENERATION);
    assert_eq!(stranger.committed(&topic), -1);
    // A generation of -1 is a consumer without a group's protocol.
    stranger.id = StrBytes::default();
    stranger.generation = -1;
    assert_eq!(stranger.commit(&topic, 1), 0);
    assert_eq!(stranger.committed(&topic), 1);
}

/// One member, which says what it is told to.
struct Member {
    connection: Connection,
    group: GroupId,
    id: StrBytes,
    generation: i32,
}

impl Member {
    /// Asks for the coordinator, which must be this broker.
    fn find(broker: &Broker, group: &str) -> Self {
        let mut connection = Connection::open(broker);
        let group = StrBytes::from_string(group.to_owned());
        let request = FindCoordinatorRequest::default()
            .with_key(group.clone())
            .with_key_type(0);
        let coordinator = loop {
            let answer = connection.ask(&request, 2);
            // A broker may still be making its topic of offsets.
            if answer.error_code != COORDINATOR_NOT_AVAILABLE {
                break answer;
            }
        };
        assert_eq!(coordinator.error_code, 0);
        assert_eq!(coordinator.port, i32::from(broker.socket_address().port()));
        Self {
            connection,
            group: GroupId(group),
            id: StrBytes::default(),
            generation: -1,
        }
    }

    fn send_join(&mut self) {
        let protocol = JoinGroupRequestProtocol::default()
            .with_name(StrBytes::from_static_str("range"))
            .with_metadata(Bytes::from_static(b"topics"));
        let request = JoinGroupRequest::default()
            .with_group_id(self.group.clone())
            .with_member_id(self.id.clone())
            .with_session_timeout_ms(30_000)
            .with_rebalance_timeout_ms(30_000)
            // Not "consumer", whose metadata brokers look into.
            .with_protocol_type(StrBytes::from_static_str("frames"))
            .with_protocols(vec![protocol]);
        self.connection.send(&request, JOIN);
    }

    fn join(&mut self) -> JoinGroupResponse {
        loop {
            self.send_join();
            let answer = self.connection.answer::<JoinGroupRequest>(JOIN);
            if answer.error_code != COORDINATOR_LOAD_IN_PROGRESS {
                return answer;
            }
        }
    }

    fn sync(&mut self, assignments: &[(&StrBytes, &'static str)]) -> (i16, Bytes) {
        let assignments = assignments.iter().map(|(member, assignment)| {
            SyncGroupRequestAssignment::default()
                .with_member_id((*member).clone())
                .with_assignment(Bytes::from_static(assignment.as_bytes()))
        });
        let request = SyncGroupRequest::default()
            .with_group_id(self.group.clone())
            .with_generation_id(self.generation)
            .with_member_id(self.id.clone())
            .with_assignments(assignments.collect());
        let answer = self.connection.ask(&request, 3);
        (answer.error_code, answer.assignment)
    }

    fn heartbeat(&mut self) -> i16 {
        let request = HeartbeatRequest::default()
            .with_group_id(self.group.clone())
            .with_generation_id(self.generation)
            .with_member_id(self.id.clone());
        self.connection.ask(&request, 3).error_code
    }

    fn commit(&mut self, topic: &str, offset: i64) -> i16 {
        let partition = OffsetCommitRequestPartition::default().with_committed_offset(offset);
        let request = OffsetCommitRequest::default()
            .with_group_id(self.group.clone())
            .with_generation_id_or_member_epoch(self.generation)
            .with_member_id(self.id.clone())
            .with_topics(vec![
                OffsetCommitRequestTopic::default()
                    .with_name(name(topic))
                    .with_partitions(vec![partition]),
            ]);
        self.connection.ask(&request, 5).topics[0].partitions[0].error_code
    }

    fn committed(&mut self, topic: &str) -> i64 {
        let topic = OffsetFetchRequestTopic::default()
            .with_name(name(topic))
            .with_partition_indexes(vec![0]);
        let request = OffsetFetchRequest::default()
            .with_group_id(self.group.clone())
            .with_topics(Some(vec![topic]));
        let answer = self.connection.ask(&request, 4);
        assert_eq!(answer.error_code, 0);
        answer.topics[0].partitions[0].committed_offset
    }

    fn leave(&mut self) -> i16 {
        let request = LeaveGroupRequest::default()
            .with_group_id(self.group.clone())
            .with_members(vec![
                MemberIdentity::default().with_member_id(self.id.clone()),
            ]);
        let answer = self.connection.ask(&request, 3);
        assert_eq!(answer.error_code, 0);
        answer.members[0].error_code
    }
}

fn created(broker: &Broker, base: &str) -> String {
    let topic = broker.name(base);
    let wanted = CreatableTopic::default()
        .with_name(name(&topic))
        .with_num_partitions(1)
        .with_replication_factor(1);
    let request = CreateTopicsRequest::default()
        .with_topics(vec![wanted])
        .with_timeout_ms(10_000);
    let answer = Connection::open(broker).ask(&request, 5);
    assert_eq!(answer.topics[0].error_code, 0);
    topic
}

fn name(topic: &str) -> TopicName {
    TopicName(StrBytes::from_string(topic.to_owned()))
}

const JOIN: i16 = 5;
const COORDINATOR_LOAD_IN_PROGRESS: i16 = 14;
const COORDINATOR_NOT_AVAILABLE: i16 = 15;
const ILLEGAL_GENERATION: i16 = 22;
const UNKNOWN_MEMBER_ID: i16 = 25;
const REBALANCE_IN_PROGRESS: i16 = 27;
const MEMBER_ID_REQUIRED: i16 = 79;
