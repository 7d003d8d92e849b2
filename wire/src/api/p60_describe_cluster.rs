//! DescribeCluster, key 60: versions 0 to 2.
//!
//! The cluster's id, its brokers and its controller. 1: which of the two is asked for; controllers are not to be reached from here
//! (MISMATCHED_ENDPOINT_TYPE). 2: fenced brokers, of which there are none.

use kafka_protocol::messages::describe_cluster_response::DescribeClusterBroker;
use kafka_protocol::messages::{ApiKey, BrokerId, DescribeClusterRequest, DescribeClusterResponse};
use ottla_core::ErrorCode;

use super::convert::{CLUSTER_OPERATIONS, optional_text, text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeCluster as i16,
    name: "DescribeCluster",
    versions: 0..=2,
    decode,
    refuse,
};

const BROKERS: i8 = 1;
const CONTROLLERS: i8 = 2;

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DescribeClusterRequest = frame.body()?;
    Ok(Action::view(move |world| {
        world.answer(&match body.endpoint_type {
            BROKERS => describe(world, &body),
            CONTROLLERS => failed(
                world,
                ErrorCode::MismatchedEndpointType,
                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER",
            ),
            other => failed(
                world,
                ErrorCode::UnsupportedEndpointType,
                &format!("Unsupported endpoint type {other}"),
            ),
        })
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: DescribeClusterRequest| {
        DescribeClusterResponse::default().with_error_code(error.number())
    })
}

fn describe(world: &World<'_>, body: &DescribeClusterRequest) -> DescribeClusterResponse {
    let config = world.broker.config();
    let address = &world.client.broker_address;
    let broker = DescribeClusterBroker::default()
        .with_broker_id(BrokerId(config.node_id))
        .with_host(text(&address.host))
        .with_port(i32::from(address.port));
    let mut response = DescribeClusterResponse::default()
        .with_cluster_id(text(&config.cluster_id))
        .with_controller_id(BrokerId(config.node_id))
        .with_brokers(vec![broker]);
    if body.include_cluster_authorized_operations {
        response.cluster_authorized_operations = CLUSTER_OPERATIONS;
    }
    response
}

fn failed(world: &World<'_>, error: ErrorCode, message: &str) -> DescribeClusterResponse {
    DescribeClusterResponse::default()
        .with_error_code(error.number())
        .with_error_message(optional_text(Some(message)))
        .with_cluster_id(text(&world.broker.config().cluster_id))
        .with_controller_id(BrokerId(-1))
}
