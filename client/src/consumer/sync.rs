//! SyncGroup: every member gets the partitions that the leader has given it.

use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{SyncGroupRequest, SyncGroupResponse};
use ottla_core::{ErrorCode, Now};

use super::join::{PROTOCOL_TYPE, Refusal};
use super::membership::{Given, Stage};
use super::{Asked, Consumer, ConsumerError};
use crate::assignor::parse_assignment;
use crate::interface::Output;
use crate::network::{CallError, CallId, CoordinatorKey, Target};
use crate::protocol::Response;
use crate::protocol::names::{code, optional, text};

impl Consumer {
    /// Asks for the assignment; the leader brings it.
    pub(super) fn sync(
        &mut self,
        now: Now,
        assignments: Vec<SyncGroupRequestAssignment>,
        out: &mut Vec<Output>,
    ) {
        let (Some(membership), Some(group)) = (&mut self.membership, &self.config.group_id) else {
            return;
        };
        let assignor = membership.assignor.map(|assignor| text(assignor.name()));
        let request = SyncGroupRequest::default()
            .with_group_id(text(group).into())
            .with_generation_id(membership.generation)
            .with_member_id(text(&membership.member))
            .with_group_instance_id(optional(self.config.group_instance_id.as_deref()))
            .with_protocol_type(Some(text(PROTOCOL_TYPE)))
            .with_protocol_name(assignor)
            .with_assignments(assignments);
        // The answer comes with the leader's, which the coordinator awaits for a rebalance timeout.
        let timeout_ms =
            i64::from(self.config.max_poll_interval_ms).max(self.config.network.request_timeout_ms);
        let target = Target::Coordinator(CoordinatorKey::Group(group.clone()));
        let call = self
            .network
            .request_within(now, target, request.into(), timeout_ms, out);
        self.asked.insert(call, Asked::Sync);
        membership.stage = Stage::Syncing(call);
    }

    pub(super) fn synced(
        &mut self,
        now: Now,
        call: CallId,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        if !self.awaits(call) {
            return;
        }
        let response = match self.coordinators_answer::<SyncGroupResponse>("SyncGroup", result) {
            Ok(response) => response,
            Err(refusal) => return self.join_again_or_fail(now, refusal, out),
        };
        match code(response.error_code) {
            ErrorCode::None => self.receive_assignment(response, out),
            ErrorCode::RebalanceInProgress => {
                if let Some(membership) = &mut self.membership {
                    membership.stage = Stage::Stable;
                }
                self.want_rejoin("rebalance failed due to RebalanceInProgressException", out);
            }
            ErrorCode::UnknownMemberId => self.fall_out(
                false,
                "rebalance failed due to UnknownMemberIdException",
                out,
            ),
            ErrorCode::IllegalGeneration => {
                self.fall_out(
                    true,
                    "rebalance failed due to IllegalGenerationException",
                    out,
                );
            }
            code => self.join_again_or_fail(now, Refusal::Code("SyncGroup", code), out),
        }
    }

    fn receive_assignment(&mut self, response: SyncGroupResponse, out: &mut Vec<Output>) {
        let Some(membership) = &mut self.membership else {
            return;
        };
        let expected = membership.assignor.map(|assignor| assignor.name());
        let fits = response
            .protocol_type
            .as_deref()
            .is_none_or(|kind| kind == PROTOCOL_TYPE)
            && response
                .protocol_name
                .as_deref()
                .is_none_or(|name| Some(name) == expected);
        if !fits {
            let error = ConsumerError::Refused {
                api: "SyncGroup",
                code: ErrorCode::InconsistentGroupProtocol,
            };
            return self.fail(error, out);
        }
        match parse_assignment(&response.assignment) {
            Ok(partitions) => {
                membership.stage = Stage::Stable;
                membership.given = Some(Given {
                    partitions,
                    commit: None,
                });
                self.is_stirred = true;
            }
            Err(error) => {
                let error = ConsumerError::Failed {
                    api: "SyncGroup",
                    reason: format!("the leader's assignment cannot be read: {error}"),
                };
                self.fail(error, out);
            }
        }
    }
}
