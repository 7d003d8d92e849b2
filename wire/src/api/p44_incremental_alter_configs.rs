//! IncrementalAlterConfigs, key 44: versions 0 to 1.
//!
//! Changes single keys of topics, brokers and groups: set, delete, append to a list, subtract from it. 1: flexible.

use kafka_protocol::messages::incremental_alter_configs_request::AlterableConfig;
use kafka_protocol::messages::incremental_alter_configs_response::AlterConfigsResourceResponse;
use kafka_protocol::messages::{
    ApiKey, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
};
use ottla_core::interface::{self, ConfigChange, ConfigOperation, ConfigResource};
use ottla_core::{ErrorCode, Request, Response};

use super::action::mismatch;
use super::convert::{optional_string, optional_text, text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::IncrementalAlterConfigs as i16,
    name: "IncrementalAlterConfigs",
    versions: 0..=1,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: IncrementalAlterConfigsRequest = frame.body()?;
    let resources = body.resources.iter().map(|resource| {
        (
            ConfigResource::from_number(resource.resource_type, &resource.resource_name),
            resource.configs.iter().map(change).collect(),
        )
    });
    let request = interface::AlterConfigsRequest {
        resources: resources.collect(),
        replace: false,
        validate_only: body.validate_only,
    };
    Ok(Action::engine(Request::AlterConfigs(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: IncrementalAlterConfigsRequest| {
        let responses = body.resources.into_iter().map(|resource| {
            AlterConfigsResourceResponse::default()
                .with_resource_type(resource.resource_type)
                .with_resource_name(resource.resource_name)
                .with_error_code(error.number())
                .with_error_message(None)
        });
        IncrementalAlterConfigsResponse::default().with_responses(responses.collect())
    })
}

fn change(config: &AlterableConfig) -> ConfigChange {
    let value = optional_string(config.value.as_ref());
    ConfigChange {
        name: config.name.to_string(),
        operation: match config.config_operation {
            0 => ConfigOperation::Set(value),
            1 => ConfigOperation::Delete,
            2 => ConfigOperation::Append(value),
            3 => ConfigOperation::Subtract(value),
            other => ConfigOperation::Unknown(other),
        },
    }
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
    world.answer(&IncrementalAlterConfigsResponse::default().with_responses(responses.collect()))
}
