//! A producer, its brokers, and the links between them, on a clock that stands unless it is told to go.

use std::collections::VecDeque;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ottla_client::producer::{
    Delivery, DeliveryError, Producer, ProducerConfig, ProducerEvent, ProducerRecord, SendError,
    Ticket,
};
use ottla_client::{Event, Input, LinkId, LinkInput, LinkOp, Output};
use ottla_core::sorted::Map;
use ottla_core::{ConnectionId, ErrorCode, Instant, Now, Timestamp};

use crate::brokers::{Brokers, Reply, Trick};

pub(crate) struct World {
    pub(crate) producer: Producer,
    pub(crate) brokers: Brokers,
    pub(crate) now: Now,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) events: Vec<ProducerEvent>,
    /// Brokers that refuse connections.
    pub(crate) down: Vec<i32>,
    /// Produce requests, and what comes behind them on their links, wait until they are [released](World::release).
    pub(crate) holds: bool,
    held: VecDeque<(LinkId, Bytes)>,
    links: Map<LinkId, Link>,
    /// Links on which the broker does not answer any more.
    silent: Vec<LinkId>,
    out: Vec<Output>,
}

struct Link {
    broker: i32,
    connection: ConnectionId,
    sent: BytesMut,
}

const PRODUCE: [u8; 2] = [0, 0];

impl World {
    /// A producer with these properties; topics have three partitions unless told otherwise.
    pub(crate) fn new(properties: &[(&'static str, &'static str)]) -> World {
        World::with_broker(properties, &[("num.partitions", "3")])
    }

    pub(crate) fn with_broker(
        properties: &[(&'static str, &'static str)],
        broker: &[(&str, &str)],
    ) -> World {
        let servers = [("bootstrap.servers", "broker1:9092")];
        let all = servers.into_iter().chain(properties.iter().copied());
        let (config, _) = ProducerConfig::from_properties(all).expect("sound properties");
        let now = Now {
            mono: Instant(1_000_000),
            wall: Timestamp(1_700_000_000_000),
        };
        World {
            producer: Producer::new(config, 1, 5),
            brokers: Brokers::new(now, broker),
            now,
            deliveries: Vec::new(),
            events: Vec::new(),
            down: Vec::new(),
            holds: false,
            held: VecDeque::new(),
            links: Map::new(),
            silent: Vec::new(),
            out: Vec::new(),
        }
    }

    pub(crate) fn tricks(&mut self, tricks: impl IntoIterator<Item = Trick>) {
        self.brokers.tricks.extend(tricks);
    }

    pub(crate) fn try_send(&mut self, record: ProducerRecord) -> Result<Ticket, SendError> {
        let sent = self.producer.send(self.now, record, &mut self.out);
        self.carry();
        sent.map_err(|(error, _)| error)
    }

    /// A record with this value, to partition 0 of topic "t".
    pub(crate) fn send(&mut self, value: impl Into<Bytes>) -> Ticket {
        self.send_to(0, value)
    }

    pub(crate) fn send_to(&mut self, partition: i32, value: impl Into<Bytes>) -> Ticket {
        let record = ProducerRecord {
            partition: Some(partition),
            ..ProducerRecord::new("t".into(), value)
        };
        self.try_send(record).expect("the record is taken")
    }

