//! What happens to what was decided together with an append that fails.

use bytes::Bytes;
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{MetadataRequest, ProduceRequest};
use kafka_protocol::protocol::{Request, StrBytes};
use ottla_core::config::Config;
use ottla_core::{
    Broker, ConnectionId, Instant, LogId, LogSlice, MemoryStore, Now, Offset, StoreOp, Timestamp,
};
use ottla_wire::{
    Answer, Applied, Client, Endpoint, Gateway, Located, Outbox, Store, StoreError, decode,
};
use uuid::Uuid;

use crate::requests::produce;
use crate::support::{batch, frame};

/// Fails the next append if it is told to, and writes down those that succeed.
struct Failing {
    memory: MemoryStore,
    fails_next: bool,
    appended: Vec<(LogId, Offset)>,
}

impl Store for Failing {
    type Extent = Vec<Bytes>;

    fn apply(&mut self, op: StoreOp) -> Applied {
        if let StoreOp::Append {
            log, base_offset, ..
        } = &op
        {
            if std::mem::take(&mut self.fails_next) {
                return Applied::Failed;
            }
            self.appended.push((*log, *base_offset));
        }
        Store::apply(&mut self.memory, op)
    }

    fn locate(&mut self, slice: &LogSlice) -> Result<Located<Vec<Bytes>>, StoreError> {
        Store::locate(&mut self.memory, slice)
    }

    fn find_timestamp(
        &mut self,
        log: LogId,
        segment: Offset,
        from: Offset,
        timestamp: Timestamp,
    ) -> Result<Option<Bytes>, StoreError> {
        Store::find_timestamp(&mut self.memory, log, segment, from, timestamp)
    }
}

struct Shell {
    gateway: Gateway<Failing>,
    outbox: Outbox<Vec<Bytes>>,
    client: Client,
    connection: ConnectionId,
}

const NOW: Now = Now {
    mono: Instant(0),
    wall: Timestamp(1_700_000_000_000),
};

impl Shell {
    fn new() -> Shell {
        let mut broker = Broker::new(Config::default(), 7);
        broker.started(NOW, &mut Vec::new());
        let store = Failing {
            memory: MemoryStore::new(),
            fails_next: false,
            appended: Vec::new(),
        };
        let mut gateway = Gateway::new(broker, store);
        let broker_address = Endpoint {
            host: "broker.test".into(),
            port: 9092,
        };
        let client = Client {
            host: "/127.0.0.1".into(),
            broker_address,
        };
        let connection = gateway.connect(client.clone());
        Shell {
            gateway,
            outbox: Outbox::default(),
            client,
            connection,
        }
    }

    fn send<R: Request>(&mut self, version: i16, request: &R) -> usize {
        let call = decode(frame(1, version, request), &self.client).expect("a sound frame");
        self.gateway
            .receive(NOW, self.connection, call, &mut self.outbox);
        self.outbox
            .drain()
            .filter(|(_, answer)| matches!(answer, Answer::Frame(_)))
            .count()
    }
}

#[test]
fn what_was_decided_behind_a_failed_append_does_not_reach_the_store() {
    let mut shell = Shell::new();
    let topic =
        MetadataRequestTopic::default().with_name(Some(StrBytes::from_static_str("t").into()));
    shell.send(
        9,
        &MetadataRequest::default().with_topics(Some(vec![topic])),
    );
    shell.gateway.store_mut().appended.clear();

    // Two batches for one partition in one request: the second was given its offset before the first one failed.
    let mut request: ProduceRequest = produce(9, Uuid::nil(), 0, -1, batch(1, &["first"]));
    let second = produce(9, Uuid::nil(), 0, -1, batch(1, &["second"]));
    request.topic_data.extend(second.topic_data);
    shell.gateway.store_mut().fails_next = true;
    assert_eq!(shell.send(9, &request), 1, "the request is answered once");
    assert_eq!(shell.gateway.store().appended, []);

    assert_eq!(
        shell.send(9, &produce(9, Uuid::nil(), 0, -1, batch(1, &["third"]))),
        1
    );
    let log = shell
        .gateway
        .broker()
        .partition_log("t", 0)
        .expect("the topic is there");
    assert_eq!(shell.gateway.store().appended, [(log.id(), Offset(0))]);
    assert_eq!(log.high_watermark(), Offset(1));
}
