//! Fetch: records from all leaders side by side, one request each, as long as there is room for them.

use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::fetch_response::PartitionData;
use kafka_protocol::messages::{BrokerId as WireBrokerId, FetchRequest, FetchResponse};
use ottla_core::sorted::{Map, Set};
use ottla_core::{ErrorCode, Now, Offset, TopicName, TopicPartition};

use super::partitions::{Assigned, Marks, Place};
use super::portion::Portion;
use super::{Asked, Consumer, ConsumerError, ConsumerEvent};
use crate::interface::Output;
use crate::network::{BrokerId, CallError, Target};
use crate::protocol::Response;
use crate::protocol::names::{code, partition, topic_out};

impl Consumer {
    /// Sends a fetch to every leader that has none.
    ///
    /// A partition is fetched again while its records are handed out, so that the user never waits; with more than one answer's worth buffered it
    /// is full. From a broker with a full partition nothing is fetched: an answer that waits for the others' records would keep that
    /// partition waiting too, once it is read.
    pub(super) fn fetch(&mut self, now: Now, out: &mut Vec<Output>) {
        let is_full = self.partitions.buffered_bytes() >= size(self.config.fetch_max_bytes);
        let brokers = &self.network.metadata().brokers;
        let is_busy = |id: &BrokerId| self.fetching.contains_key(id);
        if is_full || (!brokers.is_empty() && brokers.keys().all(is_busy)) {
            return;
        }
        let full_bytes = size(self.config.max_partition_fetch_bytes);
        let metadata = self.network.metadata();
        let mut wanted: Map<BrokerId, Vec<Wanted>> = Map::new();
        let mut full: Set<BrokerId> = Set::new();
        let mut misses_leader = false;
        for (name, found) in self.partitions.iter_mut() {
            if !found.is_readable() || found.waits(now.mono) {
                continue;
            }
            let Some((leader, told)) = metadata.leader(name).zip(metadata.partition(name)) else {
                misses_leader |= metadata.topics.contains_key(&name.topic);
                continue;
            };
            if found.buffered_bytes >= full_bytes && found.buffered_bytes > 0 {
                full.insert(leader);
            } else if !self.fetching.contains_key(&leader) {
                wanted.entry(leader).or_default().push(Wanted {
                    partition: name.clone(),
                    serial: found.serial,
                    from: found.fetch_from.offset,
                    leader_epoch: told.leader_epoch,
                    served: found.served,
                });
            }
        }
        if misses_leader {
            self.network.refresh_metadata(now, out);
        }
        for (leader, partitions) in wanted {
            if !full.contains(&leader) {
                self.fetch_from(now, leader, partitions, out);
            }
        }
    }

    fn fetch_from(
        &mut self,
        now: Now,
        leader: BrokerId,
        mut partitions: Vec<Wanted>,
        out: &mut Vec<Output>,
    ) {
        // Brokers fill an answer in the order of the request: who was served last comes last.
        partitions.sort_by_key(|wanted| wanted.served);
        let mut topics: Vec<(TopicName, Vec<FetchPartition>)> = Vec::new();
        let mut places: Map<TopicName, usize> = Map::new();
        for wanted in &partitions {
            let asked = FetchPartition::default()
                .with_partition(wanted.partition.partition)
                .with_current_leader_epoch(wanted.leader_epoch)
                .with_fetch_offset(wanted.from.0)
                .with_partition_max_bytes(self.config.max_partition_fetch_bytes);
            let topic = &wanted.partition.topic;
            let index = *places.entry(topic.clone()).or_insert(topics.len());
            if index == topics.len() {
                topics.push((topic.clone(), Vec::new()));
            }
            topics[index].1.push(asked);
        }
        let topic = |(name, partitions): (TopicName, Vec<FetchPartition>)| {
            FetchTopic::default()
                .with_topic(topic_out(&name))
                .with_partitions(partitions)
        };
        let request = FetchRequest::default()
            .with_replica_id(WireBrokerId(-1))
            .with_max_wait_ms(self.config.fetch_max_wait_ms)
            .with_min_bytes(self.config.fetch_min_bytes)
            .with_max_bytes(self.config.fetch_max_bytes)
            .with_isolation_level(self.config.isolation_level.number())
            .with_session_id(0)
            .with_session_epoch(-1)
            .with_topics(topics.into_iter().map(topic).collect());
        let timeout_ms = self
            .config
            .network
            .request_timeout_ms
            .max(i64::from(self.config.fetch_max_wait_ms) + 5_000);
        let target = Target::Broker(leader);
        let call = self
            .network
            .request_within(now, target, request.into(), timeout_ms, out);
        let asked = partitions
            .into_iter()
            .map(|wanted| (wanted.partition, (wanted.serial, wanted.from)));
        self.asked
            .insert(call, Asked::Fetch(leader, asked.collect()));
        self.fetching.insert(leader, call);
    }

