//! DescribeProducers, key 61: version 0.
//!
//! The idempotent producers that partitions remember. An unknown partition has an error without a message, an unknown topic one with: so
//! in Apache Kafka 4.3.1.

use kafka_protocol::messages::describe_producers_request::TopicRequest;
use kafka_protocol::messages::describe_producers_response::{
    PartitionResponse, ProducerState, TopicResponse,
};
use kafka_protocol::messages::{
    ApiKey, DescribeProducersRequest, DescribeProducersResponse, ProducerId,
};
use ottla_core::controller::check_topic_name;
use ottla_core::log::Log;
use ottla_core::{ApiError, ErrorCode};

use super::convert::optional_text;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeProducers as i16,
    name: "DescribeProducers",
    versions: 0..=0,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DescribeProducersRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let topics = body.topics.iter().map(|topic| describe_topic(world, topic));
        world.answer(&DescribeProducersResponse::default().with_topics(topics.collect()))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DescribeProducersRequest| {
        let topics = body.topics.into_iter().map(|topic| {
            let partitions = topic.partition_indexes.into_iter().map(|index| {
                PartitionResponse::default()
                    .with_partition_index(index)
                    .with_error_code(error.number())
            });
            TopicResponse::default()
                .with_name(topic.name)
                .with_partitions(partitions.collect())
        });
        DescribeProducersResponse::default().with_topics(topics.collect())
    })
}

fn describe_topic(world: &World<'_>, asked: &TopicRequest) -> TopicResponse {
    let error = match check_topic_name(&asked.name) {
        Err(error) => Some(error),
        Ok(()) if world.broker.metadata().topic(&asked.name).is_none() => {
            Some(ApiError::from(ErrorCode::UnknownTopicOrPartition))
        }
        Ok(()) => None,
    };
    let partitions = asked.partition_indexes.iter().map(|&index| {
        let partition = PartitionResponse::default().with_partition_index(index);
        match &error {
            Some(error) => partition
                .with_error_code(error.code.number())
                .with_error_message(optional_text(Some(&error.message))),
            None => match world.broker.partition_log(&asked.name, index) {
                Some(log) => partition.with_active_producers(producers(log)),
                None => partition.with_error_code(ErrorCode::UnknownTopicOrPartition.number()),
            },
        }
    });
    TopicResponse::default()
        .with_name(asked.name.clone())
        .with_partitions(partitions.collect())
}

fn producers(log: &Log) -> Vec<ProducerState> {
    let producers = log.producers().map(|producer| {
        ProducerState::default()
            .with_producer_id(ProducerId(producer.producer_id))
            .with_producer_epoch(i32::from(producer.producer_epoch))
            .with_last_sequence(producer.last_sequence)
            .with_last_timestamp(producer.last_timestamp.0)
            .with_coordinator_epoch(producer.coordinator_epoch)
            .with_current_txn_start_offset(
                producer
                    .current_txn_start_offset
                    .map_or(-1, |offset| offset.0),
            )
    });
    producers.collect()
}
