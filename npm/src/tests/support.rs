//! A guest: one client of one broker, which speaks in real frames made by another codec than the broker's own.

use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    ApiKey, CreateTopicsRequest, JoinGroupRequest, OffsetCommitRequest, ProduceRequest,
    RequestHeader, ResponseHeader, SyncGroupRequest,
};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, Request, StrBytes};
use ottla_core::batch::{BatchBuilder, Compression};
use ottla_core::{Instant, Now, Timestamp};
use ottla_wire::Endpoint;
use serde_json::Value as Json;

use crate::options::Value;
use crate::views::{self, Wanted};
use crate::{Process, StartOptions};

/// A broker and one connection to it.
pub(super) struct Guest {
    pub(super) process: Process,
    pub(super) connection: u32,
    last_correlation_id: i32,
}

/// What JavaScript would have given.
pub(super) fn value(json: Json) -> Value {
    serde_json::from_value(json).expect("any JSON is a value")
}

/// Both clocks, so many milliseconds after the start.
pub(super) fn at_ms(ms: u64) -> Now {
    Now {
        mono: Instant(ms * 1000),
        wall: Timestamp(1_700_000_000_000 + ms as i64),
    }
}

pub(super) fn start(options: Json) -> Process {
    let options = StartOptions::read(&value(options)).expect("sound options");
    Process::start(options, at_ms(0)).expect("a broker")
}

pub(super) fn connect(process: &mut Process) -> Option<u32> {
    let dialled = Endpoint {
        host: "ottla".to_owned(),
        port: 9092,
    };
    process.connect("127.0.0.1", dialled)
}

impl Guest {
    pub(super) fn new(process: Process) -> Self {
        let mut guest = Self {
            process,
            connection: 0,
            last_correlation_id: 0,
        };
        guest.connect();
        guest
    }

    pub(super) fn connect(&mut self) {
        self.connection = connect(&mut self.process).expect("a broker that runs");
    }

    /// Sends a request, and returns its correlation id.
    pub(super) fn send<R: Request>(&mut self, version: i16, request: &R) -> i32 {
        self.last_correlation_id += 1;
        let frame = frame(self.last_correlation_id, version, request);
        self.process.receive(self.connection, &frame);
        self.last_correlation_id
    }

    /// The one answer that has come, to the request that was sent last.
    pub(super) fn answer<R: Request>(&mut self, version: i16) -> R::Response {
        let output = self.process.take_output();
        let [(connection, Some(bytes))] = &output[..] else {
            panic!("not one answer but {output:?}");
        };
        assert_eq!(*connection, self.connection);
        read_answer::<R>(bytes.clone(), version, self.last_correlation_id)
    }

    /// Sends a request that is answered at once.
    pub(super) fn ask<R: Request>(&mut self, version: i16, request: &R) -> R::Response {
        self.send(version, request);
        self.answer::<R>(version)
    }

    /// Writes a batch of values, and returns the error's number.
    pub(super) fn produce(
        &mut self,
        topic: &str,
        compression: Compression,
        values: &[&str],
    ) -> i16 {
        let answer = self.ask(9, &produce(topic, compression, values));
        answer.responses[0].partition_responses[0].error_code
    }

    /// Becomes the only member of a group, with partition 0 of a topic, and commits an offset.
    pub(super) fn consume(&mut self, group: &str, topic: &str, committed: i64) {
        let mut member = StrBytes::default();
        for _ in 0..2 {
            let joined = self.join(group, &member);
            member = joined.unwrap_or_else(|member| member);
        }
        let synced = self.ask(5, &sync(group, &member, topic));
        assert_eq!(synced.error_code, 0);
        let committed = self.ask(8, &commit(group, &member, topic, committed));
        assert_eq!(committed.topics[0].partitions[0].error_code, 0);
    }

    /// The member's id; one that is to be used to join is an error.
    fn join(&mut self, group: &str, member: &StrBytes) -> Result<StrBytes, StrBytes> {
        let joined = self.ask(7, &join(group, member));
        match joined.error_code {
            0 => Ok(joined.member_id),
            _ => Err(joined.member_id),
        }
    }
}

/// A request's frame, with its length.
pub(super) fn frame<R: Request>(correlation_id: i32, version: i16, request: &R) -> Bytes {
    let key = ApiKey::try_from(R::KEY).expect("a key");
    let header = RequestHeader::default()
        .with_request_api_key(R::KEY)
        .with_request_api_version(version)
        .with_correlation_id(correlation_id)
        .with_client_id(Some(StrBytes::from_static_str("guest")));
    let mut frame = BytesMut::from(&[0; 4][..]);
    let head = header.encode(&mut frame, key.request_header_version(version));
    head.expect("a header");
    let body = request.encode(&mut frame, version);
    body.expect("a request of this version");
    let size_bytes = (frame.len() - 4) as u32;
    frame[..4].copy_from_slice(&size_bytes.to_be_bytes());
    frame.freeze()
}

