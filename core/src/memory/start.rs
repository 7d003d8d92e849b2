//! A broker on what a store in memory holds.

use bytes::Bytes;

use super::MemoryStore;
use crate::broker::ReplayError;
use crate::config::Config;
use crate::interface::Event;
use crate::{
    Broker, ConnectionId, Input, LogId, Now, Output, Request, RequestId, Response, StoreOp,
};

impl MemoryStore {
    /// Starts a broker on what there is: an empty store, or all that another broker has left. The steps are explained at [`Broker::recover`].
    ///
    /// # Errors
    /// A record of the broker's own cannot be read. That happens only to a store that no broker has filled.
    pub fn start(&mut self, config: Config, seed: u64, now: Now) -> Result<Broker, ReplayError> {
        let mut broker = Broker::new(config, seed);
        self.tell(&mut broker, LogId::METADATA);
        self.replay(&mut broker, LogId::METADATA, now)?;
        let logs: Vec<LogId> = broker.logs().map(|log| log.id()).collect();
        for log in logs.into_iter().filter(|log| *log != LogId::METADATA) {
            self.tell(&mut broker, log);
        }
        for log in broker.logs_to_replay() {
            self.replay(&mut broker, log, now)?;
        }
        let mut outputs = Vec::new();
        broker.started(now, &mut outputs);
        self.carry_out(outputs);
        Ok(broker)
    }

    /// Asks a broker that stands on this store, beside its connections, and does what it takes to answer. Events go to `events`.
    ///
    /// `None` if the answer has to wait for something else than this store: for time, or for other requests.
    pub fn ask(
        &mut self,
        broker: &mut Broker,
        now: Now,
        request: Request,
        events: &mut Vec<Event>,
    ) -> Option<Response> {
        let mut answer = None;
        let mut inputs = vec![Input::Request {
            id: NOBODY,
            request,
        }];
        let mut outputs = Vec::new();
        while !inputs.is_empty() {
            for input in inputs.drain(..) {
                broker.handle(now, input, &mut outputs);
            }
            for output in outputs.drain(..) {
                match output {
                    Output::Reply { id, response } if id == NOBODY => answer = Some(response),
                    Output::Reply { .. } => {}
                    Output::Store(op) => inputs.extend(self.store(op)),
                    Output::Event(event) => events.push(event),
                }
            }
        }
        if answer.is_none() {
            broker.handle(now, Input::Disconnected(NOBODY.connection), &mut outputs);
            self.carry_out(outputs);
        }
        answer
    }

    fn tell(&self, broker: &mut Broker, log: LogId) {
        if let Some(found) = self.recover(log) {
            broker.recover(log, found);
        }
    }

    fn replay(&mut self, broker: &mut Broker, log: LogId, now: Now) -> Result<(), ReplayError> {
        let start = broker.log(log).map(|log| log.start_offset());
        let batches: Vec<Bytes> = start
            .map(|start| self.read(log, start).collect())
            .unwrap_or_default();
        let mut outputs = Vec::new();
        for batch in batches {
            broker.replay(now, log, &batch, &mut outputs)?;
        }
        self.carry_out(outputs);
        Ok(())
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            if let Output::Store(op) = output {
                self.apply(op);
            }
        }
    }

    /// Applies an effect, and says so to the engine if it wants to hear it.
    fn store(&mut self, op: StoreOp) -> Option<Input> {
        let stored = match &op {
            StoreOp::Append {
                log,
                base_offset,
                header,
                ..
            } => Some(Input::Stored {
                log: *log,
                through: *base_offset + i64::from(header.last_offset_delta) + 1,
            }),
            _ => None,
        };
        self.apply(op);
        stored
    }
}

/// A request that comes over no connection: gateways count theirs from 1.
const NOBODY: RequestId = RequestId {
    connection: ConnectionId(0),
    sequence: 0,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::{
        CreateTopicsRequest, FetchPartition, FetchRequest, FetchTopic, NewTopic,
    };
    use crate::{Offset, TopicRef};

    fn now() -> Now {
        Now::default()
    }

    fn create(name: &str) -> Request {
        Request::CreateTopics(CreateTopicsRequest {
            topics: vec![NewTopic {
                name: name.into(),
                partitions_count: Some(2),
                replication_factor: None,
                assignment: Vec::new(),
                configs: Vec::new(),
            }],
            validate_only: false,
            automatic: false,
        })
    }

    #[test]
    fn a_broker_finds_what_the_one_before_it_was_asked_for() {
        let mut store = MemoryStore::new();
        let mut events = Vec::new();
        let mut broker = store
            .start(Config::default(), 1, now())
            .expect("an empty store");
        let answer = store.ask(&mut broker, now(), create("orders"), &mut events);
        assert!(
            matches!(answer, Some(Response::CreateTopics(created)) if created[0].outcome.is_ok())
        );
        let created = |event: &Event| matches!(event, Event::TopicCreated { topic, .. } if &**topic == "orders");
        assert!(events.iter().any(created), "{events:?}");

        let restarted = store
            .start(Config::default(), 2, now())
            .expect("what a broker has written");
        let topic = |broker: &Broker| broker.metadata().topic("orders").map(|topic| topic.id);
        assert_eq!(topic(&restarted), topic(&broker));
        assert!(topic(&broker).is_some());
    }

    #[test]
    fn what_would_have_to_wait_is_not_answered_and_not_kept() {
        let mut store = MemoryStore::new();
        let mut broker = store
            .start(Config::default(), 1, now())
            .expect("an empty store");
        store.ask(&mut broker, now(), create("orders"), &mut Vec::new());
        let idle = broker.next_deadline();
        let fetch = Request::Fetch(FetchRequest {
            max_wait_ms: 1,
            min_bytes: 1,
            max_bytes: 1,
            topics: vec![FetchTopic {
                topic: TopicRef::Name("orders".into()),
                partitions: vec![FetchPartition {
                    partition: 0,
                    current_leader_epoch: None,
                    fetch_offset: Offset(0),
                    last_fetched_epoch: None,
                    max_bytes: 1,
                }],
            }],
        });
        assert!(
            store
                .ask(&mut broker, now(), fetch, &mut Vec::new())
                .is_none()
        );
        assert_eq!(broker.next_deadline(), idle);
    }
}
