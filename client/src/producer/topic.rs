//! One topic: its partitions, and records that do not know theirs yet.

use std::collections::VecDeque;

use ottla_core::batch::Compression;
use ottla_core::{ErrorCode, Instant, Now, TopicName, TopicPartition};

use super::ProducerConfig;
use super::batch::{OpenBatch, Room};
use super::partition::{Partition, room};
use super::record::{ProducerRecord, Ticket};
use crate::network::Metadata;
use crate::partitioner::{Partitioner, Partitions};
use crate::protocol::names::topic_out;

/// A topic that records go to.
#[derive(Debug, Clone)]
pub(super) struct Topic {
    pub(super) name: TopicName,
    /// The same for requests.
    pub(super) wire_name: kafka_protocol::messages::TopicName,
    /// What metadata says of the topic as a whole.
    pub(super) error: ErrorCode,
    /// How many partitions there are; 0 if that is not known.
    count: i32,
    with_leader: Vec<i32>,
    /// By index. Those at and above `count` were there before the topic was created again.
    pub(super) partitions: Vec<Partition>,
    partitioner: Partitioner,
    /// What compression has lately made of a byte (Kafka's `CompressionRatioEstimator`).
    pub(super) ratio: f32,
    /// Records that wait for metadata. While there are some, all wait, so that they keep their order.
    pub(super) waiting: VecDeque<Waiting>,
    /// How large the last full batch became, for the next one's memory.
    capacity: usize,
}

/// A record that waits for metadata.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) ticket: Ticket,
    pub(super) record: ProducerRecord,
    pub(super) since: Instant,
}

/// What became of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Appended {
    pub(super) partition: usize,
    /// By how much the batches have grown.
    pub(super) size_bytes: usize,
    /// There is one batch more that need not wait any longer.
    pub(super) is_full: bool,
    /// It was the first of a batch.
    pub(super) is_first: bool,
}

impl Topic {
    pub(super) fn new(name: TopicName, config: &ProducerConfig, seed: u64) -> Self {
        let wire_name = topic_out(&name);
        Self {
            name,
            wire_name,
            error: ErrorCode::None,
            count: 0,
            with_leader: Vec::new(),
            partitions: Vec::new(),
            partitioner: Partitioner::new(config.partitioner, seed),
            ratio: 1.0,
            waiting: VecDeque::new(),
            capacity: 0,
        }
    }

    /// Takes in what the cluster has told.
    pub(super) fn update(&mut self, metadata: &Metadata) {
        let Some(told) = metadata.topics.get(&self.name) else {
            return;
        };
        self.error = told.error;
        for partition in &mut self.partitions {
            partition.leader = None;
        }
        if told.error != ErrorCode::None {
            // What waits for the topic is told at once; batches that have a partition wait for a leader.
            self.with_leader.clear();
            return;
        }
        self.with_leader.clear();
        self.count = 0;
        for told in told.partitions.iter().take(PARTITIONS_LIMIT) {
            // Indices come in order and without a gap; a broker that says otherwise has fewer partitions.
            if told.index != self.count {
                break;
            }
            self.count += 1;
            let name = TopicPartition {
                topic: self.name.clone(),
                partition: told.index,
            };
            if self.partitions.len() <= told.index as usize {
                self.partitions.push(Partition::new(name.clone()));
            }
            let partition = &mut self.partitions[told.index as usize];
            partition.leader = metadata.leader(&name);
            partition.leader_epoch = told.leader_epoch;
            if partition.leader.is_some() {
                self.with_leader.push(told.index);
            }
        }
    }

    /// Whether the record can be given to a partition now.
    pub(super) fn knows_partition_of(&self, record: &ProducerRecord) -> bool {
        record.partition.unwrap_or(0) < self.count
    }

    pub(super) fn partitions_count(&self) -> i32 {
        self.count
    }

    pub(super) fn room(&self, config: &ProducerConfig) -> Room {
        room(config, self.ratio)
    }

    /// Puts a record into a batch of its partition, which is known.
    pub(super) fn append(
        &mut self,
        now: Now,
        ticket: Ticket,
        record: &ProducerRecord,
        config: &ProducerConfig,
    ) -> Appended {
        let room = self.room(config);
        let partitions = Partitions {
            count: self.count,
            with_leader: &self.with_leader,
        };
        let mut is_sticky = false;
        let index = record.partition.unwrap_or_else(|| {
            let key = record.key.as_deref();
            let mut choice = self.partitioner.partition(now.mono, key, partitions);
            is_sticky = choice.is_sticky;
            // A switch that was put off until the batch is full.
            if is_sticky
                && self.partitions[choice.partition as usize].is_full(room)
                && self.partitioner.appended(now.mono, 0, true, partitions)
            {
                choice = self.partitioner.partition(now.mono, key, partitions);
            }
            choice.partition
        }) as usize;

        let timestamp = record.timestamp.unwrap_or(now.wall);
        let partition = &mut self.partitions[index];
        let mut size_bytes = 0;
        let mut is_first = false;
        let last = partition.open.back_mut();
        let fits = last.is_some_and(|last| {
            let before = last.size_bytes();
            let fits = last.try_push(room, ticket, timestamp, record);
            size_bytes = last.size_bytes() - before;
            fits
        });
        if !fits {
            if let Some(last) = partition.open.back() {
                self.capacity = last.size_bytes();
            }
            let capacity = self.capacity.max(record.size_bytes_at_most());
            let mut batch = OpenBatch::new(now.mono, room, capacity);
            let fits = batch.try_push(room, ticket, timestamp, record);
            debug_assert!(fits, "the first record always fits");
            size_bytes = batch.size_bytes();
            is_first = true;
            partition.open.push_back(batch);
        }
        let last_is_full = partition.is_full(room);
        // A batch behind another says so once: while both wait, looking again at each record would find nothing new.
        let is_full = last_is_full || (is_first && partition.open.len() > 1);
        if is_sticky {
            self.partitioner
                .appended(now.mono, size_bytes, last_is_full, partitions);
        }
        Appended {
            partition: index,
            size_bytes,
            is_full,
            is_first,
        }
    }

    /// Learns from what compression has made of a batch: quickly to the worse, slowly to the better.
    pub(super) fn learn_ratio(&mut self, uncompressed: usize, compressed: usize) {
        if uncompressed == 0 {
            return;
        }
        let observed = compressed as f32 / uncompressed as f32;
        if observed > self.ratio {
            self.ratio = observed.max(self.ratio + 0.05);
        } else {
            self.ratio = observed.max(self.ratio - 0.005);
        }
    }

    /// A batch was too large for the broker: estimates were too good.
    pub(super) fn forget_ratio(&mut self, compression: Compression) {
        if compression != Compression::None {
            self.ratio = self.ratio.max(1.0);
        }
    }
}

/// More than Kafka can have: what a broker tells does not cost memory without end.
const PARTITIONS_LIMIT: usize = 1_000_000;
