//! DeleteRecords, key 21: versions 0 to 2.
//!
//! Moves the start of partitions forward; -1 stands for their high watermark. 2: flexible.
//! With an error the low watermark is -1.

use kafka_protocol::messages::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use kafka_protocol::messages::{ApiKey, DeleteRecordsRequest, DeleteRecordsResponse};
use ottla_core::interface::{self, DeletedRecords};
use ottla_core::{ErrorCode, Offset, Request, Response, TopicName};

use super::action::mismatch;
use super::convert::topic_name;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DeleteRecords as i16,
    name: "DeleteRecords",
    versions: 0..=2,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DeleteRecordsRequest = frame.body()?;
    let topics = body.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter();
        let offsets =
            partitions.map(|partition| (partition.partition_index, Offset(partition.offset)));
        (TopicName::from(topic.name.as_str()), offsets.collect())
    });
    let request = interface::DeleteRecordsRequest {
        topics: topics.collect(),
    };
    Ok(Action::engine(Request::DeleteRecords(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DeleteRecordsRequest| {
        let topics = body.topics.into_iter().map(|topic| {
            let partitions = topic.partitions.iter();
            let refused = partitions.map(|asked| result(&(asked.partition_index, Err(error))));
            DeleteRecordsTopicResult::default()
                .with_name(topic.name)
                .with_partitions(refused.collect())
        });
        DeleteRecordsResponse::default().with_topics(topics.collect())
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::DeleteRecords(deleted) = response else {
        mismatch(&response)
    };
    let topics = deleted.topics.iter().map(|(name, partitions)| {
        DeleteRecordsTopicResult::default()
            .with_name(topic_name(name))
            .with_partitions(partitions.iter().map(result).collect())
    });
    world.answer(&DeleteRecordsResponse::default().with_topics(topics.collect()))
}

fn result((partition, outcome): &DeletedRecords) -> DeleteRecordsPartitionResult {
    let result = DeleteRecordsPartitionResult::default().with_partition_index(*partition);
    match outcome {
        Ok(log_start_offset) => result.with_low_watermark(log_start_offset.0),
        Err(error) => result
            .with_low_watermark(-1)
            .with_error_code(error.number()),
    }
}
