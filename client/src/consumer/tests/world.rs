//! A broker in memory, consumers that are linked to it without delay, and one clock.

use std::collections::VecDeque;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{ApiKey, ProduceRequest, RequestHeader};
use kafka_protocol::messages::{CreatePartitionsRequest, CreateTopicsRequest};
use kafka_protocol::protocol::{Encodable, Request, StrBytes};
use ottla_core::batch::BatchBuilder;
use ottla_core::config::Config;
use ottla_core::sorted::Map;
use ottla_core::{Broker, ConnectionId, ErrorCode, Instant, MemoryStore, Now, Timestamp};
use ottla_wire::{Answer, Client, Endpoint, Gateway, Outbox, decode};

use super::super::*;
use super::person::{Person, show};
use super::refusals::refusal;
use crate::event::Event;
use crate::interface::{LinkId, LinkInput, LinkOp};

pub(super) struct World {
    pub(super) gateway: Gateway<MemoryStore>,
    pub(super) now: Now,
    pub(super) people: Vec<Person>,
    outbox: Outbox<Vec<Bytes>>,
    client: Client,
    /// What is under way to consumers, in order.
    mail: VecDeque<(usize, Input)>,
    links: Map<ConnectionId, (usize, LinkId)>,
    /// A connection for what is not a consumer's.
    admin: ConnectionId,
    /// Nobody listens.
    pub(super) is_down: bool,
}

impl World {
    pub(super) fn new() -> Self {
        let properties = [
            ("group.initial.rebalance.delay.ms", "0"),
            ("group.min.session.timeout.ms", "1"),
        ];
        let (config, _) = Config::from_properties(properties).expect("a configuration");
        let mut broker = Broker::new(config, 7);
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        broker.started(now, &mut Vec::new());
        let mut gateway = Gateway::new(broker, MemoryStore::new());
        let client = Client {
            host: "/127.0.0.1".into(),
            broker_address: Endpoint {
                host: "broker.test".into(),
                port: 9092,
            },
        };
        let admin = gateway.connect(client.clone());
        Self {
            gateway,
            now,
            people: Vec::new(),
            outbox: Outbox::default(),
            client,
            mail: VecDeque::new(),
            links: Map::new(),
            admin,
            is_down: false,
        }
    }

    pub(super) fn topic(mut self, name: &str, partitions: i32) -> Self {
        let topic = CreatableTopic::default()
            .with_name(StrBytes::from_string(name.to_owned()).into())
            .with_num_partitions(partitions)
            .with_replication_factor(1);
        self.administer(5, &CreateTopicsRequest::default().with_topics(vec![topic]));
        self
    }

    pub(super) fn add_partitions(&mut self, topic: &str, count: i32) {
        let topic = CreatePartitionsTopic::default()
            .with_name(StrBytes::from_string(topic.to_owned()).into())
            .with_count(count)
            .with_assignments(None);
        self.administer(
            1,
            &CreatePartitionsRequest::default().with_topics(vec![topic]),
        );
    }

    /// A consumer with these properties, that reads nothing yet.
    pub(super) fn person(&mut self, properties: &[(&str, &str)]) -> usize {
        let given = properties.iter().copied();
        let all = [("bootstrap.servers", "broker.test:9092")]
            .into_iter()
            .chain(given);
        let (config, _) = ConsumerConfig::from_properties(all).expect("a configuration");
        let owner = self.people.len();
        self.people.push(Person::new(owner as u32, config));
        owner
    }

    /// A member of a group, with these properties beside `auto.offset.reset=earliest`.
    pub(super) fn member(
        &mut self,
        group: &str,
        topic: &str,
        properties: &[(&str, &str)],
    ) -> usize {
        let mut all = vec![("group.id", group), ("auto.offset.reset", "earliest")];
        all.extend(properties);
        let person = self.person(&all);
        let topics = Subscription::Topics([topic.into()].into());
        self.act(person, |consumer, now, out| {
            consumer
                .subscribe(now, topics, out)
                .expect("there is a group");
        });
        person
    }

