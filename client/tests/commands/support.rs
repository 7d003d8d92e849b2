//! A broker in memory, with commands and questions played against it in virtual time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    JoinGroupRequest, JoinGroupResponse, ProduceRequest, ProduceResponse, SyncGroupRequest,
    SyncGroupResponse,
};
use kafka_protocol::protocol::StrBytes;
use ottla_client::admin::{
    Admin, AdminConfig, Answered, AskError, CreateTopics, NewTopic, Question,
};
use ottla_client::assignor::encode_assignment;
use ottla_client::command::{Program, ProgramInput, ProgramOutput};
use ottla_client::protocol::{Request, Response};
use ottla_client::{Address, Input, LinkId, LinkInput, LinkOp, Output};
use ottla_core::batch::BatchBuilder;
use ottla_core::config::Config;
use ottla_core::{Broker, ConnectionId, Instant, MemoryStore, Now, Timestamp, TopicPartition};
use ottla_wire::{Answer, Call, Chunk, Client, Endpoint, Gateway, Outbox, decode};

/// Where the broker listens; all other addresses refuse.
pub(crate) const BROKER: &str = "broker.test:9092";

/// The broker, the links to it, and the clock.
pub(crate) struct World {
    pub(crate) now: Now,
    /// Files that programs may read.
    pub(crate) files: BTreeMap<String, Bytes>,
    /// What the broker says in place of an answer, as someone who is no broker.
    pub(crate) babble: Option<Bytes>,
    /// What is typed, in pieces; then standard input is at its end.
    pub(crate) stdin: VecDeque<Bytes>,
    /// ctrl-C is pressed when nothing else happens before this moment.
    pub(crate) interrupt_at: Option<Instant>,
    gateway: Gateway<MemoryStore>,
    links: BTreeMap<LinkId, Link>,
    /// News of links that nobody has heard yet.
    news: VecDeque<LinkInput>,
    correlation_id: i32,
}

struct Link {
    connection: ConnectionId,
    sent: BytesMut,
}

/// What became of a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: u8,
}

impl World {
    pub(crate) fn new() -> World {
        let (config, _) = Config::from_properties([("auto.create.topics.enable", "false")])
            .expect("a configuration");
        let mut broker = Broker::new(config, 7);
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        broker.started(now, &mut Vec::new());
        World {
            now,
            files: BTreeMap::new(),
            babble: None,
            stdin: VecDeque::new(),
            interrupt_at: None,
            gateway: Gateway::new(broker, MemoryStore::new()),
            links: BTreeMap::new(),
            news: VecDeque::new(),
            correlation_id: 0,
        }
    }

    /// Asks as an admin of its own.
    pub(crate) fn ask<Q: Question>(&mut self, question: Q) -> Result<Q::Answer, AskError> {
        let bootstrap = vec![BROKER.parse().expect("an address")];
        self.ask_with(AdminConfig::new(bootstrap), question)
    }

    pub(crate) fn ask_with<Q: Question>(
        &mut self,
        config: AdminConfig,
        question: Q,
    ) -> Result<Q::Answer, AskError> {
        let mut admin = Admin::new(config, 9, 5);
        let mut out = Vec::new();
        let mut answered: Vec<Answered> = Vec::new();
        admin.ask(self.now, Arc::new(question), &mut out);
        loop {
            for output in std::mem::take(&mut out) {
                if let Output::Link(op) = output {
                    self.operate(op);
                }
            }
            if let Some(answer) = answered.pop() {
                admin.close(&mut out);
                for output in out {
                    if let Output::Link(op) = output {
                        self.operate(op);
                    }
                }
                self.news.clear();
                return answer.to::<Q>().expect("the answer to the question");
            }
            let input = match self.news.pop_front() {
                Some(news) => Input::Link(news),
                None => {
                    self.pass_until(admin.next_deadline());
                    Input::Tick
                }
            };
            admin.handle(self.now, input, &mut answered, &mut out);
        }
    }

    /// Plays a program to its end.
    pub(crate) fn play(&mut self, mut program: Program) -> Played {
        let mut played = Played {
            stdout: String::new(),
            stderr: String::new(),
            exit: 0,
        };
        let mut inputs = VecDeque::from([ProgramInput::Start]);
        loop {
            let input = match (inputs.pop_front(), self.news.pop_front()) {
                (Some(input), news) => {
                    self.news.extend(news);
                    input
                }
                (None, Some(news)) => ProgramInput::Link(news),
                (None, None) => self.what_comes_next(&program),
            };
            let mut out = Vec::new();
            program.handle(self.now, input, &mut out);
            for output in out {
                match output {
                    ProgramOutput::Link(op) => self.operate(op),
                    ProgramOutput::Stdout(text) => played.stdout += &readable(&text),
                    ProgramOutput::Stderr(text) => played.stderr += &readable(&text),
                    ProgramOutput::ReadFile(path) => {
                        let file = self.files.get(&path).cloned();
                        let contents = file.ok_or_else(|| "no such file".to_owned());
                        inputs.push_back(ProgramInput::File { path, contents });
                    }
                    ProgramOutput::Event(_) => {}
                    ProgramOutput::Exit(code) => {
                        played.exit = code;
                        return played;
                    }
                }
            }
        }
    }

