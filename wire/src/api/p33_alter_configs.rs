//! AlterConfigs, key 33: versions 0 to 2.
//!
//! Replaces the *whole* configuration of topics, brokers and groups: what is not named goes back to its default. Newer clients send
//! IncrementalAlterConfigs. 2: flexible.

use kafka_protocol::messages::alter_configs_response::AlterConfigsResourceResponse;
use kafka_protocol::messages::{AlterConfigsRequest, AlterConfigsResponse, ApiKey};
use ottla_core::interface::{self, ConfigChange, ConfigOperation, ConfigResource};
use ottla_core::{ErrorCode, Request, Response};

use super::action::mismatch;
use super::convert::{optional_string, optional_text, text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::AlterConfigs as i16,
    name: "AlterConfigs",
    versions: 0..=2,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: AlterConfigsRequest = frame.body()?;
    let resources = body.resources.iter().map(|resource| {
        let changes = resource.configs.iter().map(|config| ConfigChange {
            name: config.name.to_string(),
            operation: ConfigOperation::Set(optional_string(config.value.as_ref())),
        });
        (
            ConfigResource::from_number(resource.resource_type, &resource.resource_name),
            changes.collect(),
        )
    });
    let request = interface::AlterConfigsRequest {
        resources: resources.collect(),
        replace: true,
        validate_only: body.validate_only,
    };
    Ok(Action::engine(Request::AlterConfigs(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: AlterConfigsRequest| {
        let responses = body.resources.into_iter().map(|resource| {
            AlterConfigsResourceResponse::default()
                .with_resource_type(resource.resource_type)
                .with_resource_name(resource.resource_name)
                .with_error_code(error.number())
                .with_error_message(None)
        });
        AlterConfigsResponse::default().with_responses(responses.collect())
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::AlterConfigs(outcomes) = response else {
        mismatch(&response)
    };
    let responses = outcomes.iter().map(|(resource, outcome)| {
        let error = outcome.as_ref().err();
        AlterConfigsResourceResponse::default()
            .with_resource_type(resource.number())
            .with_resource_name(text(resource.name()))
            .with_error_code(error.map_or(0, |error| error.code.number()))
            .with_error_message(optional_text(error.map(|error| error.message.as_str())))
    });
    world.answer(&AlterConfigsResponse::default().with_responses(responses.collect()))
}