    pub(super) fn fetched(
        &mut self,
        now: Now,
        leader: BrokerId,
        asked: Map<TopicPartition, (u64, Offset)>,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        self.fetching.remove(&leader);
        let response = match result.map(FetchResponse::try_from) {
            Ok(Ok(response)) if code(response.error_code).is_ok() => response,
            Err(error)
                if !error.is_retriable() && !matches!(error, CallError::UnknownBroker(_)) =>
            {
                let (api, reason) = ("Fetch", error.to_string());
                return self.fail(ConsumerError::Failed { api, reason }, out);
            }
            _ => {
                self.network.refresh_metadata(now, out);
                return self.rest(now, &asked);
            }
        };
        let mut is_stale = false;
        for topic in response.responses {
            for told in topic.partitions {
                let name = partition(&topic.topic, told.partition_index);
                let Some(&(serial, from)) = asked.get(&name) else {
                    continue;
                };
                let current = self.partitions.current(&name, serial);
                if current.is_some_and(|found| found.fetch_from.offset == from) {
                    is_stale |= self.take_in(now, &name, from, told, out);
                }
            }
        }
        if is_stale {
            self.network.refresh_metadata(now, out);
        }
    }

    /// Takes in what came of a partition. Says whether metadata seems to be out of date.
    fn take_in(
        &mut self,
        now: Now,
        name: &TopicPartition,
        from: Offset,
        told: PartitionData,
        out: &mut Vec<Output>,
    ) -> bool {
        let retry_at = self.retry_at(now);
        let Some(found) = self.partitions.get_mut(name) else {
            return false;
        };
        found.retry_at = None;
        match code(told.error_code) {
            ErrorCode::None => {
                self.take_in_records(name, from, told, out);
                false
            }
            ErrorCode::OffsetOutOfRange => {
                self.out_of_range(now, name, from, out);
                false
            }
            code @ (ErrorCode::TopicAuthorizationFailed
            | ErrorCode::CorruptMessage
            | ErrorCode::UnsupportedCompressionType
            | ErrorCode::InvalidTopicException) => {
                let error = ConsumerError::PartitionRefused {
                    partition: name.clone(),
                    code,
                };
                self.fail_partition(name, error, out);
                false
            }
            // A leader that has not heard of its own epoch yet will; in all other cases another broker leads, or will.
            code => {
                found.retry_at = Some(retry_at);
                code != ErrorCode::UnknownLeaderEpoch
            }
        }
    }

    fn take_in_records(
        &mut self,
        name: &TopicPartition,
        from: Offset,
        told: PartitionData,
        out: &mut Vec<Output>,
    ) {
        self.answers_count += 1;
        let answers_count = self.answers_count;
        let Some(found) = self.partitions.get_mut(name) else {
            return;
        };
        found.marks = marks(&told, found);
        let bytes = told.records.unwrap_or_default();
        if bytes.is_empty() {
            return;
        }
        found.served = answers_count;
        let aborted = told.aborted_transactions.unwrap_or_default();
        let aborted = aborted
            .iter()
            .map(|aborted| (aborted.first_offset, aborted.producer_id.0));
        let place = Place {
            offset: from,
            leader_epoch: found.fetch_from.leader_epoch,
        };
        let end = self.end_offset(name).unwrap_or(from);
        let size_bytes = bytes.len();
        match Portion::new(bytes, place, aborted.collect()) {
            Ok((portion, next)) => {
                self.partitions.push(name, portion, next);
                let fetched = ConsumerEvent::Fetched {
                    partition: name.clone(),
                    from,
                    next,
                    size_bytes,
                    end,
                };
                out.push(fetched.into());
            }
            Err(unreadable) => self.unreadable(name, from, unreadable.0, out),
        }
    }

    /// The log does not hold the position: it was deleted, or cut off. What is buffered before it is still good.
    fn out_of_range(
        &mut self,
        now: Now,
        name: &TopicPartition,
        from: Offset,
        out: &mut Vec<Output>,
    ) {
        let Some(found) = self.partitions.get_mut(name) else {
            return;
        };
        if !found.portions.is_empty() {
            found.retry_at = Some(now.mono.plus_ms(self.config.network.retry_backoff_ms));
            return;
        }
        if self.config.auto_offset_reset.timestamp(now.wall).is_some() {
            return self.reset(now, name, out);
        }
        let error = ConsumerError::OutOfRange {
            partition: name.clone(),
            offset: from,
        };
        self.fail_partition(name, error, out);
    }

    pub(super) fn unreadable(
        &mut self,
        name: &TopicPartition,
        offset: Offset,
        reason: String,
        out: &mut Vec<Output>,
    ) {
        let error = ConsumerError::Unreadable {
            partition: name.clone(),
            offset,
            reason,
        };
        self.fail_partition(name, error, out);
    }

    /// Nothing came: these partitions are not asked for again at once.
    fn rest(&mut self, now: Now, asked: &Map<TopicPartition, (u64, Offset)>) {
        let retry_at = self.retry_at(now);
        for (name, (serial, _)) in asked {
            if let Some(found) = self.partitions.current(name, *serial) {
                found.retry_at = Some(retry_at);
            }
        }
    }
}

/// A partition for a fetch.
struct Wanted {
    partition: TopicPartition,
    serial: u64,
    from: Offset,
    leader_epoch: i32,
    served: u64,
}

fn marks(told: &PartitionData, known: &Assigned) -> Marks {
    let or_known = |offset: i64, known: Option<Offset>| match offset >= 0 {
        true => Some(Offset(offset)),
        false => known,
    };
    Marks {
        high_watermark: or_known(told.high_watermark, known.marks.high_watermark),
        last_stable_offset: or_known(told.last_stable_offset, known.marks.last_stable_offset),
        log_start_offset: or_known(told.log_start_offset, known.marks.log_start_offset),
    }
}

fn size(bytes: i32) -> usize {
    usize::try_from(bytes).unwrap_or(0)
}
