//! Records that do not know their partition yet: the topic, or that partition of it, is not known.

use ottla_core::sorted::Set;
use ottla_core::{ErrorCode, Now, TopicName, TopicPartition};

use super::record::{DeliveryError, ProducerRecord, Ticket, Tickets};
use super::topic::{Topic, Waiting};
use super::{Producer, ProducerEvent};
use crate::interface::Output;
use crate::network::WatchedTopics;

impl Producer {
    /// The topic's index. One that is new is asked for.
    pub(super) fn topic(&mut self, now: Now, name: &TopicName, out: &mut Vec<Output>) -> usize {
        let last = self.topics.get(self.last_topic);
        if last.is_some_and(|topic| topic.name == *name) {
            return self.last_topic;
        }
        self.last_topic = match self.topics_by_name.get(name) {
            Some(index) => *index,
            None => self.add_topic(now, name, out),
        };
        self.last_topic
    }

    fn add_topic(&mut self, now: Now, name: &TopicName, out: &mut Vec<Output>) -> usize {
        let index = self.topics.len();
        let seed = self.random.next_u64();
        self.topics
            .push(Topic::new(name.clone(), &self.config, seed));
        self.topics_by_name.insert(name.clone(), index);
        let names: Set<TopicName> = self.topics_by_name.keys().cloned().collect();
        let allow_auto_create = self.config.allow_auto_create_topics;
        self.network
            .watch_topics(now, WatchedTopics::Named(names), allow_auto_create, out);
        index
    }

    /// Keeps a record until the metadata is there.
    pub(super) fn wait(
        &mut self,
        now: Now,
        index: usize,
        ticket: Ticket,
        record: ProducerRecord,
        size_bytes: usize,
        out: &mut Vec<Output>,
    ) {
        self.buffered_bytes += size_bytes;
        self.waiting_count += 1;
        let topic = &mut self.topics[index];
        topic.waiting.push_back(Waiting {
            ticket,
            record,
            since: now.mono,
        });
        if topic.waiting.len() > 1 {
            return;
        }
        let event = ProducerEvent::TopicAwaited {
            topic: topic.name.clone(),
        };
        let is_known = topic.partitions_count() > 0;
        self.tell(event, out);
        if is_known {
            // Partitions may have been added.
            self.network.refresh_metadata(now, out);
        }
        self.take_metadata(now, out);
        self.identity(now, out);
    }

    /// Takes in what the cluster has told since the last time.
    pub(super) fn take_metadata(&mut self, now: Now, out: &mut Vec<Output>) {
        let metadata = self.network.metadata();
        if metadata.epoch == self.metadata_epoch {
            return;
        }
        self.metadata_epoch = metadata.epoch;
        for topic in &mut self.topics {
            topic.update(metadata);
        }
        for index in 0..self.topics.len() {
            self.settle_waiting(now, index, out);
        }
    }

    fn settle_waiting(&mut self, now: Now, index: usize, out: &mut Vec<Output>) {
        while let Some(first) = self.topics[index].waiting.front() {
            let topic = &self.topics[index];
            if let Some(error) = fatal(&topic.name, topic.error) {
                self.give_up_waiting(index, usize::MAX, &error, out);
            } else if topic.knows_partition_of(&first.record) {
                self.append_waiting(now, index);
            } else {
                if topic.partitions_count() > 0 {
                    self.network.refresh_metadata(now, out);
                }
                return;
            }
        }
    }

    fn append_waiting(&mut self, now: Now, index: usize) {
        let topic = &mut self.topics[index];
        let Some(Waiting { ticket, record, .. }) = topic.waiting.pop_front() else {
            return;
        };
        self.waiting_count -= 1;
        let appended = topic.append(now, ticket, &record, &self.config);
        self.buffered_bytes -= record.size_bytes_at_most();
        self.buffered_bytes += appended.size_bytes;
        self.busy.insert((index, appended.partition));
    }

    /// Gives up the first `count` records that wait for a topic.
    pub(super) fn give_up_waiting(
        &mut self,
        index: usize,
        count: usize,
        error: &DeliveryError,
        out: &mut Vec<Output>,
    ) {
        let topic = &mut self.topics[index];
        let count = count.min(topic.waiting.len());
        let mut by_partition = ottla_core::sorted::Map::<i32, Tickets>::new();
        for Waiting { ticket, record, .. } in topic.waiting.drain(..count) {
            self.buffered_bytes -= record.size_bytes_at_most();
            let partition = record.partition.unwrap_or(-1);
            by_partition.entry(partition).or_default().push(ticket);
        }
        self.waiting_count -= count;
        let topic = topic.name.clone();
        for (partition, tickets) in by_partition {
            let partition = TopicPartition {
                topic: topic.clone(),
                partition,
            };
            self.tell(ProducerEvent::failed(&partition, tickets.len(), error), out);
            self.deliver(partition, tickets, Err(error.clone()), out);
        }
    }

    /// What those are told who have waited too long for a topic.
    pub(super) fn not_in_metadata(&self, index: usize) -> DeliveryError {
        let topic = &self.topics[index];
        let ms = self.config.max_block_ms;
        let partition = topic.waiting.front().and_then(|it| it.record.partition);
        let message = match (topic.partitions_count(), partition) {
            (count, Some(partition)) if count > 0 => format!(
                "Partition {partition} of topic {} with partition count {count} is not present in metadata after {ms} ms.",
                topic.name
            ),
            _ => format!(
                "Topic {} not present in metadata after {ms} ms.",
                topic.name
            ),
        };
        DeliveryError {
            code: ErrorCode::RequestTimedOut,
            message,
        }
    }
}

/// An error of a topic that waiting does not mend.
fn fatal(topic: &TopicName, error: ErrorCode) -> Option<DeliveryError> {
    let message = match error {
        ErrorCode::InvalidTopicException => format!("Invalid topics: [{topic}]"),
        ErrorCode::TopicAuthorizationFailed => {
            format!("Not authorized to access topics: [{topic}]")
        }
        _ => return None,
    };
    Some(DeliveryError {
        code: error,
        message,
    })
}