    pub(crate) fn create(&mut self, name: &str, partitions_count: i32) {
        let topic = NewTopic {
            name: name.into(),
            partitions_count: Some(partitions_count),
            replication_factor: None,
            assignments: BTreeMap::new(),
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
        let mut answer = flatten(frame.chunks);
        answer.advance(8);
        let response = Response::decode(&request, version, answer).expect("a sound answer");
        R::try_from(response).ok().expect("the answer to this")
    }

    /// How many links are open.
    pub(crate) fn links_count(&self) -> usize {
        self.links.len()
    }

    fn operate(&mut self, op: LinkOp) {
        match op {
            LinkOp::Connect(id, address) if address.to_string() == BROKER => {
                let connection = self.gateway.connect(client());
                let sent = BytesMut::new();
                self.links.insert(id, Link { connection, sent });
                self.news.push_back(LinkInput::Connected(id));
            }
            LinkOp::Connect(id, _) => {
                let why = "connection refused".to_owned();
                self.news.push_back(LinkInput::Closed(id, why));
            }
            LinkOp::Send(id, bytes) => self.receive(id, bytes),
            LinkOp::Close(id) => {
                if let Some(link) = self.links.remove(&id) {
                    let mut outbox = Outbox::default();
                    self.gateway
                        .disconnect(self.now, link.connection, &mut outbox);
                    self.hand_out(&mut outbox);
                }
            }
        }
    }

    fn receive(&mut self, id: LinkId, bytes: Bytes) {
        if let Some(babble) = &self.babble {
            let babble = babble.clone();
            self.news.push_back(LinkInput::Received(id, babble));
            return;
        }
        let Some(link) = self.links.get_mut(&id) else {
            return;
        };
        link.sent.put(bytes);
        let mut outbox = Outbox::default();
        while let Some(frame) = take_frame(&mut link.sent) {
            let call = decode(frame, &client()).unwrap_or_else(|_| Call::close());
            self.gateway
                .receive(self.now, link.connection, call, &mut outbox);
        }
        self.hand_out(&mut outbox);
    }

    pub(crate) fn pass_until(&mut self, moment: Option<Instant>) {
        let next = moment.into_iter().chain(self.gateway.next_deadline());
        let next = next.min().expect("something is waited for");
        let next = next.max(self.now.mono);
        let passed_ms = (next - self.now.mono) / 1000;
        self.now = Now {
            mono: next,
            wall: Timestamp(self.now.wall.0 + passed_ms as i64),
        };
        let mut outbox = Outbox::default();
        self.gateway.tick(self.now, &mut outbox);
        self.hand_out(&mut outbox);
    }

    fn hand_out(&mut self, outbox: &mut Outbox<Vec<Bytes>>) {
        for (connection, answer) in outbox.drain() {
            let mut links = self.links.iter();
            let Some((id, _)) = links.find(|(_, link)| link.connection == connection) else {
                continue;
            };
            let id = *id;
            match answer {
                Answer::Frame(frame) => {
                    let bytes = flatten(frame.chunks);
                    self.news.push_back(LinkInput::Received(id, bytes));
                }
                Answer::Nothing => {}
                Answer::Close => {
                    self.links.remove(&id);
                    let why = "closed by the broker".to_owned();
                    self.news.push_back(LinkInput::Closed(id, why));
                }
            }
        }
    }
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub(crate) fn partition(topic: &str, partition: i32) -> TopicPartition {
    let topic = topic.into();
    TopicPartition { topic, partition }
}

fn string(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

fn readable(text: &Bytes) -> String {
    String::from_utf8(text.to_vec()).expect("text")
}

fn client() -> Client {
    Client {
        host: "/127.0.0.1".into(),
        broker_address: Endpoint {
            host: "broker.test".into(),
            port: 9092,
        },
    }
}

fn take_frame(sent: &mut BytesMut) -> Option<Bytes> {
    let size = sent.get(..4)?.try_into().expect("four bytes");
    let size = i32::from_be_bytes(size) as usize;
    (sent.len() >= 4 + size).then(|| {
        sent.advance(4);
        sent.split_to(size).freeze()
    })
}

fn flatten(chunks: Vec<Chunk<Vec<Bytes>>>) -> Bytes {
    let mut bytes = BytesMut::new();
    for chunk in chunks {
        match chunk {
            Chunk::Bytes(piece) => bytes.put(piece),
            Chunk::Stored(pieces) => pieces.into_iter().for_each(|piece| bytes.put(piece)),
        }
    }
    bytes.freeze()
}
