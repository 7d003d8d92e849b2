//! ListOffsets: positions that are asked of the log, at its start, its end, or a moment.

use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::{BrokerId as WireBrokerId, ListOffsetsRequest, ListOffsetsResponse};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, Now, Offset, TopicPartition};

use super::partitions::{Place, Position};
use super::{Asked, Consumer, ConsumerError};
use crate::interface::Output;
use crate::network::{BrokerId, CallError, Target};
use crate::protocol::Response;
use crate::protocol::names::{by_topic, code, partition, topic_out};

impl Consumer {
    /// There is no position: `auto.offset.reset` says what then.
    pub(super) fn reset(&mut self, now: Now, partition: &TopicPartition, out: &mut Vec<Output>) {
        match self.config.auto_offset_reset.timestamp(now.wall) {
            Some(timestamp) => {
                self.partitions
                    .set_position(partition, Position::Lookup(timestamp));
                self.is_stirred = true;
            }
            None => self.fail_partition(partition, ConsumerError::NoOffset(partition.clone()), out),
        }
    }

    /// Asks each leader about all of its partitions that have no position.
    pub(super) fn ask_for_offsets(&mut self, now: Now, out: &mut Vec<Output>) {
        let metadata = self.network.metadata();
        let mut by_leader: Map<BrokerId, Map<TopicPartition, (u64, i64)>> = Map::new();
        let mut misses_leader = false;
        for (name, found) in self.partitions.iter_mut() {
            let Position::Lookup(timestamp) = found.position else {
                continue;
            };
            if found.is_asked || found.waits(now.mono) || found.error.is_some() {
                continue;
            }
            match metadata.leader(name) {
                Some(leader) => {
                    found.is_asked = true;
                    let asked = by_leader.entry(leader).or_default();
                    asked.insert(name.clone(), (found.serial, timestamp));
                }
                // Metadata that is still on its way says more; else it is asked for again.
                None => misses_leader |= metadata.topics.contains_key(&name.topic),
            }
        }
        if misses_leader {
            self.network.refresh_metadata(now, out);
        }
        for (leader, partitions) in by_leader {
            let request = self.list_offsets(&partitions);
            let call = self
                .network
                .request(now, Target::Broker(leader), request.into(), out);
            self.asked.insert(call, Asked::Offsets(partitions));
        }
    }

    fn list_offsets(&self, partitions: &Map<TopicPartition, (u64, i64)>) -> ListOffsetsRequest {
        let asked = partitions.iter().map(|(name, (_, timestamp))| {
            let epoch = self
                .network
                .metadata()
                .partition(name)
                .map(|found| found.leader_epoch);
            (name, (epoch.unwrap_or(-1), *timestamp))
        });
        let topic = |(name, partitions): (_, Vec<(i32, (i32, i64))>)| {
            let partitions = partitions.into_iter().map(|(index, (epoch, timestamp))| {
                ListOffsetsPartition::default()
                    .with_partition_index(index)
                    .with_current_leader_epoch(epoch)
                    .with_timestamp(timestamp)
            });
            ListOffsetsTopic::default()
                .with_name(topic_out(&name))
                .with_partitions(partitions.collect())
        };
        ListOffsetsRequest::default()
            .with_replica_id(WireBrokerId(-1))
            .with_isolation_level(self.config.isolation_level.number())
            .with_timeout_ms(
                self.config
                    .network
                    .request_timeout_ms
                    .try_into()
                    .unwrap_or(i32::MAX),
            )
            .with_topics(by_topic(asked).into_iter().map(topic).collect())
    }

    pub(super) fn offsets_arrived(
        &mut self,
        now: Now,
        asked: Map<TopicPartition, (u64, i64)>,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        let unanswered = asked
            .iter()
            .map(|(name, (serial, _))| (name.clone(), *serial))
            .collect();
        let response = match result.map(ListOffsetsResponse::try_from) {
            Ok(Ok(response)) => response,
            Err(error)
                if !error.is_retriable() && !matches!(error, CallError::UnknownBroker(_)) =>
            {
                let (api, reason) = ("ListOffsets", error.to_string());
                return self.fail(ConsumerError::Failed { api, reason }, out);
            }
            Ok(Err(_)) | Err(_) => {
                self.network.refresh_metadata(now, out);
                return self.ask_again(now, &unanswered);
            }
        };
        let mut is_stale = false;
        for topic in response.topics {
            for told in topic.partitions {
                let name = partition(&topic.name, told.partition_index);
                let Some((serial, timestamp)) = asked.get(&name) else {
                    continue;
                };
                if self.partitions.current(&name, *serial).is_none() {
                    continue;
                }
                match code(told.error_code) {
                    ErrorCode::None if told.offset >= 0 => {
                        let place = Place {
                            offset: Offset(told.offset),
                            leader_epoch: (told.leader_epoch >= 0).then_some(told.leader_epoch),
                        };
                        self.begin_at(&name, place, true, out);
                    }
                    // No record is that young: what comes next will be.
                    ErrorCode::None if *timestamp != LATEST => {
                        self.partitions
                            .set_position(&name, Position::Lookup(LATEST));
                        self.is_stirred = true;
                    }
                    code @ (ErrorCode::TopicAuthorizationFailed
                    | ErrorCode::UnsupportedForMessageFormat
                    | ErrorCode::InvalidTopicException
                    | ErrorCode::UnsupportedVersion) => {
                        let error = ConsumerError::PartitionRefused {
                            partition: name.clone(),
                            code,
                        };
                        self.fail_partition(&name, error, out);
                    }
                    _ => is_stale = true,
                }
            }
        }
        if is_stale {
            self.network.refresh_metadata(now, out);
        }
        self.ask_again(now, &unanswered);
    }
}

/// What ListOffsets takes for the end of the log.
pub(super) const LATEST: i64 = -1;
/// What ListOffsets takes for its start.
pub(super) const EARLIEST: i64 = -2;
