//! OffsetFetch: where the group stands in partitions that are new here.

use kafka_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use kafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, Now, Offset, TopicPartition};

use super::join::Refusal;
use super::partitions::{CommittedOffset, Place, Position};
use super::{Asked, Consumer, ConsumerError, ConsumerEvent};
use crate::interface::Output;
use crate::network::{CallError, CoordinatorKey, Target};
use crate::protocol::Response;
use crate::protocol::names::{by_topic, code, partition, text, topic_out};

impl Consumer {
    /// Asks the coordinator about all partitions of which the position is not known. Without a group the log is asked.
    pub(super) fn ask_for_committed(&mut self, now: Now, out: &mut Vec<Output>) {
        let unknown = self.partitions.iter_mut().filter(|(_, found)| {
            found.position == Position::Unknown
                && !found.is_asked
                && !found.waits(now.mono)
                && found.error.is_none()
        });
        let unknown: Map<TopicPartition, u64> = unknown
            .map(|(partition, found)| {
                found.is_asked = true;
                (partition.clone(), found.serial)
            })
            .collect();
        if unknown.is_empty() {
            return;
        }
        let Some(group) = self.config.group_id.clone() else {
            for partition in unknown.keys() {
                self.reset(now, partition, out);
            }
            return;
        };
        let asked = unknown.keys().map(|partition| (partition, ()));
        let topic = |(name, partitions): (_, Vec<(i32, ())>)| {
            let indexes = partitions.into_iter().map(|(index, ())| index);
            OffsetFetchRequestTopics::default()
                .with_name(topic_out(&name))
                .with_partition_indexes(indexes.collect())
        };
        let topics = by_topic(asked).into_iter().map(topic).collect();
        let of_group = OffsetFetchRequestGroup::default()
            .with_group_id(text(&group).into())
            .with_topics(Some(topics));
        let request = OffsetFetchRequest::default()
            .with_groups(vec![of_group])
            .with_require_stable(true);
        let target = Target::Coordinator(CoordinatorKey::Group(group));
        let call = self.network.request(now, target, request.into(), out);
        self.asked.insert(call, Asked::Committed(unknown));
    }

    pub(super) fn committed_arrived(
        &mut self,
        now: Now,
        asked: Map<TopicPartition, u64>,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        let answer = self.coordinators_answer::<OffsetFetchResponse>("OffsetFetch", result);
        let group = match answer.map(|response| response.groups.into_iter().next()) {
            Ok(Some(group)) => group,
            Ok(None) => return self.ask_again(now, &asked),
            Err(Refusal::Fatal { api, reason }) => {
                return self.fail(ConsumerError::Failed { api, reason }, out);
            }
            Err(_) => return self.ask_again(now, &asked),
        };
        match code(group.error_code) {
            ErrorCode::None => {}
            ErrorCode::NotCoordinator
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::RequestTimedOut
            | ErrorCode::UnstableOffsetCommit => {
                self.note_coordinator_error(code(group.error_code), out);
                return self.ask_again(now, &asked);
            }
            code => {
                let api = "OffsetFetch";
                return self.fail(ConsumerError::Refused { api, code }, out);
            }
        }
        let retry_at = self.retry_at(now);
        for topic in group.topics {
            for told in topic.partitions {
                let name = partition(&topic.name, told.partition_index);
                let Some(serial) = asked.get(&name) else {
                    continue;
                };
                let Some(found) = self.partitions.current(&name, *serial) else {
                    continue;
                };
                match code(told.error_code) {
                    ErrorCode::None if told.committed_offset >= 0 => {
                        let offset = Offset(told.committed_offset);
                        let leader_epoch = (told.committed_leader_epoch >= 0)
                            .then_some(told.committed_leader_epoch);
                        let metadata = told
                            .metadata
                            .map(|text| text.to_string())
                            .unwrap_or_default();
                        found.committed = Some(CommittedOffset {
                            offset,
                            leader_epoch,
                            metadata,
                        });
                        self.begin_at(
                            &name,
                            Place {
                                offset,
                                leader_epoch,
                            },
                            false,
                            out,
                        );
                    }
                    ErrorCode::None => self.reset(now, &name, out),
                    ErrorCode::UnstableOffsetCommit => {
                        found.is_asked = false;
                        found.retry_at = Some(retry_at);
                    }
                    code => {
                        let error = ConsumerError::PartitionRefused {
                            partition: name.clone(),
                            code,
                        };
                        self.fail_partition(&name, error, out);
                    }
                }
            }
        }
        self.ask_again(now, &asked);
    }

    /// What the answer did not answer is asked again, a little later.
    pub(super) fn ask_again(&mut self, now: Now, asked: &Map<TopicPartition, u64>) {
        let retry_at = self.retry_at(now);
        for (partition, serial) in asked {
            if let Some(found) = self.partitions.current(partition, *serial)
                && found.is_asked
            {
                found.is_asked = false;
                found.retry_at = Some(retry_at);
            }
        }
    }

    /// Reading begins here.
    pub(super) fn begin_at(
        &mut self,
        partition: &TopicPartition,
        place: Place,
        is_reset: bool,
        out: &mut Vec<Output>,
    ) {
        self.partitions.set_position(partition, Position::At(place));
        let positioned = ConsumerEvent::Positioned {
            partition: partition.clone(),
            offset: place.offset,
            is_reset,
        };
        out.push(positioned.into());
        self.is_stirred = true;
    }
}
