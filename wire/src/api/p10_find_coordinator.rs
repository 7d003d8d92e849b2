//! FindCoordinator, key 10: versions 0 to 6.
//!
//! Tells which broker coordinates a group or a transaction: this one. The topic in which groups are kept is created when somebody
//! asks for the first time, and the answer waits for it, so that a client need not ask twice.
//! - 1: the type of the key, and a message beside the error; the answer carries a throttle time (always 0).
//! - 3: flexible.
//! - 4: several keys at once.
//! - 6: share groups, which are not served: INVALID_REQUEST.

use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::{ApiKey, BrokerId, FindCoordinatorRequest, FindCoordinatorResponse};
use kafka_protocol::protocol::StrBytes;
use ottla_core::controller::OFFSETS_TOPIC;
use ottla_core::interface::{CreateTopicsRequest, NewTopic};
use ottla_core::{ErrorCode, Request};

use super::convert::text;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::FindCoordinator as i16,
    name: "FindCoordinator",
    versions: 0..=6,
    decode,
    refuse,
};

const GROUP: i8 = 0;
const TRANSACTION: i8 = 1;

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: FindCoordinatorRequest = frame.body()?;
    // Before version 4 there is one key, which the answer does not repeat.
    let keys = if frame.header.version < 4 {
        vec![StrBytes::default()]
    } else {
        body.coordinator_keys
    };
    Ok(Action::view(move |world| {
        let is_missing = world.broker.metadata().topic(OFFSETS_TOPIC).is_none();
        if body.key_type == GROUP && is_missing && !keys.is_empty() {
            let (key_type, keys) = (body.key_type, keys.clone());
            return Action::engine_with(creation(), move |_, world| answer(key_type, &keys, world));
        }
        answer(body.key_type, &keys, world)
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let version = frame.header.version;
    frame.answer(|body: FindCoordinatorRequest| {
        response(version, &nowhere(error), &body.coordinator_keys)
    })
}

fn creation() -> Request {
    Request::CreateTopics(CreateTopicsRequest {
        topics: vec![NewTopic {
            name: OFFSETS_TOPIC.into(),
            partitions_count: None,
            replication_factor: None,
            assignment: Vec::new(),
            configs: Vec::new(),
        }],
        validate_only: false,
        automatic: true,
    })
}

fn answer(key_type: i8, keys: &[StrBytes], world: &mut World<'_>) -> Action {
    let error = match key_type {
        GROUP if world.broker.metadata().topic(OFFSETS_TOPIC).is_none() => {
            ErrorCode::CoordinatorNotAvailable
        }
        GROUP | TRANSACTION => ErrorCode::None,
        _ => ErrorCode::InvalidRequest,
    };
    let found = if error.is_ok() {
        here(world)
    } else {
        nowhere(error)
    };
    world.answer(&response(world.version(), &found, keys))
}

/// One coordinator for all the keys: several answers, or one in all before version 4.
fn response(version: i16, found: &Coordinator, keys: &[StrBytes]) -> FindCoordinatorResponse {
    let response = FindCoordinatorResponse::default();
    if version >= 4 {
        let named = keys.iter().map(|key| found.clone().with_key(key.clone()));
        return response.with_coordinators(named.collect());
    }
    let response = response
        .with_error_code(found.error_code)
        .with_node_id(found.node_id)
        .with_host(found.host.clone())
        .with_port(found.port);
    match version {
        0 => response,
        // So Kafka says it here, though not from version 4 on.
        _ if found.error_code == 0 => response.with_error_message(Some(text("NONE"))),
        _ => response.with_error_message(found.error_message.clone()),
    }
}

fn here(world: &World<'_>) -> Coordinator {
    let address = &world.client.broker_address;
    Coordinator::default()
        .with_node_id(BrokerId(world.broker.config().node_id))
        .with_host(text(&address.host))
        .with_port(address.port.into())
}

fn nowhere(error: ErrorCode) -> Coordinator {
    Coordinator::default()
        .with_error_code(error.number())
        .with_error_message(Some(text(error.message())))
        .with_node_id(BrokerId(-1))
        .with_port(-1)
}
