//! Heartbeat, key 12: versions 0 to 4.
//!
//! A member says that it lives; the answer says whether its generation still does.
//! - 1: the answer carries a throttle time (always 0).
//! - 3: static members name themselves (KIP-345); a fenced one gets FENCED_INSTANCE_ID.
//! - 4: flexible.

use kafka_protocol::messages::{ApiKey, HeartbeatRequest, HeartbeatResponse};
use ottla_core::{ErrorCode, GroupId, MemberId, Request, Response, interface};

use super::action::mismatch;
use super::convert::optional_string;
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::Heartbeat as i16,
    name: "Heartbeat",
    versions: 0..=4,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: HeartbeatRequest = frame.body()?;
    let request = interface::HeartbeatRequest {
        group: GroupId::from(body.group_id.as_str()),
        generation_id: body.generation_id,
        member_id: MemberId::from(body.member_id.as_str()),
        instance_id: optional_string(body.group_instance_id.as_ref()),
    };
    Ok(Action::engine(Request::Heartbeat(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    frame.answer(|_: HeartbeatRequest| HeartbeatResponse::default().with_error_code(error.number()))
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::Heartbeat(error) = response else {
        mismatch(&response)
    };
    world.answer(&HeartbeatResponse::default().with_error_code(error.number()))
}
