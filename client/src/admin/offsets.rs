//! Where partitions begin and end, and cutting off their beginning.

use kafka_protocol::messages::delete_records_request::{
    DeleteRecordsPartition, DeleteRecordsTopic,
};
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::list_offsets_response::ListOffsetsPartitionResponse;
use kafka_protocol::messages::{
    BrokerId, DeleteRecordsRequest, DeleteRecordsResponse, ListOffsetsRequest, ListOffsetsResponse,
};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, TopicPartition};

use super::clerk::{failure, if_any, never};
use super::leaders::leaders;
use super::{Clerk, Question, Stop};
use crate::protocol::names::{by_topic, partition, told, topic_out};

/// Offsets of partitions, each asked of its leader. Each partition that was asked for is in the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOffsets {
    /// Which offset of which partition.
    pub partitions: Map<TopicPartition, OffsetSpec>,
    /// The end is where readers of committed records stop.
    pub read_committed: bool,
}

impl Question for ListOffsets {
    type Answer = Map<TopicPartition, Result<ListedOffset, ApiError>>;
    const CALL: &'static str = "listOffsets";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let mut leaders = leaders(clerk, self.partitions.keys())?;
        let requests = leaders.partitions.iter().map(|(target, partitions)| {
            let asked = partitions.iter().map(|one| (one, self.partitions[one]));
            (target.clone(), self.request(asked).into())
        });
        let responses: Vec<Result<ListOffsetsResponse, _>> = clerk.ask_placed(requests, never)?;
        let responses = leaders.responses(responses)?;
        let mut answer: Self::Answer = leaders.failures;
        for response in responses {
            for topic in response.topics {
                for found in topic.partitions {
                    let partition = partition(&topic.name, found.partition_index);
                    answer.insert(partition, listed(&found));
                }
            }
        }
        let errors = answer.values().filter_map(|found| found.as_ref().err());
        clerk.start_over_for(if_any(errors.map(|error| error.code.number())))?;
        Ok(answer)
    }
}

impl ListOffsets {
    fn request<'a>(
        &self,
        asked: impl Iterator<Item = (&'a TopicPartition, OffsetSpec)>,
    ) -> ListOffsetsRequest {
        let topics = by_topic(asked).into_iter().map(|(topic, partitions)| {
            let partitions = partitions.into_iter().map(|(index, spec)| {
                ListOffsetsPartition::default()
                    .with_partition_index(index)
                    .with_current_leader_epoch(-1)
                    .with_timestamp(spec.timestamp())
            });
            ListOffsetsTopic::default()
                .with_name(topic_out(&topic))
                .with_partitions(partitions.collect())
        });
        ListOffsetsRequest::default()
            .with_replica_id(BrokerId(-1))
            .with_isolation_level(i8::from(self.read_committed))
            .with_topics(topics.collect())
            .with_timeout_ms(TIMEOUT_MS)
    }
}

fn listed(found: &ListOffsetsPartitionResponse) -> Result<ListedOffset, ApiError> {
    match failure(found.error_code, None) {
        Some(error) => Err(error),
        None => Ok(ListedOffset {
            offset: found.offset,
            timestamp: found.timestamp,
            leader_epoch: told(found.leader_epoch),
        }),
    }
}

/// Which offset is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The first that there is.
    Earliest,
    /// The one that the next record gets.
    Latest,
    /// That of the record with the highest timestamp.
    MaxTimestamp,
    /// The first on the broker's own disk.
    EarliestLocal,
    /// The last in tiered storage.
    LatestTiered,
    /// The first that is not yet in tiered storage.
    EarliestPendingUpload,
    /// That of the first record from this moment on, in milliseconds since 1970.
    At(i64),
}

impl OffsetSpec {
    /// Its number in the protocol.
    pub fn timestamp(self) -> i64 {
        match self {
            OffsetSpec::Latest => -1,
            OffsetSpec::Earliest => -2,
            OffsetSpec::MaxTimestamp => -3,
            OffsetSpec::EarliestLocal => -4,
            OffsetSpec::LatestTiered => -5,
            OffsetSpec::EarliestPendingUpload => -6,
            OffsetSpec::At(moment) => moment,
        }
    }
}

/// An offset in the answer to [`ListOffsets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedOffset {
    /// The offset; -1 where there is no such record.
    pub offset: i64,
    /// The record's timestamp; -1 where none was asked for.
    pub timestamp: i64,
    /// The leader's epoch of that record, where the broker tells it.
    pub leader_epoch: Option<i32>,
}

/// Deletes the records of partitions before an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRecords {
    /// The first offset that is kept; -1 is the high watermark: all go.
    pub before: Map<TopicPartition, i64>,
}

impl Question for DeleteRecords {
    /// Where each partition begins now (its low watermark).
    type Answer = Map<TopicPartition, Result<i64, ApiError>>;
    const CALL: &'static str = "deleteRecords";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let mut leaders = leaders(clerk, self.before.keys())?;
        let requests = leaders.partitions.iter().map(|(target, partitions)| {
            let asked = partitions.iter().map(|one| (one, self.before[one]));
            let topics = by_topic(asked).into_iter().map(|(topic, partitions)| {
                let partitions = partitions.into_iter().map(|(index, before)| {
                    DeleteRecordsPartition::default()
                        .with_partition_index(index)
                        .with_offset(before)
                });
                DeleteRecordsTopic::default()
                    .with_name(topic_out(&topic))
                    .with_partitions(partitions.collect())
            });
            let request = DeleteRecordsRequest::default()
                .with_topics(topics.collect())
                .with_timeout_ms(TIMEOUT_MS);
            (target.clone(), request.into())
        });
        let responses: Vec<Result<DeleteRecordsResponse, _>> = clerk.ask_placed(requests, never)?;
        let responses = leaders.responses(responses)?;
        let mut answer: Self::Answer = leaders.failures;
        for response in responses {
            for topic in response.topics {
                for cut in topic.partitions {
                    let partition = partition(&topic.name, cut.partition_index);
                    let outcome = match failure(cut.error_code, None) {
                        Some(error) => Err(error),
                        None => Ok(cut.low_watermark),
                    };
                    answer.insert(partition, outcome);
                }
            }
        }
        let errors = answer.values().filter_map(|found| found.as_ref().err());
        // To cut once more where it is cut already changes nothing.
        clerk.start_over_for(if_any(errors.map(|error| error.code.number())))?;
        Ok(answer)
    }
}

/// How long a broker may take, in milliseconds: what Kafka's admin client gives it (`request.timeout.ms`).
const TIMEOUT_MS: i32 = 30_000;
