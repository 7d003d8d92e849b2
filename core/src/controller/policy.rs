//! How much this broker lets be made, as a policy that is plugged into Kafka (`create.topic.policy.class.name`) would say it.

use super::Metadata;
use crate::{ApiError, ErrorCode, Event};

/// Whether one more topic may be made beside those that are there and the `planned_count` that the same request makes.
pub(super) fn check_topics_count(
    metadata: &Metadata,
    name: &str,
    planned_count: usize,
) -> Result<(), ApiError> {
    let most = metadata.config().max_topics;
    let there = metadata.topics().filter(|topic| !topic.is_internal());
    match there.count() + planned_count < most {
        true => Ok(()),
        false => violation(format!(
            "Topic '{name}' is one too many: this broker keeps {most} at most (ottla.max.topics). Delete one that is not needed."
        )),
    }
}

/// Whether a topic may have so many partitions.
pub(super) fn check_partitions_count(
    metadata: &Metadata,
    name: &str,
    count: usize,
) -> Result<(), ApiError> {
    let most = metadata.config().max_partitions_per_topic;
    match count <= most {
        true => Ok(()),
        false => violation(format!(
            "Topic '{name}' cannot have {count} partitions: on this broker a topic has {most} at most (ottla.max.partitions.per.topic)."
        )),
    }
}

/// Tells people what a policy refuses: not every client shows more than the code.
pub(super) fn note(error: &ApiError) -> Option<Event> {
    (error.code == ErrorCode::PolicyViolation).then(|| Event::Note {
        text: error.message.clone(),
    })
}

fn violation<T>(message: String) -> Result<T, ApiError> {
    Err(ApiError::new(ErrorCode::PolicyViolation, message))
}
