//! DescribeGroups, key 15: versions 0 to 6.
//!
//! What groups are: state, protocol, members. Members' metadata and the assignor are told of stable groups only.
//! - 1: the answer carries a throttle time (always 0).
//! - 3: what the client may do with the group: everything.
//! - 4: static members' names.
//! - 5: flexible.
//! - 6: a group that nobody knows is GROUP_ID_NOT_FOUND; before, it is just dead.

use kafka_protocol::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use kafka_protocol::messages::{ApiKey, DescribeGroupsRequest, DescribeGroupsResponse};
use ottla_core::ErrorCode;
use ottla_core::group::{Group, Member, State};

use super::convert::{optional_text, text};
use super::{Action, Api};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeGroups as i16,
    name: "DescribeGroups",
    versions: 0..=6,
    decode,
    refuse,
};

/// Read, delete, describe, describe and alter its configuration, as bits: everything that can be done with a group.
const GROUP_OPERATIONS: i32 = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: DescribeGroupsRequest = frame.body()?;
    Ok(Action::view(move |world| {
        let version = world.version();
        let groups = body.groups.iter().map(|id| {
            let known = world.broker.group(id);
            let alive = known.filter(|group| !matches!(group.state(), State::Dead));
            let mut described = match alive {
                Some(group) => describe(group, version),
                None => unknown(id, version),
            };
            if body.include_authorized_operations && described.error_code == 0 {
                described.authorized_operations = GROUP_OPERATIONS;
            }
            described.with_group_id(id.clone())
        });
        let groups = groups.collect();
        world.answer(&DescribeGroupsResponse::default().with_groups(groups))
    }))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|body: DescribeGroupsRequest| {
        let groups = body.groups.into_iter().map(|id| {
            DescribedGroup::default()
                .with_group_id(id)
                .with_error_code(error.number())
        });
        DescribeGroupsResponse::default().with_groups(groups.collect())
    })
}

fn unknown(id: &str, version: i16) -> DescribedGroup {
    let dead = DescribedGroup::default().with_group_state(text(State::Dead.name()));
    if version < 6 {
        return dead;
    }
    dead.with_error_code(ErrorCode::GroupIdNotFound.number())
        .with_error_message(Some(text(&format!("Group {id} not found."))))
}

fn describe(group: &Group, version: i16) -> DescribedGroup {
    let is_stable = matches!(group.state(), State::Stable { .. });
    let protocol = group.protocol_name().filter(|_| is_stable);
    let members = group
        .members()
        .map(|m| describe_member(m, protocol, version));
    DescribedGroup::default()
        .with_group_state(text(group.state().name()))
        .with_protocol_type(text(group.protocol_type().unwrap_or_default()))
        .with_protocol_data(text(protocol.unwrap_or_default()))
        .with_members(members.collect())
}

fn describe_member(member: &Member, protocol: Option<&str>, version: i16) -> DescribedGroupMember {
    let metadata = protocol.and_then(|protocol| member.metadata(protocol));
    let instance_id = member.instance_id.as_deref().filter(|_| version >= 4);
    DescribedGroupMember::default()
        .with_member_id(text(&member.id))
        .with_group_instance_id(optional_text(instance_id))
        .with_client_id(text(&member.client_id))
        .with_client_host(text(&member.client_host))
        .with_member_metadata(metadata.cloned().unwrap_or_default())
        .with_member_assignment(member.assignment.clone())
}
