//! Which errors pass. The table is that of Apache Kafka 4.3's `RetriableException` and `InvalidMetadataException`.

use ottla_core::ErrorCode;

use super::record::DeliveryError;
use crate::network::CallError;

/// The same request may succeed later.
pub(super) fn is_retriable(code: ErrorCode) -> bool {
    use ErrorCode as E;
    asks_for_metadata(code)
        || matches!(
            code,
            E::CorruptMessage
                | E::RequestTimedOut
                | E::CoordinatorLoadInProgress
                | E::CoordinatorNotAvailable
                | E::NotCoordinator
                | E::NotEnoughReplicas
                | E::NotEnoughReplicasAfterAppend
                | E::NotController
                | E::ConcurrentTransactions
                | E::UnknownLeaderEpoch
                | E::OffsetNotAvailable
                | E::ThrottlingQuotaExceeded
        )
}

/// What is known of the cluster is out of date. All of these are retriable.
pub(super) fn asks_for_metadata(code: ErrorCode) -> bool {
    use ErrorCode as E;
    matches!(
        code,
        E::UnknownTopicOrPartition
            | E::LeaderNotAvailable
            | E::NotLeaderOrFollower
            | E::ReplicaNotAvailable
            | E::NetworkException
            | E::KafkaStorageError
            | E::ListenerNotFound
            | E::FencedLeaderEpoch
            | E::PreferredLeaderNotAvailable
            | E::EligibleLeadersNotAvailable
            | E::ElectionNotNeeded
            | E::UnknownTopicId
            | E::InconsistentTopicId
    )
}

/// Kafka's code for a call without an answer.
pub(super) fn of_call(error: &CallError) -> DeliveryError {
    let code = match error {
        CallError::Disconnected(_) | CallError::NoBroker(_) => ErrorCode::NetworkException,
        CallError::TimedOut { .. } => ErrorCode::RequestTimedOut,
        CallError::UnknownBroker(_) => ErrorCode::LeaderNotAvailable,
        CallError::Coordinator(error) => error.code,
        CallError::Unsupported { .. } | CallError::Inexpressible(_) => {
            ErrorCode::UnsupportedVersion
        }
        CallError::Garbage(_) => ErrorCode::UnknownServerError,
    };
    DeliveryError {
        code,
        message: error.to_string(),
    }
}
