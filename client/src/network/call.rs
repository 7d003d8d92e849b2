//! One request to somebody, and what becomes of it.

use std::fmt;
use std::ops::RangeInclusive;

use kafka_protocol::messages::ApiKey;
use ottla_core::{ApiError, ErrorCode, GroupId};

use crate::interface::Address;
use crate::protocol::{Inexpressible, Response};

/// A broker's number in its cluster (`node.id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BrokerId(pub i32);

impl fmt::Display for BrokerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One request of one owner, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Whoever is there, best the one with the least to do.
    Any,
    /// This broker.
    Broker(BrokerId),
    /// The broker that metadata names as the controller; whoever is there if it names none.
    Controller,
    /// The coordinator, on a connection of its own: what waits there (JoinGroup) holds up no fetch, and no fetch holds up a heartbeat.
    Coordinator(CoordinatorKey),
}

/// What a coordinator coordinates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoordinatorKey {
    /// A consumer group.
    Group(GroupId),
}

impl fmt::Display for CoordinatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(group) => write!(f, "group {group}"),
        }
    }
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// The call.
    pub call: CallId,
    /// Who answered; `None` for a bootstrap broker whose number is not known yet, and if nobody did.
    pub broker: Option<BrokerId>,
    /// The answer, in canonical form. A produce with `acks=0` is answered, as far as it is, when it has been sent. Errors inside of it are the
    /// owner's business.
    pub result: Result<Response, CallError>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The connection could not be made, or ended. Whether the broker has acted on the request is not known.
    #[error("{0}")]
    Disconnected(String),
    /// The broker has not answered in time; its connection was closed.
    #[error("no answer after {after_ms} ms")]
    TimedOut {
        /// How long the answer was waited for.
        after_ms: i64,
    },
    /// The request could not even be sent in time.
    #[error("{0}")]
    NoBroker(String),
    /// The cluster has no such broker.
    #[error("there is no broker {0}")]
    UnknownBroker(BrokerId),
    /// The cluster names no coordinator.
    #[error("no coordinator: {0}")]
    Coordinator(ApiError),
    /// The broker does not have the API, or in no version that is spoken here.
    #[error("{}", unsupported(*.api, .ours, .theirs.as_ref()))]
    Unsupported {
        /// The API.
        api: ApiKey,
        /// The versions that are spoken here.
        ours: RangeInclusive<i16>,
        /// The versions that the broker speaks, if any.
        theirs: Option<RangeInclusive<i16>>,
    },
    /// The broker's version of the API has no words for what was asked.
    #[error(transparent)]
    Inexpressible(#[from] Inexpressible),
    /// The other side does not answer in the protocol; why this is thought, for people.
    #[error("{0}")]
    Garbage(String),
}

impl CallError {
    /// Says who it was that does not speak the protocol.
    pub(super) fn at(self, address: &Address) -> Self {
        match self {
            Self::Garbage(why) => Self::Garbage(format!("{address}: {why}")),
            other => other,
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Disconnected(_) | Self::TimedOut { .. } | Self::NoBroker(_) => true,
            Self::Coordinator(error) => is_passing(error.code),
            Self::UnknownBroker(_)
            | Self::Unsupported { .. }
            | Self::Inexpressible(_)
            | Self::Garbage(_) => false,
        }
    }
}

/// Errors about a place (a leader, a coordinator) that pass when the cluster has come to rest.
pub(super) fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::UnknownTopicOrPartition
            | ErrorCode::LeaderNotAvailable
            | ErrorCode::NotLeaderOrFollower
            | ErrorCode::ReplicaNotAvailable
            | ErrorCode::ListenerNotFound
            | ErrorCode::KafkaStorageError
            | ErrorCode::UnknownTopicId
            | ErrorCode::InconsistentTopicId
            | ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::NotCoordinator
    )
}

fn unsupported(
    api: ApiKey,
    ours: &RangeInclusive<i16>,
    theirs: Option<&RangeInclusive<i16>>,
) -> String {
    let ours = format!("{} to {}", ours.start(), ours.end());
    match theirs {
        Some(theirs) => format!(
            "the broker speaks {api:?} in versions {} to {}, this client in versions {ours}",
            theirs.start(),
            theirs.end()
        ),
        None => format!("the broker does not have {api:?} (asked for in versions {ours})"),
    }
}
