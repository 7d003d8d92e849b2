//! Names and ids between the protocol's types and the engine's.

use kafka_protocol::protocol::StrBytes;
use ottla_core::{TopicName, TopicRef, Uuid};

/// Text for an answer.
pub(crate) fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

/// Text that may be absent.
pub(crate) fn optional_text(text: Option<&str>) -> Option<StrBytes> {
    text.map(self::text)
}

/// Text of a request that may be absent.
pub(crate) fn optional_string(text: Option<&StrBytes>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

/// A topic's name for an answer.
pub(crate) fn topic_name(name: &TopicName) -> kafka_protocol::messages::TopicName {
    text(name).into()
}

/// An id for an answer.
pub(crate) fn uuid(id: Uuid) -> uuid::Uuid {
    uuid::Uuid::from_bytes(id.0)
}

/// An id of a request.
pub(crate) fn id(uuid: uuid::Uuid) -> Uuid {
    Uuid(uuid.into_bytes())
}

/// A topic of a request that names it in one way or the other, as its version does.
pub(crate) fn topic_ref(name: &str, uuid: uuid::Uuid, by_id: bool) -> TopicRef {
    if by_id {
        TopicRef::Id(id(uuid))
    } else {
        TopicRef::Name(TopicName::from(name))
    }
}
