//! JoinGroup: the coordinator gathers the members of the next generation.

use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::{JoinGroupRequest, JoinGroupResponse};
use ottla_core::{ErrorCode, MemberId, Now};

use super::membership::{NO_GENERATION, Stage};
use super::{Asked, Consumer, ConsumerError, ConsumerEvent};
use crate::assignor::{Assignor, Member, MemberSubscription, parse_subscription};
use crate::interface::Output;
use crate::network::{CallError, CallId, CoordinatorKey, Target};
use crate::protocol::Response;
use crate::protocol::names::{code, optional, text};

impl Consumer {
    /// Asks to be a member. What was to be given up has been.
    pub(super) fn join(&mut self, now: Now, out: &mut Vec<Output>) {
        let topics = self.source.topics().cloned().unwrap_or_default();
        let owned = self.partitions.names().into_iter().collect();
        let (Some(membership), Some(group)) = (&mut self.membership, &self.config.group_id) else {
            return;
        };
        let reason = membership.rejoin.take().unwrap_or_default();
        let subscription = MemberSubscription {
            topics: topics.iter().cloned().collect(),
            user_data: None,
            owned_partitions: owned,
            generation: Some(membership.generation),
            rack: self.config.client_rack.clone(),
        };
        let protocols = self.config.assignors.iter().map(|assignor| {
            let metadata = assignor.subscription_metadata(&subscription, membership.last.as_ref());
            JoinGroupRequestProtocol::default()
                .with_name(text(assignor.name()))
                .with_metadata(metadata)
        });
        let request = JoinGroupRequest::default()
            .with_group_id(text(group).into())
            .with_session_timeout_ms(self.config.session_timeout_ms)
            .with_rebalance_timeout_ms(self.config.max_poll_interval_ms)
            .with_member_id(text(&membership.member))
            .with_group_instance_id(optional(self.config.group_instance_id.as_deref()))
            .with_protocol_type(text(PROTOCOL_TYPE))
            .with_protocols(protocols.collect())
            .with_reason(Some(text(&reason)).filter(|reason| !reason.is_empty()));
        // The coordinator may take as long as the slowest member's rebalance timeout to answer; Java's client adds five seconds.
        let patience_ms = i64::from(self.config.max_poll_interval_ms) + 5_000;
        let timeout_ms = patience_ms.max(self.config.network.request_timeout_ms);
        let target = Target::Coordinator(CoordinatorKey::Group(group.clone()));
        let call = self
            .network
            .request_within(now, target, request.into(), timeout_ms, out);
        self.asked.insert(call, Asked::Join);
        membership.stage = Stage::Joining(call);
        membership.joined_topics = topics;
        membership.retry_at = None;
        membership.pulse.call = None;
        out.push(ConsumerEvent::Joining { reason }.into());
    }

    pub(super) fn joined(
        &mut self,
        now: Now,
        call: CallId,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        if !self.awaits(call) {
            return;
        }
        let response = match self.coordinators_answer::<JoinGroupResponse>("JoinGroup", result) {
            Ok(response) => response,
            Err(refusal) => return self.join_again_or_fail(now, refusal, out),
        };
        match code(response.error_code) {
            ErrorCode::None => self.enter_generation(now, response, out),
            ErrorCode::MemberIdRequired => {
                // KIP-394: the coordinator keeps the id for the member that comes back with it, and none for one that never does.
                if let Some(membership) = &mut self.membership {
                    membership.member = MemberId::from(response.member_id.as_str());
                    membership.generation = NO_GENERATION;
                    membership.rejoin = Some(format!(
                        "need to re-join with the given member-id: {}",
                        membership.member
                    ));
                }
                self.join(now, out);
            }
            ErrorCode::UnknownMemberId => self.fall_out(
                false,
                "rebalance failed due to UnknownMemberIdException",
                out,
            ),
            code => self.join_again_or_fail(now, Refusal::Code("JoinGroup", code), out),
        }
    }

    /// Whether this is the join or sync of the present stage, and not one that was given up meanwhile.
    pub(super) fn awaits(&self, call: CallId) -> bool {
        let stage = self.membership.as_ref().map(|membership| &membership.stage);
        matches!(stage, Some(Stage::Joining(awaited) | Stage::Syncing(awaited)) if *awaited == call)
    }

