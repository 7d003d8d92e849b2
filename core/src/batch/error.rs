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

/// What is wrong with a batch's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Malformed {
    /// The end of the sentence "The record batch is refused:".
    Record(&'static str),
    /// They cannot be decompressed.
    Compression,
}

impl From<Malformed> for BatchError {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Record(what) => Self::invalid(what),
            Malformed::Compression => Self::undecipherable("its records cannot be decompressed"),
        }
    }
}

impl BatchError {
    /// INVALID_RECORD, with what is wrong.
    pub(super) fn invalid(what: impl std::fmt::Display) -> Self {
        Self {
            code: ErrorCode::InvalidRecord,
            message: Some(format!("The record batch is refused: {what}.")),
            records: Vec::new(),
        }
    }

    /// UNKNOWN_SERVER_ERROR, with what is wrong: what Apache Kafka answers when a codec fails.
    pub(super) fn undecipherable(what: &str) -> Self {
        Self {
            code: ErrorCode::UnknownServerError,
            ..Self::invalid(what)
        }
    }

    /// CORRUPT_MESSAGE, with what is wrong as a whole sentence.
    pub(super) fn corrupt(what: String) -> Self {
        Self {
            code: ErrorCode::CorruptMessage,
            message: Some(what),
            records: Vec::new(),
        }
    }
}
