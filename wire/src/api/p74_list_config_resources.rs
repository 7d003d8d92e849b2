//! ListConfigResources, key 74: versions 0 to 1.
//!
//! What can be configured, or has been. 0: client metrics subscriptions only, of which there are none. 1: by type, no types ask for all;
//! an unknown type gets UNSUPPORTED_VERSION. Groups are listed when something is set for them, the others always.

use kafka_protocol::messages::list_config_resources_response::ConfigResource as Listed;
use kafka_protocol::messages::{ApiKey, ListConfigResourcesRequest, ListConfigResourcesResponse};
use ottla_core::ErrorCode;
use ottla_core::interface::ConfigResource;

use super::convert::text;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::ListConfigResources as i16,
    name: "ListConfigResources",
    versions: 0..=1,
    decode,
    refuse,
};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const BROKER_LOGGER: i8 = 8;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;
const TYPES: [i8; 5] = [TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP];

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: ListConfigResourcesRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let types = match &body.resource_types[..] {
            _ if world.version() == 0 => &[CLIENT_METRICS],
            [] => &TYPES[..],
            types => types,
        };
        if types.iter().any(|number| !TYPES.contains(number)) {
            let error = ErrorCode::UnsupportedVersion.number();
            return world.answer(&ListConfigResourcesResponse::default().with_error_code(error));
        }
        let mut types = types.to_vec();
        types.sort_unstable();
        types.dedup();
        let resources = types.into_iter().flat_map(|number| list(world, number));
        world.answer(
            &ListConfigResourcesResponse::default().with_config_resources(resources.collect()),
        )
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: ListConfigResourcesRequest| {
        ListConfigResourcesResponse::default().with_error_code(error.number())
    })
}

fn list(world: &World<'_>, number: i8) -> Vec<Listed> {
    let metadata = world.broker.metadata();
    let listed = |name: &str| {
        Listed::default()
            .with_resource_name(text(name))
            .with_resource_type(number)
    };
    match number {
        TOPIC => metadata.topics().map(|topic| listed(&topic.name)).collect(),
        BROKER | BROKER_LOGGER => vec![listed(&world.broker.config().node_id.to_string())],
        GROUP => metadata
            .configured()
            .filter_map(|resource| match resource {
                ConfigResource::Group(name) => Some(listed(name)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