    fn enter_generation(&mut self, now: Now, response: JoinGroupResponse, out: &mut Vec<Output>) {
        let protocol = response.protocol_name.as_deref().unwrap_or_default();
        let assignor =
            Assignor::named(protocol).filter(|assignor| self.config.assignors.contains(assignor));
        let type_fits = response
            .protocol_type
            .as_deref()
            .is_none_or(|kind| kind == PROTOCOL_TYPE);
        let Some(assignor) = assignor.filter(|_| type_fits) else {
            let error = ConsumerError::Refused {
                api: "JoinGroup",
                code: ErrorCode::InconsistentGroupProtocol,
            };
            return self.fail(error, out);
        };
        let session_timeout_ms = i64::from(self.config.session_timeout_ms);
        let Some(membership) = &mut self.membership else {
            return;
        };
        membership.member = MemberId::from(response.member_id.as_str());
        membership.generation = response.generation_id;
        membership.assignor = Some(assignor);
        membership.pulse.due = now
            .mono
            .plus_ms(i64::from(self.config.heartbeat_interval_ms));
        membership.pulse.expires = now.mono.plus_ms(session_timeout_ms);
        let is_leader =
            response.leader == response.member_id && membership.generation != NO_GENERATION;
        let members: Vec<Member> = response.members.iter().map(member).collect();
        let joined = ConsumerEvent::Joined {
            generation: membership.generation,
            member: membership.member.clone(),
            assignor: assignor.name(),
            is_leader,
            members_count: members.len(),
        };
        out.push(joined.into());
        match is_leader {
            true => self.lead(now, members, response.skip_assignment, out),
            false => self.sync(now, Vec::new(), out),
        }
    }

    /// Before a member has its partitions: what passes is tried again, what does not ends the consumer.
    pub(super) fn join_again_or_fail(&mut self, now: Now, refusal: Refusal, out: &mut Vec<Output>) {
        let retry_at = self.retry_at(now);
        match refusal {
            Refusal::Code(_, ErrorCode::FencedInstanceId) => self.fenced(out),
            Refusal::Code(api, code) if !is_passing(code) => {
                self.fail(ConsumerError::Refused { api, code }, out)
            }
            Refusal::Fatal { api, reason } => self.fail(ConsumerError::Failed { api, reason }, out),
            Refusal::Code(..) | Refusal::Passing(_) => {
                let reason = match refusal {
                    Refusal::Code(_, code) => {
                        self.note_coordinator_error(code, out);
                        format!("rebalance failed due to {code}")
                    }
                    Refusal::Passing(reason) | Refusal::Fatal { reason, .. } => {
                        format!("rebalance failed: {reason}")
                    }
                };
                if let Some(membership) = &mut self.membership {
                    membership.stage = Stage::Outside;
                    membership.retry_at = Some(retry_at);
                    membership.rejoin = Some(reason);
                }
                self.is_stirred = true;
            }
        }
    }

    /// Another has this member's name: what it had is the other's.
    pub(super) fn fenced(&mut self, out: &mut Vec<Output>) {
        if let Some(membership) = &mut self.membership {
            membership.fall_out(false);
        }
        let instance_id = self.config.group_instance_id.clone().unwrap_or_default();
        self.fail(ConsumerError::Fenced { instance_id }, out);
    }

    /// The coordinator has moved, or cannot be one now: the next request looks for it again.
    pub(super) fn note_coordinator_error(&mut self, code: ErrorCode, out: &mut Vec<Output>) {
        let is_elsewhere = matches!(
            code,
            ErrorCode::NotCoordinator
                | ErrorCode::CoordinatorNotAvailable
                | ErrorCode::RequestTimedOut
        );
        if let Some(group) = self.config.group_id.clone().filter(|_| is_elsewhere) {
            self.network
                .forget_coordinator(&CoordinatorKey::Group(group), out);
        }
    }

    /// The answer of the right kind.
    pub(super) fn coordinators_answer<T: TryFrom<Response>>(
        &self,
        api: &'static str,
        result: Result<Response, CallError>,
    ) -> Result<T, Refusal> {
        match result {
            Ok(response) => T::try_from(response).map_err(|_| Refusal::Fatal {
                api,
                reason: "the answer is to another question".to_owned(),
            }),
            Err(error) if error.is_retriable() => Err(Refusal::Passing(error.to_string())),
            Err(error) => Err(Refusal::Fatal {
                api,
                reason: error.to_string(),
            }),
        }
    }
}

/// Why the coordinator did not do what was asked.
pub(super) enum Refusal {
    /// It said so.
    Code(&'static str, ErrorCode),
    /// It could not be reached; that may pass.
    Passing(String),
    /// It cannot be asked this.
    Fatal { api: &'static str, reason: String },
}

/// Errors of the way to a generation that pass when the group or the coordinator has come to rest.
fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::NotCoordinator
            | ErrorCode::RebalanceInProgress
            | ErrorCode::RequestTimedOut
            | ErrorCode::NotEnoughReplicas
            | ErrorCode::NotEnoughReplicasAfterAppend
    )
}

/// A member whose subscription cannot be read gets nothing; Java's leader fails on it, and the whole group with it.
fn member(told: &kafka_protocol::messages::join_group_response::JoinGroupResponseMember) -> Member {
    Member {
        id: MemberId::from(told.member_id.as_str()),
        instance_id: told.group_instance_id.as_ref().map(|id| id.to_string()),
        subscription: parse_subscription(&told.metadata).unwrap_or_default(),
    }
}

/// What KIP-62 calls the groups of consumers, as opposed to Kafka Connect's.
pub(super) const PROTOCOL_TYPE: &str = "consumer";
