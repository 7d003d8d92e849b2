//! Up to version 2 a member leaves by its member id alone.

use kafka_protocol::messages::leave_group_response::MemberResponse;
use kafka_protocol::messages::{LeaveGroupRequest, LeaveGroupResponse};
use ottla_core::ErrorCode;

pub(super) fn of_one_member(request: &LeaveGroupRequest) -> Result<LeaveGroupRequest, String> {
    match &request.members[..] {
        [member] if member.group_instance_id.is_none() => Ok(LeaveGroupRequest::default()
            .with_group_id(request.group_id.clone())
            .with_member_id(member.member_id.clone())),
        [_] => Err("a static member".into()),
        _ => Err("not exactly one member".into()),
    }
}

/// The only error that a new version tells for a single member moves to that member.
pub(super) fn as_list(
    request: &LeaveGroupRequest,
    response: LeaveGroupResponse,
) -> LeaveGroupResponse {
    let unknown_member = ErrorCode::UnknownMemberId.number();
    let (whole, member) = match response.error_code {
        code if code == unknown_member => (ErrorCode::None.number(), code),
        code => (code, ErrorCode::None.number()),
    };
    let members = request.members.iter().map(|asked| {
        MemberResponse::default()
            .with_member_id(asked.member_id.clone())
            .with_group_instance_id(asked.group_instance_id.clone())
            .with_error_code(member)
    });
    let members = match whole {
        0 => members.collect(),
        _ => Vec::new(),
    };
    response.with_error_code(whole).with_members(members)
}
