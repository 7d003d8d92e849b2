//! A broker in memory and its clients, which speak in real frames made by another codec than the gateway's own.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, Request, StrBytes};
use ottla_core::batch::BatchBuilder;
use ottla_core::config::Config;
use ottla_core::{Broker, ConnectionId, Event, Instant, MemoryStore, Now, Timestamp};
use ottla_wire::{Answer, Call, Client, Endpoint, Gateway, Malformed, Outbox, decode};

/// One broker, some connections, and a clock that stands unless it is told to go.
pub(crate) struct Net {
    pub(crate) gateway: Gateway<MemoryStore>,
    pub(crate) now: Now,
    pub(crate) events: Vec<Event>,
    client: Client,
    outbox: Outbox<Vec<Bytes>>,
    /// What came out and was not yet looked at.
    arrived: VecDeque<(ConnectionId, Arrived)>,
    last_correlation_id: i32,
}

/// What a connection sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arrived {
    Frame(Bytes),
    Nothing,
    Closed,
}

impl Net {
    pub(crate) fn new() -> Net {
        Net::with(&[])
    }

    /// A broker with a configuration.
    pub(crate) fn with(properties: &[(&str, &str)]) -> Net {
        let (config, _) =
            Config::from_properties(properties.iter().copied()).expect("a configuration");
        let mut broker = Broker::new(config, 7);
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        broker.started(now, &mut Vec::new());
        Net {
            gateway: Gateway::new(broker, MemoryStore::new()),
            now,
            events: Vec::new(),
            client: Client {
                host: "/127.0.0.1".into(),
                broker_address: Endpoint {
                    host: "broker.test".into(),
                    port: 9092,
                },
            },
            outbox: Outbox::with_events(),
            arrived: VecDeque::new(),
            last_correlation_id: 0,
        }
    }

    pub(crate) fn connect(&mut self) -> ConnectionId {
        self.gateway.connect(self.client.clone())
    }

    pub(crate) fn disconnect(&mut self, connection: ConnectionId) {
        self.gateway
            .disconnect(self.now, connection, &mut self.outbox);
        self.collect();
    }

    /// Sends a frame as it is.
    pub(crate) fn send_frame(
        &mut self,
        connection: ConnectionId,
        frame: Bytes,
    ) -> Result<(), Malformed> {
        let call = decode(frame, &self.client)?;
        self.gateway
            .receive(self.now, connection, call, &mut self.outbox);
        self.collect();
        Ok(())
    }

    /// What a shell does with a malformed frame.
    pub(crate) fn close(&mut self, connection: ConnectionId) {
        self.gateway
            .receive(self.now, connection, Call::close(), &mut self.outbox);
        self.collect();
    }

    /// Sends a request and returns its correlation id.
    pub(crate) fn send<R: Request>(
        &mut self,
        connection: ConnectionId,
        version: i16,
        request: &R,
    ) -> i32 {
        self.last_correlation_id += 1;
        let id = self.last_correlation_id;
        self.send_frame(connection, frame(id, version, request))
            .expect("a sound frame");
        id
    }

    /// What arrived next at a connection.
    pub(crate) fn arrived(&mut self, connection: ConnectionId) -> Option<Arrived> {
        let index = self.arrived.iter().position(|(at, _)| *at == connection)?;
        self.arrived.remove(index).map(|(_, arrived)| arrived)
    }

    /// The next answer at a connection, which must be that to request `id`.
    pub(crate) fn answer<R: Request>(
        &mut self,
        connection: ConnectionId,
        version: i16,
        id: i32,
    ) -> R::Response {
        match self.arrived(connection) {
            Some(Arrived::Frame(frame)) => read_answer::<R>(frame, version, id),
            other => panic!("no answer but {other:?}"),
        }
    }

    /// Sends a request that is answered at once.
    pub(crate) fn ask<R: Request>(
        &mut self,
        connection: ConnectionId,
        version: i16,
        request: &R,
    ) -> R::Response {
        let id = self.send(connection, version, request);
        self.answer::<R>(connection, version, id)
    }

    /// Lets time pass, step by step, as a shell does.
    pub(crate) fn pass_ms(&mut self, ms: u64) {
        let end = Instant(self.now.mono.0 + ms * 1000);
        while let Some(next) = self.gateway.next_deadline().filter(|next| *next <= end) {
            self.set_clock(next.max(self.now.mono));
            self.gateway.tick(self.now, &mut self.outbox);
            self.collect();
        }
        self.set_clock(end);
    }

    fn set_clock(&mut self, mono: Instant) {
        let passed_ms = (mono.0 - self.now.mono.0) / 1000;
        self.now = Now {
            mono,
            wall: Timestamp(self.now.wall.0 + passed_ms as i64),
        };
    }

    fn collect(&mut self) {
        self.events.extend(self.outbox.drain_events());
        for (connection, answer) in self.outbox.drain() {
            let arrived = match answer {
                Answer::Frame(frame) => Arrived::Frame(frame.into_bytes()),
                Answer::Nothing => Arrived::Nothing,
                Answer::Close => Arrived::Closed,
            };
            self.arrived.push_back((connection, arrived));
        }
    }
}

/// A request's frame, without its length.
pub(crate) fn frame<R: Request>(correlation_id: i32, version: i16, request: &R) -> Bytes {
    let key = ApiKey::try_from(R::KEY).expect("a key");
    let header = RequestHeader::default()
        .with_request_api_key(R::KEY)
        .with_request_api_version(version)
        .with_correlation_id(correlation_id)
        .with_client_id(Some(StrBytes::from_static_str("test")));
    let mut frame = BytesMut::new();
    header
        .encode(&mut frame, key.request_header_version(version))
        .expect("a header");
    request
        .encode(&mut frame, version)
        .expect("a request of this version");
    frame.freeze()
}

fn read_answer<R: Request>(mut frame: Bytes, version: i16, id: i32) -> R::Response {
    let size = frame.get_i32();
    assert_eq!(size as usize, frame.len(), "the length in front");
    let header =
        ResponseHeader::decode(&mut frame, R::Response::header_version(version)).expect("a header");
    assert_eq!(header.correlation_id, id);
    let response = R::Response::decode(&mut frame, version).expect("an answer of this version");
    assert!(frame.is_empty(), "{} bytes are left over", frame.len());
    response
}

/// A batch of records with these values, one second apart from `timestamp` on.
pub(crate) fn batch(timestamp: i64, values: &[&str]) -> Bytes {
    let mut builder = BatchBuilder::new();
    for (index, value) in values.iter().enumerate() {
        let timestamp = Timestamp(timestamp + 1000 * index as i64);
        builder.push(timestamp, None, Some(value.as_bytes()));
    }
    builder.build().bytes().clone()
}

/// The values in some batches, in order.
pub(crate) fn values(mut records: Bytes) -> Vec<String> {
    let mut values = Vec::new();
    while !records.is_empty() {
        let size = 12 + i32::from_be_bytes(records[8..12].try_into().expect("four bytes")) as usize;
        let batch = records.split_to(size);
        for record in ottla_core::batch::records(&batch).expect("a batch") {
            let value = record.expect("a record").value.unwrap_or_default();
            values.push(String::from_utf8(value.to_vec()).expect("text"));
        }
    }
    values
}