    /// Sends records and lets their batch go.
    pub(crate) fn batch(&mut self, values: &[&'static str]) {
        for value in values {
            self.send(*value);
        }
        self.act(|producer, now, out| producer.flush(now, out));
    }

    pub(crate) fn act(&mut self, act: impl FnOnce(&mut Producer, Now, &mut Vec<Output>)) {
        act(&mut self.producer, self.now, &mut self.out);
        self.carry();
    }

    /// Lets time pass until everything is delivered.
    pub(crate) fn finish(&mut self) {
        self.act(|producer, now, out| producer.flush(now, out));
        let mut steps = 0;
        while !self.producer.is_idle() {
            steps += 1;
            assert!(steps < 10_000, "it comes to no end: {}", self.log());
            let next = self.next_deadline().expect("something is waited for");
            self.pass_until(next);
        }
    }

    /// Brings the client to where metadata and producer id are there, by a record that is written.
    pub(crate) fn warm_up(&mut self) {
        self.send("first");
        self.finish();
        self.deliveries.clear();
        self.events.clear();
        self.brokers.seen.clear();
    }

    pub(crate) fn pass_ms(&mut self, ms: i64) {
        let end = self.now.mono.plus_ms(ms);
        while let Some(next) = self.next_deadline().filter(|next| *next <= end) {
            self.pass_until(next);
        }
        self.pass_until(end);
    }

    fn next_deadline(&self) -> Option<Instant> {
        let own = self.producer.next_deadline().into_iter();
        own.chain(self.brokers.next_deadline()).min()
    }

    fn pass_until(&mut self, moment: Instant) {
        let moment = moment.max(self.now.mono);
        let passed_ms = (moment - self.now.mono) / 1000;
        self.now = Now {
            mono: moment,
            wall: Timestamp(self.now.wall.0 + passed_ms as i64),
        };
        self.brokers.tick(self.now);
        self.handle(Input::Tick);
        self.carry();
    }

    fn handle(&mut self, input: Input) {
        self.producer.handle(self.now, input, &mut self.out);
    }

    /// Carries bytes to and fro until nothing moves any more.
    fn carry(&mut self) {
        while !self.out.is_empty() {
            for output in std::mem::take(&mut self.out) {
                match output {
                    Output::Link(op) => self.operate(op),
                    Output::Event(Event::Producer(event)) => self.events.push(event),
                    Output::Event(_) => {}
                    Output::Delivered(delivery) => self.deliveries.push(delivery),
                }
            }
        }
    }

    fn operate(&mut self, op: LinkOp) {
        match op {
            LinkOp::Connect(id, address) => {
                let broker = if address.host == "broker2" { 2 } else { 1 };
                if self.down.contains(&broker) {
                    let why = "connection refused".to_owned();
                    return self.handle(Input::Link(LinkInput::Closed(id, why)));
                }
                let link = Link {
                    broker,
                    connection: self.brokers.connect(),
                    sent: BytesMut::new(),
                };
                self.links.insert(id, link);
                self.handle(Input::Link(LinkInput::Connected(id)));
            }
            LinkOp::Send(id, bytes) => {
                let Some(link) = self.links.get_mut(&id) else {
                    return;
                };
                link.sent.put(bytes);
                while let Some(frame) = self
                    .links
                    .get_mut(&id)
                    .and_then(|link| take_frame(&mut link.sent))
                {
                    // Answers come in the order of their requests.
                    let is_behind = self.held.iter().any(|(link, _)| *link == id);
                    if is_behind || (self.holds && frame.starts_with(&PRODUCE)) {
                        self.held.push_back((id, frame));
                    } else {
                        self.serve(id, frame);
                    }
                }
            }
            LinkOp::Close(id) => {
                self.links.remove(&id);
            }
        }
    }

    fn serve(&mut self, id: LinkId, frame: Bytes) {
        let Some(link) = self.links.get(&id).filter(|_| !self.silent.contains(&id)) else {
            return;
        };
        let (broker, connection) = (link.broker, link.connection);
        match self.brokers.reply(self.now, broker, connection, frame) {
            Reply::Frame(frame) => self.handle(Input::Link(LinkInput::Received(id, frame))),
            Reply::Nothing => {}
            Reply::Silence => self.silent.push(id),
            Reply::HangUp => self.cut(id),
        }
    }

    fn cut(&mut self, id: LinkId) {
        if self.links.remove(&id).is_some() {
            let why = "connection reset".to_owned();
            self.handle(Input::Link(LinkInput::Closed(id, why)));
        }
    }

    /// One of the links breaks, if there is one.
    pub(crate) fn cut_any(&mut self, index: usize) {
        if let Some(id) = self.links.keys().nth(index).copied() {
            self.cut(id);
            self.carry();
        }
    }

    /// How many produce requests are held.
    pub(crate) fn held_count(&self) -> usize {
        self.held.len()
    }

    /// Lets all held requests go; those that come meanwhile are held.
    pub(crate) fn release(&mut self) {
        for (id, frame) in std::mem::take(&mut self.held) {
            self.serve(id, frame);
        }
        self.carry();
    }

    /// The values in a partition of topic "t".
    pub(crate) fn values(&mut self, partition: i32) -> Vec<String> {
        let records = self.brokers.records(self.now, "t", partition);
        let values = records.into_iter().filter_map(|record| record.value);
        values
            .map(|value| String::from_utf8_lossy(&value).into_owned())
            .collect()
    }

    /// Tickets and what became of them: an offset, or an error.
    pub(crate) fn results(&self) -> Map<u64, Result<Option<i64>, DeliveryError>> {
        let mut results = Map::new();
        for delivery in &self.deliveries {
            for (index, ticket) in delivery.tickets.iter().enumerate() {
                let result = delivery
                    .result
                    .clone()
                    .map(|acknowledged| acknowledged.base_offset.map(|base| base.0 + index as i64));
                let before = results.insert(ticket.0, result);
                assert!(before.is_none(), "ticket {} is told about twice", ticket.0);
            }
        }
        results
    }

    /// The codes of all tickets, in their order; NONE for those that are written.
    pub(crate) fn codes(&self) -> Vec<ErrorCode> {
        let code = |result: Result<Option<i64>, DeliveryError>| match result {
            Ok(_) => ErrorCode::None,
            Err(error) => error.code,
        };
        self.results().into_values().map(code).collect()
    }

    pub(crate) fn log(&self) -> String {
        let lines = self.events.iter().map(|event| format!("{event}\n"));
        lines.collect()
    }
}

fn take_frame(sent: &mut BytesMut) -> Option<Bytes> {
    let size = i32::from_be_bytes(sent.get(..4)?.try_into().expect("four bytes")) as usize;
    (sent.len() >= 4 + size).then(|| {
        sent.advance(4);
        sent.split_to(size).freeze()
    })
}