    /// Does something with a consumer, and lets everything follow from it that follows at once.
    pub(super) fn act<T>(
        &mut self,
        person: usize,
        what: impl FnOnce(&mut Consumer, Now, &mut Vec<Output>) -> T,
    ) -> T {
        let mut out = Vec::new();
        let result = what(&mut self.people[person].consumer, self.now, &mut out);
        self.carry_out(person, out);
        self.settle();
        result
    }

    pub(super) fn poll(&mut self, person: usize, most: usize) -> Vec<Fetched> {
        self.act(person, |consumer, now, out| consumer.poll(now, most, out))
    }

    /// Nothing is heard of this consumer any more; its connections stay open.
    pub(super) fn crash(&mut self, person: usize) {
        self.people[person].is_dead = true;
    }

    /// Answers the consumer's next request of this kind with an error.
    pub(super) fn refuse_next(&mut self, person: usize, api: ApiKey, code: ErrorCode) {
        self.people[person].refusals.push_back((api, code));
    }

    /// Cuts all connections of a consumer.
    pub(super) fn cut(&mut self, person: usize) {
        let cut: Vec<LinkId> = self.people[person].connections.keys().copied().collect();
        for link in cut {
            self.close(person, link);
            let input = LinkInput::Closed(link, "connection reset".to_owned());
            self.mail.push_back((person, Input::Link(input)));
        }
        self.settle();
    }

    pub(super) fn produce(&mut self, topic: &str, partition: i32, values: &[&str]) {
        let mut builder = BatchBuilder::new();
        for value in values {
            builder.push(self.now.wall, None, Some(value.as_bytes()));
        }
        self.produce_bytes(topic, partition, builder.build().bytes().clone());
    }

    pub(super) fn produce_bytes(&mut self, topic: &str, partition: i32, records: Bytes) {
        let partition = PartitionProduceData::default()
            .with_index(partition)
            .with_records(Some(records));
        let topic = TopicProduceData::default()
            .with_name(StrBytes::from_string(topic.to_owned()).into())
            .with_partition_data(vec![partition]);
        let request = ProduceRequest::default()
            .with_acks(-1)
            .with_timeout_ms(1000)
            .with_topic_data(vec![topic]);
        self.administer(9, &request);
    }

    fn administer<R: Request>(&mut self, version: i16, request: &R) {
        let key = ApiKey::try_from(R::KEY).expect("a key");
        let header = RequestHeader::default()
            .with_request_api_key(R::KEY)
            .with_request_api_version(version);
        let mut frame = BytesMut::new();
        header
            .encode(&mut frame, key.request_header_version(version))
            .expect("a header");
        request.encode(&mut frame, version).expect("a request");
        let call = decode(frame.freeze(), &self.client).expect("a sound frame");
        self.gateway
            .receive(self.now, self.admin, call, &mut self.outbox);
        self.collect();
        self.settle();
    }

    /// Lets time pass, from one deadline to the next.
    pub(super) fn pass_ms(&mut self, ms: u64) {
        let end = Instant(self.now.mono.0 + ms * 1000);
        self.settle();
        let mut turns = 0;
        while let Some(next) = self.next_deadline().filter(|next| *next <= end) {
            turns += 1;
            assert!(turns < 100_000, "the clock does not get on at {next:?}");
            self.set_clock(next.max(self.now.mono));
            self.gateway.tick(self.now, &mut self.outbox);
            self.collect();
            for person in 0..self.people.len() {
                self.mail.push_back((person, Input::Tick));
            }
            self.settle();
        }
        self.set_clock(end);
    }

    fn next_deadline(&self) -> Option<Instant> {
        let living = self.people.iter().filter(|person| !person.is_dead);
        let deadlines = living.filter_map(|person| person.consumer.next_deadline());
        deadlines.chain(self.gateway.next_deadline()).min()
    }

    fn set_clock(&mut self, mono: Instant) {
        let passed_ms = mono.0 / 1000;
        self.now = Now {
            mono,
            wall: Timestamp(1_700_000_000_000 + passed_ms as i64),
        };
    }

