//! The producer: gathers records into batches and brings each to the leader of its partition, in order, as often as it takes.
//!
//! ```text
//!   send ─▶ partitioner ─▶ batch of the partition ─▶ full, or has lingered ─▶ one request for each broker ─▶ Output::Delivered
//!             (waits for the topic's metadata)                                 ▲ retried, split, given up
//! ```
//!
//! | file | what happens there |
//! |---|---|
//! | `config` | Kafka's keys |
//! | `record` | what goes in, and what comes out |
//! | `topic`, `partition`, `batch` | where records are, in their order |
//! | `sequences`, `identity` | idempotence: numbers that let a broker recognise repeated batches |
//! | `waiting` | records whose topic is not known yet |
//! | `drain` | which batches go into which request |
//! | `answers`, `errors` | what an answer means: done, again, smaller, or not at all |
//! | `expiry` | what takes too long |
//!
//! What it does not do: transactions, and Java's adaptive partitioning.

mod answers;
mod batch;
mod config;
mod drain;
mod errors;
mod event;
mod expiry;
mod identity;
mod partition;
mod record;
mod sequences;
#[cfg(test)]
mod tests;
mod topic;
mod waiting;

use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, Now, TopicName, TopicPartition};

pub use self::config::{Acks, ProducerConfig};
pub use self::event::ProducerEvent;
pub use self::record::{
    Acknowledged, Delivery, DeliveryError, ProducerRecord, SendError, Ticket, Tickets,
};
pub use crate::properties::ConfigError;

use self::answers::Call;
use self::identity::Identities;
use self::topic::Topic;
use crate::interface::{Input, Output};
use crate::network::{Arrival, BrokerId, CallId, Network};
use crate::random::Random;

/// Writes records.
///
/// Every record that [`send`](Self::send) takes is told about once, in an [`Output::Delivered`]. Records of one partition are written in the
/// order in which they were sent; with `enable.idempotence` also when requests fail, and none twice.
///
/// The shell calls [`handle`](Self::handle) with whatever happens on the links, and with a tick at [`next_deadline`](Self::next_deadline).
#[derive(Debug, Clone)]
pub struct Producer {
    config: ProducerConfig,
    network: Network,
    topics: Vec<Topic>,
    topics_by_name: Map<TopicName, usize>,
    /// Where the last record went: most go to the same topic.
    last_topic: usize,
    /// The partitions that have batches.
    busy: Set<Place>,
    /// How many records wait for metadata, in all topics.
    waiting_count: usize,
    calls: Map<CallId, Call>,
    calls_of_broker: Map<BrokerId, usize>,
    /// Where a broker's next request begins, so that no partition is forgotten while others fill the requests.
    begin_at: Map<BrokerId, Place>,
    identities: Identities,
    /// When it was last looked for what can be sent.
    drained_at: Instant,
    buffered_bytes: usize,
    next_ticket: u64,
    next_serial: u64,
    /// The metadata that has been taken in.
    metadata_epoch: u64,
    /// At this metadata, newer has been asked for.
    refreshed_at: Option<u64>,
    random: Random,
    is_flushing: bool,
    /// The buffer was full: nothing lingers until something is delivered.
    is_exhausted: bool,
    phase: Phase,
    /// Room for what arrives. Empty between calls.
    arrived: Vec<Arrival>,
}

/// A partition of a topic, by their indices.
type Place = (usize, usize);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Open,
    /// Takes nothing any more, and sends what there is.
    Closing,
    Closed,
    /// Cannot go on.
    Failed(DeliveryError),
}

impl Producer {
    /// A producer that has done nothing yet. `owner` names its links; `seed` decides what is left to chance: where records without a key go, and
    /// how back-offs differ.
    pub fn new(config: ProducerConfig, owner: u32, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let network = Network::new(config.network.clone(), owner, random.next_u64());
        Self {
            config,
            network,
            topics: Vec::new(),
            topics_by_name: Map::new(),
            last_topic: 0,
            busy: Set::new(),
            waiting_count: 0,
            calls: Map::new(),
            calls_of_broker: Map::new(),
            begin_at: Map::new(),
            identities: Identities::default(),
            drained_at: Instant(0),
            buffered_bytes: 0,
            next_ticket: 0,
            next_serial: 0,
            metadata_epoch: 0,
            refreshed_at: None,
            random,
            is_flushing: false,
            is_exhausted: false,
            phase: Phase::Open,
            arrived: Vec::new(),
        }
    }

