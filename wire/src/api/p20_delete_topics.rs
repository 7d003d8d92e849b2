//! DeleteTopics, key 20: versions 1 to 6.
//!
//! Topics with their records, configuration and committed offsets, each by itself.
//! - 3: TOPIC_DELETION_DISABLED where older clients get INVALID_REQUEST. 4: flexible. 5: error messages.
//! - 6: topics by id. One that is named by both gets INVALID_REQUEST.

use kafka_protocol::messages::delete_topics_request::DeleteTopicState;
use kafka_protocol::messages::delete_topics_response::DeletableTopicResult;
use kafka_protocol::messages::{ApiKey, DeleteTopicsRequest, DeleteTopicsResponse};
use ottla_core::interface::{self, DeletedTopic};
use ottla_core::{ErrorCode, Request, Response, TopicName, TopicRef};

use super::action::mismatch;
use super::convert::{id, optional_text, topic_name, uuid};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DeleteTopics as i16,
    name: "DeleteTopics",
    versions: 1..=6,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DeleteTopicsRequest = frame.body()?;
    let (named_twice, states): (Vec<DeleteTopicState>, Vec<DeleteTopicState>) = body
        .topics
        .into_iter()
        .partition(|state| state.name.is_some() && !state.topic_id.is_nil());
    let by_name = body
        .topic_names
        .iter()
        .map(|name| TopicRef::Name(TopicName::from(name.as_str())));
    let by_state = states.iter().map(|state| match &state.name {
        Some(name) => TopicRef::Name(TopicName::from(name.as_str())),
        None => TopicRef::Id(id(state.topic_id)),
    });
    let request = interface::DeleteTopicsRequest {
        topics: by_name.chain(by_state).collect(),
    };
    Ok(Action::engine_with(
        Request::DeleteTopics(request),
        move |response, world| answer(response, world, &named_twice),
    ))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DeleteTopicsRequest| {
        let refused = DeletableTopicResult::default()
            .with_error_code(error.number())
            .with_error_message(None);
        let named = body.topic_names.into_iter();
        let by_name = named.map(|name| refused.clone().with_name(Some(name)));
        let by_state = body.topics.into_iter().map(|state| {
            let refused = refused.clone().with_name(state.name);
            refused.with_topic_id(state.topic_id)
        });
        DeleteTopicsResponse::default().with_responses(by_name.chain(by_state).collect())
    })
}

fn answer(response: Response, world: &World<'_>, named_twice: &[DeleteTopicState]) -> Action {
    let Response::DeleteTopics(deleted) = response else {
        mismatch(&response)
    };
    let refused = named_twice.iter().map(|state| {
        DeletableTopicResult::default()
            .with_name(state.name.clone())
            .with_topic_id(state.topic_id)
            .with_error_code(ErrorCode::InvalidRequest.number())
            .with_error_message(optional_text(Some(
                "You may not specify both topic name and topic id.",
            )))
    });
    let results = deleted.iter().map(|topic| result(world.version(), topic));
    let responses = refused.chain(results).collect();
    world.answer(&DeleteTopicsResponse::default().with_responses(responses))
}

fn result(version: i16, topic: &DeletedTopic) -> DeletableTopicResult {
    let mut result = DeletableTopicResult::default().with_name(topic.name.as_ref().map(topic_name));
    if version >= 6 {
        result.topic_id = uuid(topic.id);
    }
    if let Err(error) = &topic.outcome {
        let code = match error.code {
            ErrorCode::TopicDeletionDisabled if version < 3 => ErrorCode::InvalidRequest,
            code => code,
        };
        result.error_code = code.number();
        if version >= 5 {
            result.error_message = optional_text(Some(&error.message));
        }
    }
    result
}
