//! What a request costs between its frame and its answer, without sockets and disks: `cargo bench -p ottla-wire`.

use std::hint::black_box;
use std::time::Instant as Clock;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{
    ApiKey, FetchRequest, HeartbeatRequest, MetadataRequest, ProduceRequest, RequestHeader,
};
use kafka_protocol::protocol::{Encodable, Request, StrBytes};
use ottla_core::batch::BatchBuilder;
use ottla_core::config::Config;
use ottla_core::{Broker, ConnectionId, Instant, MemoryStore, Now, Timestamp};
use ottla_wire::{Client, Endpoint, Gateway, Outbox, decode};

fn main() {
    let mut bench = Bench::new();
    let topic = MetadataRequestTopic::default().with_name(Some(name().into()));
    bench.send(&frame(
        12,
        &MetadataRequest::default().with_topics(Some(vec![topic.clone()])),
    ));
    bench.time("produce 1 record of 100 bytes", &frame(9, &produce(1)));
    bench.time("produce 100 records of 100 bytes", &frame(9, &produce(100)));
    bench.time("fetch 1 batch", &frame(12, &fetch(1)));
    bench.time("fetch 1 MiB", &frame(12, &fetch(1 << 20)));
    bench.time(
        "heartbeat of nobody",
        &frame(4, &HeartbeatRequest::default()),
    );
    bench.time(
        "metadata of 1 topic",
        &frame(
            12,
            &MetadataRequest::default().with_topics(Some(vec![topic])),
        ),
    );
}

struct Bench {
    gateway: Gateway<MemoryStore>,
    client: Client,
    connection: ConnectionId,
    outbox: Outbox<Vec<Bytes>>,
}

impl Bench {
    fn new() -> Bench {
        let nothing: [(&str, &str); 0] = [];
        let (config, _) = Config::from_properties(nothing).expect("a configuration");
        let mut gateway = Gateway::new(Broker::new(config, 7), MemoryStore::new());
        let client = Client {
            host: "/127.0.0.1".into(),
            broker_address: Endpoint {
                host: "127.0.0.1".into(),
                port: 9092,
            },
        };
        let connection = gateway.connect(client.clone());
        Bench {
            gateway,
            client,
            connection,
            outbox: Outbox::default(),
        }
    }

    fn send(&mut self, frame: &Bytes) {
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        let call = decode(frame.clone(), &self.client).expect("a sound frame");
        self.gateway
            .receive(now, self.connection, call, &mut self.outbox);
        assert_eq!(black_box(self.outbox.drain()).count(), 1);
    }

    fn time(&mut self, what: &str, frame: &Bytes) {
        const ROUNDS: u32 = 100_000;
        let start = Clock::now();
        for _ in 0..ROUNDS {
            self.send(frame);
        }
        println!(
            "{:>8.2} us  {what}",
            start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
        );
    }
}

fn produce(records_count: usize) -> ProduceRequest {
    let mut builder = BatchBuilder::new();
    for _ in 0..records_count {
        builder.push(Timestamp(1_700_000_000_000), None, Some(&[b'x'; 100]));
    }
    let partition =
        PartitionProduceData::default().with_records(Some(builder.build().bytes().clone()));
    let topic = TopicProduceData::default()
        .with_name(name().into())
        .with_partition_data(vec![partition]);
    ProduceRequest::default()
        .with_acks(1)
        .with_timeout_ms(30_000)
        .with_topic_data(vec![topic])
}

fn fetch(max_bytes: i32) -> FetchRequest {
    let partition = FetchPartition::default()
        .with_fetch_offset(50_000)
        .with_partition_max_bytes(max_bytes);
    let topic = FetchTopic::default()
        .with_topic(name().into())
        .with_partitions(vec![partition]);
    FetchRequest::default()
        .with_max_wait_ms(500)
        .with_min_bytes(1)
        .with_max_bytes(max_bytes)
        .with_session_epoch(-1)
        .with_topics(vec![topic])
}

fn name() -> StrBytes {
    StrBytes::from_static_str("bench")
}

fn frame<R: Request>(version: i16, request: &R) -> Bytes {
    let key = ApiKey::try_from(R::KEY).expect("a key");
    let header = RequestHeader::default()
        .with_request_api_key(R::KEY)
        .with_request_api_version(version)
        .with_client_id(Some(StrBytes::from_static_str("bench")));
    let mut frame = BytesMut::new();
    header
        .encode(&mut frame, key.request_header_version(version))
        .expect("a header");
    request
        .encode(&mut frame, version)
        .expect("a request of this version");
    frame.freeze()
}
