use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::{RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Decodable, Encodable, Request, StrBytes};
use ottla_core::config::Config;
use ottla_core::{Broker, ConnectionId, MemoryStore, Now};
use ottla_wire::{Answer, Chunk, Client, Endpoint, Gateway, Outbox, decode};

/// A client and its broker: frames go in, frames come out, encoded and decoded by the library's client side.
pub(crate) struct Pair {
    gateway: Gateway<MemoryStore>,
    connection: ConnectionId,
    client: Client,
}

impl Pair {
    pub(crate) fn new(properties: &[(&str, &str)]) -> Self {
        let (config, _) = Config::from_properties(properties.iter().copied()).expect("properties");
        let mut gateway = Gateway::new(Broker::new(config, 7), MemoryStore::default());
        let client = Client {
            host: "/127.0.0.1".to_owned(),
            broker_address: Endpoint {
                host: "localhost".to_owned(),
                port: 9092,
            },
        };
        let connection = gateway.connect(client.clone());
        Self {
            gateway,
            connection,
            client,
        }
    }

    /// Asks, and returns the answer.
    pub(crate) fn ask<R: Request>(&mut self, version: i16, request: &R) -> R::Response {
        let header = RequestHeader::default()
            .with_request_api_key(R::KEY)
            .with_request_api_version(version)
            .with_correlation_id(42)
            .with_client_id(Some(StrBytes::from_static_str("test")));
        let mut frame = BytesMut::new();
        header
            .encode(&mut frame, R::header_version(version))
            .expect("a header");
        request.encode(&mut frame, version).expect("a body");
        let call = decode(frame.freeze(), &self.client).expect("a request that is served");
        let mut out = Outbox::default();
        self.gateway
            .receive(Now::default(), self.connection, call, &mut out);
        let mut answers: Vec<_> = out.drain().collect();
        assert_eq!(answers.len(), 1, "one request, one answer");
        let Some((_, Answer::Frame(frame))) = answers.pop() else {
            panic!("an answer without a frame")
        };
        let mut bytes = BytesMut::new();
        for chunk in frame.chunks {
            match chunk {
                Chunk::Bytes(chunk) => bytes.extend_from_slice(&chunk),
                Chunk::Stored(_) => panic!("administration has no records"),
            }
        }
        let mut bytes: Bytes = bytes.freeze();
        assert_eq!(bytes.get_i32() as usize, bytes.len());
        let header_version =
            <R::Response as kafka_protocol::protocol::HeaderVersion>::header_version(version);
        let header = ResponseHeader::decode(&mut bytes, header_version).expect("a header");
        assert_eq!(header.correlation_id, 42);
        let response = R::Response::decode(&mut bytes, version).expect("a body of this version");
        assert!(bytes.is_empty(), "surplus bytes");
        response
    }
}
