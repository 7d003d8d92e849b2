//! SyncGroup, key 14: versions 0 to 5.
//!
//! Members ask for their assignment; the leader brings everyone's. The answer comes when the leader's is stored.
//! - 1: the answer carries a throttle time (always 0).
//! - 3: static members name themselves (KIP-345).
//! - 4: flexible.
//! - 5: the member says which protocol it believes in, and must (INCONSISTENT_GROUP_PROTOCOL); the answer says which it is.

use kafka_protocol::messages::{ApiKey, SyncGroupRequest, SyncGroupResponse};
use ottla_core::{ErrorCode, GroupId, MemberId, Request, Response, interface};

use super::action::mismatch;
use super::convert::{optional_string, optional_text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::SyncGroup as i16,
    name: "SyncGroup",
    versions: 0..=5,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: SyncGroupRequest = frame.body()?;
    let names_protocol = body.protocol_type.is_some() && body.protocol_name.is_some();
    if frame.header.version >= 5 && !names_protocol {
        let code = ErrorCode::InconsistentGroupProtocol.number();
        let refusal = SyncGroupResponse::default().with_error_code(code);
        return Ok(Action::view(move |world| world.answer(&refusal)));
    }
    let assignments = body.assignments.into_iter();
    let request = interface::SyncGroupRequest {
        group: GroupId::from(body.group_id.as_str()),
        generation_id: body.generation_id,
        member_id: MemberId::from(body.member_id.as_str()),
        instance_id: optional_string(body.group_instance_id.as_ref()),
        protocol_type: optional_string(body.protocol_type.as_ref()),
        protocol_name: optional_string(body.protocol_name.as_ref()),
        assignments: assignments
            .map(|part| (MemberId::from(part.member_id.as_str()), part.assignment))
            .collect(),
    };
    Ok(Action::engine(Request::SyncGroup(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: SyncGroupRequest| SyncGroupResponse::default().with_error_code(error.number()))
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::SyncGroup(synced) = response else {
        mismatch(&response)
    };
    let mut answer = SyncGroupResponse::default()
        .with_error_code(synced.error.number())
        .with_assignment(synced.assignment);
    if world.version() >= 5 {
        answer.protocol_type = optional_text(synced.protocol_type.as_deref());
        answer.protocol_name = optional_text(synced.protocol_name.as_deref());
    }
    world.answer(&answer)
}
