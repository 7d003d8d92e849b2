//! The broker: one node, the only thing here that changes by itself.
//!
//! It owns the parts and carries what one of them decides to the others. The parts do not know each other:
//!
//! ```text
//!   produce, fetch ──▶ Log ───────────────────────────▶ Output::Store ──▶ (the store) ──▶ Input::Stored
//!   admin requests ──▶ Controller ── records ──▶ Log of __cluster_metadata ─────────────▶ Metadata::apply, then the reply
//!   group requests ──▶ Coordinator ─ records ──▶ Log of __consumer_offsets ─────────────▶ Coordinator::written, then the reply
//! ```
//!
//! A reply that speaks of stored records is parked until the store has said so; nothing else waits.

mod admin;
mod fetch;
mod groups;
mod hosted;
mod produce;
mod recovery;
mod stored;
mod timers;

use std::collections::VecDeque;

pub use recovery::ReplayError;

use crate::config::Config;
use crate::controller::{Controller, Metadata};
use crate::group::{Coordinator, Group};
use crate::log::Log;
use crate::sorted::Map;
use crate::{Input, Instant, LogId, Now, Output, Request, RequestId, Timer, Timers};
use admin::AdminQueue;
use fetch::ParkedFetch;
use groups::GroupWrites;
use hosted::Logs;
pub(crate) use hosted::METADATA_TOPIC_ID;
use produce::ParkedProduce;

/// One node of a cluster: logs, topics, groups.
///
/// Drive it with [`handle`](Self::handle), carry out what it puts into `out`, in order, and call it again with [`Input::Tick`] at
/// [`next_deadline`](Self::next_deadline). A clone is a copy in time: cheap, for bytes of records are never in here.
#[derive(Debug, Clone)]
pub struct Broker {
    metadata: Metadata,
    controller: Controller,
    admin: AdminQueue,
    coordinator: Coordinator,
    group_writes: GroupWrites,
    /// Group requests that came before the topic for their state exists.
    awaiting_offsets_topic: VecDeque<(RequestId, Request)>,
    logs: Logs,
    produces: Map<RequestId, ParkedProduce>,
    fetches: Map<RequestId, ParkedFetch>,
    timers: Timers,
}

impl Broker {
    /// A broker without topics. `seed` feeds topic ids and member ids: the same seed and inputs give the same outputs.
    pub fn new(config: Config, seed: u64) -> Broker {
        Broker {
            logs: Logs::with_metadata_log(&config.log),
            metadata: Metadata::new(config),
            controller: Controller::new(seed),
            coordinator: Coordinator::new(seed ^ 0x9e37_79b9_7f4a_7c15),
            admin: AdminQueue::default(),
            group_writes: GroupWrites::default(),
            awaiting_offsets_topic: VecDeque::new(),
            produces: Map::new(),
            fetches: Map::new(),
            timers: Timers::default(),
        }
    }

    /// Takes an input and appends what follows from it to `out`.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Request { id, request } => self.request(now, id, request, out),
            Input::Disconnected(connection) => self.disconnected(connection),
            Input::Stored { log, through } => self.stored(now, log, through, out),
            Input::StoreFailed { log, from } => self.store_failed(now, log, from, out),
            Input::Tick => self.tick(now, out),
        }
    }

    /// The earliest moment at which [`Input::Tick`] could change anything, and why.
    pub fn next_deadline(&self) -> Option<(Instant, Timer)> {
        self.timers.next()
    }

    /// When something that is waited for ends; `None` if it is not waited for.
    pub fn deadline(&self, timer: &Timer) -> Option<Instant> {
        self.timers.deadline(timer)
    }

    /// What this broker obeys: as it was started, and as it has been changed since.
    pub fn config(&self) -> &Config {
        self.metadata.config()
    }

    /// Topics and configuration.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// A log of this broker.
    pub fn log(&self, id: LogId) -> Option<&Log> {
        self.logs.log(id)
    }

    /// The log of a partition.
    pub fn partition_log(&self, topic: &str, partition: i32) -> Option<&Log> {
        self.log(self.metadata.topic(topic)?.partition(partition)?.log)
    }

    /// All logs, by their ids.
    pub fn logs(&self) -> impl Iterator<Item = &Log> {
        self.logs.iter()
    }

    /// A consumer group.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.coordinator.group(id)
    }

    /// All consumer groups, by their ids.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.coordinator.groups()
    }

    fn request(&mut self, now: Now, id: RequestId, request: Request, out: &mut Vec<Output>) {
        match request {
            Request::Produce(request) => self.produce(now, id, request, out),
            Request::Fetch(request) => self.fetch(now, id, request, out),
            Request::DeleteRecords(request) => self.delete_records(id, &request, out),
            Request::InitProducerId(_)
            | Request::CreateTopics(_)
            | Request::DeleteTopics(_)
            | Request::CreatePartitions(_)
            | Request::AlterConfigs(_) => self.admin(now, Some(id), request, out),
            Request::JoinGroup(_)
            | Request::SyncGroup(_)
            | Request::Heartbeat(_)
            | Request::LeaveGroup(_)
            | Request::CommitOffsets(_)
            | Request::DeleteOffsets(_)
            | Request::DeleteGroups(_) => self.group_request(now, id, request, out),
        }
    }

    fn disconnected(&mut self, connection: crate::ConnectionId) {
        let first = RequestId {
            connection,
            sequence: 0,
        };
        let last = RequestId {
            connection,
            sequence: u64::MAX,
        };
        let gone: Vec<RequestId> = self
            .fetches
            .range(first..=last)
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.unpark_fetch(id);
        }
        let gone: Vec<RequestId> = self
            .produces
            .range(first..=last)
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.produces.remove(&id);
            self.timers.cancel(&Timer::ProduceWait { request: id });
        }
    }
}
