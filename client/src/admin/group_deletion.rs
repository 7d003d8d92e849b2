//! Groups that are forgotten.

use kafka_protocol::messages::{DeleteGroupsRequest, DeleteGroupsResponse};
use ottla_core::sorted::Map;
use ottla_core::{ApiError, GroupId};

use super::clerk::{if_all, outcome};
use super::coordinators::to_coordinators;
use super::{AskError, Clerk, Question, Stop};
use crate::protocol::names::group_out;

/// Forgets groups with their offsets. They must have no members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteGroups {
    /// Which.
    pub groups: Vec<GroupId>,
}

impl Question for DeleteGroups {
    type Answer = Map<GroupId, Result<(), ApiError>>;
    const CALL: &'static str = "deleteConsumerGroups";

    fn answer(&self, clerk: &mut Clerk) -> Result<Self::Answer, Stop> {
        let requests = to_coordinators(&self.groups, |group| {
            DeleteGroupsRequest::default().with_groups_names(vec![group_out(group)])
        });
        let responses = clerk.ask_each(requests, |response: &DeleteGroupsResponse| {
            if_all(response.results.iter().map(|group| group.error_code))
        })?;
        let mut answer = Map::new();
        for (group, response) in self.groups.iter().zip(responses) {
            let outcome = match response {
                Ok(response) => {
                    let mut codes = response.results.iter().map(|result| result.error_code);
                    codes.try_for_each(|code| outcome(code, None))
                }
                Err(AskError::Refused(error)) => Err(error),
                Err(error) => return Err(error.into()),
            };
            answer.insert(group.clone(), outcome);
        }
        Ok(answer)
    }
}