    /// Delivers mail and lets diligent people poll until nothing is left to do.
    pub(super) fn settle(&mut self) {
        for _ in 0..100_000 {
            if let Some((person, input)) = self.mail.pop_front() {
                if !self.people[person].is_dead {
                    let mut out = Vec::new();
                    self.people[person]
                        .consumer
                        .handle(self.now, input, &mut out);
                    self.carry_out(person, out);
                }
            } else if !self.let_people_poll() {
                return;
            }
        }
        panic!("there is always more to do");
    }

    fn let_people_poll(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.people.len() {
            let person = &mut self.people[index];
            if !person.is_diligent || person.is_dead {
                continue;
            }
            let mut out = Vec::new();
            let records = person.consumer.poll(self.now, usize::MAX, &mut out);
            any |= !records.is_empty();
            person.got.extend(records);
            self.carry_out(index, out);
        }
        any || !self.mail.is_empty()
    }

    fn carry_out(&mut self, index: usize, out: Vec<Output>) {
        for output in out {
            match output {
                Output::Link(LinkOp::Connect(link, _)) if self.is_down => {
                    let input = LinkInput::Closed(link, "connection refused".to_owned());
                    self.mail.push_back((index, Input::Link(input)));
                }
                Output::Link(LinkOp::Connect(link, _)) => {
                    let connection = self.gateway.connect(self.client.clone());
                    self.links.insert(connection, (index, link));
                    self.people[index]
                        .connections
                        .insert(link, (connection, BytesMut::new()));
                    self.mail
                        .push_back((index, Input::Link(LinkInput::Connected(link))));
                }
                Output::Link(LinkOp::Send(link, bytes)) => self.send(index, link, bytes),
                Output::Link(LinkOp::Close(link)) => self.close(index, link),
                Output::Event(Event::Consumer(event)) => self.people[index].events.push(event),
                _ => {}
            }
        }
    }

    fn close(&mut self, person: usize, link: LinkId) {
        if let Some((connection, _)) = self.people[person].connections.remove(&link) {
            self.links.remove(&connection);
            self.gateway
                .disconnect(self.now, connection, &mut self.outbox);
            self.collect();
        }
    }

    fn send(&mut self, index: usize, link: LinkId, bytes: Bytes) {
        let person = &mut self.people[index];
        let Some((connection, buffer)) = person.connections.get_mut(&link) else {
            return;
        };
        buffer.put(bytes);
        while buffer.len() >= 4 && buffer.len() - 4 >= (&buffer[..4]).get_u32() as usize {
            let size = buffer.get_u32() as usize;
            let frame = buffer.split_to(size).freeze();
            let api = ApiKey::try_from((&frame[..2]).get_i16()).expect("a key");
            person.sent.push(api);
            if let Some((refused, code)) = person.refusals.front()
                && *refused == api
            {
                let answer = refusal(frame, *code);
                person.refusals.pop_front();
                self.mail
                    .push_back((index, Input::Link(LinkInput::Received(link, answer))));
                continue;
            }
            let call = decode(frame, &self.client).expect("a sound frame");
            self.gateway
                .receive(self.now, *connection, call, &mut self.outbox);
        }
        self.collect();
    }

    fn collect(&mut self) {
        for (connection, answer) in self.outbox.drain() {
            let Some(&(person, link)) = self.links.get(&connection) else {
                continue;
            };
            let Answer::Frame(frame) = answer else {
                continue;
            };
            let input = LinkInput::Received(link, frame.into_bytes());
            self.mail.push_back((person, Input::Link(input)));
        }
    }

    /// The partitions of one topic that a consumer reads.
    pub(super) fn reads(&self, person: usize) -> Vec<i32> {
        let assignment = self.people[person].consumer.assignment();
        assignment
            .iter()
            .map(|partition| partition.partition)
            .collect()
    }

    pub(super) fn partitions_count(&self, topic: &str) -> i32 {
        let metadata = self.gateway.broker().metadata();
        let topic = metadata.topic(topic).expect("the topic is there");
        topic.partitions.len() as i32
    }

    /// What a consumer has got since the last time.
    pub(super) fn take(&mut self, person: usize) -> Vec<String> {
        self.people[person]
            .got
            .drain(..)
            .map(|fetched| show(&fetched))
            .collect()
    }
}
