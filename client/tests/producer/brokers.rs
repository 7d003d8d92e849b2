//! Two brokers that share one engine: whoever is not the leader says so. Their answers to produce requests can be spoiled.

use std::collections::VecDeque;

use bytes::Bytes;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::metadata_response::MetadataResponseBroker;
use kafka_protocol::messages::produce_response::{
    BatchIndexAndErrorMessage, PartitionProduceResponse, TopicProduceResponse,
};
use kafka_protocol::messages::{
    ApiKey, BrokerId, FetchRequest, FetchResponse, InitProducerIdResponse, MetadataResponse,
    ProduceRequest, ProduceResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use ottla_core::batch::{Batch, Record};
use ottla_core::config::Config;
use ottla_core::sorted::Map;
use ottla_core::{Broker, ConnectionId, ErrorCode, Instant, MemoryStore, Now};
use ottla_wire::{Answer, Client, Endpoint, Gateway, Outbox, decode};

use crate::frames::{Asked, request};

/// What becomes of a produce request.
#[derive(Debug, Clone)]
pub(crate) enum Trick {
    /// It is served.
    Serve,
    /// Nothing is written, and this is said of every partition.
    Refuse(ErrorCode),
    /// Nothing is written, and this is said of one partition; the others are served.
    RefusePartition(i32, ErrorCode),
    /// It is served, and yet this is said.
    ServeAndSay(ErrorCode),
    /// Nothing is written, and these records are blamed.
    Blame(Vec<(i32, &'static str)>),
    /// It is served, and the link breaks before the answer.
    ServeAndHangUp,
    /// The link breaks.
    HangUp,
    /// Nothing more is heard on this link.
    Silence,
    /// An answer that leaves everything out.
    SayNothing,
}

/// What a broker saw of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) broker: i32,
    pub(crate) partition: i32,
    pub(crate) records_count: i32,
    pub(crate) epoch: i16,
    pub(crate) base_sequence: i32,
}

pub(crate) struct Brokers {
    pub(crate) gateway: Gateway<MemoryStore>,
    /// Who leads all partitions: 1 or 2; nobody if 0.
    pub(crate) leader: i32,
    pub(crate) leader_epoch: i32,
    /// For the next produce requests; then they are served.
    pub(crate) tricks: VecDeque<Trick>,
    /// Whether the next questions for a producer id are refused.
    pub(crate) identity_refusals: VecDeque<ErrorCode>,
    /// What metadata says of every topic.
    pub(crate) topic_error: ErrorCode,
    /// How many partitions of a topic metadata tells of, at most.
    pub(crate) partitions_shown: usize,
    pub(crate) seen: Vec<Seen>,
    pub(crate) requests: Map<i16, usize>,
}

/// What goes back.
pub(crate) enum Reply {
    Frame(Bytes),
    Nothing,
    Silence,
    HangUp,
}

impl Brokers {
    pub(crate) fn new(now: Now, properties: &[(&str, &str)]) -> Brokers {
        let (config, _) =
            Config::from_properties(properties.iter().copied()).expect("a configuration");
        let mut broker = Broker::new(config, 7);
        broker.started(now, &mut Vec::new());
        Brokers {
            gateway: Gateway::new(broker, MemoryStore::new()),
            leader: 1,
            leader_epoch: 0,
            tricks: VecDeque::new(),
            identity_refusals: VecDeque::new(),
            topic_error: ErrorCode::None,
            partitions_shown: usize::MAX,
            seen: Vec::new(),
            requests: Map::new(),
        }
    }

    pub(crate) fn connect(&mut self) -> ConnectionId {
        self.gateway.connect(client())
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.gateway.next_deadline()
    }

    pub(crate) fn tick(&mut self, now: Now) {
        self.gateway.tick(now, &mut Outbox::default());
    }

    /// The answer of broker `id` to a frame without its length.
    pub(crate) fn reply(
        &mut self,
        now: Now,
        id: i32,
        connection: ConnectionId,
        frame: Bytes,
    ) -> Reply {
        let asked = Asked::read(frame);
        *self.requests.entry(asked.api as i16).or_default() += 1;
        match asked.api {
            ApiKey::Metadata => self.metadata(now, connection, &asked),
            ApiKey::InitProducerId => match self.identity_refusals.pop_front() {
                None | Some(ErrorCode::None) => self.serve(now, connection, &asked),
                Some(code) => Reply::Frame(
                    asked.answer(&InitProducerIdResponse::default().with_error_code(code.number())),
                ),
            },
            ApiKey::Produce => self.produce(now, id, connection, &asked),
            _ => self.serve(now, connection, &asked),
        }
    }

    fn serve(&mut self, now: Now, connection: ConnectionId, asked: &Asked) -> Reply {
        let mut outbox = Outbox::default();
        let call = decode(asked.frame.clone(), &client()).expect("a sound frame");
        self.gateway.receive(now, connection, call, &mut outbox);
        let answers: Vec<_> = outbox.drain().collect();
        match answers.into_iter().next() {
            Some((_, Answer::Frame(frame))) => Reply::Frame(frame.into_bytes()),
            Some((_, Answer::Close)) => Reply::HangUp,
            Some((_, Answer::Nothing)) | None => Reply::Nothing,
        }
    }

    fn metadata(&mut self, now: Now, connection: ConnectionId, asked: &Asked) -> Reply {
        let Reply::Frame(frame) = self.serve(now, connection, asked) else {
            return Reply::HangUp;
        };
        let mut response: MetadataResponse = asked.read_answer(&frame);
        let broker = |id: i32| {
            MetadataResponseBroker::default()
                .with_node_id(BrokerId(id))
                .with_host(StrBytes::from_string(format!("broker{id}")))
                .with_port(9092)
        };
        response.brokers = vec![broker(1), broker(2)];
        for topic in &mut response.topics {
            if self.topic_error != ErrorCode::None {
                topic.error_code = self.topic_error.number();
                topic.partitions.clear();
            }
            topic
                .partitions
                .sort_by_key(|partition| partition.partition_index);
            topic.partitions.truncate(self.partitions_shown);
            for partition in &mut topic.partitions {
                partition.leader_id = BrokerId(if self.leader == 0 { -1 } else { self.leader });
                partition.leader_epoch = self.leader_epoch;
                if self.leader == 0 {
                    partition.error_code = ErrorCode::LeaderNotAvailable.number();
                }
            }
        }
        Reply::Frame(asked.answer(&response))
    }

    fn produce(&mut self, now: Now, id: i32, connection: ConnectionId, asked: &Asked) -> Reply {
        let request: ProduceRequest = asked.body();
        self.see(id, &request);
        if id != self.leader {
            return Reply::Frame(
                asked.answer(&refusal(&request, |_| Some(ErrorCode::NotLeaderOrFollower))),
            );
        }
        match self.tricks.pop_front().unwrap_or(Trick::Serve) {
            Trick::Serve => self.serve(now, connection, asked),
            Trick::Refuse(code) => Reply::Frame(asked.answer(&refusal(&request, |_| Some(code)))),
            Trick::RefusePartition(index, code) => {
                let refused = refusal(&request, |at| (at == index).then_some(code));
                let mut served = request.clone();
                for topic in &mut served.topic_data {
                    topic.partition_data.retain(|it| it.index != index);
                }
                self.serve_produce(now, connection, asked, &served, refused)
            }
            Trick::ServeAndSay(code) => {
                self.serve(now, connection, asked);
                Reply::Frame(asked.answer(&refusal(&request, |_| Some(code))))
            }
            Trick::Blame(records) => {
                let mut response = refusal(&request, |_| Some(ErrorCode::InvalidRecord));
                for partition in &mut response.responses[0].partition_responses {
                    partition.error_message = Some(StrBytes::from_static_str("no good"));
                    partition.record_errors = records.iter().map(|it| blame(*it)).collect();
                }
                Reply::Frame(asked.answer(&response))
            }
            Trick::ServeAndHangUp => {
                self.serve(now, connection, asked);
                Reply::HangUp
            }
            Trick::HangUp => Reply::HangUp,
            Trick::Silence => Reply::Silence,
            Trick::SayNothing => Reply::Frame(asked.answer(&ProduceResponse::default())),
        }
    }

    fn serve_produce(
        &mut self,
        now: Now,
        connection: ConnectionId,
        asked: &Asked,
        served: &ProduceRequest,
        mut refused: ProduceResponse,
    ) -> Reply {
        let inner = Asked::read(request(ApiKey::Produce, asked.version, served));
        let Reply::Frame(frame) = self.serve(now, connection, &inner) else {
            return Reply::HangUp;
        };
        let response: ProduceResponse = inner.read_answer(&frame);
        refused.responses.extend(response.responses);
        Reply::Frame(asked.answer(&refused))
    }

    fn see(&mut self, broker: i32, request: &ProduceRequest) {
        for topic in &request.topic_data {
            for partition in &topic.partition_data {
                let records = partition.records.clone().expect("records");
                let batch = Batch::parse(records).expect("a sound batch");
                let header = batch.header();
                self.seen.push(Seen {
                    broker,
                    partition: partition.index,
                    records_count: header.records_count,
                    epoch: header.producer_epoch,
                    base_sequence: header.base_sequence,
                });
            }
        }
    }

    /// What is in a partition.
    pub(crate) fn records(&mut self, now: Now, topic: &str, partition: i32) -> Vec<Record> {
        let connection = self.connect();
        let asked = FetchRequest::default()
            .with_max_bytes(i32::MAX)
            .with_topics(vec![
                FetchTopic::default()
                    .with_topic(TopicName(StrBytes::from_string(topic.to_owned())))
                    .with_partitions(vec![
                        FetchPartition::default()
                            .with_partition(partition)
                            .with_partition_max_bytes(i32::MAX),
                    ]),
            ]);
        let asked = Asked::read(request(ApiKey::Fetch, 4, &asked));
        let Reply::Frame(frame) = self.serve(now, connection, &asked) else {
            panic!("no answer to a fetch");
        };
        let response: FetchResponse = asked.read_answer(&frame);
        let mut bytes = response.responses[0].partitions[0]
            .records
            .clone()
            .unwrap_or_default();
        let mut records = Vec::new();
        while !bytes.is_empty() {
            let header = ottla_core::batch::BatchHeader::parse(&bytes).expect("a header");
            let batch = bytes.split_to(header.size_bytes as usize);
            let of_batch = ottla_core::batch::records(&batch).expect("a sound batch");
            records.extend(of_batch.map(|record| record.expect("a sound record")));
        }
        records
    }
}

fn refusal(request: &ProduceRequest, code: impl Fn(i32) -> Option<ErrorCode>) -> ProduceResponse {
    let topics = request.topic_data.iter().map(|topic| {
        let partitions = topic.partition_data.iter().filter_map(|partition| {
            let code = code(partition.index)?;
            Some(
                PartitionProduceResponse::default()
                    .with_index(partition.index)
                    .with_error_code(code.number())
                    .with_base_offset(-1),
            )
        });
        TopicProduceResponse::default()
            .with_name(topic.name.clone())
            .with_partition_responses(partitions.collect())
    });
    ProduceResponse::default().with_responses(topics.collect())
}

fn blame((index, text): (i32, &'static str)) -> BatchIndexAndErrorMessage {
    let text = (!text.is_empty()).then(|| StrBytes::from_static_str(text));
    BatchIndexAndErrorMessage::default()
        .with_batch_index(index)
        .with_batch_index_error_message(text)
}

fn client() -> Client {
    Client {
        host: "/127.0.0.1".into(),
        broker_address: Endpoint {
            host: "broker1".into(),
            port: 9092,
        },
    }
}

/// Of each batch, its epoch and its first sequence number.
pub(crate) fn epochs_and_sequences(seen: &[Seen]) -> Vec<(i16, i32)> {
    seen.iter().map(|it| (it.epoch, it.base_sequence)).collect()
}
