//! DeleteGroups, key 42: versions 0 to 2.
//!
//! Groups without members are forgotten with their offsets, each by itself. One that is named twice is answered once.
//! - 2: flexible.

use kafka_protocol::messages::delete_groups_response::DeletableGroupResult;
use kafka_protocol::messages::{ApiKey, DeleteGroupsRequest, DeleteGroupsResponse};
use ottla_core::{ErrorCode, GroupId, Request, Response, interface};

use super::action::mismatch;
use super::convert::text;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DeleteGroups as i16,
    name: "DeleteGroups",
    versions: 0..=2,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DeleteGroupsRequest = frame.body()?;
    let groups = body.groups_names.iter();
    let request = interface::DeleteGroupsRequest {
        groups: groups.map(|id| GroupId::from(id.as_str())).collect(),
    };
    Ok(Action::engine(Request::DeleteGroups(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DeleteGroupsRequest| {
        let results = body.groups_names.into_iter().map(|id| {
            DeletableGroupResult::default()
                .with_group_id(id)
                .with_error_code(error.number())
        });
        DeleteGroupsResponse::default().with_results(results.collect())
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::DeleteGroups(outcomes) = response else {
        mismatch(&response)
    };
    let results = outcomes.iter().map(|(group, outcome)| {
        DeletableGroupResult::default()
            .with_group_id(text(group).into())
            .with_error_code(outcome.number())
    });
    world.answer(&DeleteGroupsResponse::default().with_results(results.collect()))
}
