//! The answer to a request that the coordinator cannot serve.

use bytes::Bytes;

use super::GroupRequest;
use crate::interface::{
    CommitOffsetsResponse, DeleteOffsetsResponse, JoinGroupResponse, LeaveGroupResponse, Response,
    SyncGroupResponse,
};
use crate::{ErrorCode, MemberId};

/// The answer when there is no log for groups: COORDINATOR_NOT_AVAILABLE, so that clients try again.
pub fn unavailable(request: &GroupRequest) -> Response {
    let error = ErrorCode::CoordinatorNotAvailable;
    match request {
        GroupRequest::Join(request) => {
            Response::JoinGroup(refused_join(request.member_id.clone(), error))
        }
        GroupRequest::Sync(_) => Response::SyncGroup(refused_sync(error)),
        GroupRequest::Heartbeat(_) => Response::Heartbeat(error),
        GroupRequest::Leave(_) => Response::LeaveGroup(LeaveGroupResponse {
            error,
            members: Vec::new(),
        }),
        GroupRequest::CommitOffsets(request) => {
            let topics = request.topics.iter().map(|(topic, partitions)| {
                let outcomes = partitions.iter().map(|p| (p.partition, error));
                (topic.clone(), outcomes.collect())
            });
            Response::CommitOffsets(CommitOffsetsResponse {
                topics: topics.collect(),
            })
        }
        GroupRequest::DeleteOffsets(_) => Response::DeleteOffsets(DeleteOffsetsResponse {
            error,
            topics: Vec::new(),
        }),
        GroupRequest::DeleteGroups(request) => {
            let outcomes = request.groups.iter().map(|group| (group.clone(), error));
            Response::DeleteGroups(outcomes.collect())
        }
    }
}

pub(super) fn refused_join(member_id: MemberId, error: ErrorCode) -> JoinGroupResponse {
    JoinGroupResponse {
        error,
        generation_id: -1,
        protocol_type: None,
        protocol_name: None,
        leader: MemberId::from(""),
        skip_assignment: false,
        member_id,
        members: Vec::new(),
    }
}

pub(super) fn refused_sync(error: ErrorCode) -> SyncGroupResponse {
    SyncGroupResponse {
        error,
        protocol_type: None,
        protocol_name: None,
        assignment: Bytes::new(),
    }
}