/// Reads an answer with its length in front.
pub(super) fn read_answer<R: Request>(mut frame: Bytes, version: i16, id: i32) -> R::Response {
    assert_eq!(frame.get_i32() as usize, frame.len(), "the length in front");
    let header = ResponseHeader::decode(&mut frame, R::Response::header_version(version));
    assert_eq!(header.expect("a header").correlation_id, id);
    R::Response::decode(&mut frame, version).expect("an answer of this version")
}

pub(super) fn produce(topic: &str, compression: Compression, values: &[&str]) -> ProduceRequest {
    let mut builder = BatchBuilder::new();
    builder.compression(compression);
    for (index, value) in values.iter().enumerate() {
        let timestamp = Timestamp(1_700_000_000_000 + index as i64);
        let headers = [("n", Some(&b"1"[..])), ("none", None)];
        builder.push_with_headers(timestamp, Some(b"key"), Some(value.as_bytes()), &headers);
    }
    let partition = PartitionProduceData::default()
        .with_index(0)
        .with_records(Some(builder.build().bytes().clone()));
    let topic = TopicProduceData::default()
        .with_name(text(topic).into())
        .with_partition_data(vec![partition]);
    ProduceRequest::default()
        .with_acks(-1)
        .with_timeout_ms(1000)
        .with_topic_data(vec![topic])
}

pub(super) fn create(topic: &str) -> CreateTopicsRequest {
    let topic = CreatableTopic::default()
        .with_name(text(topic).into())
        .with_num_partitions(1)
        .with_replication_factor(1);
    CreateTopicsRequest::default()
        .with_timeout_ms(1000)
        .with_topics(vec![topic])
}

fn join(group: &str, member: &StrBytes) -> JoinGroupRequest {
    let protocol = JoinGroupRequestProtocol::default().with_name(text("range"));
    JoinGroupRequest::default()
        .with_group_id(text(group).into())
        .with_member_id(member.clone())
        .with_session_timeout_ms(10_000)
        .with_rebalance_timeout_ms(10_000)
        .with_protocol_type(text("consumer"))
        .with_protocols(vec![protocol])
}

fn sync(group: &str, member: &StrBytes, topic: &str) -> SyncGroupRequest {
    let mut assignment = BytesMut::new();
    assignment.extend_from_slice(&[0, 0, 0, 0, 0, 1, 0, topic.len() as u8]);
    assignment.extend_from_slice(topic.as_bytes());
    assignment.extend_from_slice(&[0, 0, 0, 1, 0, 0, 0, 0]);
    assignment.extend_from_slice(&[0xff; 4]);
    let own = SyncGroupRequestAssignment::default()
        .with_member_id(member.clone())
        .with_assignment(assignment.freeze());
    SyncGroupRequest::default()
        .with_group_id(text(group).into())
        .with_generation_id(1)
        .with_member_id(member.clone())
        .with_protocol_type(Some(text("consumer")))
        .with_protocol_name(Some(text("range")))
        .with_assignments(vec![own])
}

fn commit(group: &str, member: &StrBytes, topic: &str, offset: i64) -> OffsetCommitRequest {
    let partition = OffsetCommitRequestPartition::default()
        .with_partition_index(0)
        .with_committed_offset(offset)
        .with_committed_metadata(Some(text("so far")));
    let topic = OffsetCommitRequestTopic::default()
        .with_name(text(topic).into())
        .with_partitions(vec![partition]);
    OffsetCommitRequest::default()
        .with_group_id(text(group).into())
        .with_generation_id_or_member_epoch(1)
        .with_member_id(member.clone())
        .with_topics(vec![topic])
}

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

/// Everything that there is to see of a broker.
pub(super) fn seen(process: &Process) -> Json {
    let broker = process.broker();
    let topics = broker.metadata().topics();
    let records: Vec<Json> = topics
        .map(|topic| records(process, &topic.name, Json::Null))
        .collect();
    serde_json::json!({
        "topics": views::topics(broker),
        "groups": views::groups(broker),
        "records": records,
    })
}

pub(super) fn records(process: &Process, topic: &str, wanted: Json) -> Json {
    let wanted = Wanted::read(&value(wanted)).expect("sound options");
    let records = views::records(process.broker(), process.store(), topic, wanted);
    serde_json::to_value(records.expect("readable records")).expect("JSON")
}

/// The values of a topic's records, as text.
pub(super) fn values(process: &Process, topic: &str) -> Vec<String> {
    let records = records(process, topic, Json::Null);
    let records = records.as_array().expect("a list").iter();
    records.map(|record| from_json(&record["value"])).collect()
}

/// JSON has no bytes: they are lists of numbers there.
pub(super) fn from_json(bytes: &Json) -> String {
    let bytes: Vec<u8> = serde_json::from_value(bytes.clone()).expect("bytes");
    String::from_utf8(bytes).expect("text")
}
