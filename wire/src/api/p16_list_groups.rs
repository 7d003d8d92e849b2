//! ListGroups, key 16: versions 0 to 5.
//!
//! All groups, or those in certain states and of certain types (any case; names that nobody knows match nothing).
//! - 1: the answer carries a throttle time (always 0).
//! - 3: flexible.
//! - 4: states.
//! - 5: types: all groups are `classic` here.

use kafka_protocol::messages::list_groups_response::ListedGroup;
use kafka_protocol::messages::{ApiKey, ListGroupsRequest, ListGroupsResponse};
use kafka_protocol::protocol::StrBytes;
use ottla_core::ErrorCode;
use ottla_core::group::Group;

use super::convert::text;
use super::{Action, Api};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::ListGroups as i16,
    name: "ListGroups",
    versions: 0..=5,
    decode,
    refuse,
};

const CLASSIC: &str = "classic";

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: ListGroupsRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let version = world.version();
        let groups = world
            .broker
            .groups()
            .filter(|group| matches(&body.states_filter, group.state().name()))
            .filter(|_| matches(&body.types_filter, CLASSIC))
            .map(|group| list(group, version));
        let groups = groups.collect();
        world.answer(&ListGroupsResponse::default().with_groups(groups))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: ListGroupsRequest| {
        ListGroupsResponse::default().with_error_code(error.number())
    })
}

fn matches(filter: &[StrBytes], name: &str) -> bool {
    filter.is_empty()
        || filter
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(name))
}

fn list(group: &Group, version: i16) -> ListedGroup {
    let mut listed = ListedGroup::default()
        .with_group_id(text(group.id()).into())
        .with_protocol_type(text(group.protocol_type().unwrap_or_default()));
    if version >= 4 {
        listed.group_state = text(group.state().name());
    }
    if version >= 5 {
        listed.group_type = text(CLASSIC);
    }
    listed
}
