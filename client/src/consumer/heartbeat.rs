//! Heartbeat: a member says that it lives, and hears whether its generation does.

use kafka_protocol::messages::{HeartbeatRequest, HeartbeatResponse};
use ottla_core::{ErrorCode, Now};

use super::join::Refusal;
use super::membership::Stage;
use super::{Asked, Consumer, ConsumerError, ConsumerEvent};
use crate::interface::Output;
use crate::network::{CallError, CallId, CoordinatorKey, Target};
use crate::protocol::Response;
use crate::protocol::names::{code, optional, text};

impl Consumer {
    /// Sends a heartbeat if one is due. If none has been answered for a session timeout the coordinator is looked for again.
    pub(super) fn send_heartbeat(&mut self, now: Now, out: &mut Vec<Output>) {
        let (Some(membership), Some(group)) = (&mut self.membership, &self.config.group_id) else {
            return;
        };
        if !membership.has_pulse() {
            return;
        }
        let coordinator = CoordinatorKey::Group(group.clone());
        if membership.pulse.expires <= now.mono {
            membership.pulse.expires = now.mono.plus_ms(i64::from(self.config.session_timeout_ms));
            membership.pulse.due = now.mono;
            if let Some(call) = membership.pulse.call.take() {
                self.asked.remove(&call);
                self.network.cancel(call);
            }
            self.network.forget_coordinator(&coordinator, out);
        }
        if membership.pulse.call.is_some() || membership.pulse.due > now.mono {
            return;
        }
        let request = HeartbeatRequest::default()
            .with_group_id(text(group).into())
            .with_generation_id(membership.generation)
            .with_member_id(text(&membership.member))
            .with_group_instance_id(optional(self.config.group_instance_id.as_deref()));
        let call = self
            .network
            .request(now, Target::Coordinator(coordinator), request.into(), out);
        self.asked.insert(call, Asked::Heartbeat);
        membership.pulse.call = Some(call);
        membership.pulse.due = now
            .mono
            .plus_ms(i64::from(self.config.heartbeat_interval_ms));
    }

    pub(super) fn heartbeat_answered(
        &mut self,
        now: Now,
        call: CallId,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        let answer = self.coordinators_answer::<HeartbeatResponse>("Heartbeat", result);
        let retry_at = self.retry_at(now);
        let expires = now.mono.plus_ms(i64::from(self.config.session_timeout_ms));
        let Some(membership) = &mut self.membership else {
            return;
        };
        // One of an earlier generation says nothing about this one.
        if membership.pulse.call != Some(call) {
            return;
        }
        membership.pulse.call = None;
        let code = match answer {
            Ok(response) => code(response.error_code),
            Err(Refusal::Fatal { api, reason }) => {
                return self.fail(ConsumerError::Failed { api, reason }, out);
            }
            Err(_) => {
                membership.pulse.due = retry_at;
                return;
            }
        };
        match code {
            ErrorCode::None => {
                membership.pulse.expires = expires;
                let generation = membership.generation;
                out.push(ConsumerEvent::Heartbeat { generation }.into());
            }
            ErrorCode::RebalanceInProgress => {
                membership.pulse.expires = expires;
                if matches!(membership.stage, Stage::Stable) {
                    self.want_rejoin("group is already rebalancing", out);
                }
            }
            ErrorCode::UnknownMemberId => self.fall_out(
                false,
                "encountered UNKNOWN_MEMBER_ID from HEARTBEAT response",
                out,
            ),
            ErrorCode::IllegalGeneration => {
                self.fall_out(
                    true,
                    "encountered ILLEGAL_GENERATION from HEARTBEAT response",
                    out,
                );
            }
            ErrorCode::FencedInstanceId => self.fenced(out),
            ErrorCode::NotCoordinator
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::RequestTimedOut => {
                membership.pulse.due = retry_at;
                self.note_coordinator_error(code, out);
            }
            code => {
                let api = "Heartbeat";
                self.fail(ConsumerError::Refused { api, code }, out);
            }
        }
    }
}
