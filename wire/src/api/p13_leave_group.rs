//! LeaveGroup, key 13: versions 0 to 5.
//!
//! Members leave their group, or an administrator makes them.
//! - 0 to 2: one member, whose outcome is the answer's error.
//! - 1: the answer carries a throttle time (always 0).
//! - 3: several members, each with its outcome; a static one may be named by its static name alone (KIP-345).
//! - 4: flexible.
//! - 5: each may say why (KIP-800).

use kafka_protocol::messages::leave_group_response::MemberResponse;
use kafka_protocol::messages::{ApiKey, LeaveGroupRequest, LeaveGroupResponse};
use ottla_core::interface::{self, LeavingMember};
use ottla_core::{ErrorCode, GroupId, MemberId, Request, Response};

use super::action::mismatch;
use super::convert::{optional_string, optional_text, text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::LeaveGroup as i16,
    name: "LeaveGroup",
    versions: 0..=5,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: LeaveGroupRequest = frame.body()?;
    let members = if frame.header.version < 3 {
        vec![LeavingMember {
            member_id: MemberId::from(body.member_id.as_str()),
            instance_id: None,
            reason: None,
        }]
    } else {
        let members = body.members.iter().map(|member| LeavingMember {
            member_id: MemberId::from(member.member_id.as_str()),
            instance_id: optional_string(member.group_instance_id.as_ref()),
            reason: optional_string(member.reason.as_ref()),
        });
        members.collect()
    };
    let request = interface::LeaveGroupRequest {
        group: GroupId::from(body.group_id.as_str()),
        members,
    };
    Ok(Action::engine(Request::LeaveGroup(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: LeaveGroupRequest| {
        LeaveGroupResponse::default().with_error_code(error.number())
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::LeaveGroup(left) = response else {
        mismatch(&response)
    };
    if world.version() < 3 {
        let outcome = left.members.first().map(|(_, outcome)| *outcome);
        let error = match left.error {
            ErrorCode::None => outcome.unwrap_or(ErrorCode::None),
            error => error,
        };
        return world.answer(&LeaveGroupResponse::default().with_error_code(error.number()));
    }
    let members = left.members.iter().map(|(member, outcome)| {
        MemberResponse::default()
            .with_member_id(text(&member.member_id))
            .with_group_instance_id(optional_text(member.instance_id.as_deref()))
            .with_error_code(outcome.number())
    });
    let answer = LeaveGroupResponse::default()
        .with_error_code(left.error.number())
        .with_members(members.collect());
    world.answer(&answer)
}
