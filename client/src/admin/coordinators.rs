//! Who coordinates which group.

use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::{FindCoordinatorRequest, FindCoordinatorResponse};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, GroupId};

use super::clerk::{failure, if_any};
use super::cluster::address;
use super::{AskError, Clerk, Node, Question, Stop};
use crate::network::{CoordinatorKey, Target};
use crate::protocol::Request;
use crate::protocol::names::text;

/// Who coordinates a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindCoordinator {
    /// Which.
    pub group: GroupId,
}

impl Question for FindCoordinator {
    type Answer = Node;
    const CALL: &'static str = "findCoordinator";

    fn answer(&self, clerk: &mut Clerk) -> Result<Node, Stop> {
        let groups = [self.group.clone()];
        let request = request(&groups);
        let response: FindCoordinatorResponse = clerk.ask(Target::Any, request, worth_again)?;
        let found = response.coordinators.into_iter().next();
        let Some(found) = found else {
            return Err(AskError::Refused(ErrorCode::CoordinatorNotAvailable.into()).into());
        };
        match failure(found.error_code, found.error_message.as_deref()) {
            Some(error) => Err(AskError::Refused(error).into()),
            None => Ok(node(&found)),
        }
    }
}

/// The coordinators of groups, as far as they have any: for showing.
pub(super) fn coordinators(
    clerk: &mut Clerk,
    groups: &[GroupId],
) -> Result<Map<GroupId, Node>, Stop> {
    // One by one: before Kafka 3.0 a request names one group.
    let requests = groups.iter().map(|group| {
        let request = request(std::slice::from_ref(group));
        (Target::Any, request.into())
    });
    let responses = clerk.ask_each(requests, worth_again)?;
    let mut found = Map::new();
    for response in responses {
        let coordinators = response?.coordinators;
        for coordinator in coordinators.iter().filter(|found| found.error_code == 0) {
            found.insert(GroupId::from(coordinator.key.as_str()), node(coordinator));
        }
    }
    Ok(found)
}

/// A request for each group, to its coordinator.
pub(super) fn to_coordinators<R: Into<Request>>(
    groups: &[GroupId],
    request: impl Fn(&GroupId) -> R,
) -> Vec<(Target, Request)> {
    let one = |group: &GroupId| (coordinator_of(group), request(group).into());
    groups.iter().map(one).collect()
}

/// Whoever coordinates a group.
pub(super) fn coordinator_of(group: &GroupId) -> Target {
    Target::Coordinator(CoordinatorKey::Group(group.clone()))
}

fn request(groups: &[GroupId]) -> FindCoordinatorRequest {
    let keys = groups.iter().map(|group| text(group));
    FindCoordinatorRequest::default()
        .with_key_type(0)
        .with_coordinator_keys(keys.collect())
}

fn worth_again(response: &FindCoordinatorResponse) -> Option<ErrorCode> {
    if_any(response.coordinators.iter().map(|found| found.error_code))
}

fn node(found: &Coordinator) -> Node {
    Node {
        id: found.node_id.0,
        address: address(&found.host, found.port),
        rack: None,
    }
}
