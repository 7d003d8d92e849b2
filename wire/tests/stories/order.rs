//! Answers on one connection keep the order of its requests, whatever waits.

use kafka_protocol::messages::{FetchRequest, HeartbeatRequest, MetadataRequest, ProduceRequest};
use ottla_core::broker::Broker;
use ottla_core::config::Config;
use ottla_core::{Instant, LogId, MemoryStore, Now, Offset, StoreOp, Timestamp};
use ottla_wire::{
    Answer, Applied, Client, Endpoint, Gateway, Located, Outbox, Store, StoreError, decode,
};
use uuid::Uuid;

use crate::requests::{create, fetch, produce, read};
use crate::support::{Arrived, Net, batch, frame};

#[test]
fn a_request_behind_a_waiting_fetch_is_started_when_the_fetch_is_answered() {
    let mut net = Net::new();
    let [client, other] = [net.connect(), net.connect()];
    let id = create(&mut net, client, "t");
    let fetched = net.send(client, 12, &fetch(12, id, 0, 1 << 20));
    let produced = net.send(client, 9, &produce(9, id, 0, 1, batch(0, &["behind"])));
    let listed = net.send(client, 12, &MetadataRequest::default());
    assert_eq!(net.arrived(client), None, "neither may overtake the fetch");

    net.ask(other, 9, &produce(9, id, 0, 1, batch(0, &["awaited"])));
    assert_eq!(
        read(&net.answer::<FetchRequest>(client, 12, fetched)),
        ["awaited"]
    );
    net.answer::<ProduceRequest>(client, 9, produced);
    net.answer::<MetadataRequest>(client, 12, listed);
}

#[test]
fn a_connection_that_is_gone_takes_its_waiting_requests_with_it() {
    let mut net = Net::new();
    let [client, other] = [net.connect(), net.connect()];
    let id = create(&mut net, client, "t");
    net.send(client, 12, &fetch(12, id, 0, 1 << 20));
    net.disconnect(client);
    net.ask(other, 9, &produce(9, id, 0, 1, batch(0, &["too late"])));
    net.pass_ms(1000);
    assert_eq!(net.arrived(client), None);
}

#[test]
fn what_came_before_a_malformed_frame_is_still_answered() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    let fetched = net.send(client, 12, &fetch(12, id, 0, 1 << 20));
    net.close(client);
    assert!(!net.gateway.wants_more(client));
    assert_eq!(net.arrived(client), None);
    net.pass_ms(500);
    net.answer::<FetchRequest>(client, 12, fetched);
    assert_eq!(net.arrived(client), Some(Arrived::Closed));
}

#[test]
fn a_client_that_sends_without_reading_is_asked_to_wait() {
    let mut net = Net::new();
    let client = net.connect();
    let id = create(&mut net, client, "t");
    net.send(client, 12, &fetch(12, id, 0, 1 << 20));
    let mut sent = 0;
    while net.gateway.wants_more(client) {
        net.send(client, 4, &HeartbeatRequest::default());
        sent += 1;
        assert!(sent < 1000, "nobody is ever asked to wait");
    }
    net.pass_ms(500);
    assert!(net.gateway.wants_more(client), "everything is answered");
}

/// A store that keeps its appends waiting until it is told to report.
#[derive(Debug, Clone, Default)]
struct SlowStore(MemoryStore);

impl Store for SlowStore {
    type Extent = ();

    fn apply(&mut self, op: StoreOp) -> Applied {
        let is_record = matches!(&op, StoreOp::Append { log, .. } if *log != LogId::METADATA);
        self.0.apply(op);
        if is_record {
            Applied::Later
        } else {
            Applied::Done
        }
    }

    fn locate(&mut self, _: &ottla_core::LogSlice) -> Result<Located<()>, StoreError> {
        Err(StoreError)
    }

    fn find_timestamp(
        &mut self,
        _: LogId,
        _: Offset,
        _: Offset,
        _: Timestamp,
    ) -> Result<Option<bytes::Bytes>, StoreError> {
        Err(StoreError)
    }
}

#[test]
fn produces_run_beside_each_other_and_are_answered_in_order() {
    let (config, _) = Config::from_properties([("num.partitions", "2")]).expect("a configuration");
    let mut gateway = Gateway::new(Broker::new(config, 7), SlowStore::default());
    let client = Client {
        host: "/h".into(),
        broker_address: Endpoint {
            host: "h".into(),
            port: 1,
        },
    };
    let now = Now {
        mono: Instant(0),
        wall: Timestamp(0),
    };
    let mut out = Outbox::default();
    let id = gateway.connect(client.clone());
    let send = |gateway: &mut Gateway<SlowStore>, out: &mut Outbox<()>, frame| {
        let call = decode(frame, &client).expect("a sound frame");
        gateway.receive(now, id, call, out);
    };
    let correlations = |out: &mut Outbox<()>| -> Vec<i32> {
        out.drain()
            .map(|(_, answer)| match answer {
                Answer::Frame(frame) => match &frame.chunks[0] {
                    ottla_wire::Chunk::Bytes(bytes) => {
                        i32::from_be_bytes(bytes[4..8].try_into().expect("four"))
                    }
                    ottla_wire::Chunk::Stored(()) => unreachable!("nothing is fetched"),
                },
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let topic = kafka_protocol::messages::metadata_request::MetadataRequestTopic::default()
        .with_name(Some(
            kafka_protocol::protocol::StrBytes::from_static_str("t").into(),
        ));
    let metadata = MetadataRequest::default().with_topics(Some(vec![topic]));
    send(&mut gateway, &mut out, frame(1, 9, &metadata));
    assert_eq!(correlations(&mut out), [1]);

    send(
        &mut gateway,
        &mut out,
        frame(2, 9, &produce(9, Uuid::nil(), 0, 1, batch(0, &["slow"]))),
    );
    send(
        &mut gateway,
        &mut out,
        frame(3, 9, &produce(9, Uuid::nil(), 1, 1, batch(0, &["fast"]))),
    );
    send(&mut gateway, &mut out, frame(4, 9, &metadata));
    assert_eq!(correlations(&mut out), [0; 0]);
    let log = |gateway: &Gateway<SlowStore>, partition| {
        gateway
            .broker()
            .partition_log("t", partition)
            .expect("a log")
            .id()
    };
    assert_eq!(
        gateway
            .broker()
            .partition_log("t", 1)
            .expect("a log")
            .end_offset(),
        Offset(1),
        "the second runs"
    );

    let fast = log(&gateway, 1);
    gateway.stored(now, fast, Offset(1), &mut out);
    assert_eq!(
        correlations(&mut out),
        [0; 0],
        "the first is not stored yet"
    );
    let slow = log(&gateway, 0);
    gateway.stored(now, slow, Offset(1), &mut out);
    assert_eq!(correlations(&mut out), [2, 3, 4]);
}
