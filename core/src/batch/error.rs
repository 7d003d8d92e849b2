use crate::ErrorCode;

/// Why a batch is refused. Clients retry CORRUPT_MESSAGE, but not INVALID_RECORD: the two are kept apart as Apache Kafka does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", message.as_deref().unwrap_or(code.message()))]
pub struct BatchError {
    /// The code.
    pub code: ErrorCode,
    /// What is wrong, for people; `None` if the code says it all.
    pub message: Option<String>,
    /// The records that are to blame (KIP-467).
    pub records: Vec<RecordError>,
}

/// A record that is to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    /// Its index in the batch, from 0.
    pub index: i32,
    /// What is wrong with it.
    pub message: Option<String>,
}

impl From<ErrorCode> for BatchError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            message: None,
            records: Vec::new(),
        }
    }
}

/// What is wrong with a batch's records: the end of the sentence "a batch is refused:".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

impl From<Malformed> for BatchError {
    fn from(malformed: Malformed) -> Self {
        Self::invalid(malformed.0)
    }
}

impl BatchError {
    /// INVALID_RECORD, with what is wrong.
    pub(crate) fn invalid(what: impl std::fmt::Display) -> Self {
        Self {
            code: ErrorCode::InvalidRecord,
            message: Some(format!("The record batch is refused: {what}.")),
            records: Vec::new(),
        }
    }

    /// CORRUPT_MESSAGE, with what is wrong.
    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self {
            code: ErrorCode::CorruptMessage,
            message: Some(format!("The record batch is corrupt: {what}.")),
            records: Vec::new(),
        }
    }
}
