//! Kafka's errors as Java's exceptions: tools print their class names.

use std::fmt;

use ottla_core::{ApiError, ErrorCode};

use crate::admin::{AskError, ListGroups, Question};

/// An exception. It is displayed as Java's `toString` does: class, colon, message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exception {
    /// With its package.
    pub(crate) class: String,
    /// What `getMessage` returns.
    pub(crate) message: String,
}

impl Exception {
    /// One of `org.apache.kafka.common.errors`.
    pub(crate) fn kafka(class: &str, message: impl Into<String>) -> Self {
        Self {
            class: format!("org.apache.kafka.common.errors.{class}"),
            message: message.into(),
        }
    }

    /// What the future of Kafka's admin client throws: this exception inside an `ExecutionException`.
    pub(crate) fn of_future(&self) -> Self {
        self.inside("java.util.concurrent.ExecutionException")
    }

    /// A `RuntimeException` around this one.
    pub(crate) fn as_runtime(&self) -> Self {
        self.inside("java.lang.RuntimeException")
    }

    fn inside(&self, class: &str) -> Self {
        Self {
            class: class.to_owned(),
            message: self.to_string(),
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl From<&ApiError> for Exception {
    fn from(error: &ApiError) -> Self {
        let message = match error.message.as_str() {
            "" => error.code.message(),
            message => message,
        };
        Self::kafka(&class_of(error.code), message)
    }
}

impl From<&AskError> for Exception {
    fn from(error: &AskError) -> Self {
        match error {
            AskError::Refused(error) => error.into(),
            AskError::Unreachable { call, .. } | AskError::TimedOut { call, .. }
                if *call == ListGroups::CALL =>
            {
                Self {
                    class: "org.apache.kafka.common.KafkaException".to_owned(),
                    message: "Failed to find brokers to send ListGroups".to_owned(),
                }
            }
            AskError::Unreachable { call, .. } | AskError::TimedOut { call, .. } => Self::kafka(
                "TimeoutException",
                format!("Timed out waiting for a node assignment. Call: {call}"),
            ),
            AskError::Unsupported { .. } => {
                Self::kafka("UnsupportedVersionException", error.to_string())
            }
            AskError::Garbage(why) => Self::kafka("DisconnectException", why.clone()),
        }
    }
}

/// The class that stands for a code (`Errors`): mostly the code's own name.
fn class_of(code: ErrorCode) -> String {
    let irregular = IRREGULAR.iter().find(|(irregular, _)| *irregular == code);
    match irregular {
        Some((_, class)) => (*class).to_owned(),
        None => format!("{code:?}Exception"),
    }
}

const IRREGULAR: &[(ErrorCode, &str)] = &[
    (ErrorCode::UnknownServerError, "UnknownServerException"),
    (ErrorCode::CorruptMessage, "CorruptRecordException"),
    (ErrorCode::RequestTimedOut, "TimeoutException"),
    (ErrorCode::MessageTooLarge, "RecordTooLargeException"),
    (ErrorCode::StaleControllerEpoch, "ControllerMovedException"),
    (ErrorCode::OffsetMetadataTooLarge, "OffsetMetadataTooLarge"),
    (ErrorCode::NetworkException, "NetworkException"),
    (ErrorCode::InvalidTopicException, "InvalidTopicException"),
    (
        ErrorCode::RecordListTooLarge,
        "RecordBatchTooLargeException",
    ),
    (
        ErrorCode::TopicAuthorizationFailed,
        "TopicAuthorizationException",
    ),
    (
        ErrorCode::GroupAuthorizationFailed,
        "GroupAuthorizationException",
    ),
    (
        ErrorCode::ClusterAuthorizationFailed,
        "ClusterAuthorizationException",
    ),
    (ErrorCode::TopicAlreadyExists, "TopicExistsException"),
    (ErrorCode::InvalidConfig, "InvalidConfigurationException"),
    (
        ErrorCode::OutOfOrderSequenceNumber,
        "OutOfOrderSequenceException",
    ),
    (
        ErrorCode::DuplicateSequenceNumber,
        "DuplicateSequenceException",
    ),
    (
        ErrorCode::InvalidProducerIdMapping,
        "InvalidPidMappingException",
    ),
    (
        ErrorCode::InvalidTransactionTimeout,
        "InvalidTxnTimeoutException",
    ),
    (
        ErrorCode::TransactionalIdAuthorizationFailed,
        "TransactionalIdAuthorizationException",
    ),
    (ErrorCode::KafkaStorageError, "KafkaStorageException"),
    (
        ErrorCode::SaslAuthenticationFailed,
        "SaslAuthenticationException",
    ),
    (ErrorCode::NonEmptyGroup, "GroupNotEmptyException"),
    (
        ErrorCode::PrincipalDeserializationFailure,
        "PrincipalDeserializationException",
    ),
    (
        ErrorCode::FetchSessionTopicIdError,
        "FetchSessionTopicIdException",
    ),
    (
        ErrorCode::InvalidRegularExpression,
        "InvalidRegularExpression",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_class_and_its_message() {
        let error = ApiError::new(ErrorCode::GroupIdNotFound, "Group g not found.");
        let exception = Exception::from(&error);
        assert_eq!(
            exception.of_future().to_string(),
            "java.util.concurrent.ExecutionException: \
             org.apache.kafka.common.errors.GroupIdNotFoundException: Group g not found."
        );
        let silent = ApiError::new(ErrorCode::NonEmptyGroup, "");
        assert_eq!(
            Exception::from(&silent).to_string(),
            "org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty."
        );
    }
}
