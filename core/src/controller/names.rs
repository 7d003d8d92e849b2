use crate::{ApiError, ErrorCode};

const MAX_NAME_LENGTH: usize = 249;

/// Whether a topic may have this name; INVALID_TOPIC_EXCEPTION in Kafka's words if not.
pub fn check_topic_name(name: &str) -> Result<(), ApiError> {
    let problem = match name {
        "" => "the empty string is not allowed".to_owned(),
        "." => "'.' is not allowed".to_owned(),
        ".." => "'..' is not allowed".to_owned(),
        _ if name.chars().count() > MAX_NAME_LENGTH => format!(
            "the length of '{name}' is longer than the max allowed length {MAX_NAME_LENGTH}"
        ),
        _ if !name.bytes().all(is_legal) => format!(
            "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        ),
        _ => return Ok(()),
    };
    Err(ApiError::new(
        ErrorCode::InvalidTopicException,
        format!("Topic name is invalid: {problem}"),
    ))
}

fn is_legal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}
