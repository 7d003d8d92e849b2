//! ListPartitionReassignments, key 46: version 0.
//!
//! Partitions that are on their way to other brokers. On one node none ever is; Java's tools ask before they describe a topic.

use kafka_protocol::messages::{
    ApiKey, ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};

use super::{Action, Api};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::ListPartitionReassignments as i16,
    name: "ListPartitionReassignments",
    versions: 0..=0,
    decode,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let _: ListPartitionReassignmentsRequest = frame.body()?;
    Ok(Action::view(|world| {
        world.answer(&ListPartitionReassignmentsResponse::default().with_error_message(None))
    }))
}