    /// Takes a record. Its delivery is told under the ticket that comes back; tickets count up from 0.
    ///
    /// # Errors
    /// Why it is not taken, and the record itself.
    // With pointers of 32 bits it is not large.
    #[cfg_attr(
        target_pointer_width = "64",
        expect(
            clippy::result_large_err,
            reason = "the record is given back so that nobody has to copy it first"
        )
    )]
    pub fn send(
        &mut self,
        now: Now,
        record: ProducerRecord,
        out: &mut Vec<Output>,
    ) -> Result<Ticket, (SendError, ProducerRecord)> {
        let size_bytes = record.size_bytes_at_most();
        if let Err(error) = self.check(&record, size_bytes) {
            if matches!(error, SendError::BufferFull { .. }) {
                self.exhausted(now, out);
            }
            return Err((error, record));
        }
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        let index = self.topic(now, &record.topic, out);
        let topic = &mut self.topics[index];
        if !topic.waiting.is_empty() || !topic.knows_partition_of(&record) {
            self.wait(now, index, ticket, record, size_bytes, out);
            return Ok(ticket);
        }
        let appended = topic.append(now, ticket, &record, &self.config);
        self.buffered_bytes += appended.size_bytes;
        if appended.is_first {
            self.busy.insert((index, appended.partition));
        }
        if appended.is_full || (appended.is_first && self.config.linger_ms == 0) {
            self.drain(now, out);
        }
        Ok(ticket)
    }

    /// Sends everything that was taken so far without lingering; done when [`is_idle`](Self::is_idle).
    pub fn flush(&mut self, now: Now, out: &mut Vec<Output>) {
        self.is_flushing = !self.is_idle();
        self.drain(now, out);
    }

    /// Takes no more records, sends what there is, then closes its connections: see [`is_closed`](Self::is_closed).
    pub fn close(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.phase == Phase::Open {
            self.phase = Phase::Closing;
            self.drain(now, out);
        }
        self.settle_phase(out);
    }

    /// Gives everything up that is not delivered, and closes its connections.
    pub fn abort(&mut self, out: &mut Vec<Output>) {
        let error = DeliveryError {
            code: ottla_core::ErrorCode::UnknownServerError,
            message: "Producer is closed forcefully.".to_owned(),
        };
        self.fail_everything(&error, out);
        self.phase = Phase::Closing;
        self.settle_phase(out);
    }

    /// Takes in what happened.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        let mut arrived = std::mem::take(&mut self.arrived);
        self.network.handle(now, input, &mut arrived, out);
        for arrival in arrived.drain(..) {
            self.arrive(now, arrival, out);
        }
        self.arrived = arrived;
        self.expire(now, out);
        self.drain(now, out);
        self.settle_phase(out);
    }

    /// When [`handle`](Self::handle) wants a tick at the latest.
    pub fn next_deadline(&self) -> Option<Instant> {
        if self.phase == Phase::Closed {
            return None;
        }
        let own = self.next_sending().into_iter().chain(self.next_expiry());
        own.chain(self.network.next_deadline()).min()
    }

    /// Everything that was taken has been told about.
    pub fn is_idle(&self) -> bool {
        self.busy.is_empty() && self.waiting_count == 0
    }

    /// [`close`](Self::close) or [`abort`](Self::abort) has come to its end.
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// How much of `buffer.memory` is taken, in bytes.
    pub fn buffered_bytes(&self) -> usize {
        self.buffered_bytes
    }

    /// How it is configured.
    pub fn config(&self) -> &ProducerConfig {
        &self.config
    }

    /// Its connections, and what the cluster has told.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// What is not delivered yet, by partition.
    pub fn backlog(&self) -> impl Iterator<Item = Backlog> + '_ {
        self.busy.iter().map(|place| {
            let partition = &self.topics[place.0].partitions[place.1];
            let open = partition.open.iter().map(|batch| batch.records_count());
            let sent = partition.sent.iter().map(|batch| batch.records_count());
            Backlog {
                partition: partition.name.clone(),
                gathered_records_count: open.sum(),
                gathered_batches_count: partition.open.len(),
                sent_records_count: sent.sum(),
                sent_batches_count: partition.sent.len(),
            }
        })
    }

    fn check(&self, record: &ProducerRecord, size_bytes: usize) -> Result<(), SendError> {
        match &self.phase {
            Phase::Open => {}
            Phase::Failed(error) => return Err(SendError::Fatal(error.clone())),
            Phase::Closing | Phase::Closed => return Err(SendError::Closed),
        }
        if let Some(partition) = record.partition.filter(|partition| *partition < 0) {
            return Err(SendError::InvalidPartition(partition));
        }
        if let Some(timestamp) = record.timestamp.filter(|timestamp| timestamp.0 < 0) {
            return Err(SendError::InvalidTimestamp(timestamp.0));
        }
        let buffer_memory = self.config.buffer_memory;
        for (key, limit_bytes) in [
            ("max.request.size", self.config.max_request_size),
            ("buffer.memory", buffer_memory),
        ] {
            if size_bytes > limit_bytes {
                return Err(SendError::RecordTooLarge {
                    size_bytes,
                    key,
                    limit_bytes,
                });
            }
        }
        match self.buffered_bytes + size_bytes > buffer_memory {
            true => Err(SendError::BufferFull {
                size_bytes,
                buffer_memory,
            }),
            false => Ok(()),
        }
    }

    fn exhausted(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.is_exhausted {
            return;
        }
        self.is_exhausted = true;
        self.tell(
            ProducerEvent::BufferFull {
                buffered_bytes: self.buffered_bytes,
            },
            out,
        );
        self.drain(now, out);
    }

    fn deliver(
        &mut self,
        partition: TopicPartition,
        tickets: Tickets,
        result: Result<Acknowledged, DeliveryError>,
        out: &mut Vec<Output>,
    ) {
        self.is_exhausted = false;
        out.push(Output::Delivered(Delivery {
            partition,
            tickets,
            result,
        }));
    }

    fn tell(&self, event: ProducerEvent, out: &mut Vec<Output>) {
        out.push(Output::Event(event.into()));
    }

    fn settle_phase(&mut self, out: &mut Vec<Output>) {
        if !self.is_idle() {
            return;
        }
        self.is_flushing = false;
        if self.phase == Phase::Closing {
            self.phase = Phase::Closed;
            self.network.close(out);
        }
    }
}

/// What a partition has that is not delivered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    /// The partition.
    pub partition: TopicPartition,
    /// Records that were never sent.
    pub gathered_records_count: usize,
    /// In so many batches.
    pub gathered_batches_count: usize,
    /// Records that were sent and are not answered, or will be sent again.
    pub sent_records_count: usize,
    /// In so many batches.
    pub sent_batches_count: usize,
}
