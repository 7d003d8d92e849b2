//! CreatePartitions, key 37: versions 0 to 3.
//!
//! Gives topics more partitions, each by itself; there is no way back. 2: flexible. The count is that of all partitions, an assignment
//! that of the new ones.

use kafka_protocol::messages::create_partitions_response::CreatePartitionsTopicResult;
use kafka_protocol::messages::{ApiKey, CreatePartitionsRequest, CreatePartitionsResponse};
use ottla_core::interface::{self, MorePartitions};
use ottla_core::{ErrorCode, Request, Response, TopicName};

use super::action::mismatch;
use super::convert::{optional_text, topic_name};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::CreatePartitions as i16,
    name: "CreatePartitions",
    versions: 0..=3,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: CreatePartitionsRequest = frame.body()?;
    let topics = body.topics.iter().map(|topic| MorePartitions {
        name: TopicName::from(topic.name.as_str()),
        partitions_count: topic.count,
        assignment: topic.assignments.as_ref().map(|assignments| {
            let replicas = assignments.iter();
            let ids =
                replicas.map(|assignment| assignment.broker_ids.iter().map(|id| id.0).collect());
            ids.collect()
        }),
    });
    let request = interface::CreatePartitionsRequest {
        topics: topics.collect(),
        validate_only: body.validate_only,
    };
    Ok(Action::engine(Request::CreatePartitions(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: CreatePartitionsRequest| {
        let results = body.topics.into_iter().map(|topic| {
            CreatePartitionsTopicResult::default()
                .with_name(topic.name)
                .with_error_code(error.number())
                .with_error_message(None)
        });
        CreatePartitionsResponse::default().with_results(results.collect())
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::CreatePartitions(outcomes) = response else {
        mismatch(&response)
    };
    let results = outcomes.iter().map(|(name, outcome)| {
        let error = outcome.as_ref().err();
        CreatePartitionsTopicResult::default()
            .with_name(topic_name(name))
            .with_error_code(error.map_or(0, |error| error.code.number()))
            .with_error_message(optional_text(
                error
                    .map(|error| error.message.as_str())
                    .filter(|message| !message.is_empty()),
            ))
    });
    world.answer(&CreatePartitionsResponse::default().with_results(results.collect()))
}
