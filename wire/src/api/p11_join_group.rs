//! JoinGroup, key 11: versions 0 to 9.
//!
//! A client becomes a member of a group, or says for a new generation that it still is. The answer comes when everyone has joined.
//! - 0: no rebalance timeout; the session timeout stands for it.
//! - 2: the answer carries a throttle time (always 0).
//! - 4: a client without a member id is told one first, with MEMBER_ID_REQUIRED, and joins again with it (KIP-394).
//! - 5: static members name themselves (KIP-345).
//! - 6: flexible.
//! - 7: the answer carries the protocol type; with an error, no protocol is null and not empty.
//! - 8: the client may say why it joins (KIP-800).
//! - 9: a static leader that comes back may be told not to assign again (KIP-814).

use kafka_protocol::messages::join_group_response::JoinGroupResponseMember;
use kafka_protocol::messages::{ApiKey, JoinGroupRequest, JoinGroupResponse};
use ottla_core::interface::{self, JoinedMember};
use ottla_core::{ErrorCode, GroupId, MemberId, Request, Response};

use super::action::mismatch;
use super::convert::{optional_string, optional_text, text};
use super::{Action, Api, World};
use crate::frame::{Frame, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::JoinGroup as i16,
    name: "JoinGroup",
    versions: 0..=9,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: JoinGroupRequest = frame.body()?;
    let version = frame.header.version;
    let protocols = body.protocols.into_iter();
    let request = interface::JoinGroupRequest {
        group: GroupId::from(body.group_id.as_str()),
        member_id: MemberId::from(body.member_id.as_str()),
        instance_id: optional_string(body.group_instance_id.as_ref()),
        client_id: frame.header.client_id.clone(),
        client_host: frame.client.host.clone(),
        session_timeout_ms: body.session_timeout_ms,
        rebalance_timeout_ms: match version {
            0 => body.session_timeout_ms,
            _ => body.rebalance_timeout_ms,
        },
        protocol_type: body.protocol_type.to_string(),
        protocols: protocols
            .map(|protocol| (protocol.name.to_string(), protocol.metadata))
            .collect(),
        reason: optional_string(body.reason.as_ref()),
        require_known_member_id: version >= 4,
        supports_skipping_assignment: version >= 9,
    };
    Ok(Action::engine(Request::JoinGroup(request), answer))
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let protocol_name = no_protocol(frame.header.version);
    frame.answer(|_: JoinGroupRequest| {
        JoinGroupResponse::default()
            .with_error_code(error.number())
            .with_protocol_name(optional_text(protocol_name))
    })
}

fn answer(response: Response, world: &mut World<'_>) -> Action {
    let Response::JoinGroup(joined) = response else {
        mismatch(&response)
    };
    let version = world.version();
    let protocol_name = joined
        .protocol_name
        .as_deref()
        .or_else(|| no_protocol(version));
    let members = joined
        .members
        .into_iter()
        .map(|member| named(member, version));
    let mut answer = JoinGroupResponse::default()
        .with_error_code(joined.error.number())
        .with_generation_id(joined.generation_id)
        .with_protocol_name(optional_text(protocol_name))
        .with_leader(text(&joined.leader))
        .with_member_id(text(&joined.member_id))
        .with_members(members.collect());
    if version >= 7 {
        answer.protocol_type = optional_text(joined.protocol_type.as_deref());
    }
    if version >= 9 {
        answer.skip_assignment = joined.skip_assignment;
    }
    world.answer(&answer)
}

/// How a version says that there is no protocol.
fn no_protocol(version: i16) -> Option<&'static str> {
    (version < 7).then_some("")
}

fn named(member: JoinedMember, version: i16) -> JoinGroupResponseMember {
    let instance_id = member.instance_id.as_deref().filter(|_| version >= 5);
    JoinGroupResponseMember::default()
        .with_member_id(text(&member.member_id))
        .with_group_instance_id(optional_text(instance_id))
        .with_metadata(member.metadata)
}
