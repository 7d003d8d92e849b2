//! Who produces to which partition.

use kafka_protocol::messages::describe_producers_request::TopicRequest;
use kafka_protocol::messages::describe_producers_response::ProducerState;
use kafka_protocol::messages::{DescribeProducersRequest, DescribeProducersResponse};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, TopicPartition};

use super::clerk::{if_any, never, outcome};
use super::leaders::leaders;
use super::{Clerk, Question, Stop};
use crate::protocol::names::{by_topic, partition, topic_out};

/// Who produces to partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeProducers {
    /// Which partitions.
    pub partitions: Vec<TopicPartition>,
}

impl Question for DescribeProducers {
    type Answer = Map<TopicPartition, Result<Vec<ActiveProducer>, ApiError>>;
    const CALL: &'static str = "describeProducers";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let mut leaders = leaders(clerk, self.partitions.iter())?;
        let requests = leaders.partitions.iter().map(|(target, partitions)| {
            let topics = by_topic(partitions.iter().map(|one| (one, ()))).into_iter();
            let topics = topics.map(|(topic, partitions)| {
                TopicRequest::default()
                    .with_name(topic_out(&topic))
                    .with_partition_indexes(
                        partitions.into_iter().map(|(index, ())| index).collect(),
                    )
            });
            let request = DescribeProducersRequest::default().with_topics(topics.collect());
            (target.clone(), request.into())
        });
        let responses: Vec<Result<DescribeProducersResponse, _>> =
            clerk.ask_placed(requests, never)?;
        let responses = leaders.responses(responses)?;
        let mut answer: Self::Answer = leaders.failures;
        for response in responses {
            for topic in response.topics {
                for told in topic.partitions {
                    let producers = || told.active_producers.iter().map(active).collect();
                    let outcome = outcome(told.error_code, told.error_message.as_deref());
                    let partition = partition(&topic.name, told.partition_index);
                    answer.insert(partition, outcome.map(|()| producers()));
                }
            }
        }
        let errors = answer.values().filter_map(|found| found.as_ref().err());
        clerk.start_over_for(if_any(errors.map(|error| error.code.number())))?;
        Ok(answer)
    }
}

fn active(state: &ProducerState) -> ActiveProducer {
    let start = state.current_txn_start_offset;
    ActiveProducer {
        id: state.producer_id.0,
        epoch: state.producer_epoch,
        last_sequence: state.last_sequence,
        last_timestamp: state.last_timestamp,
        transaction_start_offset: (start >= 0).then_some(start),
    }
}

/// A producer in the answer to [`DescribeProducers`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveProducer {
    /// Its id.
    pub id: i64,
    /// Its epoch.
    pub epoch: i32,
    /// The sequence of its last record.
    pub last_sequence: i32,
    /// The timestamp of its last record.
    pub last_timestamp: i64,
    /// Where its open transaction begins; `None` if it has none.
    pub transaction_start_offset: Option<i64>,
}
