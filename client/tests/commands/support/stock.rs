//! What there is in a broker before a command comes.

use bytes::Buf as _;
use kafka_protocol::messages;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    JoinGroupRequest, JoinGroupResponse, ProduceRequest, ProduceResponse, SyncGroupRequest,
    SyncGroupResponse,
};
use kafka_protocol::protocol::StrBytes;
use ottla_client::admin::{CreateTopics, NewTopic};
use ottla_client::assignor::encode_assignment;
use ottla_client::protocol::{Request, Response};
use ottla_core::batch::BatchBuilder;
use ottla_core::sorted::Map;
use ottla_core::{Timestamp, TopicPartition};
use ottla_wire::{Answer, Outbox, decode};

use super::{World, client};

impl World {
    pub(crate) fn create(&mut self, name: &str, partitions_count: i32) {
        let topic = NewTopic {
            name: name.into(),
            partitions_count: Some(partitions_count),
            replication_factor: None,
            assignments: Map::new(),
            configs: Vec::new(),
        };
        let created = self.ask(CreateTopics {
            topics: vec![topic],
            validate_only: false,
        });
        let created = created.expect("an answer");
        assert!(created[name].is_ok(), "{created:?}");
    }

    /// Appends records with these values, one second apart from the world's time on.
    pub(crate) fn produce(&mut self, topic: &str, partition: i32, values: &[&str]) {
        let mut batch = BatchBuilder::new();
        for (index, value) in values.iter().enumerate() {
            let timestamp = Timestamp(self.now.wall.0 + 1000 * index as i64);
            batch.push(timestamp, None, Some(value.as_bytes()));
        }
        let partition = PartitionProduceData::default()
            .with_index(partition)
            .with_records(Some(batch.build().bytes().clone()));
        let topic = TopicProduceData::default()
            .with_name(messages::TopicName(string(topic)))
            .with_partition_data(vec![partition]);
        let request = ProduceRequest::default()
            .with_acks(-1)
            .with_timeout_ms(1000)
            .with_topic_data(vec![topic]);
        let response: ProduceResponse = self.request(9, request);
        let done = &response.responses[0].partition_responses[0];
        assert_eq!(done.error_code, 0);
    }

    /// Makes a consumer group with one member that has these partitions. The member's connection stays open.
    pub(crate) fn join(&mut self, group: &str, partitions: &[(&str, i32)]) {
        let group_id = messages::GroupId(string(group));
        let mut join = JoinGroupRequest::default()
            .with_group_id(group_id.clone())
            .with_session_timeout_ms(30_000)
            .with_rebalance_timeout_ms(30_000)
            .with_protocol_type(string("consumer"))
            .with_protocols(vec![
                JoinGroupRequestProtocol::default().with_name(string("range")),
            ]);
        let first: JoinGroupResponse = self.request(5, join.clone());
        join.member_id = first.member_id;
        let joined: JoinGroupResponse = self.request(5, join);
        assert_eq!(joined.error_code, 0);
        let partitions: Vec<TopicPartition> = partitions
            .iter()
            .map(|(topic, partition)| TopicPartition {
                topic: (*topic).into(),
                partition: *partition,
            })
            .collect();
        let assignment = SyncGroupRequestAssignment::default()
            .with_member_id(joined.member_id.clone())
            .with_assignment(encode_assignment(&partitions));
        let sync = SyncGroupRequest::default()
            .with_group_id(group_id)
            .with_generation_id(joined.generation_id)
            .with_member_id(joined.member_id)
            .with_assignments(vec![assignment]);
        let synced: SyncGroupResponse = self.request(3, sync);
        assert_eq!(synced.error_code, 0);
    }

    /// One request on a connection of its own, in this version.
    fn request<R: TryFrom<Response>>(&mut self, version: i16, request: impl Into<Request>) -> R {
        let request = request.into();
        self.correlation_id += 1;
        let frame = request
            .encode(version, self.correlation_id, "test-client")
            .expect("a request of this version");
        let connection = self.gateway.connect(client());
        let mut outbox = Outbox::default();
        let call = decode(frame.slice(4..), &client()).expect("a sound frame");
        self.gateway
            .receive(self.now, connection, call, &mut outbox);
        let answers: Vec<_> = outbox.drain().collect();
        let [(_, Answer::Frame(frame))] = <[_; 1]>::try_from(answers).expect("an answer at once")
        else {
            panic!("no answer");
        };
        let mut answer = frame.into_bytes();
        answer.advance(8);
        let response = Response::decode(&request, version, answer).expect("a sound answer");
        R::try_from(response).ok().expect("the answer to this")
    }
}

fn string(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}
